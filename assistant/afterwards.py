"""What became of the texts found: what replaced them, what came only after the date asked about.

Reads the library; decides nothing about what is quoted first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant import wording
from assistant.history import History
from assistant.library import Library
from assistant.question import Question
from assistant.rank import answerable, rank
from assistant.retrieve import Found, retrieve
from assistant.types import Evidence, Notice
from assistant.write import Quote, choose
from sources.status import decided_by
from sources.types import Document, Event, EventKind

_ENDS: tuple[EventKind, ...] = ("suspended", "superseded", "rescinded", "expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Successors:
    """The texts that ended others, as further evidence and one quote from each."""

    evidence: tuple[Evidence, ...] = ()
    quotes: tuple[Quote, ...] = ()


def ending(events: Sequence[Event], on: date) -> Event | None:
    """Return the event up to `on` that took a text out of force, if that is how it stands."""
    decided = [event for event in decided_by(events, on) if event.kind in _ENDS]
    return decided[0] if decided and decided[0].certainty == "stated" else None


def successors(
    quotes: Sequence[Quote], found: Found, history: History, library: Library, question: Question
) -> Successors:
    """Return what ended the quoted texts by the as-of date, where the library has it."""
    quoted = {quote.source.candidate.evidence.document.id: quote for quote in quotes}
    evidence: dict[str, Evidence] = {}
    chosen: list[Quote] = []
    for quote in quoted.values():
        event = ending(history.of(quote.source.candidate.evidence.document), question.as_of)
        document = None if event is None else library.store.current(event.by)
        if document is None or document.id in quoted or document.id in evidence:
            continue
        if document.published is not None and document.published > question.as_of:
            continue
        passage = library.store.passages(document)[0]
        evidence[document.id] = Evidence(
            id=f"e-{passage.id.removeprefix('p-')[:10]}",
            passage=passage,
            document=document,
            score=0.0,
            dense=0.0,
            found_by=("opening",),
        )
        only = Found(evidence=(evidence[document.id],), vector=found.vector)
        chosen += choose(rank(question, only, library), limit=1)
    return Successors(evidence=tuple(evidence.values()), quotes=tuple(chosen))


def published_later(question: Question, library: Library, today: date) -> tuple[Notice, ...]:
    """Return a notice of the text that would answer today but did not exist on the as-of date."""
    if question.as_of >= today:
        return ()
    now = replace(question, as_of=today)
    ranked = rank(now, retrieve(library, now), library)
    if answerable(now, ranked, library.rarity) < 0:
        return ()
    document: Document = ranked[0].candidate.evidence.document
    if document.published is None or document.published <= question.as_of:
        return ()
    return (wording.not_yet_published(document, question.as_of),)
