"""What the reader must know before using an answer. Pure."""

from collections.abc import Mapping, Sequence

from assistant import wording
from assistant.question import Question
from assistant.types import Claim, Notice, Outcome
from sources.status import lapsed_suspension
from sources.types import Event

Events = Mapping[str, tuple[Event, ...]]
"""What happened to each instrument, by its id."""


def about(
    question: Question,
    claims: Sequence[Claim],
    events: Events,
    outcome: Outcome,
    stale_after_days: int,
) -> tuple[Notice, ...]:
    """Return the notices of an answer, the gravest first; none for an abstention."""
    if not claims:
        return ()
    found: list[Notice] = []
    if outcome == "partly_answered":
        found.append(Notice(kind="premise_not_found", text=wording.PREMISE))
    citations = [citation for claim in claims for citation in claim.citations]
    for citation in {c.document.id: c for c in citations}.values():
        notice = wording.not_in_force(citation.document, citation.status, question.as_of)
        if notice is not None:
            found.append(notice)
        source = citation.document.id.split("@")[0]
        lapsed = lapsed_suspension(events.get(source, ()), question.as_of)
        if lapsed is not None:
            found.append(wording.lapsed(citation.document, lapsed))
    if all(citation.document.kind == "article" for citation in citations):
        found.append(Notice(kind="secondary_only", text=wording.SECONDARY_ONLY))
    dates = [c.document.published for c in citations if c.document.published is not None]
    if dates and question.about_now and (question.as_of - max(dates)).days > stale_after_days:
        found.append(wording.stale(max(dates), question.as_of))
    return tuple(found)
