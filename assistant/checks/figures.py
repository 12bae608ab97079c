"""How dates, numbers and identifiers are written, and what each way of writing means. Pure.

"May 16, 2019", "16 May 2019" and "2019-05-16" are one date; "$1.5 million" and "1,500,000 dollars"
one number; "15 CFR 744.11(a)" and "section 744.11(a)" one identifier.
"""

import re
from collections.abc import Callable

Day = tuple[int | None, int | None, int | None]
"""Year, month and day, as far as a text gives them."""
Value = str | float | Day

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH = (
    rf"((?:{'|'.join(month.capitalize() for month in MONTHS)})\b"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"((?:19|20)\d\d)\b"
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SCALE = r"(?:[ -](thousand|million|billion|trillion)\b)?"
_SPELLED = rf"((?i:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[1:10])}))?|{'|'.join(_ONES)}))"
_PARAGRAPHS = r"(?:\(\w{1,5}\))*"
_LABEL = (
    r"((?i:parts?|supplements?|footnotes?|paragraphs?|categor(?:y|ies)|columns?|tiers?|phases?|"
    r"titles?|chapters?|schedules?|annex(?:es)?|appendix|sections?|prohibitions?|flags?|notes?|"
    r"steps?|subparts?|headings?))"
)
_PLACE = rf"(\d{{1,4}}\b(?![.,]\d){_PARAGRAPHS}|[IVX]{{1,5}}\b|[A-Z]\b(?![.\w])|(?:\(\w{{1,5}}\))+)"
LABELLED = rf"\b{_LABEL} (?:[Nn]os?\. ?)?{_PLACE}"
FURTHER = re.compile(rf"(?:,? (?:and|or|to|through)|,) {_PLACE}")
"""A further member of "footnotes 1, 4 and 5"."""


def _plain(match: re.Match[str]) -> str:
    return re.sub(r"[\s,]", "", match[1]).lower()


def _labelled(match: re.Match[str]) -> str:
    return f"{label_of(match[1])} {match[2].lower()}"


def label_of(word: str) -> str:
    """Return the singular of a label: "Footnotes" gives "footnote"."""
    bare = word.lower()
    if bare.endswith("ies"):
        return f"{bare[:-3]}y"
    return bare.removesuffix("es") if bare == "annexes" else bare.removesuffix("s")


def _number(match: re.Match[str]) -> float:
    return float(match[1].replace(",", "")) * _SCALES.get(match[2] or "", 1.0)


def _spelled(match: re.Match[str]) -> float:
    value = 0.0
    for part in re.split(r"[- ]", match[1].lower()):
        value += 10.0 * (_TENS.index(part) + 2) if part in _TENS else float(_ONES.index(part))
    return value * _SCALES.get((match[2] or "").lower(), 1.0)


def _day(order: str) -> Callable[[re.Match[str]], Day]:
    """Return a reader of the groups of a date, in the order of the letters y, m, d."""

    def read(match: re.Match[str]) -> Day:
        given = dict(zip(order, match.groups(), strict=True))
        year, month, day = given.get("y"), given.get("m"), given.get("d")
        return (int(year) if year else None, _month(month), int(day) if day else None)

    return read


def _month(written: str | None) -> int | None:
    if written is None:
        return None
    if written.isdigit():
        return int(written)
    return 1 + [month[:3] for month in MONTHS].index(written[:3].lower())


def _section(match: re.Match[str]) -> str:
    title = match[1] if match[1] not in (None, "15") else ""
    return f"{title}cfr{match[2]}".lower() if title else match[2].lower()


_CFR = r"(?:\b(\d{1,2}) C\.?F\.?R\.? (?:[Pp]arts? |§+ ?)?|§+ ?|\b[Ss]ections? )"
IDENTIFIERS: tuple[tuple[str, Callable[[re.Match[str]], Value]], ...] = (
    (
        r"\b(\d{1,3} (?:FR|Fed\. ?Reg\.) \d{1,3},?\d{2,3})\b",
        lambda match: _plain(match).replace("fed.reg.", "fr"),
    ),
    (
        rf"\b(\d{{1,2}} U\.?S\.?C\.? \d{{1,5}}\w?{_PARAGRAPHS})",
        lambda match: _plain(match).replace(".", ""),
    ),
    (r"\b((?:C\d-)?(?:19|20)\d\d-\d{4,5})\b(?!-)", _plain),
    (r"\b(\d{4}-[A-Z]{2}\d\d)\b", _plain),
    (
        r"\b(?:Executive Orders?|E\.O\.|EO) (?:No\. ?)?(\d{5})\b",
        lambda match: f"order {match[1]}",
    ),
    (rf"{_CFR}?\b(\d{{3,4}}\.\d{{1,4}}(?:-\d{{1,4}})?{_PARAGRAPHS})(?![\d%])", _section),
    (rf"{_CFR}(\d{{1,4}})\b(?!\.\d)", lambda match: f"part {_section(match)}"),
    (r"\b(\d[A-EXxYy]\d{3}(?:\.[a-z](?:\.\d+)?(?:\.[a-z])?)?)(?!\w)", _plain),
    (r"\b([A-E]:\d)\b", _plain),
    (LABELLED, _labelled),
    (r"(?<![\w)])(\((?:[a-z]{1,2}|[ivx]{1,5}|[A-Z])\)(?:\(\w{1,4}\))*)(?!\w)", _plain),
    (r"(?<![\w.])(\.[a-z])\b", _plain),
)
"""Each way of writing, and what it means in one form, lower case. Earlier ones go first."""

DATES: tuple[tuple[str, Callable[[re.Match[str]], Value]], ...] = (
    (rf"\b{_MONTH} {_DAY},? {_YEAR}", _day("mdy")),
    (rf"\b{_DAY} (?:of )?{_MONTH},? {_YEAR}", _day("dmy")),
    (rf"\b{_YEAR}-(\d\d)-(\d\d)\b", _day("ymd")),
    (rf"\b{_MONTH},? (?:of )?{_YEAR}", _day("my")),
    (rf"\b{_MONTH} {_DAY}\b(?![,.]?\d)", _day("md")),
    (rf"\b{_DAY} (?:of )?{_MONTH}(?!\w)", _day("dm")),
    (rf"(?<![$\d,.-]){_YEAR}(?![,.]\d|-?(?: ?%| percent| dollars| compan| entit| TPP))", _day("y")),
)

NUMBERS: tuple[tuple[str, Callable[[re.Match[str]], Value]], ...] = (
    (rf"(?<!\w)\$? ?(\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?){_SCALE}(?![A-Za-z])", _number),
    (rf"\b{_SPELLED}(?:[ -](hundred|thousand|million|billion)\b)?(?!\w)", _spelled),
)


def compatible(one: Day, other: Day) -> bool:
    """Whether two dates can be the same day, as far as both say."""
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


def covers(general: str, exact: str) -> bool:
    """Whether an identifier is the other or one that it lies in: "744.11" covers "744.11(a)"."""
    return exact == general or (
        exact.startswith(general) and exact[len(general)] in "(." and not general.isdigit()
    )
