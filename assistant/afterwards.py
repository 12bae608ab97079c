"""What became of the texts found: what replaced them, what came only after the date asked about.

Reads the library; decides nothing about what is quoted first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant import wording
from assistant.features import FEATURES
from assistant.history import History
from assistant.library import Library
from assistant.question import Question
from assistant.rank import Ranked, answerable, rank
from assistant.retrieve import Found, retrieve
from assistant.types import Evidence, Notice
from assistant.write import SENTENCES, Quote, choose
from sources.status import decided_by
from sources.types import Document, Event, EventKind

_LONGEST_CHAIN = 8
_FROM_EACH = 2  # quotes from a text that replaced another
_SHORT = 6  # passages
_CLEARLY_BETTER = 1.0  # log-odds
_NAMED = 0.7  # coverage of the question from which a title names what is asked about
_ENDS: tuple[EventKind, ...] = ("suspended", "superseded", "rescinded", "expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Successors:
    """The texts that ended others, as further evidence and one quote from each."""

    evidence: tuple[Evidence, ...] = ()
    quotes: tuple[Quote, ...] = ()


def ending(events: Sequence[Event], on: date) -> Event | None:
    """Return the event up to `on` that took a text out of force, or that leaves it in doubt because
    it was only announced or inferred."""
    return next((event for event in decided_by(events, on) if event.kind in _ENDS), None)


def successors(
    quotes: Sequence[Quote], found: Found, history: History, library: Library, question: Question
) -> Successors:
    """Return what ended the quoted texts by the as-of date, where the library has it: the last of a
    chain of texts that replaced one another."""
    quoted = {quote.source.candidate.evidence.document.id: quote for quote in quotes}
    last: dict[str, Document] = {}
    for quote in quoted.values():
        document = quote.source.candidate.evidence.document
        for _ in range(_LONGEST_CHAIN):
            event = ending(history.of(document), question.as_of)
            following = None if event is None else library.store.current(event.by)
            if following is None or _came_later(following, question.as_of):
                break
            document = following
        if document.id not in quoted:
            last[document.id] = document
    evidence = [item for document in last.values() for item in _evidence(document, library)]
    chosen: list[Quote] = []
    for document in last.values():
        own = tuple(item for item in evidence if item.document.id == document.id)
        only = Found(evidence=own, vector=found.vector)
        chosen += choose(rank(question, only, library), limit=_FROM_EACH)
    return Successors(evidence=tuple(evidence), quotes=tuple(chosen))


def published_later(
    question: Question, ranked: Sequence[Ranked], library: Library, today: date
) -> tuple[Notice, ...]:
    """Return a notice of the text that answers better today but did not exist on the as-of date."""
    if question.as_of >= today:
        return ()
    now = replace(question, as_of=today)
    better = rank(now, retrieve(library, now), library)
    score = answerable(now, better, library.rarity)
    then = answerable(question, ranked, library.rarity)
    named = _title(better) >= _NAMED and _title(ranked) < _NAMED
    if score < 0 or not (then < 0 or named or score >= then + _CLEARLY_BETTER):
        return ()
    document = better[0].candidate.evidence.document
    if not _came_later(document, question.as_of):
        return ()
    return (wording.not_yet_published(document, question.as_of),)


def _title(ranked: Sequence[Ranked]) -> float:
    """Return how much of the question the title of the best sentence's document covers."""
    return float(ranked[0].row[FEATURES.index("coverage_title")]) if ranked else 0.0


def standing_first(
    quotes: Sequence[Quote], history: History, question: Question
) -> tuple[Quote, ...]:
    """Return at most SENTENCES quotes: what stands on the as-of date before what has ended, and the
    law before the news of it."""

    def place(quote: Quote) -> tuple[bool, bool]:
        document = quote.source.candidate.evidence.document
        news = "article" in (document.kind, document.metadata.get("of_kind"))
        return ending(history.of(document), question.as_of) is not None, news

    return tuple(sorted(quotes, key=place))[:SENTENCES]


def _came_later(document: Document, on: date) -> bool:
    return document.published is not None and document.published > on


def _evidence(document: Document, library: Library) -> Sequence[Evidence]:
    """Return the passages of a short text, of a long one the first: there it says what it does."""
    passages = library.store.passages(document)
    return [
        Evidence(
            id=f"e-{passage.id.removeprefix('p-')[:10]}",
            passage=passage,
            document=document,
            score=0.0,
            dense=0.0,
            found_by=("opening",),
        )
        for passage in (passages if len(passages) <= _SHORT else passages[:1])
    ]
