"""Federal Register XML from GPO → one document as text and facts, or a whole issue as Documents.

Knows no service. The layout is in `sources.fr_text`, the facts in `sources.fr_facts`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sources.errors import EmptySource, ParseProblem
from sources.extracted import Extracted, reading
from sources.fr_facts import KINDS, TYPES, document_id, facts_of, plain
from sources.fr_inline import events, line, parse
from sources.fr_text import text_of
from sources.records import NOTHING_GIVEN, Given, Loaded, Problem, shown
from sources.text import normalise
from sources.types import Document

_SHOWN = 5  # missing documents that are named in a problem


def read_document(data: bytes) -> Extracted:
    """Read the XML of one document, whose root is RULE, PRORULE, NOTICE or PRESDOCU.

    `metadata` is that of `sources.fr_facts.Facts` and "document_number". Raises ParseProblem for
    damaged or other XML and EmptySource.
    """
    root = parse(data)
    if root.tag not in TYPES:
        raise _no_document(root.tag)
    with reading("Federal Register XML"):
        facts, text = facts_of(root), text_of(root)
    if not text:
        raise EmptySource("there is no text in the XML; get the document as HTML or PDF")
    return Extracted(
        text=text,
        title=facts.title,
        publisher=facts.publisher,
        metadata={**facts.metadata, "document_number": facts.number},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A document of an issue and where it stands: `page` is the last one begun before it."""

    node: Any
    position: int
    volume: str
    published: date | None
    page: int | None


def load_issue(data: bytes, path: Path, given: Given = NOTHING_GIVEN) -> Loaded:
    """Return the rules, proposed rules, notices and presidential documents of a whole issue.

    `path` only names it; what is `given` fills gaps. An issue that is damaged gives the documents
    before the damage and a problem that says so; so does one without a document that its table of
    contents lists. Raises ParseProblem if there are none or it is no issue, EmptySource if empty.
    """
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    listed: dict[str, None] = {}
    name = shown(path.name)
    try:
        for found in _places(data):
            if isinstance(found, str):
                listed[found] = None
                continue
            try:
                document = _document(found, path, given)
                if document.id in documents:
                    raise ParseProblem(f"{document.id} is in it twice; the first one was loaded")
                documents[document.id] = document
            except (ParseProblem, EmptySource) as error:
                where = f"{name}, document {found.position}"
                problems.append(Problem(where=where, why=str(error)))
    except ParseProblem as error:
        if not documents:
            raise
        why = f"only the {len(documents)} documents before the damage were loaded: {error}"
        problems.append(Problem(where=name, why=why))
    numbers = {document.metadata.get("document_number") for document in documents.values()}
    if missing := [number for number in listed if number not in numbers]:
        problems.append(Problem(where=name, why=_missing(missing)))
    if not documents and not problems:
        raise EmptySource("there are no documents in the issue; download it again")
    return Loaded(documents=tuple(documents.values()), problems=tuple(problems))


def _missing(numbers: list[str]) -> str:
    more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
    return (
        f"the table of contents lists {', '.join(numbers[:_SHOWN])}{more}, not found in the issue;"
        " download it again, or get them one by one from federalregister.gov"
    )


def _places(data: bytes) -> Iterator[_Place | str]:
    """Yield the documents of an issue, each when it was read to its end, and the numbers listed."""
    volume, published = "", None
    page: int | None = None
    begun: list[int | None] = []  # the page on which each document that is open began
    position = 0
    for number, (event, node) in enumerate(events(data)):
        if number == 0 and node.tag not in ("FEDREG", *TYPES):
            raise _no_document(node.tag)
        if event == "start":
            if node.tag in TYPES:
                begun.append(page)
        elif node.tag == "PRTPAGE" and node.get("P", "").isdigit():
            page = int(node.get("P"))
        elif node.tag == "VOL":
            volume = volume or line(node)
        elif node.tag == "DATE" and not begun:
            published = published or _day(line(node))
        elif node.tag == "FRDOCBP" and (listed := plain(line(node))):
            yield listed
        elif node.tag in TYPES:
            position += 1
            yield _Place(
                node=node,
                position=position,
                volume=volume,
                published=published,
                page=begun.pop(),
            )
            node.clear(keep_tail=True)  # a whole issue would take gigabytes


def _document(place: _Place, path: Path, given: Given) -> Document:
    with reading("document"):
        facts, text = facts_of(place.node, place.page), normalise(text_of(place.node))
    if not text:
        raise EmptySource("there is no text in it; get it as PDF from govinfo.gov")
    published = place.published or given.published
    day = published.isoformat() if published else "undated"
    number = facts.number
    start = facts.metadata.get("start_page")
    return Document(
        id=document_id(number, published) if number else f"fr:{day}:document-{place.position}",
        title=facts.title or given.title or f"{facts.metadata['type']} of {day}",
        kind=KINDS[str(facts.metadata["type"])],
        text=text,
        publisher=facts.publisher or given.publisher,
        published=published,
        effective=facts.effective,
        url=f"https://www.federalregister.gov/d/{number}" if number else given.url,
        citation=f"{place.volume} FR {start}" if place.volume and start else "",
        metadata={
            "path": shown(path.absolute()),
            **facts.metadata,
            **({"document_number": number} if number else {}),
        },
    )


def _day(text: str) -> date | None:
    """Return the date that "Monday, February 12, 2024" names."""
    try:
        return datetime.strptime(text, "%A, %B %d, %Y").date()
    except ValueError:
        return None


def _no_document(tag: object) -> ParseProblem:
    return ParseProblem(
        f"the XML begins with <{tag}> and not with <FEDREG> (an issue) or"
        f" {', '.join(f'<{known}>' for known in TYPES)} (a document of the Federal Register);"
        " check the address or the file"
    )
