"""Question → what is asked: its words, names, dates, numbers and the kind of answer wanted.

Pure. Holds the words of English that tell a date from a reason; holds no fact about the law.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from assistant.errors import BadQuestion
from assistant.terms import stop_words, terms
from assistant.terms import words as words_of
from sources.identifiers import identifiers
from sources.parties import parties_in
from sources.text import collapse, normalise

Want = Literal[
    "date", "number", "party", "reason", "list", "definition", "yes_no", "comparison", "fact"
]

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
_NUMBER = re.compile(r"(?<![\d.§-])\b\d[\d,]*(?:\.\d+)?\b")
_NAME = re.compile(r"\b[A-Z][\w&.':-]*(?:\s+(?:[A-Z][\w&.':-]*|of|the|and)\b)*")

_WANTS: tuple[tuple[Want, re.Pattern[str]], ...] = (
    (
        "reason",
        re.compile(
            r"\bwhy\b|\breasons?\b|\bon what (?:grounds|basis)\b|\bwhat (?:made|led|"
            r"prompted|caused|justif)|\bhow come\b|\bwhat (?:did|"
            r"had) .{0,60}\bdo\b.{0,30}\b(?:to|that)\b|\bpurpose\b|\brationale\b|"
            r"\bwhat for\b|\bbasis for\b",
            re.I,
        ),
    ),
    (
        "date",
        re.compile(
            r"\bwhen\b|\bwhat (?:date|day|month|year)\b|\bwhich (?:date|day|month|year)\b|"
            r"\bby what\b|\bdeadline\b|\bcut-?off\b|\bhow soon\b|\buntil\b|\bsince\b|"
            r"\bexpir|\bas of what\b|\beffective date\b|\bhow long\b|\btake effect\b|"
            r"\bby when\b|\bclos(?:e|ing) date\b",
            re.I,
        ),
    ),
    (
        "number",
        re.compile(
            r"\bhow (?:many|much|long|large|big|often|high|low|far|old)\b|"
            r"\bwhat (?:(?:is|was|are|were) the )?(?:percentage|percent|share|number|amount|fee|"
            r"price|cost|threshold|size|quantity|limit|ceiling|scale|value|level|sum|total|rate|"
            r"proportion|average|median|length)\b|"
            r"\bnumber of\b|\bpercent|\bthreshold\b|\bper cent\b|\bprison (?:term|"
            r"sentence)\b",
            re.I,
        ),
    ),
    (
        "comparison",
        re.compile(
            r"\b(?:compare|compared|differ\w*|versus|longer|shorter|larger|more .{0,30}than|"
            r"which of|of the two|both)\b|\bbetween\b.{1,60}\band\b",
            re.I,
        ),
    ),
    (
        "list",
        re.compile(
            r"\bwhich\b.{0,60}\w+s\b|\bwhat (?:are|were) the\b|\blist\b|\bname (?:the|"
            r"all)\b|\bwhat (?:\w+ ){0,3}\w+s\b (?:are|were|did|do|does|must|have|has|came|"
            r"can|may)\b|\bwho (?:are|were)\b",
            re.I,
        ),
    ),
    (
        "definition",
        re.compile(
            r"\bwhat (?:is|are|counts as|qualifies as|does .{1,60}\bmean)\b|\bdefin|"
            r"\bmeaning of\b|\bmeans?\b",
            re.I,
        ),
    ),
    (
        "party",
        re.compile(
            r"\bwho\b|\bwhom\b|\bwhose\b|\bwhich (?:compan|firm|part|person|agenc|countr|"
            r"entit|bod|secretary|official|chipmaker|list|court)|\bwhat (?:compan|agency|"
            r"country|entity|body|list)",
            re.I,
        ),
    ),
    (
        "yes_no",
        re.compile(
            r"^\W*(?:and |but |so )?(?:is|are|was|were|do|does|did|has|have|had|can|could|"
            r"may|might|must|should|will|would)\b",
            re.I,
        ),
    ),
)


_NOW = re.compile(
    r"^\W*(?:is|are|may|can|must|should|do|does)\b|\b(?:now|today|currently|still|at present|"
    r"in force|"
    r"is|are|may|can|must)\b",
    re.I,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked. `terms` are those of the standalone question, without repetition; `focus` are
    those of the question itself, and `words` the same before stemming. `parties` are runs of
    words that may name a listed party."""

    text: str
    standalone: str
    as_of: date
    wants: tuple[Want, ...]
    terms: tuple[str, ...]
    focus: tuple[str, ...]
    words: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    name_words: tuple[str, ...]
    identifiers: tuple[str, ...]
    parties: tuple[str, ...]
    times: tuple[When, ...]
    numbers: tuple[str, ...]
    about_now: bool
    vague: bool


def understand(text: str, *, history: Sequence[str], as_of: date, max_chars: int) -> Question:
    """Return what `text` asks, given the earlier questions of the conversation.

    Raises BadQuestion when it is empty, too long or without a word.
    """
    clean = collapse(normalise(text))
    if len(text) > max_chars:
        raise BadQuestion(
            f"The question has {len(text):,} characters, the limit is {max_chars:,}. Shorten it, "
            "or add long texts as documents with `assistant add`."
        )
    if not re.search(r"\w", clean):
        raise BadQuestion(f"The question {clean!r} has no words. Ask in a sentence.")
    standalone = _standalone(clean, [collapse(normalise(item)) for item in history])
    named, about = names(standalone), terms(_subject(standalone))
    return Question(
        text=clean,
        standalone=standalone,
        as_of=as_of,
        wants=wants(clean),
        terms=tuple(dict.fromkeys(about)),
        focus=tuple(dict.fromkeys(terms(_subject(clean)))),
        words=tuple(dict.fromkeys(words_of(_subject(clean)))),
        names=tuple(tuple(terms(name)) for name in named),
        name_words=_name_words(named),
        identifiers=identifiers(standalone),
        parties=parties_in(standalone),
        times=times(standalone),
        about_now=bool(_NOW.search(clean)),
        vague=len(about) < 2 and not named and bool(_DEFINITE.search(clean)),
        numbers=tuple(n.replace(",", "") for n in _NUMBER.findall(_without_times(standalone))),
    )


def wants(text: str) -> tuple[Want, ...]:
    """Return the kinds of answer asked for, most specific first; ("fact",) when none shows."""
    found: tuple[Want, ...] = tuple(want for want, pattern in _WANTS if pattern.search(text))
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


_COMMON_NAMES = frozenset(
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


def _name_words(named: Sequence[str]) -> tuple[str, ...]:
    """Return the words of the names that tell one text from another, in lower case."""
    words = re.findall(r"[\w&:]{2,}", " ".join(named).lower())
    return tuple(dict.fromkeys(word for word in words if word not in _COMMON_NAMES))


def _when(year: str, month: str, day: str | None) -> When:
    number = next(
        at for at, name in enumerate(MONTHS, start=1) if name.startswith(month.lower()[:3])
    )
    return When(year=int(year), months=(number,), day=int(day) if day else None)


_REGARDING = "regarding:"
_SOURCE_NAMED = re.compile(
    r",?\s*\b(?:according to|per|as reported (?:by|in)|as (?:stated|explained) in)\s+the\s+"
    r"(?:[\w-]+\s+){0,4}?(?:article|news report|press release)\b",
    re.I,
)


def _subject(text: str) -> str:
    """Return `text` without the words that say where or when to look and not what for."""
    return _without_times(_SOURCE_NAMED.sub(" ", text.replace(_REGARDING, " ")))


def _without_times(text: str) -> str:
    for pattern in (_DAY_MONTH_YEAR, _MONTH_DAY_YEAR, _MONTH_YEAR, _SEASON_YEAR, _ISO, _YEAR):
        text = pattern.sub(" ", text)
    return text


_DEFINITE = re.compile(r"\b(?:it|this|that|these|those|they|the \w+)\b", re.I)
_CONTINUES = re.compile(r"^\W*(?:and|but|so|also|what about|how about)\b", re.I)
_REFERS_BACK = re.compile(
    r"^\W*(?:and|but|so|also|what about|how about)\b|\b(?:it|its|this|that|these|"
    r"those|they|them|their|he|she|his|her|"
    r"there|then|the (?:same|rule|company|measure|order|notice|change|document|list|"
    r"other|two|latter|former))\b",
    re.I,
)


def _standalone(text: str, history: Sequence[str]) -> str:
    """Return a question that can be read alone: one that leans on the earlier one names it."""
    if not history or not history[-1]:
        return text
    size, named = len(terms(text)), bool(names(text))
    refers = bool(_REFERS_BACK.search(text)) and (not named or size < 8)
    if _CONTINUES.search(text) or refers or (not named and size <= 5):
        return f"{text} ({_REGARDING} {history[-1]})"
    return text
