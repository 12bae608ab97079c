"""eCFR XML → one Document per section and per appendix. Knows no service, no store and no network.

Reads slices of the versioner API (root DIV5, DIV8, DIV9), whole titles, and GPO's bulk files. Its
rules are those of `source-apis.md` § 7: a level is told by @TYPE, never by the digit, supplements
are siblings of sections, inline tags are text, and where a text comes from is metadata.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile, zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sources import heading
from sources.errors import EmptySource, ParseProblem
from sources.records import NOTHING_GIVEN, Given, Loaded, Problem, shown
from sources.text import collapse, normalise
from sources.types import Document

_ABOVE = ("title", "subtitle", "chapter", "subchapter", "part", "subpart")
_UNITS = {"SECTION": "section", "APPENDIX": "appendix"}
_LEVELS = {name.upper(): name for name in _ABOVE} | {"SUBCHAP": "subchapter"} | _UNITS
_ROOT = re.compile(rb"<(?:DLPSTEXTCLASS|ECFR|ECFRBRWS|DIV[1-9])[\s>]")
_VOID = re.compile(rb"<(br|img|hr)\b([^<>]*?)/?>|</(?:br|img|hr)\s*>", re.IGNORECASE)
_NOT_TEXT = {"HEAD", "AUTH", "SOURCE", "CITA", "SECAUTH", "APPRO", "FTNT", "CFRTOC"}
_HEADINGS = {"HD1": "#", "HD2": "###", "HD3": "####"}  # "##" is left to the entries of lists
_LABELLED = {"NOTE", "EDNOTE", "EFFDNOT", "CROSSREF", "EXAMPLE"}
_BLOCK = re.compile(rf"P|PSPACE|HED|FP.*|DIV.*|TABLE|EXTRACT|{'|'.join([*_HEADINGS, *_LABELLED])}")
_ECCN = re.compile(r"\d[A-E]\d{3}(?![\w.])")
_RESERVED = re.compile(r"\[reserved\]\.?$", re.IGNORECASE)
_ALIAS = re.compile(r"[,;]?\s*\(?\b(?:[afn]\.?k\.?a|d\.?b\.?a)\b|:? *—", re.IGNORECASE)
_SUPER = {"SU", "SUP", "E51"}
_END = re.compile(r"(?:[;,]\s*(?:and)?|\.)?((?:\[\^\w+\])*)$")
_TRAILING = re.compile(r"(?:\n\n#+ [^\n]+)+\Z")  # headings that nothing stands under
_BREAK = "\0"  # <br/> until spaces are collapsed; no XML can hold it

Element = Any
Levels = Sequence["Level"]
Block = str | Problem
Cells = Sequence[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One step of the hierarchy: "chapter", "VII", "CHAPTER VII—BUREAU OF …"."""

    type: str
    id: str
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The documents of a file by id, the ids of what has no text, and what could not be read."""

    documents: Mapping[str, Document]
    empty: frozenset[str]
    problems: tuple[Problem, ...]


def is_ecfr(data: bytes) -> bool:
    """Return whether `data` begins as eCFR XML does, and not as an issue of the Register."""
    return bool(_ROOT.search(data[:2000]))


def document_id(levels: Levels) -> str:
    """Return "ecfr:15/744.11", or "ecfr:15/744/supplement-no-4-to-part-744"."""
    title, unit = levels[0].id, levels[-1]
    if unit.type == "section":
        return f"ecfr:{title}/{unit.id}"
    over = next((level.id for level in levels if level.type == "part"), levels[-2].id)
    return f"ecfr:{title}/{over.lower()}/{re.sub(r'[^a-z0-9]+', '-', unit.id.lower()).strip('-')}"


def load_ecfr(data: bytes, path: Path, given: Given = NOTHING_GIVEN) -> Loaded:
    """Return the sections and appendices of the eCFR XML `data`; `path` only names them.

    The date is the given one, else the latest amendment that the file states (AMDDATE), else the
    one in its name ("title-1-part-51-2024-05-17.xml"). Raises ParseProblem or EmptySource.
    """
    numbers = re.findall(r"title[-_ ]?(\d{1,2})(?!\d)", path.name, re.IGNORECASE)
    named = _latest(re.findall(r"(?<!\d)20\d\d-\d\d-\d\d(?!\d)", path.name))
    parsed = parse(data, above=[Level(type="title", id=n) for n in numbers[:1]], on=named)
    if not parsed.documents:
        raise EmptySource("there is no section with text in it; add a part or a title that has one")
    amended = (said.decode("latin-1") for said in re.findall(rb"<AMDDATE>([^<]*)", data))
    published = given.published or _latest(amended) or named
    alone = given if len(parsed.documents) == 1 else NOTHING_GIVEN  # they name one text, no part
    documents = (
        replace(
            document,
            title=collapse(alone.title) or document.title,
            kind=given.kind or document.kind,
            publisher=given.publisher or document.publisher,
            published=published,
            url=alone.url or document.url,
            metadata={"path": shown(path.absolute()), **document.metadata},
        )
        for document in parsed.documents.values()
    )
    return Loaded(documents=tuple(documents), problems=parsed.problems)


def parse(data: bytes, *, above: Levels = (), on: date | None = None) -> Parsed:
    """Return what is in the eCFR XML `data`; its documents have no date.

    `above` are the levels over the root, which a slice leaves out; with `on`, links lead to the
    text of that date. Raises ParseProblem, also for a file that was cut off.
    """
    documents: dict[str, Document] = {}
    empty: set[str] = set()
    problems: list[Problem] = []
    for element in (at for at in _root(data).iter() if _type(at) in _UNITS.values()):
        blocks = list(_unit_blocks(element))
        document = _document(element, _levels(element, above), blocks, on)
        where = document.citation
        rows = [block for block in blocks if isinstance(block, Problem)]
        problems += [replace(row, where=f"{where}, {row.where}") for row in rows]
        if document.text and document.id in documents:
            problems.append(Problem(where=where, why="it is there twice; the first one is kept"))
        elif document.text:
            documents[document.id] = document
        else:
            empty.add(document.id)
        if not (document.text or document.metadata["reserved"]):
            problems.append(Problem(where=where, why="there is no text in it"))
    return Parsed(documents=documents, empty=frozenset(empty), problems=tuple(problems))


def _latest(written: Iterable[str]) -> date | None:
    dates = (heading.from_text(f"Date: {text.strip()}").published for text in written)
    return max(filter(None, dates), default=None)


def _root(data: bytes) -> Element:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    safe = {"resolve_entities": False, "no_network": True, "load_dtd": False, "remove_pis": True}
    parser = etree.XMLParser(remove_comments=True, **safe)
    try:
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError:  # HTML inside: there <br> and <img> need no end
            paired = _VOID.sub(lambda m: b"<%s%s/>" % (m[1], m[2]) if m[1] else b"", data)
            root = etree.fromstring(paired, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        why = f"damaged or was cut off ({str(error)[:200]})"
        raise ParseProblem(f"the eCFR XML is {why}; fetch it again") from error
    dtd = root.getroottree().docinfo.internalDTD
    if [*root.iter(etree.Entity)] or (dtd is not None and [*dtd.iterentities()]):
        raise ParseProblem("the XML uses entities, which eCFR never does; fetch it again")
    if not is_ecfr(f"<{root.tag}>".encode()):
        raise ParseProblem(f"<{str(root.tag)[:40]}> is no eCFR XML; fetch it again from ecfr.gov")
    return root


def _levels(element: Element, above: Levels) -> Levels:
    """Return the title, the levels under it as far as they are named, and `element` itself.

    In bulk files the N of DIV1 counts volumes, so NODE ("15:2.1.3") comes before it.
    """
    said = {level.type: level for level in above}
    for node in (*reversed([*element.iterancestors()]), element):
        for name, id in re.findall(r"/([a-z]+)-([^/]+)", _path(node)):
            if name not in said or said[name].id != id:
                said[name] = Level(type=name, id=id)
        level, head, id = _type(node), _plain(node.find("HEAD")), node.get("N", "").strip("§ ")
        if level:
            said[level] = Level(type=level, id=id, heading=head)
        if node_title := re.match(r"(\d+):", node.get("NODE", "")):
            title = said.get("title", Level(type="title", id=""))
            said["title"] = replace(title, id=node_title[1])
    if "title" not in said:
        raise ParseProblem("no CFR title is named in it; name the file as title-15-part-744.xml is")
    return [*(said[name] for name in _ABOVE if name in said), said[_type(element)]]


def _path(node: Element) -> str:
    """Return the path in @hierarchy_metadata, which is JSON that may have been escaped twice."""
    said = html.unescape(html.unescape(node.get("hierarchy_metadata", "")))
    return "".join(re.findall(r'"path"\s*:\s*"([^"]*)"', said)[:1])


def _document(element: Element, levels: Levels, blocks: list[Block], on: date | None) -> Document:
    """Return a section or appendix with that text, which is empty if it has none."""
    title, unit = levels[0].id, levels[-1]
    at = {level.type: level.id for level in levels}
    if unit.type == "section":
        caption = re.sub(rf"^[§\s]*(?:{re.escape(unit.id)}(?!\d))?\s*", "", unit.heading)
        name, citation = f"§ {unit.id} {caption}", f"{title} CFR {unit.id}"
    else:
        to = re.fullmatch(r"(.+) to (part .+)", unit.id, re.IGNORECASE)
        citation = f"{to[1]} to {title} CFR {to[2]}" if to else f"{title} CFR {unit.id}"
        name = unit.heading or unit.id
    text = "\n\n".join(block for block in blocks if isinstance(block, str))
    facts: dict[str, object] = {
        "part": at.get("part") or (unit.id.split(".")[0] if unit.type == "section" else ""),
        "subpart": at.get("subpart", ""),
        "hierarchy": [level.heading for level in levels[:-1] if level.heading],
        "authority": _nearest(element, "AUTH"),
        "source": _nearest(element, "SOURCE"),
        "left_out": [block.where for block in blocks if isinstance(block, Problem)],
        "cita": " ".join(_plain(node) for node in element.iter("CITA", "SECAUTH", "APPRO")),
        "as_of": on.isoformat() if on else "",
    }
    return Document(
        id=document_id(levels),
        title=f"{title} CFR {name.strip().rstrip('.')}",
        kind="regulation",
        text=normalise(_TRAILING.sub("", text)),
        publisher="Code of Federal Regulations",
        url=_url(element, levels, on),
        citation=citation,
        metadata={name: fact for name, fact in facts.items() if fact}
        | {"reserved": bool(_RESERVED.search(unit.heading))},
    )


def _url(element: Element, levels: Levels, on: date | None) -> str:
    """Return the address to cite: by the levels, else by the short path that the XML names."""
    known = any(level.type == "chapter" for level in levels)
    path = "" if known else re.sub(r"^/on/[^/]+/", "", _path(element))
    steps = (f"{step.type}-{step.id}" for step in levels)
    place = quote(path or "/".join(steps))
    return f"https://www.ecfr.gov/{f'on/{on}' if on else 'current'}/{place}"


def _nearest(element: Element, tag: str) -> str:
    found = (node.find(tag) for node in (element, *element.iterancestors()))
    parts = next((at for at in found if at is not None), ())
    return " ".join(_plain(part) for part in parts if _tag(part) != "HED")


def _tag(element: Element) -> str:
    """Return "TABLE" for <table> and "E52" for <E T="52">."""
    return element.tag.upper() + (element.get("T", "") if element.tag == "E" else "")


def _type(element: Element) -> str:
    """Return which level an element is, "" for none: an untyped DIV is a table."""
    return _LEVELS.get(element.get("TYPE", ""), "") if _tag(element).startswith("DIV") else ""


def _plain(element: Element | None) -> str:
    return "" if element is None else _tidy(_inline(element)).replace(_BREAK, " ")


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    text = re.sub(rf" *{_BREAK} *", _BREAK, text).strip(f" {_BREAK}")
    return re.sub(r"(?<=\w) (?=[,;)])|(?<=\() (?=\w)|(?<=\S) (?=\[\^)", "", text)


def _inline(element: Element, marks: Set[str] = frozenset()) -> str:
    """Return the text in `element`, tags left out: they hold terms and captions (trap 4)."""
    parts = [element.text or ""]
    for child in element:
        parts += [_styled(child, marks), child.tail or ""]
    return "".join(parts)


def _styled(element: Element, marks: Set[str]) -> str:
    """Return an inline element as text: no footnote number or exponent may join a word (10^6)."""
    tag, inner = _tag(element), _inline(element, marks)
    if tag in _NOT_TEXT:
        return ""
    if tag in ("BR", "IMG", "STARS"):
        return {"BR": _BREAK, "IMG": element.get("alt") or "[image]", "STARS": "* * *"}[tag]
    if tag in _SUPER:
        notes = re.split(r"[,\s]+", inner.strip())
        referred = element.xpath("following-sibling::*[1][self::FTREF]")
        if referred or all(note in marks for note in notes):
            return "".join(f"[^{note}]" for note in notes)
        return f"^{inner}" if re.fullmatch(r"[-+\u2212\u2013]?(?:\d+|[a-z])", inner) else inner
    if tag in ("SUB", "E52", "E54") and not inner.isdigit():
        return f"_{inner}"
    return f" {inner}" if tag == "FR" else inner


def _unit_blocks(unit: Element) -> Iterator[Block]:
    """Yield the paragraphs, headings and tables of a section, then its footnotes."""
    places = (at for over in unit.iter("FTNT", "DIV", "div") for at in over.iter())
    leads = [lead for at in places if (lead := _lead(at, _SUPER)) is not None]
    marks = {text for lead in leads if re.fullmatch(r"\w|\d\d|\W", text := _inline(lead).strip())}
    for part in (unit, *unit.iter("FTNT")):
        yield from _blocks(part, marks)


def _lead(element: Element, styles: Set[str]) -> Element | None:
    """Return what `element` begins with if it has one of `styles`."""
    first = [] if (element.text or "").strip() else element[:1]
    return next((child for child in first if _tag(child) in styles), None)


def _blocks(element: Element, marks: Set[str]) -> Iterator[Block]:
    run = element.text or ""
    for child in (*element, None):
        if child is not None and not _BLOCK.fullmatch(_tag(child)):
            run += _styled(child, marks) + (child.tail or "")
            continue
        if text := _tidy(run):
            yield re.sub(r"^(\[\^\w+\]) ?", r"\1: ", text).replace(_BREAK, "\n")
        if child is not None:
            yield from _block(child, marks)
            run = child.tail or ""


def _block(element: Element, marks: Set[str]) -> Iterator[Block]:
    tag = _tag(element)
    if tag == "TABLE":
        yield from _table(element, marks)
    elif tag in _HEADINGS and (text := _plain(element)):
        yield f"{'##' if _ECCN.match(text) else _HEADINGS[tag]} {text}"
    elif tag in _LABELLED and element.find("HED") is not None:
        blocks = list(_blocks(element, marks))
        yield " ".join(map(str, blocks[:2]))
        yield from blocks[2:]
    elif not _type(element):  # which would be a document of its own
        if _ECCN.match(_plain(_lead(element, {"B", "STRONG", "E01", "E02"}))):  # a CCL entry
            yield f"## {heading.shorten(_plain(element), 110)}"
        yield from _blocks(element, marks)


def _table(table: Element, marks: Set[str]) -> Iterator[Block]:
    """Yield a table: parties by country, a chart with its columns named, or line by line."""
    yield from (_plain(caption) for caption in table if _tag(caption) == "CAPTION")
    rows = list(_rows(table, marks))
    heads = [cells for _, cells in takewhile(lambda row: row[0], rows)]
    columns = [" ".join(dict.fromkeys(filter(None, column))) for column in zip_longest(*heads)]
    body = [cells for _, cells in rows[len(heads) :]]
    whole = [row for row in body if len(row) == len(columns)]
    marked = [len(cell or "") < 10 for row in whole if None not in row for cell in row[1:]]
    if columns[:1] == ["Country"] and columns[-1].startswith("Federal Register citation"):
        yield from _parties(columns, body)
    elif len(columns) > 3 and sum(marked) > 0.8 * len(marked):
        yield from (_left_out(columns, row) for row in body if row not in whole)
        yield "\n".join(_chart_row(columns, row) for row in whole)
    else:
        yield "\n".join(" | ".join(cell for cell in row if cell is not None) for _, row in rows)


def _left_out(columns: Sequence[str], row: Cells) -> Problem:
    """Return what is said of a row whose cells would stand under the wrong headings (trap 6)."""
    why = f"it has {len(row)} cells under {len(columns)} columns, so it is left out"
    return Problem(where=f"the row {' | '.join(filter(None, row))[:60]!r}", why=why)


def _rows(table: Element, marks: Set[str]) -> Iterator[tuple[bool, Cells]]:
    """Yield (is a heading, cells) for each row; what a cell spans is None, or its text below it."""
    below: dict[int, list[str]] = {}  # what each column holds for the rows to come
    for tr in (at for at in table.iter() if _tag(at) == "TR"):
        cells = [cell for cell in tr if _tag(cell) in ("TD", "TH")]
        is_head = all(_tag(cell) == "TH" for cell in cells)
        row: list[str | None] = []
        for cell in (*cells, None):
            while below.get(len(row)):
                row.append(below[len(row)].pop())
            if cell is None:
                break
            text = _tidy(" ".join(map(str, _blocks(cell, marks)))).replace("\n", " ")
            for column in range(_span(cell, "colspan")):
                below[len(row)] = [text] * (_span(cell, "rowspan") - 1)
                row.append(text if column == 0 or is_head else None)
        if any(row):
            yield is_head, row


def _span(cell: Element, name: str) -> int:
    said = cell.get(name) or cell.get(name.upper()) or "1"
    return min(max(int(said), 1), 99) if said.isdecimal() else 1


def _parties(columns: Sequence[str], rows: Sequence[Cells]) -> Iterator[Block]:
    """Yield a heading for each country and each party, and what its row says (trap 5)."""
    country = ""
    for row in rows:
        fits = len(row) == len(columns)
        if row[0] and row[0] != country and (row[0].isupper() or (fits and None not in row)):
            country = row[0]
            yield f"## {country}"
        if not fits:
            yield _left_out(columns, row)
        elif None in row and row[0] != country:
            yield from ("## Notes", " ".join(filter(None, row)))
        elif row[1] and not _RESERVED.fullmatch(row[1]):
            yield f"### {heading.shorten(_ALIAS.split(_END.sub('', row[1], count=1))[0], 90)}"
            facts = zip(columns[2:], row[2:], strict=True)
            said = (row[1], f"Country: {country}", *(f"{a}: {fact}" for a, fact in facts if fact))
            yield " ".join(_END.sub(r".\1", fact, count=1) for fact in said)
    yield "## Notes"  # what follows is not about the last party


def _chart_row(columns: Sequence[str], row: Cells) -> str:
    named = [f"{name}: {cell}" for name, cell in zip(columns[1:], row[1:], strict=True) if cell]
    return " | ".join([row[0] or "", *(filter(None, row[1:]) if None in row else named)])
