"""The values of the corruption suite: Seed → Edit → Item. Pure data; knows no verifier."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

from assistant.types import Claim
from sources.types import Document, Passage

Corruption = Literal[
    "number", "date", "party", "identifier", "negation", "modality", "citation", "quote"
]
CORRUPTIONS: tuple[Corruption, ...] = get_args(Corruption)
Kind = Literal[
    "number", "date", "party", "identifier", "negation", "modality", "citation", "quote", "true"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A sentence of a document with the extractive claim that the product makes of it.

    `sentence` is on one line; `claim` cites it, sometimes with the sentence after it.
    `short` are the abbreviations that the document defines, with their full names.
    """

    claim: Claim
    sentence: str
    passage: Passage
    short: tuple[tuple[str, str], ...]

    @property
    def document(self) -> Document:
        """The document that the claim cites."""
        return self.claim.citations[0].document

    @property
    def quote(self) -> str:
        """The words that the claim cites, verbatim."""
        return self.claim.citations[0].quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A sentence after one change: `before` became `after` ("" where words came or went)."""

    text: str
    before: str
    after: str
    rule: str


Rule = Callable[[str, Seed, Random], Edit | None]
"""A change by rule of a sentence that the seed bears out; None where it does not apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A claim to be judged. `changed` names each change, the corruption last; `original` is the
    sentence of the document that it was made from."""

    id: str
    kind: Kind
    rule: str
    original: str
    changed: tuple[tuple[str, str], ...]
    claim: Claim


def replaced(text: str, start: int, end: int, by: str, rule: str) -> Edit:
    """Return the edit that puts `by` in the place of text[start:end]."""
    return Edit(text=text[:start] + by + text[end:], before=text[start:end], after=by, rule=rule)
