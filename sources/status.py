"""What a text is on a date: one pure function over events. Holds no fact about any instrument."""

from collections.abc import Iterable, Sequence
from datetime import date

from sources.types import Document, Event, EventKind, Kind, Status

LAW: tuple[Kind, ...] = ("regulation", "rule")
INFORMATIONAL: tuple[Kind, ...] = ("notice", "guidance", "statement", "article", "summary")


def events_of(document: Document) -> tuple[Event, ...]:
    """Return what a document says of itself: when it was published and when it took effect."""
    dates: tuple[tuple[EventKind, date | None], ...] = (
        ("published", document.published),
        ("effective", document.effective),
    )
    return tuple(
        Event(instrument=document.id, kind=kind, on=on, by=document.id)
        for kind, on in dates
        if on is not None
    )


def status_on(kind: Kind, events: Iterable[Event], on: date) -> Status:
    """Return the status on the day `on` of a text of this kind, from its events up to that day.

    The last event decides. A suspension with an end lapses after it; what followed such an end is
    only known if an event says so, otherwise the status is "unknown".
    """
    if kind == "proposed_rule":
        return "proposed"
    if kind not in LAW:
        return "informational"
    past = sorted((e for e in events if e.on <= on), key=lambda e: (e.on, _ORDER.index(e.kind)))
    if not past:
        return "unknown"
    return _after(past, on)


def lapsed_suspension(events: Iterable[Event], on: date) -> Event | None:
    """Return the suspension that had ended by `on` if no event says what followed it."""
    past = sorted((e for e in events if e.on <= on), key=lambda e: (e.on, _ORDER.index(e.kind)))
    last = past[-1] if past else None
    if last is None or last.kind != "suspended" or last.until is None or last.until >= on:
        return None
    return last


_ORDER = (
    "published",
    "effective",
    "amended",
    "extended",
    "corrected",
    "suspended",
    "resumed",
    "expired",
    "superseded",
    "rescinded",
)


def _after(past: Sequence[Event], on: date) -> Status:
    status: Status = "unknown"
    end: date | None = None
    for event in past:
        match event.kind:
            case "published":  # many rules take effect on public display, days before
                status = "not_yet_effective" if status == "unknown" else status
            case "effective" | "resumed":
                status, end = "in_force", event.until
            case "extended":
                end = event.until or end
            case "suspended":
                status, end = "suspended", event.until
            case "rescinded" if event.certainty == "announced":
                status, end = "unknown", None  # a press release does not remove a rule
            case "superseded" | "rescinded" | "expired":
                status, end = event.kind, None
            case "amended" | "corrected":
                pass
    if end is not None and on > end:
        return "unknown" if status == "suspended" else "expired"
    return status
