"""What a text is on a date: pure functions over events. Holds no fact about any instrument.

How events change a status, in the order of days:

* `effective` starts a text, with an end if it states one. It changes nothing where the start was
  put off beyond that day, or the text had been ended before.
* `suspended` with an end, before the start, puts the start off (a delayed effective date); so does
  `extended` for a text that has not begun. A later `effective` must then say that it began.
* A suspension or delay whose end has passed leaves "unknown" until an event says what followed;
  an end of validity that has passed leaves "expired".
* Only what is *stated* ends or suspends law. What was only announced or inferred leaves the text
  formally as it was, so its status is "unknown" until `resumed` or a stated end settles it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sources.types import Certainty, Document, Event, EventKind, Kind, Status

LAW: tuple[Kind, ...] = ("regulation", "rule")
INFORMATIONAL: tuple[Kind, ...] = ("notice", "guidance", "statement", "article", "summary")

_ORDER: tuple[EventKind, ...] = (  # of events on one day
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
_LEAST_CERTAIN_FIRST: tuple[Certainty, ...] = ("inferred", "announced", "stated")
_ENDED: tuple[Status, ...] = ("expired", "superseded", "rescinded")


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    status: Status = "unknown"  # formally, before ends that pass by themselves and doubts
    started: date | None = None
    end: date | None = None  # last day of validity
    end_unsure: bool = False  # an extension of it was announced or inferred, not stated
    hold: date | None = None  # last day of a suspension, or of the delay of a start
    doubted: bool = False  # its end or suspension was announced or inferred, not stated
    because: tuple[Event, ...] = ()  # the events that decided


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

    The order in which events are given does not matter. A proposal stays "proposed" unless an event
    states that it was withdrawn ("rescinded") or overtaken ("superseded").
    """
    if kind in INFORMATIONAL:
        return "informational"
    state = _state(events, on)
    if kind == "proposed_rule":
        return state.status if state.status in _ENDED else "proposed"
    if state.status in ("in_force", "suspended") and _passed(state.end, on):
        return "unknown" if state.end_unsure else "expired"
    if state.status in ("suspended", "not_yet_effective") and _passed(state.hold, on):
        return "unknown"
    if state.status in ("in_force", "not_yet_effective") and state.doubted:
        return "unknown"
    return state.status


def decided_by(events: Iterable[Event], on: date) -> tuple[Event, ...]:
    """Return the events that make a rule's or regulation's status what it is on the day `on`."""
    return _state(events, on).because


def sure(events: Iterable[Event], on: date) -> Certainty:
    """Return how sure the status on the day `on` is: as its least certain deciding event.

    "inferred" where no event decided anything.
    """
    decided = decided_by(events, on)
    for certainty in _LEAST_CERTAIN_FIRST:
        if any(event.certainty == certainty for event in decided):
            return certainty
    return "inferred"


def lapsed_suspension(events: Iterable[Event], on: date) -> Event | None:
    """Return the suspension that had ended by `on` if no event says what followed it.

    Its `until` is the end as last extended.
    """
    state = _state(events, on)
    if state.status not in ("suspended", "not_yet_effective") or not _passed(state.hold, on):
        return None
    first = state.because[0]
    return replace(first, until=state.hold) if first.kind == "suspended" else None


def _state(events: Iterable[Event], on: date) -> _State:
    state = _State()
    for event in sorted((e for e in events if e.on <= on), key=_rank):
        match event.kind:
            case "published":
                # unless it began before: many rules take effect on public display, days earlier
                if state.status == "unknown":
                    state = replace(state, status="not_yet_effective", because=(event,))
            case "effective":
                state = _start(state, event)
            case "resumed" if event.certainty == "stated":
                begun = _State(status="in_force", started=state.started or event.on)
                state = replace(begun, end=event.until or state.end, because=(event,))
            case "extended":
                state = _extend(state, event)
            case "suspended" | "expired" | "superseded" | "rescinded" | "resumed":
                state = _stop(state, event)
            case "amended" | "corrected":
                pass
    return state


def _rank(event: Event) -> tuple[date, int, int, date, str, str]:
    certainty = _LEAST_CERTAIN_FIRST.index(event.certainty)
    until = event.until or date.min
    return event.on, _ORDER.index(event.kind), certainty, until, event.by, event.note


def _passed(end: date | None, on: date) -> bool:
    return end is not None and on > end


def _start(state: _State, event: Event) -> _State:
    end = event.until
    if state.status in _ENDED:
        return state
    if state.status == "suspended" and not _passed(state.hold, event.on):
        return state
    if state.status == "not_yet_effective" and state.hold and event.on <= state.hold:
        if event.until is None or state.because[-1].kind == "suspended":
            return state
        end = max(event.until, state.hold)  # what was extended beforehand is its own stated end
    elif state.status == "in_force" and not _passed(state.end, event.on):
        end = event.until or state.end  # another part of it began
    started = state.started or event.on
    because = (*_doubts(state), event)
    return replace(state, status="in_force", started=started, end=end, hold=None, because=because)


def _extend(state: _State, event: Event) -> _State:
    if event.until is None or state.status in _ENDED:
        return state
    if event.certainty != "stated":
        return replace(state, end_unsure=True)
    because = (*state.because, event)
    if state.status in ("suspended", "not_yet_effective"):
        return replace(state, hold=event.until, because=because)
    return replace(state, end=event.until, end_unsure=False, because=because)


def _stop(state: _State, event: Event) -> _State:
    if event.certainty != "stated":
        if state.status in _ENDED:
            return state
        return replace(state, doubted=True, because=(*state.because, event))
    match event.kind:
        case "expired" | "superseded" | "rescinded":
            return replace(state, status=event.kind, because=(event,))
        case _ if state.status in _ENDED:
            return state
        case _:
            begun = state.started is not None and state.started < event.on
            put_off = not begun and event.until is not None and state.status != "unknown"
            status: Status = "not_yet_effective" if put_off else "suspended"
            return replace(state, status=status, hold=event.until, because=(event, *_doubts(state)))


def _doubts(state: _State) -> tuple[Event, ...]:
    if not state.doubted:
        return ()
    return tuple(event for event in state.because if event.certainty != "stated")
