"""The Consolidated Screening List (CSV) → one Document per row, in plain sentences of our wording.

Each sentence stands alone: it names the party and the list, so that it can be quoted by itself. It
says what the row says and compares no date with today: a row's text depends on the row only.
Knows no store and no matching of names; whether a party may be dealt with is not decided here.
The layouts and their dirt are those of downloads of 2019, 2022 and 2025.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sources.errors import BadMetadata, EmptySource, ParseProblem, Refused
from sources.extracted import looks_like
from sources.heading import shorten
from sources.loaders import Found
from sources.records import NOTHING_GIVEN, Given, Loaded, Problem, shown
from sources.text import collapse, normalise
from sources.types import Document
from sources.web import Web

URL = "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.csv"
PUBLISHER = "Consolidated Screening List, International Trade Administration"

ListCode = Literal[
    "EL", "UVL", "MEU", "DPL", "SDN", "SSI", "FSE", "PLC", "CAP", "MBS", "CMIC", "ISN", "DTC"
]
BIS_LISTS: tuple[ListCode, ...] = ("EL", "UVL", "MEU", "DPL")

_COLUMNS = (
    "source", "entity_number", "type", "programs", "name", "title", "addresses",
    "federal_register_notice", "start_date", "end_date", "standard_order", "license_requirement",
    "license_policy", "call_sign", "vessel_type", "gross_tonnage", "gross_registered_tonnage",
    "vessel_flag", "vessel_owner", "remarks", "source_list_url", "alt_names", "citizenships",
    "dates_of_birth", "nationalities", "places_of_birth", "source_information_url", "ids",
)  # fmt: skip
# What tells rows apart in the older layout, which has no "_id".
_IDENTITY = ("source", "entity_number", "name", "addresses", "start_date")
_AS_GIVEN = ("name", "entity_number", "type", "federal_register_notice", "start_date", "end_date")

_SOURCE = re.compile(r"(.+?) \((?:NS-)?([A-Z-]+)(?: List)?\)(?: List)? - (.+)")
_AFFILIATED = re.compile(r"(.+?)\.\s+(Affiliated Entity|Subordinate Institution)\s*[:-]\s*(.+)")
_EXPLAINED = re.compile(r"(?<=[a-z]{4})\.\s+(?=(?:This|All|These)\b)")
_CITATION = re.compile(r"\b(\d{1,3})[\s.]*F\.?\s?R\.?\s+(\d{1,6})\b", re.IGNORECASE)
_BOOKKEEPING = re.compile(r"NOTICE|CORRECT|ADDED|UPDATED|DEL\w*TED|NEW\b")
# A stop after which a tokenizer may see a new sentence in a name or an address ("Sdn. Bhd.").
_STOP = re.compile(
    r"\b(?!(?:Co|Corp|Dr|Inc|Jr|Ltd|No|Pte|Pty|Pvt|Rd|St)\.)"
    r"((?:\w\.){2,}\w|[\w'-]{2,}|\d)\.(?= +[A-Z\d(])"
)
_LOST = re.compile(r"(?<!\w)\?+|\?+(?!\w)")  # quotation marks, once
_CHUNK = 600  # characters of values a sentence takes before the next one goes on

# Both kinds of byte dirt are Windows-1252 that was never, or wrongly, made UTF-8.
_WINDOWS = {0: ""} | {
    offset + byte: bytes([byte]).decode("cp1252", "replace")
    for offset, last in ((0xDC00, 0x100), (0, 0xA0))
    for byte in range(0x80, last)
}

_NAMES = """AE United Arab Emirates;AF Afghanistan;AL Albania;AM Armenia;AO Angola;AR Argentina;
AT Austria;AU Australia;AZ Azerbaijan;BA Bosnia and Herzegovina;BB Barbados;BD Bangladesh;
BE Belgium;BF Burkina Faso;BG Bulgaria;BH Bahrain;BJ Benin;BO Bolivia;BR Brazil;BY Belarus;
BZ Belize;CA Canada;CD Democratic Republic of the Congo;CF Central African Republic;
CG Republic of the Congo;CH Switzerland;CI Ivory Coast;CL Chile;CN China;CO Colombia;CR Costa Rica;
CU Cuba;CY Cyprus;CZ Czech Republic;DE Germany;DK Denmark;DO Dominican Republic;DZ Algeria;
EC Ecuador;EE Estonia;EG Egypt;ER Eritrea;ES Spain;ET Ethiopia;FI Finland;FR France;
GB United Kingdom;GE Georgia;GH Ghana;GI Gibraltar;GM Gambia;GQ Equatorial Guinea;GR Greece;
GT Guatemala;HK Hong Kong;HN Honduras;HR Croatia;HT Haiti;HU Hungary;ID Indonesia;IE Ireland;
IL Israel;IN India;IQ Iraq;IR Iran;IT Italy;JE Jersey;JM Jamaica;JO Jordan;JP Japan;KE Kenya;
KG Kyrgyzstan;KH Cambodia;KN Saint Kitts and Nevis;KP North Korea;KR South Korea;KW Kuwait;
KY Cayman Islands;KZ Kazakhstan;LA Laos;LB Lebanon;LI Liechtenstein;LK Sri Lanka;LR Liberia;
LT Lithuania;LU Luxembourg;LV Latvia;LY Libya;MA Morocco;MD Moldova;ME Montenegro;MG Madagascar;
MH Marshall Islands;MK North Macedonia;ML Mali;MM Burma (Myanmar);MO Macau;MR Mauritania;MT Malta;
MX Mexico;MY Malaysia;MZ Mozambique;NA Namibia;NE Niger;NG Nigeria;NI Nicaragua;NL Netherlands;
NO Norway;NZ New Zealand;OM Oman;PA Panama;PE Peru;PH Philippines;PK Pakistan;PL Poland;
PS Palestinian territories;PT Portugal;PY Paraguay;QA Qatar;RO Romania;RS Serbia;RU Russia;
RW Rwanda;SA Saudi Arabia;SC Seychelles;SD Sudan;SE Sweden;SG Singapore;SI Slovenia;SK Slovakia;
SL Sierra Leone;SN Senegal;SO Somalia;SS South Sudan;SV El Salvador;SY Syria;TH Thailand;
TJ Tajikistan;TM Turkmenistan;TN Tunisia;TR Turkey;TW Taiwan;TZ Tanzania;UA Ukraine;UG Uganda;
US United States;UY Uruguay;UZ Uzbekistan;VC Saint Vincent and the Grenadines;VE Venezuela;
VG British Virgin Islands;VN Vietnam;XK Kosovo;YE Yemen;ZA South Africa;ZM Zambia;ZW Zimbabwe"""
_COUNTRIES: Mapping[str, str] = dict(re.findall(r"([A-Z]{2}) ([^;\n]+)", _NAMES))

_DETAILS = (
    ("type", "type"), ("title", "title or role"), ("dates_of_birth", "date of birth"),
    ("places_of_birth", "place of birth"), ("nationalities", "nationality"),
    ("citizenships", "citizenship"), ("vessel_type", "vessel type"), ("vessel_flag", "flag"),
    ("vessel_owner", "owner"), ("call_sign", "call sign"), ("gross_tonnage", "gross tonnage"),
)  # fmt: skip

_Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One good row: its document id, a mark that changes when it changes, and its list."""

    id: str
    mark: str
    row: _Row
    list_name: str
    code: str
    agency: str


class _Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(default=URL, pattern=r"^https?://")
    lists: Literal["all"] | tuple[ListCode, ...] = Field(default=BIS_LISTS, min_length=1)


def screening_list(
    options: Mapping[str, Any], web: Web, known: Mapping[str, str]
) -> Iterator[Found]:
    """Yield one Found per row of the lists wanted, from one conditional request; none if unchanged.

    Options: `url`, and `lists`, codes such as "EL" (default: the four lists of BIS) or "all". A row
    that cannot be read is a Found whose `load` raises ParseProblem, so that a download cut short
    never counts as read. Raises BadMetadata, Unreachable, Refused, ParseProblem, EmptySource.
    """
    wanted = _options(options)
    # other lists need the file once more, also when it has not changed
    lists = wanted.lists if wanted.lists == "all" else "+".join(wanted.lists)
    key = wanted.url if wanted.lists == BIS_LISTS else f"{wanted.url}#{lists}"
    page = web.get(wanted.url, unless=known.get(key, ""))
    if page is None:
        return
    if page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"", b"<", b"{", b"["):
        raise Refused(
            f"{page.url} sent {page.body[:60]!r}… and not the list as CSV; open the address in a"
            " browser and correct the option 'url' if it has moved"
        )
    entries, problems = _entries(page.body, page.url)
    for entry in entries:
        if wanted.lists == "all" or entry.code in wanted.lists:
            yield Found(key=entry.id, mark=entry.mark, load=partial(_load, entry))
    for problem in problems:
        yield Found(key=problem.where, mark="", load=partial(_load, problem))
    yield Found(key=key, mark=page.validator, whole=True)


def load_screening_list(data: bytes, path: Path, given: Given = NOTHING_GIVEN) -> Loaded:
    """Return a Document per row of the CSV `data`; `path` only names it, `given` fills gaps.

    Rows that cannot be read are problems with their line. Raises ParseProblem, EmptySource.
    """
    entries, problems = _entries(data, shown(path.name))
    where = {"path": shown(path.absolute())}
    documents = (_document(entry, given, where) for entry in entries)
    return Loaded(documents=tuple(documents), problems=tuple(problems))


def _options(options: Mapping[str, Any]) -> _Options:
    try:
        return _Options.model_validate(dict(options))
    except ValidationError as error:
        detail = error.errors()[0]
        raise BadMetadata(
            f"the screening list's option {str(detail['loc'][0])!r} is not usable:"
            f" {detail['input']!r}; give 'url' (http or https) and 'lists', \"all\" or some of"
            f" {', '.join(get_args(ListCode))}"
        ) from error


def _load(row: _Entry | Problem) -> Sequence[Document]:
    if isinstance(row, Problem):
        raise ParseProblem(f"{row.where}: {row.why}")
    return (_document(row, NOTHING_GIVEN, {}),)


def _entries(data: bytes, name: str) -> tuple[list[_Entry], list[Problem]]:
    if looks := looks_like(data):
        raise ParseProblem(f"the screening list is not CSV{looks}")
    # not the whole file as Windows-1252 for one such byte: that would garble every other sign
    text = data.decode("utf-8-sig", "surrogateescape").translate(_WINDOWS)
    entries: dict[str, _Entry] = {}
    problems: list[Problem] = []
    for where, row in _rows(text):
        try:
            if isinstance(row, csv.Error):
                raise ValueError(f"not CSV: {row}")
            entry = _entry(row, entries)
            entries[entry.id] = entry
        except ValueError as error:
            why = f"{error}; get the file again if it ends here, else correct this row"
            problems.append(Problem(where=f"{name} {where}", why=why))
    if not entries and not problems:
        raise EmptySource("the screening list has a header but no rows; get the file again")
    return list(entries.values()), problems


def _rows(text: str) -> Iterator[tuple[str, _Row | csv.Error]]:
    """Yield ("line 7", row) or ("lines 7-9", what is wrong with them) for all after the header."""
    # strict, and with csv's own limit of 131,072 characters a field: an open quote ends somewhere
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = _header(reader)
    while True:
        line = reader.line_num + 1
        try:
            cells: list[str] | csv.Error = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = error
        where = f"line {line}" if reader.line_num == line else f"lines {line}-{reader.line_num}"
        if isinstance(cells, csv.Error):
            yield where, cells
        elif len(cells) == len(header):
            yield where, dict(zip(header, map(collapse, cells), strict=True))
        elif cells:
            yield where, csv.Error(f"{len(cells)} columns instead of {len(header)}")


def _header(reader: Iterator[list[str]]) -> list[str]:
    names: list[str] = []
    with suppress(StopIteration, csv.Error):
        names = [cell.strip() for cell in next(reader)]
    if missing := [column for column in _COLUMNS if column not in names]:
        raise ParseProblem(
            f"this is not the Consolidated Screening List: its first line has no column"
            f" {', '.join(missing)}; get the file from {URL}"
        )
    return names


def _entry(row: _Row, others: Mapping[str, _Entry]) -> _Entry:
    if not row["name"].strip(" ,;."):
        raise ValueError("the row names no party")
    if (source := _SOURCE.fullmatch(row["source"])) is None:
        raise ValueError(f"the source is {row['source']!r} and not 'Name of list (CODE) - Agency'")
    name, code, agency = source.groups()
    mark = _digest(row[column] for column in _COLUMNS)
    # a Treasury number names a party on several lists, and once a row is there twice
    id = f"csl:{code}-{row.get('_id') or _digest(row[column] for column in _IDENTITY)}"
    if id in others and others[id].mark == mark:
        raise ValueError("the same row is there twice")
    if id in others:
        id = f"{id}-{mark[:8]}"
    name = name if name.endswith("List") else f"{name} List"
    return _Entry(id=id, mark=mark, row=row, list_name=name, code=code, agency=agency)


def _digest(values: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(values).encode("utf-8", "replace")).hexdigest()[:20]


def _document(entry: _Entry, given: Given, where: Mapping[str, object]) -> Document:
    row = entry.row
    party, head, explanation = _names(row["name"])
    aliases = _values(row["alt_names"])
    citations = _citations(row["federal_register_notice"])
    page = row["source_information_url"] or row["source_list_url"]
    return Document(
        id=entry.id,
        title=_title(party, list(map(_unbroken, aliases)), entry.list_name),
        kind="notice",
        text=normalise("\n".join(_sentences(entry, party, head, explanation))),
        publisher=PUBLISHER,
        published=_date(row["start_date"]) or given.published,
        url=re.sub(r"^http://", "https://", page) or given.url,
        citation=next(iter(citations), ""),
        metadata={
            **where,
            "list": entry.code,
            **{column: row[column] for column in _AS_GIVEN},
            "programs": _values(row["programs"]),
            "countries": _countries(row["addresses"]),
            "aliases": aliases,
            "federal_register_notices": citations,
        },
    )


def _names(name: str) -> tuple[str, str, str]:
    """Return the party, the head entity it is listed under (", affiliated entity of …"), the rest.

    "X. Affiliated Entity: Y" and "X. Subordinate Institution - Y" list Y; X has rows of its own.
    """
    head = ""
    if match := _AFFILIATED.fullmatch(name):
        head, name = f", {match[2].lower()} of {match[1]},", match[3]
    party, *rest = _EXPLAINED.split(name, maxsplit=1)
    return _unbroken(party.strip(" ,;")), _unbroken(head), "".join(rest)


def _title(party: str, aliases: Sequence[str], list_name: str) -> str:
    short = "; ".join([alias for alias in aliases if len(alias) <= 40][:3])
    also = f" (also {short})" if short else ""
    return f"{party if len(party) <= 160 else shorten(party, 160)}{also} \u2014 {list_name}"


def _sentences(entry: _Entry, party: str, head: str, explanation: str) -> Iterator[str]:
    """Yield the lines of the text; the first has over 100 characters, or `split` may join them."""
    row, on = entry.row, f"{party} on the {entry.list_name}"
    status = f"{party}{head} is on the {entry.list_name} ({entry.code}) of the {entry.agency}"
    yield f"{status}{_period(row)}."
    if explanation:
        yield _stopped(f"The entry of {on} adds: {explanation}")
    also = f"{party} is also listed on the {entry.list_name} under other names (aliases)"
    yield from _labelled(also, _values(row["alt_names"]))
    if value := row["license_policy"]:
        yield _stopped(f"License review policy for {on}: {value}")
    if value := row["license_requirement"]:
        yield _stopped(f"License requirement for {on}: {value}")
    if order := {"Y": "a", "N": "not a"}.get(row["standard_order"].upper()):
        yield f"The order against {on} is {order} standard denial order."
    notices = row["federal_register_notice"]
    if notices := _citations(notices) or _values(notices):
        yield _stopped(f"Federal Register citations for {on}: {', '.join(notices)}")
    yield from _labelled(f"Sanctions programs of {on}", _values(row["programs"]))
    addresses = [_address(address) for address in _values(row["addresses"])]
    yield from _labelled(f"Address{'es' if len(addresses) > 1 else ''} of {on}", addresses)
    yield from _labelled(f"Details of {on}", list(_details(row)))
    yield from _labelled(f"Identifications of {on}", _values(row["ids"]))
    if (value := row["remarks"]) and not (entry.code == "DPL" and _BOOKKEEPING.search(value)):
        yield _stopped(f"Remarks on {on}: {value}")


def _period(row: _Row) -> str:
    start, end = _date(row["start_date"]), _date(row["end_date"])
    told = ", according to the Consolidated Screening List"
    until = f" until {_written(end)}" if end else ""
    if start:
        return f" {'from' if end else 'since'} {_written(start)}{until}{told}"
    return f"{until}{told}, which gives no {'valid ' if row['start_date'] else ''}start date"


def _date(value: str) -> date | None:
    """Return the date, or None for none and for such as "0017-05-26": no list is that old."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if found.year >= 1940 else None


def _written(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _values(cell: str) -> list[str]:
    """Return the values of a cell that joins them with ";", sometimes with "; and "."""
    values = (re.sub(r"^and ", "", part.strip()).strip(" ,") for part in cell.split(";"))
    return [value for value in values if value]


def _citations(cell: str) -> list[str]:
    """Return "84 FR 22961" for each citation, however it is written, in order, once each."""
    return list(dict.fromkeys(f"{m[1]} FR {m[2]}" for m in _CITATION.finditer(cell)))


def _address(address: str) -> str:
    """Return `address` with the country named that its last two letters stand for."""
    before, _, last = address.rpartition(",")
    name = _COUNTRIES.get(last.strip(), last.strip())
    return name if not before else before if before.endswith(name) else f"{before}, {name}"


def _countries(cell: str) -> list[str]:
    lasts = (_address(address).rpartition(",")[2].strip() for address in _values(cell))
    return list(dict.fromkeys(last for last in lasts if last in _COUNTRIES.values()))


def _details(row: _Row) -> Iterator[str]:
    for column, label in _DETAILS:
        if values := [_COUNTRIES.get(value, value) for value in _values(row[column])]:
            yield f"{label} {' / '.join(values)}"


def _labelled(label: str, values: Sequence[str]) -> Iterator[str]:
    """Yield "label: value; value." as often as it takes to keep each sentence short."""
    part = ""
    for value in map(_unbroken, values):
        if part and len(part) + len(value) > _CHUNK:
            yield _stopped(f"{label}: {part}")
            part = ""
        part += f"; {value}" if part else value
    if part:
        yield _stopped(f"{label}: {part}")


def _unbroken(value: str) -> str:
    return _STOP.sub(r"\1", _LOST.sub("", value))


def _stopped(sentence: str) -> str:
    bare = sentence.rstrip(" ;,:")
    return bare if bare.endswith((".", "!", "?")) else f"{bare}."
