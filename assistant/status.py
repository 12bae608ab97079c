"""The status of stored documents on a date: their own dates and the store's events together."""

from collections.abc import Iterable, Mapping
from datetime import date

from sources.status import events_of, status_on
from sources.types import Document, Event, Kind, Status


def by_instrument(events: Iterable[Event]) -> Mapping[str, tuple[Event, ...]]:
    """Return events grouped by the instrument that they happened to."""
    grouped: dict[str, list[Event]] = {}
    for event in events:
        grouped.setdefault(event.instrument, []).append(event)
    return {instrument: tuple(items) for instrument, items in grouped.items()}


def status_of(document: Document, events: Mapping[str, tuple[Event, ...]], on: date) -> Status:
    """Return a document's status on a date. A summary has the status of what it summarises."""
    source = document.id.split("@")[0]
    kind: Kind = document.kind
    if kind == "summary":
        kind = _of_kind(document)
    own = events_of(document)
    if document.effective is None and document.published is not None and kind in ("rule",):
        # A rule whose text gives no other date takes effect on publication (44 USC 1507).
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
    known = (*own, *events.get(source, ()))
    if document.kind == "summary" and not known:
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
