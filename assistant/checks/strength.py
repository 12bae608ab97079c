"""How strongly something is said: negation, obligation and permission, quantity, comparison. Pure.

Each is read off the words before a unit and noted on the unit that it belongs to, the next word of
content: "is not required to file" notes "free not to" on "file". Words of English; no legal fact.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.checks.units import Unit, is_figure
from assistant.terms import stop_words

Force = Literal["must", "may", "can", "should", "forbidden", "free"]
"""Obligation, permission, ability, advice, prohibition, and no obligation ("need not")."""
Quantity = Literal["all", "some", "only"]

_BE = r"(?:is|are|was|were|be|been|being)"
_MARKED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), by)
    for pattern, by in (
        (r"^(?:yes|no),(?= )", ""),
        (rf"\b(?:{_BE} not|{_BE}n[’']t) (?:required|obliged|obligated|compelled) to\b", "⟨free⟩"),
        (r"\b(?:need not|needn[’']t|(?:do|does|did) not (?:have|need) to)\b", "⟨free⟩"),
        (rf"\b{_BE} (?:also |only )?(?:required|obliged|obligated|compelled|bound) to\b", "⟨must⟩"),
        (r"\b(?:has|have|had|having) to\b", "⟨must⟩"),
        (
            rf"\b{_BE} (?:not|no longer) "
            r"(?:allowed|permitted|authorized|authorised|free|able) to\b",
            "⟨forbidden⟩",
        ),
        (rf"\b{_BE} (?:prohibited|forbidden|barred|banned|precluded) from\b", "⟨forbidden⟩"),
        (
            r"\b(?:may|must|shall|can|could) not\b|\bcan(?:not|[’']t)\b|\bmustn[’']t\b",
            "⟨forbidden⟩",
        ),
        (
            rf"\b{_BE} (?:allowed|permitted|authorized|authorised|entitled|free|able) to\b",
            "⟨may⟩",
        ),
        (rf"\b{_BE} (?:advised|encouraged|recommended|urged|expected|asked) to\b", "⟨should⟩"),
        (r"\bought to\b", "⟨should⟩"),
        (r"\bnot only\b|\bnot just\b|\bnot merely\b", "⟨besides⟩"),
        (r"\b(?:no|not) (?:less|fewer|lower) than\b|\bat least\b|\ba minimum of\b", "⟨least⟩"),
        (r"\b(?:no|not) more than\b|\bat most\b|\bup to\b|\ba maximum of\b", "⟨most⟩"),
        (r"\b(?:no|not) later than\b", "⟨by⟩"),
        (r"\b(?:more|greater|higher|longer|larger) than\b", "⟨over⟩"),
        (r"\b(?:less|fewer|lower|shorter|smaller) than\b", "⟨under⟩"),
        (r"\ba number of\b", "several"),
        (r"\b(?:instead of|rather than|in lieu of)\b", "not"),
        (r"\bn[’']t\b", " not"),
    )
)
_NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "neither",
        "nor",
        "without",
        "none",
        "nothing",
        "nobody",
        "lacks",
        "lack",
    ]
)
_MODALS: dict[str, Force] = {
    "must": "must", "shall": "must", "may": "may", "can": "can", "could": "may", "might": "may",
    "should": "should", "⟨must⟩": "must", "⟨may⟩": "may", "⟨should⟩": "should",
    "⟨forbidden⟩": "forbidden", "⟨free⟩": "free",
}  # fmt: skip
_QUANTITIES: dict[str, Quantity] = {
    "all": "all", "every": "all", "most": "some", "some": "some", "many": "some", "few": "some",
    "several": "some", "only": "only", "solely": "only", "exclusively": "only",
}  # fmt: skip
BOUNDS: dict[str, str] = {
    "⟨least⟩": "floor", "⟨over⟩": "floor", "over": "floor", "above": "floor", "exceeding": "floor",
    "⟨most⟩": "ceiling", "⟨under⟩": "ceiling", "under": "ceiling", "below": "ceiling",
    "within": "ceiling", "before": "before", "until": "until", "through": "until", "after": "after",
    "since": "after", "from": "after", "by": "until", "⟨by⟩": "until", "on": "on",
}  # fmt: skip
_ASIDE = frozenset(
    [
        "also",
        "then",
        "now",
        "still",
        "therefore",
        "however",
        "thus",
        "generally",
        "normally",
        "usually",
        "already",
        "both",
        "again",
        "instead",
        "first",
        "later",
        "indeed",
    ]
)
_NO_ADVERBS = frozenset(
    [
        "apply",
        "supply",
        "comply",
        "rely",
        "imply",
        "reply",
        "multiply",
        "assembly",
        "family",
        "monthly",
        "yearly",
        "early",
    ]
)
_JOINS = frozenset(["and", "but", "while", "whereas", "yet"])  # after a comma: another clause
_LIGHT = frozenset(
    [
        "be",
        "been",
        "being",
        "is",
        "are",
        "was",
        "were",
        "am",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "will",
        "would",
        "it",
        "its",
        "they",
        "them",
        "their",
        "this",
        "that",
        "these",
        "those",
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "as",
        "and",
        "or",
        "which",
        "who",
        "whom",
        "such",
        "section",
        "sections",
        "cfr",
        "there",
        "here",
        "so",
        "than",
        "into",
        "onto",
        "upon",
        "per",
        "via",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A unit with how strongly it is said. `bound` belongs to a figure: what limit it is."""

    unit: Unit
    negated: bool = False
    force: Force | None = None
    quantity: Quantity | None = None
    bound: str | None = None
    sentence: int = 0
    clause: int = 0

    @property
    def denied(self) -> bool:
        """Whether what the unit says is denied: "not", "may not", "need not"."""
        return self.negated != (self.force in ("forbidden", "free"))

    @property
    def is_light(self) -> bool:
        """Whether the unit is a word that only joins others."""
        word = self.unit.low
        return self.unit.kind == "word" and (
            word in _LIGHT or word in stop_words() or word in _ASIDE or word.startswith("⟨")
        )

    @property
    def is_adverb(self) -> bool:
        """Whether the unit is an adverb, which a "not" before it passes over."""
        word = self.unit.low
        return self.unit.kind == "word" and word.endswith("ly") and word not in _NO_ADVERBS


def marked(text: str) -> str:
    """Return `text` with phrases that say how strongly as one mark each: "has to" is "⟨must⟩"."""
    for pattern, by in _MARKED:
        text = pattern.sub(by, text)
    return text


def said(found: Sequence[Unit]) -> tuple[Said, ...]:
    """Return the units without breaks and without the words that say how strongly, which are noted
    on the unit of content after them."""
    kept: list[Said] = []
    noted, bound, sentence, clause, comma = _NOTHING, None, 0, 0, False
    for unit in found:
        word = unit.low
        if unit.kind == "break":
            bound, comma = None, word == ","
            if word in ".:;?!":
                clause += 1
            if word in ".;?!":
                noted, sentence = _NOTHING, sentence + 1
            continue
        clause += comma and word in _JOINS
        comma = False
        if unit.kind == "word":
            after = _noted(noted, word)
            bound = BOUNDS.get(word, bound)
            if after is not noted:
                noted = after
                continue
        one = Said(unit=unit, sentence=sentence, clause=clause)
        if one.is_light or one.is_adverb:
            kept.append(one)
            continue
        limit = bound if is_figure(unit) else None
        kept.append(replace(noted, unit=unit, bound=limit, sentence=sentence, clause=clause))
        noted, bound = _NOTHING, None
    return tuple(kept)


def denies(found: Sequence[Unit]) -> bool:
    """Whether any word of a text denies, whatever it belongs to."""
    return any(unit.low in _NEGATIONS or unit.low in ("⟨forbidden⟩", "⟨free⟩") for unit in found)


_NOTHING = Said(unit=Unit(kind="break", value="", text=""))


def _noted(noted: Said, word: str) -> Said:
    """Return what is noted for the next unit after a word; the same object if it adds none."""
    if word in _NEGATIONS:
        return replace(noted, negated=not noted.negated)
    if word in _MODALS:
        return replace(noted, force=_MODALS[word])
    if word in _QUANTITIES:
        return replace(noted, quantity=_QUANTITIES[word])
    return noted
