"""Federal Register XML of one document → its text: headings, paragraphs, tables, footnotes.

Amendatory text stands under headings that say so, because it is a patch and not the law that
results. Knows the tags of GPO's scheme, no document's facts (see `sources.fr_xml`).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from sources.fr_inline import line
from sources.fr_tables import rows

_SKIPPED = frozenset(
    {"FRDOC", "BILCOD", "FILED", "PRTPAGE", "FTREF", "GID", "TITLE3", "SUBJECT", "SECHD"}
)
_MASTHEAD = frozenset({"AGENCY", "SUBAGY", "CFR", "DEPDOC", "RIN"})
_LABELLED = frozenset(
    {"AGY", "ACT", "AUTH", "SOURCE", "NOTE", "PREAMHD", "LSTSUB", "EDNOTE", "CROSSREF", "EFFDNOT"}
)
_PATCH = frozenset(
    {"REGTEXT", "AMDPAR", "SECTION", "PART", "SUBPART", "CHAPTER", "SUBCHAP", "APPENDIX"}
)
_INLINE = frozenset({"E", "SU", "FTREF", "PRTPAGE", "FR", "LI"})
_TEXT = frozenset({"P", "FP", "LSTSUB"})
_LEVELS = {"HED": 2, "HD1": 2, "HD2": 3, "HD3": 4}
_IN_SECTION = 4  # the level of the heading of a CFR section
_ITEM = 200  # a longer flush paragraph is no item of a list
# what sources.split takes for a heading although no "#" says so
_BARE = re.compile(r"[^\W\d_a-z][^|]*(?<![.!?;:,…])(?<![.!?;:,…]['\"”’)»])")
_NUMBERED = re.compile(r"(?:§+ ?\d+\.\d+|[IVXL]+\.|[A-Z]\.|\d+\.|Supplement No\. \d+|PART \d+) .*")
_NUMBER = re.compile(r"(?:PART|Part|§+)\s*(\d+)")


@dataclass(frozen=True, slots=True)
class _Block:
    """A piece of text; `level` is a heading's, "amends" names what following text amends."""

    what: Literal["heading", "amends", "instruction", "text", "line", "table", "note"]
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    """`amending` is the heading over the amendatory text that is being read, if any."""

    proposed: bool
    cfr: str
    amending: str = ""

    def at(self, patch: Any) -> "_Where":
        """Return where the text of `patch` stands: its own part, else the one amended before."""
        title, part = patch.get("TITLE") or self.cfr.split(" ")[0], patch.get("PART") or ""
        named = next(patch.iter("SECTNO", "HD"), None)
        if not part and named is not None and (number := _NUMBER.match(line(named))):
            part = number[1]
        if self.amending and not (title and part):
            return self
        what = f"{title} CFR Part {part}" if title and part else self.cfr
        words = "Proposed amendments" if self.proposed else "Amendments"
        return replace(self, amending=f"{words} to {what}" if what else words)


def text_of(document: Any) -> str:
    """Return the text of a RULE, PRORULE, NOTICE or PRESDOCU element, not yet normalised.

    Headings are "#" lines, footnotes stand under "Footnotes" at the end of their section, the rows
    of a table are one line each.
    """
    cfr = [line(node) for node in document.iterfind("PREAMB/CFR")]
    where = _Where(proposed=document.tag == "PRORULE", cfr=cfr[0] if len(cfr) == 1 else "")
    return _joined(_noted(_headed(_blocks(document, where))))


def _blocks(node: Any, where: _Where) -> Iterator[_Block]:
    for child in node:
        if not isinstance(child.tag, str) or child.tag in _SKIPPED:
            continue
        if child.tag in _PATCH and node.tag not in _PATCH:
            where = where.at(child)
            yield _Block("amends", where.amending, 2)
        # a heading beside the patches belongs to the document, one inside them to the patch
        inside = child.tag in _PATCH or node.tag in _PATCH or node.tag == "EXTRACT"
        yield from _block(child, where if inside else replace(where, amending=""))


def _block(node: Any, where: _Where) -> Iterator[_Block]:
    if read := _READ.get(node.tag):
        yield from read(node, where)
    elif any(isinstance(child.tag, str) and child.tag not in _INLINE for child in node):
        yield from _blocks(node, where)
    else:
        yield from _paragraph(node, where)


def _paragraph(node: Any, _: _Where) -> Iterator[_Block]:
    text = line(node)
    is_item = node.tag in _MASTHEAD or (node.tag == "FP" and len(text) <= _ITEM)
    yield _Block("line" if is_item else "text", text)


def _heading(node: Any, where: _Where) -> Iterator[_Block]:
    text, source = line(node).strip(": "), node.get("SOURCE", "HD1")
    level = _LEVELS.get(source, 2)
    if where.amending:
        level += 1 if source == "HED" else 2
    elif node.getparent().tag in ("PRIACT", "EXTRACT"):
        level += 1
    if source == "HED" and text.isupper() and not where.amending:
        text = text.capitalize()
    yield _Block("heading", text, level)


def _section(number: Any, _: _Where) -> Iterator[_Block]:
    """Yield "§ 744.11 License requirements": a heading, or a line in a table of contents."""
    subject = number.getnext()
    name = line(subject) if subject is not None and subject.tag == "SUBJECT" else ""
    text = f"{line(number)} {name}".strip()
    if number.getparent().tag in ("SECTION", "REGTEXT"):
        yield _Block("heading", text, _IN_SECTION)
    else:
        yield _Block("line", text)


def _labelled(node: Any, where: _Where) -> Iterator[_Block]:
    """Yield the paragraphs of `node`, the first one after its heading and a colon."""
    label = ""
    for child in node:
        if child.tag == "HD":
            label = line(child).strip(": ")
        elif child.tag == "CFR":  # in a list of subjects
            label = f"{label.split(' in ')[0] or 'List of Subjects'} in {line(child)}"
        elif child.tag in ("P", "FP") and label:
            yield _Block("text", f"{label}: {line(child)}")
            label = ""
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from _block(child, where)
    yield _Block("text", label)


def _signature(node: Any, where: _Where) -> Iterator[_Block]:
    """Yield a signature under a heading; text that it interrupts gets its own one back."""
    yield _Block("heading", "Signature", 2)
    for child in node:
        if child.tag in ("FTNT", "GPH"):
            yield from _block(child, where)
        elif isinstance(child.tag, str) and child.tag != "PRTPAGE":
            yield _Block("line", line(child))
    following = node.getnext()
    if node.getparent().tag == "SUPLINF" and following is not None and following.tag in _TEXT:
        yield _Block("heading", "Supplementary information", 2)


def _note(node: Any, _: _Where) -> Iterator[_Block]:
    yield _Block("note", "\n\n".join(filter(None, (line(child) for child in node))))


def _table(node: Any, _: _Where) -> Iterator[_Block]:
    yield _Block("table", "\n".join(rows(node)))


def _instruction(node: Any, _: _Where) -> Iterator[_Block]:
    yield _Block("instruction", line(node))


def _stars(_: Any, __: _Where) -> Iterator[_Block]:
    yield _Block("text", "* * * * *")


def _graphic(node: Any, _: _Where) -> Iterator[_Block]:
    if not "".join(node.itertext()).strip().endswith(".EPS"):  # a signature or a seal
        yield _Block("text", "[A graphic stands here in print.]")


_READ: dict[str, Callable[[Any, _Where], Iterator[_Block]]] = {
    "P": _paragraph,
    "FP": _paragraph,
    "HD": _heading,
    "SECTNO": _section,
    "SIG": _signature,
    "FTNT": _note,
    "GPOTABLE": _table,
    "AMDPAR": _instruction,
    "STARS": _stars,
    "GPH": _graphic,
    "MATH": _graphic,
    **dict.fromkeys(_LABELLED, _labelled),
}


def _headed(blocks: Iterable[_Block]) -> Iterator[_Block]:
    """Yield `blocks` with headings for what is amended: an instruction ends a section before it."""
    amending, level = "", 0
    for block in filter(lambda block: block.text, blocks):
        reopens = block.what == "instruction" and amending and level >= _IN_SECTION
        if reopens or (block.what == "amends" and block.text != amending):
            amending, level = amending if reopens else block.text, 2
            yield _Block("heading", amending, level)
        if block.what == "heading":
            amending, level = amending if block.level > 2 else "", block.level
        if block.what != "amends":
            yield block


def _noted(blocks: Iterable[_Block]) -> Iterator[_Block]:
    """Yield `blocks` with the footnotes of each section at its end, where they split nothing."""
    notes: list[_Block] = []
    level = 1
    for block in blocks:
        if block.what == "note":
            notes.append(block)
            continue
        if block.what == "heading":
            yield from _footnotes(notes, level)
            notes, level = [], block.level
        yield block
    yield from _footnotes(notes, level)


def _footnotes(notes: list[_Block], level: int) -> Iterator[_Block]:
    if notes:
        yield _Block("heading", "Footnotes", level + 1)
    yield from notes


def _looks_like_a_heading(text: str) -> bool:
    short = len(text) <= 90 and len(text.split()) <= 12
    return short and bool(_BARE.fullmatch(text) or _NUMBERED.fullmatch(text))


def _joined(blocks: Iterable[_Block]) -> str:
    """Return `blocks` as text; a bare line joins its neighbours, lest it be taken for a heading."""
    paragraphs: list[list[str]] = []
    previous, alone = "", False
    for block in blocks:
        what, text = block.what, block.text
        if what == "heading":
            text = f"{'#' * min(block.level, 6)} {text}"
        elif what in ("text", "instruction"):
            what = "line" if _looks_like_a_heading(text) else "text"
        if (what == "line" and previous in ("line", "text")) or (what == "text" and alone):
            paragraphs[-1].append(text)
            alone = False
        else:
            if alone:
                paragraphs[-1][0] = "- " + paragraphs[-1][0]
            paragraphs.append([text])
            alone = what == "line"
        previous = what
    return "\n\n".join("\n".join(paragraph) for paragraph in paragraphs)
