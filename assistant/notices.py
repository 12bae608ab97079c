"""What the reader must know before using an answer. Pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from assistant import wording
from assistant.afterwards import ending
from assistant.history import History
from assistant.question import Question
from assistant.types import Claim, Notice, Outcome
from sources.status import lapsed_suspension
from sources.types import Document


def about(
    question: Question,
    claims: Sequence[Claim],
    history: History,
    outcome: Outcome,
    stale_after_days: int,
    synced: date | None,
    named: Callable[[str], Document | None],
) -> tuple[Notice, ...]:
    """Return the notices of an answer, the gravest first; none for an abstention.

    `named` finds the document with an id, to say what ended a text.
    """
    if not claims:
        return ()
    found: list[Notice] = []
    if outcome == "partly_answered":
        found.append(Notice(kind="premise_not_found", text=wording.PREMISE))
    citations = [citation for claim in claims for citation in claim.citations]
    for citation in {c.document.id: c for c in citations}.values():
        events = history.of(citation.document)
        end = ending(events, question.as_of)
        by = named(end.by) if end is not None else None
        if end is not None and end.certainty != "stated":
            found.append(wording.doubtful(citation.document, end, by))
        elif notice := wording.not_in_force(citation.document, citation.status, question.as_of, by):
            found.append(notice)
        for text in (citation.document, *_suspended_by(citation.document, history, named)):
            lapsed = lapsed_suspension(history.of(text), question.as_of)
            if lapsed is not None:
                found.append(wording.lapsed(text, lapsed))
    if all(citation.document.kind == "article" for citation in citations):
        found.append(Notice(kind="secondary_only", text=wording.SECONDARY_ONLY))
    dates = [c.document.published for c in citations if c.document.published is not None]
    newest = max((*dates, *filter(None, [synced])), default=None)
    old = newest is not None and (question.as_of - newest).days > stale_after_days
    if dates and old and question.about_now:
        found.append(wording.stale(max(dates), synced, question.as_of))
    return tuple(dict.fromkeys(found))


def _suspended_by(
    document: Document, history: History, named: Callable[[str], Document | None]
) -> Iterator[Document]:
    """Yield the texts that a document suspended."""
    for event in history.told.get(document.id.split("@")[0], ()):
        text = named(event.instrument) if event.kind == "suspended" else None
        if text is not None:
            yield text
