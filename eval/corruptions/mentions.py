"""Numbers, dates, identifiers and parties found in a sentence, with their places. Pure.

Made for writing claims, and on purpose apart from what the product's verifier uses: a blind spot of
one must not be that of the other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_MONTH = "|".join(MONTHS)
SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_DATES = (
    re.compile(rf"\b(?P<m>{_MONTH}) (?P<d>\d{{1,2}}), (?P<y>(?:19|20)\d\d)\b"),
    re.compile(rf"\b(?P<d>\d{{1,2}}) (?P<m>{_MONTH}) (?P<y>(?:19|20)\d\d)\b"),
)
_MONTH_YEAR = re.compile(rf"\b(?P<m>{_MONTH}) (?P<y>(?:19|20)\d\d)\b")
_YEAR = re.compile(r"(?<=\b[Ii]n )(?P<y>(?:19|20)\d\d)\b(?![-/.]\d)|(?<=since )(?:19|20)\d\d\b")
_IDENTIFIERS = (
    ("ECCN", re.compile(r"\b\d[A-E]\d{3}(?:\.[a-z](?:\.\d+)?)?(?![\w.]*\w)")),
    ("section", re.compile(r"(?<=§ )\d{3}\.\d{1,3}(?:\(\w{1,4}\))*")),
    ("section", re.compile(r"(?<=\bCFR )\d{3}\.\d{1,3}(?:\(\w{1,4}\))*")),
    ("section", re.compile(r"(?<=\b[Ss]ection )\d{3}\.\d{1,3}(?:\(\w{1,4}\))*")),
    ("part", re.compile(r"(?<=\b[Pp]art )\d{3}\b(?!\.)")),
    ("supplement", re.compile(r"(?<=\b[Ss]upplement [Nn]o\. )\d\b")),
    ("footnote", re.compile(r"(?<=\bfootnote )\d\b")),
    ("group", re.compile(r"(?<=\bCountry Group )[A-E]:\d\b")),
    ("exception", re.compile(r"(?<=\bLicense Exception )[A-Z]{3}\b")),
    ("order", re.compile(r"(?<=\bExecutive Order )1\d{4}\b")),
    ("FR", re.compile(r"\b[6-9]\d FR \d{2,3},?\d{3}\b")),
    ("document", re.compile(r"(?<=\bdocument )20\d\d-\d{5}\b")),
)
_BEFORE_NUMBER = re.compile(
    r"(?:\b(?:parts?|sections?|titles?|no|nos|footnotes?|paragraphs?|notes?|items?|category|"
    r"categories|headings?|codes?|page|docket|document|chapter|subchapter|schedule|tables?|rin|"
    r"eccns?|group|order|law|subpart|appendix|supplements?|annex|version|topic|phase|tier|cfr|"
    r"fr|example|article|public)\.?(?:[\s\d.,:()§]|\b(?:and|or|to|through)\b)*|[§:.,/(-]\s*)$"
    rf"|\b(?:{_MONTH}) $|\b(?-i:[A-Z]{{2,}}) $",
    re.I,
)
_AFTER_NUMBER = re.compile(r"\s*(?:CFR|FR|U\.?S\.?C|[-–/:]\s?\w|\.\d|\(\w\)|st\b|nd\b|rd\b|th\b)")
_NUMBER = re.compile(
    rf"(?<![\w$])(?P<money>\$)?(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)(?![\w])"
    rf"|\b(?P<word>{'|'.join(SMALL[2:])})\b(?!-)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A thing named at text[start:end]; `value` is equal where two mentions mean the same."""

    start: int
    end: int
    text: str
    kind: str
    value: object


def dates(text: str) -> list[Mention]:
    """Return full dates (a `date`), then months (year, month) and years (year,), by place."""
    found: list[Mention] = []
    for pattern in (*_DATES, _MONTH_YEAR, _YEAR):
        for match in pattern.finditer(text):
            if any(match.start() < m.end and m.start < match.end() for m in found):
                continue
            value = _date(match.groupdict(), match[0])
            if value is not None:
                kind = "day" if isinstance(value, date) else "month" if len(value) == 2 else "year"
                found.append(_mention(match, kind, value))
    return sorted(found, key=lambda m: m.start)


def identifiers(text: str) -> list[Mention]:
    """Return ECCNs, sections, parts, groups, orders and citations, by place."""
    found = [
        _mention(match, kind, match[0].replace(",", ""))
        for kind, pattern in _IDENTIFIERS
        for match in pattern.finditer(text)
    ]
    return sorted(found, key=lambda m: m.start)


def numbers(text: str) -> list[Mention]:
    """Return amounts and counts that are no part of a date, an identifier or an address."""
    taken = [*dates(text), *identifiers(text)]
    found: list[Mention] = []
    for match in _NUMBER.finditer(text):
        if any(match.start() < m.end and m.start < match.end() for m in taken):
            continue
        before, after = text[: match.start()][-60:], text[match.end() :][:60]
        if _BEFORE_NUMBER.search(before) or _AFTER_NUMBER.match(after):
            continue
        if re.fullmatch(r"\d{3}\.\d+", match[0]):
            continue  # a section
        value = float(SMALL.index(match["word"])) if match["word"] else _float(match["n"])
        bare_year = not match["money"] and "," not in match[0] and 1900 <= value <= 2100
        followed = re.match(r" (?:percent|million|billion|[a-z]+)|%", after)
        if not bare_year and (followed or match["money"]):
            kind = "word" if match["word"] else "figure"
            found.append(_mention(match, kind, value))
    return found


def short_forms(text: str) -> tuple[tuple[str, str], ...]:
    """Return the abbreviations that a text defines as "Full Name (FN)", with the full name."""
    found: dict[str, str] = {}
    for match in re.finditer(r"\(“?\"?([A-Z]{2,7})”?\"?\)", text):
        full = _full_name(match[1], text[: match.start()].rstrip())
        if full and match[1] not in found:
            found[match[1]] = full
    return tuple(found.items())


def _full_name(short: str, before: str) -> str:
    """Return the words at the end of `before` whose capitals spell `short`, or ""."""
    words = list(re.finditer(r"[A-Za-z][\w'’&-]*", before[-150:]))
    left = list(short)
    for at in range(len(words) - 1, -1, -1):
        word = words[at][0]
        if word[0] == left[-1]:
            left.pop()
        elif word not in ("of", "and", "the", "for", "to", "on", "in"):
            return ""
        if not left:
            name = before[-150:][words[at].start() :]
            return name if name.isprintable() and not re.search(r"[.;:()“”\"]", name) else ""
    return ""


def _date(parts: dict[str, str | None], whole: str) -> date | tuple[int, ...] | None:
    year = int(parts.get("y") or whole[-4:])
    if not parts.get("m"):
        return (year,)
    month = 1 + MONTHS.index(str(parts["m"]))
    if not parts.get("d"):
        return (year, month)
    try:
        return date(year, month, int(str(parts["d"])))
    except ValueError:
        return None


def _float(written: str) -> float:
    return float(written.replace(",", ""))


def _mention(match: re.Match[str], kind: str, value: object) -> Mention:
    return Mention(start=match.start(), end=match.end(), text=match[0], kind=kind, value=value)


def exchangeable(text: str, found: list[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """Yield pairs of one kind, each named once, whose exchange says something else: they are not
    members of one list."""
    values = [mention.value for mention in found]
    once = [mention for mention in found if values.count(mention.value) == 1]
    for at, one in enumerate(once):
        for other in once[at + 1 :]:
            if one.kind == other.kind and apart(text[one.end : other.start]):
                yield one, other


def apart(between: str) -> bool:
    """Whether more than a list or a range stands between two mentions."""
    plain = re.sub(r"\b(?:and|or|to|through|of|the|a|an|both|in|on)\b|[A-Z][\w.'-]*", " ", between)
    return len(re.findall(r"[a-z]{2,}", plain)) >= 3
