"""What the top of a text says about itself: its title, who published it and when.

Every rule asks for a form that only a heading has (a dateline, a label, a line of its own): a date
in the middle of a sentence is news about something else, and a wrong date is worse than none.
Knows nothing of files, formats or records, and never changes the text it reads.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sources.errors import BadMetadata
from sources.text import collapse

_TOP = 600  # characters in which a heading is looked for
_TITLE = 160  # the longest line that is still taken as a title
_SHORT = 90  # where a sentence that serves as title is cut

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?i:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_ISO = rf"{_YEAR}-\d\d-\d\d(?!\d)"
_DATE = rf"(?:{_ISO}|{_MONTH}\s{_DAY},?\s{_YEAR}\b|{_DAY}\s{_MONTH},?\s{_YEAR}\b)"
_ON = rf"(?:(?i:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)(?i:day),?\s+)?(?P<date>{_DATE})"
_PLACE = (
    r"(?!(?:As|On|In|By|Since|From|Until|Effective|After|Before|Through)\b)"
    r"[A-Z][A-Za-z.']*(?:[ ,]+[A-Z][A-Za-z.']*){0,4}"
)
_DASH = r"[-\u2013\u2014]"

_MARKER = re.compile(rf"\A\s*date (?P<date>{_ISO})[ \t]*")
_DATELINE = re.compile(rf"^{_PLACE}(?:[\s,(]|{_DASH})+{_ON}\)?\s*(?:{_DASH}|:)+\s*", re.M)
_LABEL = r"^[ \t>#*_-]*(?i:%s)[ \t*_]*:[ \t*_]*"
_DATES: tuple[re.Pattern[str], ...] = (
    _MARKER,
    re.compile(
        _LABEL % r"(?:date )?(?:published|posted|issued|released)(?: on)?"
        r"|(?:(?:publication|release|issue) )?date" + _ON,
        re.M,
    ),
    re.compile(rf"(?i:for immediate release)[\s|:*_-]*{_ON}"),
    re.compile(rf"^[\[\d \t]*Federal Register\b[^\n]{{0,60}}?[(/]\s*{_ON}", re.M),
    _DATELINE,
    re.compile(rf"^(?:[^\n|]{{1,60}}\|){{0,3}}[ \t>*_]*{_ON}[ \t*_]*(?:$|\||\s{_DASH})", re.M),
)

_MARKDOWN_TITLE = re.compile(r"^#[ \t]+(\S.*?)[ \t#]*$", re.M)
_TITLE_LABEL = re.compile(_LABEL % "title" + r"(\S.*?)[ \t*_]*$", re.M)
_PUBLISHER = re.compile(
    _LABEL % "publisher|published by|source|agency" + r"(\S.*?)[ \t*_.]*$", re.M
)
_BEFORE_AGENCY = re.compile(r"((?:^[ \t]*\S[^\n]*\n){1,6})\n?^AGENCY:", re.M)
_DOCKET = re.compile(
    r"\s*(?:\[|\(?RIN\b|\d+ CFR\b|Docket\b|DEPARTMENT\b|Bureau of\b|Office of\b|[=_*\W]+$)"
)

_BIS = re.compile(r"Bureau of Industry (?:and|&) Security")
_COMMERCE = re.compile(r"Department of Commerce|Commerce Department")
_MASTHEAD = re.compile(
    r"^[ \t*#_]*(?:(?i:u\.?s\.? |united states )?(?i:department of commerce)"
    r"|(?i:bureau of industry (?:and|&) security)(?:, (?:U\.S\. )?(?:Department of )?Commerce)?)"
    r"[ \t*_.]*$",
    re.M,
)
_RELEASE = re.compile(
    r"(?i:for immediate release|\bpress release\b)|Office of (?:Congressional and )?Public Affairs"
)
_SPEAKS = re.compile(  # a headline whose subject is the agency itself
    r"(?:(?:U\.S\.|United States) )?"
    r"(?:Department of Commerce|Commerce\b|BIS\b|Bureau of Industry (?:and|&) Security)"
)
_FURNITURE = re.compile(
    r"(?i:for immediate release|(?:news )?media contact|press release|contact:|start preamble"
    r"|office of (?:\w+ ){0,3}public affairs)"
    r"|(?i:publisher|published|source|date|posted|author)(?: by| on)?:|By [A-Z][\w. -]{3,40}$"
    r"|(?i:(?:interim |direct |temporary )?(?:final|proposed) rule|notice|notification"
    r"|request for comments|correcting amendments?)\b[^.]{0,80}\.$"  # an ACTION line
    r"|\[.*\]$|-{3,}$|\W*$"
)
_SENTENCE = re.compile(r"(?<=[a-z0-9)\]%\u201d\"][.!?])[\u201d\")]*\s+(?=[A-Z\u201c\"(])")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFacts:
    """What a text says of itself; `release` is true for a release by Commerce or BIS."""

    title: str = ""
    publisher: str = ""
    published: date | None = None
    release: bool = False


def parse_date(value: str) -> date:
    """Return the date that `value` writes as YYYY-MM-DD."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip(), re.ASCII):
            return date.fromisoformat(value.strip())
    except ValueError:
        pass
    raise BadMetadata(f"{value!r} is not a date; use YYYY-MM-DD, for example 2020-06-16")


def from_text(text: str) -> TextFacts:
    """Return the title, publisher and date found at the top of `text`, which is not changed."""
    top = text.lstrip()[:_TOP]
    title = _title(text)
    release = _is_release(top, title)
    return TextFacts(
        title=title,
        publisher=_publisher(top, release),
        published=next(_dates(top), None),
        release=release,
    )


def _dates(top: str) -> Iterator[date]:
    for pattern in _DATES:
        for match in pattern.finditer(top):
            if (found := _read(match["date"])) is not None:
                yield found


def _read(written: str) -> date | None:
    try:
        if re.match(r"\d{4}-", written):
            return date.fromisoformat(written)
        first, second, year = re.findall(r"\w+", written)
        day, month = (first, second) if first[0].isdigit() else (second, first)
        number = int(re.sub(r"\D", "", day))
        return date(int(year), _MONTHS.index(month[:3].lower()) + 1, number)
    except ValueError:  # a date that no calendar has
        return None


def _is_release(top: str, title: str) -> bool:
    """Whether the agency itself speaks: others' releases also name it, in the same words."""
    named = _BIS.search(top) or _COMMERCE.search(top)
    return bool(_RELEASE.search(top) and named and (_MASTHEAD.search(top) or _SPEAKS.match(title)))


def _publisher(top: str, release: bool) -> str:
    for match in _PUBLISHER.finditer(top):
        name = re.sub(r", (?:U\.S\. )?(?:Department of )?Commerce$", "", collapse(match[1]))
        if len(name) <= 120 and "://" not in name:
            return name
    if not (release or _MASTHEAD.search(top)):
        return ""
    # a department's masthead stands above its bureau's: the bureau is the publisher
    if _BIS.search(top):
        return "Bureau of Industry and Security"
    return "U.S. Department of Commerce"


def _title(text: str) -> str:
    top = text.lstrip()[: 4 * _TOP]
    for pattern in (_MARKDOWN_TITLE, _TITLE_LABEL):
        if match := pattern.search(top):
            return shorten(re.sub(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", "", match[1]), _TITLE)
    if title := _federal_register_title(top):
        return title
    for block in re.split(r"\n\s*\n", _MARKER.sub("", top)):
        lines = [line for line in block.splitlines() if not _is_furniture(line)]
        if lines:
            return _title_of_block(lines)
    return ""


def _federal_register_title(top: str) -> str:
    if not (match := _BEFORE_AGENCY.search(top)):
        return ""
    lines: list[str] = []
    for line in reversed(match[1].splitlines()):
        if _DOCKET.match(line):
            break
        lines.insert(0, line)
    return shorten(" ".join(lines), 2 * _TITLE)


def _is_furniture(line: str) -> bool:
    bare = line.strip(" \t*_#>|")
    return (
        len(bare) < 6
        or bool(_FURNITURE.match(bare) or _MASTHEAD.match(bare))
        or bool(re.fullmatch(_ON, bare))
    )


def _title_of_block(lines: list[str]) -> str:
    whole = collapse(" ".join(lines))
    limit = 2 * _TITLE if _capitals(whole) else _TITLE
    if len(whole) <= limit and _ends_like_a_title(whole):
        return whole
    first = collapse(lines[0])
    if len(lines) > 1 and len(first) <= _TITLE and _ends_like_a_title(first) and _capitals(first):
        return first
    return shorten(_SENTENCE.split(_DATELINE.sub("", whole), maxsplit=1)[0], _SHORT)


def _ends_like_a_title(line: str) -> bool:
    return "|" not in line and not line.endswith((".", "!", "?", ":", ";", ",", "-"))


def _capitals(line: str) -> bool:
    """Whether `line` is in title case, as the first line of a wrapped paragraph is not."""
    words = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > 3]
    return sum(word[0].isupper() for word in words) > 0.7 * len(words)


def shorten(sentence: str, limit: int = _SHORT) -> str:
    """Return `sentence` as a title: one line, no final stop, cut at a word when over `limit`."""
    line = collapse(sentence)
    if len(line) <= limit:
        return line.rstrip(".")
    return line[: limit + 1].rsplit(" ", 1)[0][:limit].rstrip(" ,;:.-(") + "\u2026"
