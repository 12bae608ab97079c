"""Question → what is asked: its words, names, dates, numbers and the kind of answer wanted.

Pure. Holds the words of English that tell a date from a reason; holds no fact about the law.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.conversation import REGARDING, read
from assistant.errors import BadQuestion
from assistant.mentions import MONTHS as MONTHS
from assistant.mentions import When as When
from assistant.mentions import name_words, names, times, without_times
from assistant.terms import terms
from assistant.terms import words as words_of
from sources.identifiers import identifiers
from sources.parties import parties_in
from sources.text import collapse, normalise

Want = Literal[
    "date", "number", "party", "reason", "list", "definition", "yes_no", "comparison", "fact"
]

_NUMBER = re.compile(r"(?<![\d.§-])\b\d[\d,]*(?:\.\d+)?\b")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked. `terms` are those of the standalone question, without repetition; `focus` are
    those of the words that ask (see `conversation.Reading`), and `words` the same before stemming.
    `parties` are runs of words that may name a listed party."""

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
    reading = read(clean, [collapse(normalise(item)) for item in history])
    standalone, asks = reading.standalone, reading.asks
    named, about = names(standalone), terms(_subject(standalone))
    return Question(
        text=clean,
        standalone=standalone,
        as_of=as_of,
        wants=wants(asks),
        terms=tuple(dict.fromkeys(about)),
        focus=tuple(dict.fromkeys(terms(_subject(clean)))),
        words=tuple(dict.fromkeys(words_of(_subject(clean)))),
        names=tuple(tuple(terms(name)) for name in named),
        name_words=name_words(named),
        identifiers=identifiers(standalone),
        parties=parties_in(standalone),
        times=times(standalone),
        about_now=bool(_NOW.search(asks)),
        vague=len(about) < 2 and not named and bool(_DEFINITE.search(asks)),
        numbers=tuple(n.replace(",", "") for n in _NUMBER.findall(without_times(standalone))),
    )


def wants(text: str) -> tuple[Want, ...]:
    """Return the kinds of answer asked for, most specific first; ("fact",) when none shows."""
    found: tuple[Want, ...] = tuple(want for want, pattern in _WANTS if pattern.search(text))
    return found or ("fact",)


_SOURCE_NAMED = re.compile(
    r",?\s*\b(?:according to|per|as reported (?:by|in)|as (?:stated|explained) in)\s+the\s+"
    r"(?:[\w-]+\s+){0,4}?(?:article|news report|press release)\b",
    re.I,
)
_DEFINITE = re.compile(r"\b(?:it|this|that|these|those|they|the \w+)\b", re.I)


def _subject(text: str) -> str:
    """Return `text` without the words that say where or when to look and not what for."""
    return without_times(_SOURCE_NAMED.sub(" ", text.replace(REGARDING, " ")))
