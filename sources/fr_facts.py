"""What the XML of a Federal Register document says of itself: number, title, agency, dates, pages.

Also the ids and the names of agencies that every way to the register shares. Knows neither the
text's layout nor a service; keys that are compared (numbers, RINs, dockets) get plain hyphens.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sources.fr_inline import line
from sources.text import collapse
from sources.types import Kind

TYPES: Mapping[str, str] = {
    "RULE": "Rule",
    "PRORULE": "Proposed Rule",
    "NOTICE": "Notice",
    "PRESDOCU": "Presidential Document",
}
KINDS: Mapping[str, Kind] = {
    "Rule": "rule",
    "Proposed Rule": "proposed_rule",
    "Notice": "notice",
    "Presidential Document": "rule",
}
_UNIQUE_SINCE = date(2016, 1, 1)  # before, some document numbers were given twice
_DASH = re.compile("[\u2010-\u2015\u2212]")
_NUMBER = re.compile(r"[A-Z]{0,2}\d*(?:-[A-Z]?\d+)+")
_RIN = re.compile(r"\d{4}-[A-Z]{2}\d{2}")
_TIME = r"(?:\s(?:(?:from|at|until|to|through|and)\s)?\d{1,2}(?::\d\d)?\s[ap]\.?m\.?,?)*"
_EFFECTIVE = re.compile(
    rf"\beffective(?:\sdate)?:?(?:\s(?:is|on|as\sof|beginning|starting|from))*{_TIME}"
    r"(?:\son)?(?:\s[A-Z][a-z]+day,)?\s([A-Z][a-z]+\s\d{1,2},\s\d{4})",
    re.IGNORECASE,
)
_SMALL = re.compile(r"(?<= )(?:And|For|From|In|Of|On|Or|The|To|Who|Are)(?= )")
_DEPARTMENT_NEEDED = re.compile(r"Office of the (?:\w+ )?Secretary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a document says of itself; `metadata` has the names of the register's API.

    Those are type, action, dates, docket_ids, regulation_id_numbers, cfr_references, start_page and
    end_page, each only where it is known.
    """

    number: str
    title: str
    publisher: str
    effective: date | None
    metadata: Mapping[str, object]


def plain(key: str) -> str:
    """Return `key` on one line and with hyphens for the dashes that GPO wrote until March 2024."""
    return _DASH.sub("-", collapse(key))


def document_id(number: str, published: date | None) -> str:
    """Return the id of a document; a number from before 2016 names one only with its date."""
    if published is not None and published < _UNIQUE_SINCE:
        return f"fr:{plain(number)}:{published.isoformat()}"
    return f"fr:{plain(number)}"


def publisher(agencies: Iterable[tuple[str, str]]) -> str:
    """Return the publisher of a document by (department, bureau or ""): the bureau, if there.

    Several are joined by ";". "DEPARTMENT OF STATE" → "Department of State".
    """
    names: dict[str, None] = {}
    for department, bureau in agencies:
        name = _readable(bureau or department)
        if bureau and department and _DEPARTMENT_NEEDED.fullmatch(name):
            name = f"{name}, {_readable(department)}"
        if name:
            names[name] = None
    return "; ".join(names)


def _readable(name: str) -> str:
    name = collapse(name)
    if not name.isupper():
        return name
    # "U.S.-CHINA" and "WOMEN'S": a letter after a stop stays, one after an apostrophe does not
    words = re.sub(r"[A-Z]+(?:'[A-Z]+)?", lambda match: match[0].capitalize(), name)
    return _SMALL.sub(lambda match: match[0].lower(), words)


def facts_of(document: Any, page: int | None = None) -> Facts:
    """Return the facts of a RULE, PRORULE, NOTICE or PRESDOCU element.

    `page` is the one on which the text before it ended. `effective` is stated once or is None.
    """
    dates = " ".join(_lines(document, "PREAMB/EFFDATE/P", "PREAMB/DATES/P"))
    dockets = (plain(line.strip("[] ")) for line in _lines(document, "PREAMB/DEPDOC"))
    start, end = _pages(document, page)
    metadata: dict[str, object] = {
        "type": TYPES[document.tag],
        "action": " ".join(_lines(document, "PREAMB/ACT/P")),
        "dates": dates,
        "docket_ids": [part.strip() for docket in dockets for part in docket.split(";")],
        "regulation_id_numbers": _RIN.findall(plain(" ".join(_lines(document, "PREAMB/RIN")))),
        "cfr_references": list(_cfr(_lines(document, "PREAMB/CFR"))),
        "start_page": start,
        "end_page": end,
    }
    return Facts(
        number=number_in(" ".join(line(node) for node in document.iter("FRDOC"))),
        title=" ".join(_lines(document, "PREAMB/SUBJECT")) or _title(document),
        publisher=publisher(_agencies(document)) or _president(document),
        effective=None if document.tag == "PRORULE" else stated_effective(dates),
        metadata={name: value for name, value in metadata.items() if value},
    )


def number_in(text: str) -> str:
    """Return the document number in "[FR Doc. 2024–02818 Filed 2–9–24; 8:45 am]", or ""."""
    before_filing = plain(text).split(" Filed ")[0]
    found = _NUMBER.search(before_filing)
    return found[0] if found else ""


def stated_effective(dates: str) -> date | None:
    """Return the date on which `dates` says that something takes effect, if it names just one."""
    found: set[date] = set()
    for match in _EFFECTIVE.finditer(collapse(dates)):
        with suppress(ValueError):  # "Effective Summer 31, 2024"
            found.add(datetime.strptime(match[1].title(), "%B %d, %Y").date())
    return found.pop() if len(found) == 1 else None


def _lines(document: Any, *paths: str) -> list[str]:
    found = (line(node) for path in paths for node in document.iterfind(path))
    return [text for text in found if text]


def _agencies(document: Any) -> Iterator[tuple[str, str]]:
    department = ""
    for node in document.iterfind("PREAMB/*"):
        if node.tag == "AGENCY":
            if department:
                yield department, ""
            department = line(node)
        elif node.tag == "SUBAGY":
            yield department, line(node)
            department = ""
    if department:
        yield department, ""


def _president(document: Any) -> str:
    return "Executive Office of the President" if document.tag == "PRESDOCU" else ""


def _title(document: Any) -> str:
    return next((line(node) for node in document.iter("HD") if line(node)), "")


def _cfr(texts: Iterable[str]) -> Iterator[dict[str, int]]:
    """Yield {"title": 15, "part": 744} for each part in "15 CFR Parts 730, 732, and 744"."""
    for text in texts:
        for title, parts in re.findall(r"(\d+) CFR (?:Parts?)?([\d, and]*)", plain(text), re.I):
            numbers = re.findall(r"\d+", parts)
            yield from ({"title": int(title), "part": int(part)} for part in numbers)


def _pages(document: Any, before: int | None) -> tuple[int | None, int | None]:
    """Return the first and the last page of `document`, as far as its page marks tell."""
    marks = [int(mark.get("P")) for mark in document.iter("PRTPAGE") if mark.get("P", "").isdigit()]
    if not marks:
        return before, before
    if before is None:
        before = marks[0] - 1
    return (marks[0] if _opens_page(document) else before), max(marks)


def _opens_page(document: Any) -> bool:
    """Whether a page mark stands before all text: the document begins at the top of its page."""
    if document.tag == "PRESDOCU":  # they begin new pages, with the mark after "The President"
        return True
    for node in document.iter():
        if node.tag == "PRTPAGE":
            return True
        if (node.text or "").strip():
            return False
    return False
