"""The status of a text on a date, as a table of cases, and what holds for any events."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.status import decided_by, events_of, lapsed_suspension, status_on, sure
from sources.types import EVENT_KINDS, Certainty, Document, Event, Kind, Status


def happened(*told: str) -> list[Event]:
    """Read "kind day", "kind day until day", with "announced" or "inferred"; days of 2030."""
    events: list[Event] = []
    for words in told:
        kind, on, *rest = words.split()
        end = rest[rest.index("until") + 1] if "until" in rest else ""
        certainty: Certainty = "stated"
        for word in rest:
            if word in ("announced", "inferred"):
                certainty = word  # type: ignore[assignment]
        events.append(
            Event(
                instrument="x",
                kind=kind,  # type: ignore[arg-type]
                on=date.fromisoformat(f"2030-{on}"),
                by="y",
                until=date.fromisoformat(f"2030-{end}") if end else None,
                certainty=certainty,
            )
        )
    return events


STARTED = ("published 02-01", "effective 03-01")
ENDING = ("published 02-01", "effective 03-01 until 04-30")
PAUSED = (*STARTED, "suspended 05-01 until 06-30")
DELAYED = (*STARTED, "suspended 02-20 until 05-31", "effective 06-01")
HISTORIES = {"started": STARTED, "ending": ENDING, "paused": PAUSED, "delayed": DELAYED}
CASES = """
nothing known | - | 05-01 | unknown
before publication | started | 01-31 | unknown
not yet effective | started | 02-28 | not_yet_effective
in force from the day | started | 03-01 | in_force
effective on public display | effective 01-10; published 02-01 | 01-15 | in_force
a regulation | regulation: effective 03-01 | 12-31 | in_force
# an end of its own
its last day | ending | 04-30 | in_force
expired | ending | 05-01 | expired
extended | ending; extended 04-20 until 05-31 | 05-31 | in_force
extended, then expired | ending; extended 04-20 until 05-31 | 06-01 | expired
extended twice | ending; extended 04-20 until 05-31; extended 05-20 until 07-31 | 07-15 | in_force
extended after a gap: in it | ending; extended 05-05 until 06-30 | 05-03 | expired
extended after a gap | ending; extended 05-05 until 06-30 | 05-05 | in_force
extended before it began | ending; extended 02-20 until 05-31 | 05-15 | in_force
an extension announced | ending; extended 04-20 until 05-31 announced | 04-25 | in_force
an extension announced: after | ending; extended 04-20 until 05-31 announced | 05-15 | unknown
another part begins, same end | ending; effective 04-01 | 05-01 | expired
began again after its end | ending; effective 06-01 | 06-02 | in_force
expired by an event | started; expired 05-01 | 05-01 | expired
# suspended
the day before | paused | 04-30 | in_force
suspended | paused | 05-01 | suspended
the last day of it | paused | 06-30 | suspended
what then is not known | paused | 07-01 | unknown
resumed | paused; resumed 07-01 | 07-01 | in_force
resumed early | paused; resumed 06-01 | 06-15 | in_force
begins again by its own words | paused; effective 07-01 | 07-01 | in_force
without an end | started; suspended 05-01 | 12-31 | suspended
a part begins meanwhile | paused; effective 06-01 | 06-15 | suspended
suspension extended | paused; extended 06-15 until 08-31 | 08-31 | suspended
extended, what then | paused; extended 06-15 until 08-31 | 09-01 | unknown
extended late: before | paused; extended 07-05 until 08-31 | 07-02 | unknown
extended late | paused; extended 07-05 until 08-31 | 07-05 | suspended
suspended, then rescinded | paused; rescinded 06-01 | 06-02 | rescinded
its own end passes meanwhile | ending; suspended 04-01 until 06-30 | 05-01 | expired
resumed, then its own end | ending; suspended 04-01 until 04-10; resumed 04-11 | 05-01 | expired
a suspension only announced | started; suspended 05-01 announced | 05-02 | unknown
a suspension only inferred | started; suspended 05-01 until 06-30 inferred | 05-02 | unknown
a resumption only announced | paused; resumed 06-01 announced | 06-02 | suspended
# a delayed effective date
delayed: before | delayed | 02-25 | not_yet_effective
delayed: on the first date | delayed | 03-01 | not_yet_effective
delayed: the last day | delayed | 05-31 | not_yet_effective
delayed: then in force | delayed | 06-01 | in_force
delayed on the very day | started; suspended 03-01 until 05-31 | 03-01 | not_yet_effective
delayed, and nothing more | started; suspended 02-20 until 05-31 | 06-01 | unknown
as an extension | started; extended 02-20 until 05-31 | 03-15 | not_yet_effective
as an extension: then | started; extended 02-20 until 05-31; effective 06-01 | 06-01 | in_force
delayed without an end | started; suspended 02-20 | 03-15 | suspended
delayed twice | delayed; suspended 05-20 until 07-31; effective 08-01 | 06-15 | not_yet_effective
a temporary text delayed | ending; suspended 02-20 until 03-31 | 03-15 | not_yet_effective
# ended
the day before its successor | started; superseded 05-01 | 04-30 | in_force
superseded | started; superseded 05-01 | 05-01 | superseded
rescinded by rule | started; rescinded 05-01 | 12-31 | rescinded
rescinded before it began | started; rescinded 02-15 | 03-01 | rescinded
reinstated | started; rescinded 05-01; resumed 08-01 | 08-01 | in_force
not suspended when ended | started; rescinded 05-01; suspended 06-01 | 06-01 | rescinded
not extended when ended | ending; rescinded 04-01; extended 04-10 until 06-30 | 04-15 | rescinded
one day: begins and is superseded | effective 03-01; superseded 03-01 | 03-01 | superseded
one day: resumes and is rescinded | paused; resumed 06-01; rescinded 06-01 | 06-01 | rescinded
# a press release does not remove a rule
before an announcement | started; rescinded 05-01 announced | 04-30 | in_force
rescinded by announcement | started; rescinded 05-01 announced | 05-02 | unknown
announced before it began | started; rescinded 02-15 announced | 03-02 | unknown
announced, then by rule | started; rescinded 05-01 announced; rescinded 08-01 | 08-01 | rescinded
announced, then settled | started; rescinded 05-01 announced; resumed 08-01 | 08-01 | in_force
announced, and its own end | ending; rescinded 04-10 announced | 05-01 | expired
announced while suspended | paused; rescinded 05-15 announced | 05-20 | suspended
rescission inferred | started; rescinded 05-01 inferred | 05-02 | unknown
supersession inferred | regulation: started; superseded 05-01 inferred | 05-02 | unknown
expiry inferred | started; expired 05-01 inferred | 05-02 | unknown
start inferred | published 02-01; effective 02-01 inferred | 02-01 | in_force
# changed, not ended
corrected | started; corrected 04-01 | 04-03 | in_force
corrected before it began | published 02-01; corrected 02-10 | 02-15 | not_yet_effective
partly removed | started; amended 04-02 | 04-03 | in_force
corrected while suspended | paused; corrected 05-15 | 05-16 | suspended
# not law
proposed | proposal: started | 12-31 | proposed
proposed, no events | proposal: - | 01-01 | proposed
withdrawn | proposal: published 02-01; rescinded 05-01 | 05-01 | rescinded
withdrawal announced | proposal: published 02-01; rescinded 05-01 announced | 05-01 | proposed
made final | proposal: published 02-01; superseded 05-01 | 05-01 | superseded
a notice | notice: started; rescinded 05-01 | 06-01 | informational
a guidance | guidance: started; rescinded 05-01 | 06-01 | informational
a statement | statement: started; rescinded 05-01 | 06-01 | informational
a article | article: started; rescinded 05-01 | 06-01 | informational
a summary | summary: started; rescinded 05-01 | 06-01 | informational
"""


def rows() -> list[tuple[str, Kind, tuple[str, ...], str, Status]]:
    """Read lines of "case | kind: event; event | day | status"; without a kind, a rule."""
    found: list[tuple[str, Kind, tuple[str, ...], str, Status]] = []
    for line in CASES.splitlines():
        if "|" in line:
            case, history, on, status = (part.strip() for part in line.split("|"))
            kind, _, told = history.rpartition(": ")
            kind = {"": "rule", "proposal": "proposed_rule"}.get(kind, kind)
            words = [HISTORIES.get(word, (word,)) for word in told.split("; ") if word != "-"]
            events = tuple(event for some in words for event in some)
            found.append((case, kind, events, on, status))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("kind", "told", "on", "status"), [row[1:] for row in rows()], ids=[row[0] for row in rows()]
)
def test_status_on_a_date(kind: Kind, told: tuple[str, ...], on: str, status: Status) -> None:
    day = date.fromisoformat(f"2030-{on}")
    assert status_on(kind, happened(*told), day) == status
    assert status_on(kind, reversed(happened(*told)), day) == status


days = st.integers(0, 12).map(lambda n: date(2030, 1, 1) + timedelta(days=n))
events = st.builds(
    Event,
    instrument=st.just("x"),
    kind=st.sampled_from(EVENT_KINDS),
    on=days,
    by=st.sampled_from(["a", "b"]),
    until=st.none() | days,
    certainty=st.sampled_from(["stated", "announced", "inferred"]),
)
histories = st.lists(events, max_size=8)
LAW_KINDS = st.sampled_from(["rule", "regulation", "proposed_rule"])


@given(LAW_KINDS, histories, days, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_given_does_not_matter(kind, history, on, random) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)
    assert status_on(kind, shuffled, on) == status_on(kind, history, on)
    assert decided_by(shuffled, on) == decided_by(history, on)
    assert lapsed_suspension(shuffled, on) == lapsed_suspension(history, on)


@given(LAW_KINDS, histories, days, events)
def test_the_future_changes_nothing(kind, history, on, later) -> None:
    later = replace(later, on=on + timedelta(days=1 + later.on.day))
    assert status_on(kind, [*history, later], on) == status_on(kind, history, on)
    assert sure([*history, later], on) == sure(history, on)
    assert lapsed_suspension([*history, later], on) == lapsed_suspension(history, on)


@given(histories, days)
def test_only_what_is_stated_ends_law(history, on) -> None:
    unstated = [
        e if e.kind in ("published", "effective") else replace(e, certainty="announced")
        for e in history
    ]
    assert status_on("rule", unstated, on) not in ("rescinded", "superseded", "suspended")
    if status_on("rule", unstated, on) == "expired":
        assert any(e.kind == "effective" and e.until and e.until < on for e in unstated)


@given(histories, days)
def test_what_decides_is_of_the_past_and_given(history, on) -> None:
    for event in decided_by(history, on):
        assert event in history and event.on <= on


def test_of_two_ends_told_on_one_day_the_later_one_counts_in_any_order() -> None:
    start, short, long = happened(
        "effective 03-01 until 04-30", "extended 04-20 until 05-31", "extended 04-20 until 06-30"
    )
    for told in ([start, short, long], [long, short, start]):
        assert status_on("rule", told, date(2030, 6, 15)) == "in_force"
    one, other = (replace(start, by=by) for by in ("a", "b"))
    assert decided_by([one, other], start.on) == decided_by([other, one], start.on)


def test_a_status_is_as_sure_as_the_least_certain_event_that_decided() -> None:
    on = date(2030, 6, 1)
    assert sure(happened(*STARTED), on) == "stated"
    assert sure(happened("published 02-01", "effective 02-01 inferred"), on) == "inferred"
    assert sure(happened(*STARTED, "rescinded 05-01 announced"), on) == "announced"
    assert sure(happened("effective 02-01 inferred", "rescinded 05-01"), on) == "stated"
    assert sure(happened(*STARTED, "corrected 04-01 inferred"), on) == "stated"
    assert sure([], on) == "inferred"


def test_what_decided_names_the_document_that_did_it() -> None:
    start, end = happened("effective 03-01", "superseded 05-01")
    assert decided_by([start, end], date(2030, 4, 1)) == (start,)
    assert decided_by([start, end], date(2030, 5, 1)) == (end,)


@pytest.mark.parametrize(
    ("told", "on", "until"),
    [
        (PAUSED, "06-30", None),
        (PAUSED, "07-01", "06-30"),
        ((*PAUSED, "corrected 07-02"), "07-03", "06-30"),
        ((*PAUSED, "extended 06-15 until 08-31"), "08-31", None),
        ((*PAUSED, "extended 06-15 until 08-31"), "09-01", "08-31"),
        ((*PAUSED, "resumed 07-01"), "07-02", None),
        ((*PAUSED, "rescinded 07-01"), "07-02", None),
        (DELAYED, "06-01", None),
        (DELAYED[:3], "06-01", "05-31"),
        ((*STARTED, "suspended 05-01"), "12-31", None),
        (STARTED, "12-31", None),
    ],
)
def test_a_suspension_that_ended_with_nothing_said_since(
    told: tuple[str, ...], on: str, until: str | None
) -> None:
    lapsed = lapsed_suspension(happened(*told), date.fromisoformat(f"2030-{on}"))
    assert (lapsed and lapsed.until) == (until and date.fromisoformat(f"2030-{until}"))
    assert lapsed is None or lapsed.kind == "suspended"


def test_the_events_of_a_document_itself() -> None:
    document = Document(
        id="x:1", title="T", kind="rule", text="t", published=date(2030, 2, 1), effective=None
    )
    assert [(e.kind, e.on, e.by) for e in events_of(document)] == [
        ("published", date(2030, 2, 1), "x:1")
    ]
    both = replace(document, effective=date(2030, 3, 1))
    assert [e.kind for e in events_of(both)] == ["published", "effective"]
