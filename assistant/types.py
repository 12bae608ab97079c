"""The values of an answer, from evidence to provenance. Pure data; JSON lives in `wire.py`."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sources.types import Document, Kind, Passage, Status

Outcome = Literal["answered", "partly_answered", "not_in_sources", "out_of_scope"]
Verdict = Literal["supported", "contradicted", "unsupported"]
NoticeKind = Literal[
    "stale",
    "superseded",
    "suspended",
    "not_yet_effective",
    "conflict",
    "secondary_only",
    "model_unavailable",
    "premise_not_found",
]
Retriever = Literal["dense", "lexical", "opening"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What may be searched: published by `as_of`, of these kinds (none given: all)."""

    as_of: date
    kinds: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A passage retrieved for a question, with its document. `score` is the fused rank score.

    `dense` is the cosine of question and passage, 0.0 when only the lexical retriever found it.
    """

    id: str
    passage: Passage
    document: Document
    score: float
    dense: float
    found_by: tuple[Retriever, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A verbatim quote: `document.text[start:end] == quote`."""

    number: int
    evidence: str
    quote: str
    start: int
    end: int
    document: Document
    status: Status
    locator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """What the checks said of a claim; `score` in [0, 1]."""

    verdict: Verdict
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence of an answer with the quotes it rests on."""

    text: str
    citations: tuple[Citation, ...]
    support: Support


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A claim that was not shown, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something the reader must know before using the answer."""

    kind: NoticeKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What produced an answer; `seconds` per step, with "total"."""

    model: str
    encoder: str
    index: str
    newest_source: date | None
    synced: str | None
    seconds: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything an answer is. `closest` names documents when nothing answers; not citations."""

    id: str
    question: str
    standalone_question: str
    as_of: date
    outcome: Outcome
    claims: tuple[Claim, ...]
    withheld: tuple[Withheld, ...]
    notices: tuple[Notice, ...]
    evidence: tuple[Evidence, ...]
    provenance: Provenance

    @property
    def closest(self) -> tuple[Document, ...]:
        """The documents nearest to an unanswered question, at most three, best first."""
        seen = {item.document.id: item.document for item in self.evidence}
        return tuple(seen.values())[:3] if not self.claims else ()
