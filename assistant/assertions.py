"""Sentence → what its clauses assert: that something is put under control, or released from it.

Crude on purpose: a verb of the one direction, denied, is one of the other. Pure; the verbs are data
(`data/directions.txt`), no fact about the law is held.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

Direction = Literal["on", "off"]

_NOT = re.compile(
    r"\b(?:not(?! (?:only|merely|just)\b)(?![^.;]*\bbut only\b)|no(?!\.?\s*\d)|nor|never|"
    r"neither|none|cannot|nothing)\b|n't\b",
    re.I,
)
_REACH = 6  # words before a verb within which a "not" denies it
_BREAK = re.compile(
    r";|:(?!\w)|,? (?:but(?! only)|while|whereas|although|which)\b|,? and (?=\w+(?:ing|s|ed) )|"
    r", and (?=the |its |a )|,? (?=except\b)",
    re.I,
)
_TAKES_OUT = re.compile(r"took|take|taken|taking|leave|left", re.I)
_PLACE = (  # "did BIS place", and not the noun
    r"(?<!\bin )(?<!\bits )(?<!\ba )(?<!\bthe )(?<!take )(?<!takes )(?<!took )place(?! of\b)"
)
_PHRASES: Mapping[str, str] = {
    "on": r"subject to|in force|in effect|(?:took|takes?) effect|put into|(?:(?<=not )|(?<=is )|"
    rf"(?<=are )|(?<=was )|(?<=were ))(?:a )?part of|{_PLACE}|"
    # "listed on", and not "the listed companies", which says nothing of how they came to be so
    r"(?:listed|covered|restricted)(?! (?:\w+ )?(?:part(?:y|ies)|entit\w+|compan\w+|persons?|list|"
    r"items?|affiliates?|chips?|regions?|owners?)\b)",
    "off": r"no longer|away with|end the|(?:took|taken?|taking|leave)(?= .{0,60}\b(?:out|off)\b)|"
    r"left(?= .{0,40}\bout of\b| out\b)",
    "stays": r"\b\B",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """The direction of one verb, negation counted. `corrects`: it is said against an expectation,
    by a "not" or by "still", "remains"."""

    direction: Direction
    corrects: bool


@lru_cache(maxsize=20_000)
def assertions(text: str) -> tuple[Assertion, ...]:
    """Return what the verbs of `text` assert, in order."""
    found: list[Assertion] = []
    denials = [each.end() for each in _NOT.finditer(text)]
    for match in _verbs().finditer(text):
        before = (text[end : match.start()] for end in denials if end <= match.start())
        denied = any(len(between.split()) < _REACH for between in before)
        off = bool(match["off"]) != denied
        corrects = denied or bool(match["stays"]) or match[0].lower() == "no longer"
        found.append(Assertion(direction="off" if off else "on", corrects=corrects))
    return tuple(found)


@lru_cache(maxsize=20_000)
def clauses(sentence: str) -> tuple[str, ...]:
    """Return the clauses of a sentence; what asserts nothing belongs to the clause before it."""
    found: list[str] = []
    for part in filter(str.strip, _BREAK.split(sentence)):
        if found and not (assertions(part) and assertions(found[-1])):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return tuple(found)


def says(clause: str) -> Direction | None:
    """Return the one direction that a clause asserts; None for none and for both."""
    directions: set[Direction] = {each.direction for each in assertions(clause)}
    return directions.pop() if len(directions) == 1 else None


def without_verbs(clause: str) -> str:
    """Return a clause without the words that give its direction."""
    left = _verbs().sub(" ", clause)
    return re.sub(r"\b(?:out|off)\b", " ", left) if _TAKES_OUT.search(clause) else left


@lru_cache(maxsize=1)
def _verbs() -> re.Pattern[str]:
    words: dict[str, list[str]] = {name: [] for name in _PHRASES}
    text = files("assistant").joinpath("data/directions.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            name, *forms = line.split()
            words[name] += forms
    groups = (f"(?P<{name}>{_PHRASES[name]}|{'|'.join(words[name])})" for name in _PHRASES)
    return re.compile(rf"\b(?:{'|'.join(groups)})\b", re.I)
