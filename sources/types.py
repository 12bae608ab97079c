"""The values of this package: Document, Passage, Event. Pure data, no behaviour, no storage.

A Document is one version of one published text and never changes. A Passage is a slice of exactly
one Document: `passage.text == document.text[passage.start:passage.end]`. An Event is something that
happened to an instrument on a date.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

Kind = Literal[
    "regulation", "rule", "proposed_rule", "notice", "guidance", "statement", "article", "summary"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

EventKind = Literal[
    "published",
    "effective",
    "amended",
    "extended",
    "suspended",
    "resumed",
    "superseded",
    "rescinded",
    "expired",
    "corrected",
]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)

Certainty = Literal["stated", "announced", "inferred"]
"""How sure an event is: the instrument says so, an agency announced it, or we inferred it."""

Status = Literal[
    "in_force",
    "not_yet_effective",
    "suspended",
    "superseded",
    "rescinded",
    "expired",
    "proposed",
    "informational",
    "unknown",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One version of one published text.

    `id` names the text ("fr:2024-15810", "file:memo.pdf"); the store appends "@2", "@3", … when
    changed bytes make a new version. `text` is normalised once, by `sources.text.normalise`.
    """

    id: str
    title: str
    kind: Kind
    text: str
    publisher: str = ""
    published: date | None = None
    effective: date | None = None
    url: str = ""
    citation: str = ""
    metadata: Mapping[str, object] = field(default_factory=dict)


Span = tuple[int, int]
"""Start and end character offsets into a Document's text, end exclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A slice of one Document that never crosses a section.

    `sentences` are spans in the Document's text, inside [start, end]; `identifiers` are the
    citations found in the slice, in the normal form of `sources.identifiers`.
    """

    id: str
    document: str
    start: int
    end: int
    text: str
    locator: str
    sentences: tuple[Span, ...]
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to `instrument` on `on`; `by` is the document that did or says it.

    `until` is the last day of an effect with a stated end (a suspension, an extension).
    """

    instrument: str
    kind: EventKind
    on: date
    by: str
    until: date | None = None
    certainty: Certainty = "stated"
    note: str = ""
