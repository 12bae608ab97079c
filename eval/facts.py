"""Dates, numbers, names and negations found in a text, in a form that can be compared. Pure."""

import re
from datetime import date

from sources.identifiers import identifiers
from sources.text import collapse

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_SHORT = [r"sept\.?", *(rf"{month[:3]}\.?" for month in _MONTHS)]
_MONTH = f"({'|'.join([*_MONTHS, *_SHORT])})"
_FORMS = (
    (re.compile(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.I), "mdy"),
    (re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH},? (\d{{4}})\b", re.I), "dmy"),
    (re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b"), "ymd"),
)
_NUMBER = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)*")
_WORD = re.compile(r"[A-Za-z][\w&'’.-]*\w|[A-Za-z]")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|unless|prohibit(?:s|ed)?|den(?:y|ies|ied))\b"
    r"|n['’]t\b",
    re.I,
)
_NO_NAMES = frozenset([*_MONTHS, "i", "the", "a", "an", "u.s"])


def dates(text: str) -> frozenset[str]:
    """Return the full dates of a text as ISO days: "May 17, 2019" and "17 May 2019" are one."""
    return frozenset(day for _, _, day in _dated(text))


def numbers(text: str) -> frozenset[str]:
    """Return the numbers outside full dates, without separators: "1,200" is "1200"."""
    rest = text
    for start, end, _ in reversed(_dated(text)):
        rest = f"{rest[:start]} {rest[end:]}"
    return frozenset(_plain(number) for number in _NUMBER.findall(rest))


def figures(text: str) -> frozenset[str]:
    """Return the dates and the numbers of a text."""
    return dates(text) | numbers(text)


def parts_of_dates(text: str) -> frozenset[str]:
    """Return the years and days of a text's full dates, which a claim may give alone."""
    parts = (day.split("-") for day in dates(text))
    return frozenset(str(int(part)) for year, _, day in parts for part in (year, day))


def control_numbers(text: str) -> frozenset[str]:
    """Return the identifiers of a text: ECCNs, sections, Federal Register citations and the like.

    "15 CFR 744.11" and "§ 744.11" name one section, so the number alone stands for both.
    """
    found = identifiers(collapse(text))
    sections = (name.split(" ")[-1] for name in found if "CFR" in name or name.startswith("§"))
    others = (name for name in found if "CFR" not in name and not name.startswith("§"))
    return frozenset([*sections, *others])


def names(text: str) -> frozenset[str]:
    """Return the capitalised words that do not open the text, in lower case."""
    found = list(_WORD.finditer(text))[1:]
    words = (_bare(match[0]) for match in found if match[0][0].isupper())
    return frozenset(word for word in words if len(word) > 2 and word not in _NO_NAMES)


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text in lower case, and the initials that its names may go by."""
    found = [match[0] for match in _WORD.finditer(text)]
    capitals = [word for word in found if word[0].isupper()]
    initials = {
        "".join(word[0] for word in capitals[at : at + size]).lower()
        for size in (2, 3, 4, 5)
        for at in range(len(capitals) - size + 1)
    }
    pieces = (piece for word in found for piece in re.split(r"[-/]", word))
    return frozenset([*map(_bare, found), *map(_bare, pieces), *initials])


def is_negated(text: str) -> bool:
    """Return whether the text has an odd number of negations."""
    return len(_NEGATION.findall(text)) % 2 == 1


def _dated(text: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for pattern, order in _FORMS:
        for match in pattern.finditer(text):
            a, b, c = match.groups()
            year, month, day = {"mdy": (c, a, b), "dmy": (c, b, a), "ymd": (a, b, c)}[order]
            iso = _iso(year, month, day)
            if iso and not any(match.start() < e and s < match.end() for s, e, _ in found):
                found.append((match.start(), match.end(), iso))
    return sorted(found)


def _iso(year: str, month: str, day: str) -> str:
    try:
        number = (
            int(month) if month.isdigit() else 1 + [m[:3] for m in _MONTHS].index(month[:3].lower())
        )
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return ""


def _plain(number: str) -> str:
    bare = number.replace(",", "")
    return bare.lstrip("0") or "0"


def _bare(word: str) -> str:
    return re.sub(r"['’]s$", "", word.lower()).strip(".'’-")
