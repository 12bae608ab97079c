"""Question → what is asked: its words, names, dates, numbers and the kind of answer wanted.

Pure. Holds the words of English that tell a date from a reason; holds no fact about the law.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.errors import BadQuestion
from assistant.terms import STOP_WORDS, terms
from sources.identifiers import identifiers
from sources.text import collapse, normalise

Want = Literal[
    "date", "number", "party", "reason", "list", "definition", "yes_no", "comparison", "fact"
]

MONTHS = (
    "january february march april may june july august september october november december".split()
)
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
_NUMBER = re.compile(r"(?<![\d.§-])\b\d[\d,]*(?:\.\d+)?\b")
_NAME = re.compile(r"\b[A-Z][\w&.'-]*(?:\s+(?:[A-Z][\w&.'-]*|of|the|and)\b)*")

_WANTS: tuple[tuple[Want, re.Pattern[str]], ...] = (
    ("reason", re.compile(r"\bwhy\b|\breasons?\b|\bon what (?:grounds|basis)\b|\bwhat (?:made|led|prompted|caused|justif)|\bhow come\b|\bwhat (?:did|had) .{0,60}\bdo\b.{0,30}\b(?:to|that)\b|\bpurpose\b|\brationale\b|\bwhat for\b|\bbasis for\b", re.I)),
    ("date", re.compile(r"\bwhen\b|\bwhat (?:date|day|month|year)\b|\bwhich (?:date|day|month|year)\b|\bby what\b|\bdeadline\b|\bcut-?off\b|\bhow soon\b|\buntil\b|\bsince\b|\bexpir|\bas of what\b|\beffective date\b|\bhow long\b|\btake effect\b|\bby when\b|\bclos(?:e|ing) date\b", re.I)),
    ("number", re.compile(r"\bhow (?:many|much|long|large|big|often|high|low|far|old)\b|\bwhat (?:percentage|percent|share|number|amount|fee|price|cost|threshold|size|quantity|limit|ceiling|scale|value|level|sum|total|rate|proportion)\b|\bnumber of\b|\bpercent|\bthreshold\b|\bper cent\b|\bprison (?:term|sentence)\b", re.I)),
    ("comparison", re.compile(r"\b(?:compare|compared|differ\w*|versus|longer|shorter|larger|more .{0,30}than|which of|of the two|both)\b|\bbetween\b.{1,60}\band\b", re.I)),
    ("list", re.compile(r"\bwhich\b.{0,60}\w+s\b|\bwhat (?:are|were) the\b|\blist\b|\bname (?:the|all)\b|\bwhat (?:\w+ ){0,3}\w+s\b (?:are|were|did|do|does|must|have|has|came|can|may)\b|\bwho (?:are|were)\b", re.I)),
    ("definition", re.compile(r"\bwhat (?:is|are|counts as|qualifies as|does .{1,60}\bmean)\b|\bdefin|\bmeaning of\b|\bmeans?\b", re.I)),
    ("party", re.compile(r"\bwho\b|\bwhom\b|\bwhose\b|\bwhich (?:compan|firm|part|person|agenc|countr|entit|bod|secretary|official|chipmaker|list|court)|\bwhat (?:compan|agency|country|entity|body|list)", re.I)),
    ("yes_no", re.compile(r"^\W*(?:and |but |so )?(?:is|are|was|were|do|does|did|has|have|had|can|could|may|might|must|should|will|would)\b", re.I)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time named in a question: a year, and the months and day if they were named."""

    year: int
    months: tuple[int, ...] = ()
    day: int | None = None

    def matches(self, on: date) -> bool:
        """Whether `on` lies in this time (a day either side counts: filing and publication)."""
        if on.year != self.year:
            return False
        if self.day is not None and on.month in self.months:
            return abs(on.day - self.day) <= 1
        return not self.months or on.month in self.months


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked. `terms` are those of the standalone question, without repetition."""

    text: str
    standalone: str
    as_of: date
    wants: tuple[Want, ...]
    terms: tuple[str, ...]
    focus: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    identifiers: tuple[str, ...]
    times: tuple[When, ...]
    numbers: tuple[str, ...]


def understand(text: str, *, history: Sequence[str], as_of: date, max_chars: int) -> Question:
    """Return what `text` asks, given the earlier questions of the conversation.

    Raises BadQuestion when it is empty, too long or without a word.
    """
    clean = collapse(normalise(text))
    if len(text) > max_chars:
        raise BadQuestion(
            f"The question has {len(text):,} characters, the limit is {max_chars:,}. Shorten it, or "
            "add long texts as documents with `assistant add`."
        )
    if not re.search(r"\w", clean):
        raise BadQuestion(f"The question {clean!r} has no words. Ask in a sentence.")
    standalone = _standalone(clean, [collapse(normalise(item)) for item in history])
    return Question(
        text=clean,
        standalone=standalone,
        as_of=as_of,
        wants=wants(clean),
        terms=tuple(dict.fromkeys(terms(_without_times(standalone)))),
        focus=tuple(dict.fromkeys(terms(_without_times(clean)))),
        names=names(standalone),
        identifiers=identifiers(standalone),
        times=times(standalone),
        numbers=tuple(n.replace(",", "") for n in _NUMBER.findall(_without_times(standalone))),
    )


def wants(text: str) -> tuple[Want, ...]:
    """Return the kinds of answer asked for, most specific first; ("fact",) when none shows."""
    found = tuple(want for want, pattern in _WANTS if pattern.search(text))
    return found or ("fact",)


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


def names(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the proper names in `text`, each as its terms; the first word counts only if capital
    letters or digits show that it is a name."""
    found: dict[tuple[str, ...], None] = {}
    for match in _NAME.finditer(text):
        words = match[0].split()
        if match.start() == 0 and not (words[0].isupper() and len(words[0]) > 1):
            words = words[1:] if words[0].lower() in STOP_WORDS or len(words) > 1 else []
        words = [w for w in words if w.lower() not in MONTHS]
        if parts := tuple(terms(" ".join(words))):
            found[parts] = None
    return tuple(found)


def _when(year: str, month: str, day: str | None) -> When:
    number = next(
        at for at, name in enumerate(MONTHS, start=1) if name.startswith(month.lower()[:3])
    )
    return When(year=int(year), months=(number,), day=int(day) if day else None)


def _without_times(text: str) -> str:
    for pattern in (_DAY_MONTH_YEAR, _MONTH_DAY_YEAR, _MONTH_YEAR, _SEASON_YEAR, _ISO, _YEAR):
        text = pattern.sub(" ", text)
    return text


_REFERS_BACK = re.compile(
    r"^\W*(?:and|but|so|also|what about|how about)\b|\b(?:it|its|this|that|these|those|they|them|their|he|she|his|her|"
    r"there|then|the (?:same|rule|company|measure|order|notice|change|document|list|other|two|latter|former))\b",
    re.I,
)


def _standalone(text: str, history: Sequence[str]) -> str:
    """Return a question that can be read alone: the earlier one is named when this one leans on it."""
    if not history or not history[-1]:
        return text
    own = [t for name in names(text) for t in name]
    if _REFERS_BACK.search(text) or len(terms(text)) <= 4 or not own:
        return f"{text} (Earlier question: {history[-1]})"
    return text
