"""The eCFR's versioner API as a loader: the sections of some parts, today or as of given dates.

It reads what there is (titles, structure, versions) and fetches a part's XML once, and only when
one of its sections is to be loaded; `sources.ecfr_xml` reads that. Forms, limits and traps of the
service are in `source-apis.md` § 3. Knows no store.
"""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial
from itertools import groupby, pairwise, takewhile
from typing import Any, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from sources.ecfr_xml import Level, Parsed, document_id, parse
from sources.errors import BadMetadata, ParseProblem, SourceError, Unreachable
from sources.loaders import Found
from sources.text import collapse
from sources.types import Document
from sources.web import Web

FIRST_TEXT = date(2017, 1, 1)
"""The service has no text before this date."""

VERSIONS_LIMIT = 1000
"""As many versions come in one answer, and nothing says whether there are more."""

_UNKNOWN = "-"
_MARK = re.compile(r"((?:\d{4}-\d\d-\d\d|-) (?:\d{4}-\d\d-\d\d|-)) (\d+)")
_PARTS = re.compile(r"(\d+)(?:-(\d+))?")
_Model = TypeVar("_Model", bound=BaseModel)


class _Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: int = Field(default=15, ge=1)
    parts: tuple[int | str, ...] = Field(default=("730-774",), min_length=1)
    dates: tuple[date, ...] = ()
    base_url: str = Field(default="https://www.ecfr.gov", pattern=r"^https?://[^/]+")

    @field_validator("parts")
    @classmethod
    def _are_parts(cls, parts: tuple[int | str, ...]) -> tuple[int | str, ...]:
        if not all(_PARTS.fullmatch(str(part)) for part in parts):
            raise ValueError("write a part as 744 and a range of them as '730-774'")
        return parts

    @field_validator("dates")
    @classmethod
    def _ascend(cls, dates: tuple[date, ...]) -> tuple[date, ...]:
        if any(later <= earlier for earlier, later in pairwise(dates)):
            raise ValueError("the dates must ascend")
        return dates


class _Title(BaseModel):
    number: int
    reserved: bool = False
    latest_amended_on: date | None = None
    latest_issue_date: date | None = None
    up_to_date_as_of: date | None = None


class _TitlesMeta(BaseModel):
    import_in_progress: bool = False


class _Titles(BaseModel):
    titles: tuple[_Title, ...]
    meta: _TitlesMeta


class _Node(BaseModel):
    type: str
    identifier: str | None = None
    label: str | None = None
    reserved: bool = False
    size: int | None = None
    children: tuple["_Node", ...] = ()


class _Version(BaseModel):
    """One text of a section, in force from `amended` on and in the service from `issued` on."""

    identifier: str
    type: str
    amended: date = Field(alias="amendment_date")
    issued: date = Field(alias="issue_date")
    removed: bool = False


class _Versions(BaseModel):
    content_versions: tuple[_Version, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """A section or appendix that the structure lists; `stand` is its text: "AMENDED ISSUED"."""

    levels: tuple[Level, ...]
    part: str
    size: int
    stand: str = f"{_UNKNOWN} {_UNKNOWN}"

    @property
    def id(self) -> str:
        return document_id(self.levels)

    @property
    def mark(self) -> str:
        return f"{self.stand} {self.size}"


class _Slice:
    """The XML of a part on a date, fetched and read once, when something of it is first loaded."""

    def __init__(self, web: Web, url: str, above: Sequence[Level], on: date | None) -> None:
        self.url = url
        self._read = partial(_parsed, web, url, above, on)
        self._lock = threading.Lock()
        self._outcome: Parsed | SourceError | None = None

    def parsed(self) -> Parsed:
        """Return what is in it. Raises SourceError, the same again without another request."""
        with self._lock:
            if self._outcome is None:
                try:
                    self._outcome = self._read()
                except SourceError as error:
                    self._outcome = error
        if isinstance(self._outcome, SourceError):
            raise self._outcome
        return self._outcome


def ecfr(options: Mapping[str, Any], web: Web, known: Mapping[str, str]) -> Iterator[Found]:
    """Yield a Found per section and appendix of some parts of a title, part by part.

    Options: `title`, `parts` (744 or "730-774"), `base_url`, and `dates`, for the texts as of those
    days; without them it is today's text, and the listing at the end is `whole`. A key is the id of
    the document, with "|2024-07-18" for a given date; a text that is the same on several dates is
    offered for the first. A mark is "AMENDED ISSUED SIZE". Reserved and removed sections are not
    offered. Raises BadMetadata, Unreachable, Refused.
    """
    wanted = _options(options)
    title = _title(web, wanted)
    today = title.up_to_date_as_of or FIRST_TEXT
    listing = Found(
        key=f"ecfr:{wanted.title}/listing {' '.join(map(str, wanted.parts))}",
        mark=f"{title.latest_amended_on} {title.latest_issue_date}",
        whole=not wanted.dates,
    )
    unchanged = known.get(listing.key) == listing.mark and not wanted.dates
    versions = cache(partial(_versions, web, wanted, today))
    offered: set[tuple[str, str]] = set()
    for on in _dates(wanted, today):
        for part, listed in groupby(_units(web, wanted, on), key=lambda unit: unit.part):
            units = tuple(listed)
            standing = [*_as_known(units, known)] if unchanged else []
            if len(standing) < len(units):
                standing = list(_standing(units, versions(part), on))
            new = [unit for unit in standing if (unit.id, unit.stand) not in offered]
            offered.update((unit.id, unit.stand) for unit in new)
            yield from _found(web, wanted, new, on, today)
    yield listing


def _options(options: Mapping[str, Any]) -> _Options:
    try:
        return _Options.model_validate(dict(options))
    except ValidationError as error:
        what = "; ".join(
            f"{'.'.join(map(str, detail['loc']))} {detail['input']!r}: {detail['msg']}"
            for detail in error.errors()
        )
        raise BadMetadata(f"unusable options for the eCFR: {what}") from error


def _title(web: Web, wanted: _Options) -> _Title:
    url = _address(wanted, "titles.json")
    answer = _json(web, url, _Titles)
    if answer.meta.import_in_progress:
        raise Unreachable(f"{url}: the eCFR is being updated (import in progress); try again later")
    title = next((title for title in answer.titles if title.number == wanted.title), None)
    if title is None or title.reserved or title.up_to_date_as_of is None:
        state = "does not exist" if title is None else "is reserved and has no text"
        raise BadMetadata(f"title {wanted.title} of the CFR {state}; name another `title`")
    return title


def _dates(wanted: _Options, today: date) -> Sequence[date]:
    for on in wanted.dates:
        if not FIRST_TEXT <= on <= today:
            raise BadMetadata(
                f"the eCFR has no text as of {on}; name a date from {FIRST_TEXT} to {today}"
            )
    return wanted.dates or (today,)


def _units(web: Web, wanted: _Options, on: date) -> tuple[_Unit, ...]:
    """Return the sections and appendices that there are in the wanted parts on that date."""
    url = _address(wanted, f"structure/{on}/title-{wanted.title}.json")
    units = tuple(_below(_json(web, url, _Node), (), wanted))
    if not units:
        parts = ", ".join(map(str, wanted.parts))
        raise BadMetadata(f"title {wanted.title} has nothing in the parts {parts} on {on}; {url}")
    return units


def _below(node: _Node, above: tuple[Level, ...], wanted: _Options) -> Iterator[_Unit]:
    id = collapse(node.identifier or "")
    if node.reserved or (node.type == "part" and not _is_wanted(id, wanted)):
        return
    levels = (*above, Level(type=node.type, id=id, heading=collapse(node.label or "")))
    part = next((level.id for level in levels if level.type == "part"), "")
    if part and node.type in ("section", "appendix"):
        yield _Unit(levels=levels, part=part, size=node.size or 0)
    for child in node.children:
        yield from _below(child, levels, wanted)


def _is_wanted(part: str, wanted: _Options) -> bool:
    spans = [_PARTS.fullmatch(str(span)) for span in wanted.parts]
    return part.isdecimal() and any(
        int(span[1]) <= int(part) <= int(span[2] or span[1]) for span in spans if span
    )


def _as_known(units: Sequence[_Unit], known: Mapping[str, str]) -> Iterator[_Unit]:
    """Yield the units whose size is still that of their mark, and that so have the same text."""
    for unit in units:
        mark = _MARK.fullmatch(known.get(unit.id, ""))
        if mark and int(mark[2]) == unit.size:
            yield replace(unit, stand=mark[1])


def _standing(units: Sequence[_Unit], versions: Sequence[_Version], on: date) -> Iterator[_Unit]:
    """Yield the units with their latest amendment by that date, without what it removed."""
    latest: dict[tuple[str, str], _Version] = {}
    for version in sorted(versions, key=lambda version: (version.amended, version.issued)):
        if version.amended <= on:
            latest[version.type, collapse(version.identifier)] = version
    for unit in units:
        version = latest.get((unit.levels[-1].type, unit.levels[-1].id))
        if version is None:
            yield unit
        elif not version.removed:
            yield replace(unit, stand=f"{version.amended} {version.issued}")


def _versions(web: Web, wanted: _Options, today: date, part: str) -> tuple[_Version, ...]:
    """Return all versions of what is in a part, in as many windows of time as that takes."""
    floor = FIRST_TEXT - timedelta(days=366)  # the first ones are dated some days before the texts

    def ask(first: date, last: date) -> tuple[_Version, ...]:
        query = {"part": part}
        if first > floor:
            query["issue_date[gte]"] = first.isoformat()
        if last < today:
            query["issue_date[lte]"] = last.isoformat()
        url = _address(wanted, f"versions/title-{wanted.title}.json?{urlencode(query)}")
        rows = _json(web, url, _Versions).content_versions
        if len(rows) < VERSIONS_LIMIT:
            return rows
        if first >= last:
            raise Unreachable(f"{url}: part {part} has too many versions on {first} to list them")
        middle = first + (last - first) // 2
        return ask(first, middle) + ask(middle + timedelta(days=1), last)

    return ask(floor, today)


def _found(
    web: Web, wanted: _Options, units: Sequence[_Unit], on: date, today: date
) -> Iterator[Found]:
    slices: dict[date, _Slice] = {}
    for unit in units:
        issued = unit.stand.split()[1]
        # an amendment can reach the service's text later than it took effect
        at = on if issued == _UNKNOWN else min(max(on, date.fromisoformat(issued)), today)
        if at not in slices:
            path = f"full/{at}/title-{wanted.title}.xml?{urlencode({'part': unit.part})}"
            above = tuple(takewhile(lambda level: level.type != "part", unit.levels))
            linked = at if wanted.dates else None
            slices[at] = _Slice(web, _address(wanted, path), above, linked)
        yield Found(
            key=f"{unit.id}|{on}" if wanted.dates else unit.id,
            mark=unit.mark,
            load=partial(_load, unit, slices[at], on),
        )


def _load(unit: _Unit, part: _Slice, on: date) -> tuple[Document, ...]:
    """Return the section, or nothing if it is reserved. Raises SourceError."""
    parsed = part.parsed()
    if unit.id in parsed.empty:
        return ()
    if unit.id not in parsed.documents:
        raise ParseProblem(f"{part.url} does not hold {unit.levels[-1].id}; try again later")
    document = parsed.documents[unit.id]
    amended, issued = (None if day == _UNKNOWN else day for day in unit.stand.split())
    dates = {"as_of": on.isoformat()} | ({"issue_date": issued} if issued else {})
    return (
        replace(
            document,
            published=date.fromisoformat(amended) if amended else None,
            metadata={**document.metadata, **dates},
        ),
    )


def _parsed(web: Web, url: str, above: Sequence[Level], on: date | None) -> Parsed:
    try:
        return parse(_body(web, url), above=above, on=on)
    except ParseProblem as error:
        raise ParseProblem(f"{url}: {error}") from error


def _address(wanted: _Options, path: str) -> str:
    return f"{wanted.base_url.rstrip('/')}/api/versioner/v1/{path}"


def _json(web: Web, url: str, model: type[_Model]) -> _Model:
    try:
        return model.model_validate_json(_body(web, url))
    except ValidationError as error:
        why = "; ".join(detail["msg"] for detail in error.errors()[:2])
        raise Unreachable(f"{url} did not answer as the eCFR does ({why}); try again") from error


def _body(web: Web, url: str) -> bytes:
    page = web.get(url)
    if page is None:  # only an answer to `unless`, which is not sent
        raise Unreachable(f"{url} sent nothing; try again later")
    return page.body
