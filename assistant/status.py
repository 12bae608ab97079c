"""The status of stored documents on a date: their own dates and the store's events together."""

from collections.abc import Mapping
from datetime import date

from assistant.history import History
from sources.status import events_of, status_on
from sources.types import Document, Event, EventKind, Kind, Status

_NO_STANDING: tuple[EventKind, ...] = ("amended", "corrected")


def status_of(document: Document, history: History, on: date) -> Status:
    """Return a document's status on a date. A summary has the status of what it summarises."""
    source = document.id.split("@")[0]
    kind: Kind = document.kind
    if kind == "summary":
        kind = _of_kind(document)
    own, told = events_of(document), history.of(document)
    says_when = any(event.kind == "effective" and event.by == source for event in told)
    law = kind in ("rule", "regulation")
    if law and document.effective is None and document.published and not says_when:
        # A rule whose text gives no other date takes effect on publication (44 USC 1507); a
        # regulation is dated by the amendment that made it what it is.
        own = (
            *own,
            Event(
                instrument=source,
                kind="effective",
                on=document.published,
                by=source,
                certainty="inferred",
            ),
        )
    known = (*own, *told)
    if document.kind == "summary" and all(event.kind in _NO_STANDING for event in known):
        return "informational"  # standing law has no date of its own; the original decides
    return status_on(kind, known, on)


def _of_kind(document: Document) -> Kind:
    found = document.metadata.get("of_kind")
    known: Mapping[str, Kind] = {
        "regulation": "regulation",
        "rule": "rule",
        "proposed_rule": "proposed_rule",
    }
    return known.get(str(found), "summary")
