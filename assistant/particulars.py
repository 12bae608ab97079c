"""Text → the particulars that shut each other out: so many years, one group, one day, one body.

Where the evidence gives another particular for what a question is about, the question is wrong.
Pure; the names of bodies and the words that exclude each other are data, no fact about the law is
held.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from assistant.question import MONTHS, When, times

_WORDS = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty",
)
_TENS = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"]
_DIGITS: Mapping[str, str] = {
    **{word: str(number) for number, word in enumerate(_WORDS)},
    **{word: str(10 * number) for number, word in enumerate(_TENS, start=3)},
}
_MONTH = "|".join(MONTHS)
_QUANTITY = re.compile(
    rf"(?<![\w.,-])(?P<value>\d[\d,]*(?:\.\d+)?|{'|'.join(_DIGITS)})[ -]?(?:(?:calendar|business|"
    r"working) )?(?P<key>day|week|month|year|percent|(?:(?:million|billion) )?dollar)s?\b",
    re.I,
)
_GROUP = re.compile(r"\b(?P<value>[A-E]:\d)\b")
_BEGINS = re.compile(
    r"\b(?:t(?:akes?|ook|aken) effect|effective|in (?:force|effect)|with effect)(?: only| already)?"
    rf"(?: on| from| since)? (?P<value>(?:{_MONTH}) \d{{1,2}})\b",
    re.I,
)
_DAY = rf"(?:{_MONTH}) \d{{1,2}}"
_PERIOD = re.compile(
    rf"\b(?:from|between) ({_DAY})(?:, (\d{{4}}))?,? (?:to|and|until|through) ({_DAY}, (\d{{4}}))",
    re.I,
)

Values = Mapping[str, frozenset[str]]
"""The values of each kind of particular: {"year": {"5"}}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one sort of particulars is read. `asked` finds them in a question, `said` where evidence
    asserts them, `named` wherever it mentions them. `enough` and `clearly`: how much evidence must
    speak of the matter, and by how much more than what mentions the value asked about."""

    asked: re.Pattern[str]
    said: re.Pattern[str]
    named: re.Pattern[str]
    enough: float
    clearly: float


def values(pattern: re.Pattern[str], text: str) -> Values:
    """Return the particulars that `pattern` finds: its group "key" or the name of the group that
    matched says of what kind one is, its group "value" or that name which."""
    found: dict[str, set[str]] = {}
    for match in pattern.finditer(text):
        groups = {name: each for name, each in match.groupdict().items() if each is not None}
        if "value" in groups:
            key, value = groups.get("key", "").lower(), groups["value"].lower().replace(",", "")
        else:
            key, _, value = next(iter(groups)).partition("_")
        found.setdefault(key, set()).add(_DIGITS.get(value, value))
    return {key: frozenset(each) for key, each in found.items()}


@lru_cache(maxsize=1)
def readings() -> tuple[Reading, ...]:
    """Return the sorts of particulars, with thresholds set on the questions of the evaluation."""
    asked, said, named = _bodies()
    either_or = _alternatives()
    return (
        Reading(asked=_QUANTITY, said=_QUANTITY, named=_QUANTITY, enough=0.5, clearly=0.1),
        Reading(asked=_GROUP, said=_GROUP, named=_GROUP, enough=0.75, clearly=0.3),
        Reading(asked=_BEGINS, said=_BEGINS, named=_BEGINS, enough=0.8, clearly=0.1),
        Reading(asked=either_or, said=either_or, named=either_or, enough=0.6, clearly=0.1),
        Reading(asked=asked, said=said, named=named, enough=0.7, clearly=0.1),
    )


def day_in(text: str) -> date | None:
    """Return the one exact day that `text` names."""
    days = [_date(when) for when in times(text) if when.day is not None]
    return days[0] if len(days) == 1 else None


def covers(text: str, on: date) -> bool:
    """Whether `text` tells of a period that a day lies in: "from May 1 to June 30, 2024"."""
    for match in _PERIOD.finditer(text):
        start, end = times(f"{match[1]}, {match[2] or match[4]}"), times(match[3])
        if start and end and (_date(start[0]) or on) <= on <= (_date(end[0]) or on):
            return True
    return False


def _date(when: When) -> date | None:
    try:
        return date(when.year, when.months[0], when.day or 1)
    except ValueError:
        return None


def _bodies() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a body that a question has act, of one that evidence has act, and of
    any mention of one."""
    asked: list[str] = []
    said: list[str] = []
    named: list[str] = []
    for at, line in enumerate(_lines("bodies")):
        names = "|".join(re.escape(name.strip()) for name in line.split(","))
        group = rf"(?P<body_{at}>{names})\b(?! (?:Control|List|Country))"
        asked.append(rf"{_ASKED_TO_ACT.replace('NAMES', names)}{group}")
        said.append(rf"{_ACTS}{group}")
        named.append(rf"\b{group}")
    return re.compile("|".join(asked)), re.compile("|".join(said)), re.compile("|".join(named))


_ASKED_TO_ACT = (
    r"\b(?:(?<=did )|(?<=has )|(?<=had )|(?<=did the )|(?<=has the )|(?<=had the )|(?<=did a )|"
    r"(?=(?:NAMES) \w+ed\b))"
)
_ACTS = (
    r"(?:^|[,.;] |\b(?:and|by|that|when|because|after|which) )(?:[Tt]he |[Aa]n? )?(?:U\.?S\.? )?"
)


def _alternatives() -> re.Pattern[str]:
    pairs = (line.split("|") for line in _lines("alternatives"))
    groups = (
        rf"(?P<pair{at}_{side}>{'|'.join(words.split())})"
        for at, pair in enumerate(pairs)
        for side, words in enumerate(pair)
    )
    return re.compile(rf"\b(?:{'|'.join(groups)})\w*", re.I)


def _lines(name: str) -> list[str]:
    text = files("assistant").joinpath(f"data/{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]
