"""What a text mentions: times, proper names, and phrases that name an instrument or a party.

Pure. Holds words of English and of the trade that tell one kind of phrase from another; holds no
fact about the law.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.terms import stop_words, terms

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_SEASONS = {
    "spring": (3, 4, 5),
    "summer": (6, 7, 8),
    "autumn": (9, 10, 11),
    "fall": (9, 10, 11),
    "winter": (12, 1, 2),
}
_MONTH = "|".join([*MONTHS, *(month[:3] for month in MONTHS)])
_DAY_MONTH_YEAR = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})\.?,?\s+((?:19|20)\d\d)\b", re.I
)
_MONTH_DAY_YEAR = re.compile(
    rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b", re.I
)
_MONTH_YEAR = re.compile(rf"\b({_MONTH})\.?,?\s+(?:of\s+)?((?:19|20)\d\d)\b", re.I)
_SEASON_YEAR = re.compile(
    r"\b(spring|summer|autumn|fall|winter)\s+(?:of\s+)?((?:19|20)\d\d)\b", re.I
)
_ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)(?:-(\d\d))?\b")
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_TIMES = (_DAY_MONTH_YEAR, _MONTH_DAY_YEAR, _MONTH_YEAR, _SEASON_YEAR, _ISO, _YEAR)
TIME = re.compile("|".join(re.sub(r"\((?!\?)", "(?:", each.pattern) for each in _TIMES), re.I)
"""Any time that a text names, the most exact reading first."""
_NAME = re.compile(r"\b[A-Z][\w&.':-]*(?:\s+(?:[A-Z][\w&.':-]*|of|the|and)\b)*")
COMMON_NAMES = frozenset(
    [
        "bis",
        "us",
        "usa",
        "united",
        "states",
        "america",
        "american",
        "commerce",
        "department",
        "ear",
        "federal",
        "register",
        "government",
        "washington",
        "export",
        "exports",
        "administration",
        "regulations",
        "bureau",
        "industry",
        "security",
        "list",
        "rule",
        "act",
        "secretary",
        "office",
        "white",
        "house",
    ]
)

_FILED_BEFORE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time named in a question: a year, and the months and day if they were named."""

    year: int
    months: tuple[int, ...] = ()
    day: int | None = None

    def matches(self, on: date) -> bool:
        """Whether `on` lies in this time, give or take: a text is filed, published and in force on
        different days, up to _FILED_BEFORE days before and one after the day that people name."""
        if not self.months:
            return on.year == self.year
        before = 1 if self.day is not None else _FILED_BEFORE
        return any(self._names(on + timedelta(days=shift)) for shift in range(-1, before + 1))

    def _names(self, on: date) -> bool:
        return on.year == self.year and on.month in self.months and self.day in (None, on.day)


def times(text: str) -> tuple[When, ...]:
    """Return the times named in `text`, each once, the most exact reading of each."""
    found: list[When] = []
    rest = text
    for match in _DAY_MONTH_YEAR.finditer(text):
        found.append(_when(match[3], match[2], match[1]))
    rest = _DAY_MONTH_YEAR.sub(" ", rest)
    for match in _MONTH_DAY_YEAR.finditer(rest):
        found.append(_when(match[3], match[1], match[2]))
    rest = _MONTH_DAY_YEAR.sub(" ", rest)
    for match in _MONTH_YEAR.finditer(rest):
        found.append(_when(match[2], match[1], None))
    rest = _MONTH_YEAR.sub(" ", rest)
    for match in _SEASON_YEAR.finditer(rest):
        found.append(When(year=int(match[2]), months=_SEASONS[match[1].lower()]))
    rest = _SEASON_YEAR.sub(" ", rest)
    for match in _ISO.finditer(rest):
        day = int(match[3]) if match[3] else None
        found.append(When(year=int(match[1]), months=(int(match[2]),), day=day))
    found += [When(year=int(year)) for year in _YEAR.findall(_ISO.sub(" ", rest))]
    return tuple(dict.fromkeys(found))


def names(text: str) -> tuple[str, ...]:
    """Return the proper names in `text`, stop words at their ends left out. The first word of a
    sentence counts only if it is not an ordinary opening word."""
    found: dict[str, None] = {}
    for match in _NAME.finditer(text):
        words = match[0].strip(".,:'-").split()
        opens = match.start() == 0 or text[: match.start()].rstrip()[-1:] in ".?!("
        if opens and words and not (words[0].isupper() and len(words[0]) > 1):
            words = words[1:] if words[0].lower() in stop_words() or len(words) > 1 else []
        words = [w.removesuffix("'s") for w in words if w.lower() not in (*MONTHS, *stop_words())]
        if words and terms(" ".join(words)):
            found[" ".join(words)] = None
    return tuple(found)


def name_words(named: Sequence[str]) -> tuple[str, ...]:
    """Return the words of the names that tell one text from another, in lower case."""
    words = re.findall(r"[\w&:]{2,}", " ".join(named).lower())
    return tuple(dict.fromkeys(word for word in words if word not in COMMON_NAMES))


def _when(year: str, month: str, day: str | None) -> When:
    number = next(
        at for at, name in enumerate(MONTHS, start=1) if name.startswith(month.lower()[:3])
    )
    return When(year=int(year), months=(number,), day=int(day) if day else None)


def without_times(text: str) -> str:
    """Return `text` with its times left out."""
    for pattern in _TIMES:
        text = pattern.sub(" ", text)
    return text
