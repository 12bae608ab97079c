"""A question is understood, and its answer holds on the date that it is asked about."""

from dataclasses import replace
from datetime import date

import pytest
from conftest import MakeAssistant
from test_assistant_core import happened

from assistant.errors import BadQuestion
from assistant.premise import direction, says
from assistant.question import Question, When, understand
from assistant.types import Answer
from sources.split import split
from sources.types import Document, Kind, Status


def asked(text: str, *history: str) -> Question:
    return understand(text, history=history, as_of=date(2024, 8, 1), max_chars=200)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Why was Acme listed?", "reason"),
        ("When did the rule take effect?", "date"),
        ("How many firms were added?", "number"),
        ("Who signed the notice?", "party"),
        ("Is Acme on the list?", "yes_no"),
        ("What is a deemed export?", "definition"),
        ("Which countries are in Group D?", "list"),
        ("How does it differ from the old rule?", "comparison"),
        ("Tell me about Acme.", "fact"),
    ],
)
def test_what_a_question_wants(text: str, want: str) -> None:
    assert want in asked(text).wants


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("What changed on 18 July 2024?", When(year=2024, months=(7,), day=18)),
        ("What changed on July 18, 2024?", When(year=2024, months=(7,), day=18)),
        ("What changed on the 3rd of March 2020?", When(year=2020, months=(3,), day=3)),
        ("What changed on 2024-07-18?", When(year=2024, months=(7,), day=18)),
        ("What changed in May 2019?", When(year=2019, months=(5,))),
        ("What changed in summer 2021?", When(year=2021, months=(6, 7, 8))),
        ("What changed in 2022?", When(year=2022)),
    ],
)
def test_the_time_that_a_question_names(text: str, when: When) -> None:
    question = asked(text)
    assert question.times == (when,)
    assert str(when.year) not in question.terms
    assert when.matches(date(when.year, when.months[0] if when.months else 1, when.day or 1))
    assert not when.matches(date(when.year + 1, 1, 1))


def test_the_names_numbers_and_citations_of_a_question() -> None:
    question = asked("Did Acme Gears pay 1,500 francs under § 734.10 for ECCN 5A002 (89 FR 58265)?")
    assert ("acm", "gear") in question.names
    assert "1500" in question.numbers
    assert question.identifiers == ("89 FR 58265", "§ 734.10", "ECCN 5A002")
    assert asked("what may widgets cost?").names == ()


def test_a_question_is_cleaned_and_bad_ones_are_refused() -> None:
    assert asked("  Why\u00a0was\n it\u200b so? ").text == "Why was it so?"
    for bad, words in (("", "no words"), ("?! …", "no words"), ("a" * 201, "201")):
        with pytest.raises(BadQuestion, match=words):
            asked(bad)


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("The Bureau added Acme to the list", "on"),
        ("The Bureau removed Acme from the list", "off"),
        ("Acme was not removed from the list", "on"),
        ("No license is required", "off"),
        ("The Bureau took Acme out of the group", "off"),
        ("Acme makes gears", None),
    ],
)
def test_the_direction_that_a_clause_asserts(clause: str, said: str | None) -> None:
    assert says(clause) == said
    assert direction("The sky is blue") is None


def document(id: str, text: str, published: date, kind: Kind = "rule", **more: object) -> Document:
    fields = {"title": f"Text {id}", "publisher": "Bureau of Example Affairs", **more}
    return Document(id=id, text=text, published=published, kind=kind, **fields)  # type: ignore[arg-type]


def quoted(answer: Answer) -> str:
    return " ".join(c.quote for item in answer.claims for c in item.citations)


def kinds_of_notice(answer: Answer) -> set[str]:
    return {notice.kind for notice in answer.notices}


LATHES = "The fee for a permit to export widget lathes to Ruritania is {} francs."
FEE = "What is the fee for a permit to export widget lathes to Ruritania?"


def test_a_premise_is_borne_out_or_not(make_assistant: MakeAssistant) -> None:
    text = (
        "The Bureau removed Ruritania from Country Group Q because Ruritania signed a treaty.\n\n"
        "Sylvania will remain designated in Country Group Q because Sylvania broke the treaty."
    )
    assistant = make_assistant([document("x:groups", text, date(2024, 1, 5))])
    good = assistant.ask("Why was Ruritania removed from Country Group Q?")
    assert "premise_not_found" not in kinds_of_notice(good)
    assert "Ruritania signed a treaty" in quoted(good)
    bad = assistant.ask("Why was Sylvania removed from Country Group Q?")
    assert "premise_not_found" in kinds_of_notice(bad)
    assert bad.outcome == "partly_answered"
    assert "Sylvania will remain designated" in quoted(bad)


def test_what_is_published_later_is_not_used(make_assistant: MakeAssistant) -> None:
    early = document("x:fee", LATHES.format(45), date(2024, 1, 5), effective=date(2024, 2, 1))
    assistant = make_assistant([early])
    assistant.library.store.add(
        replace(early, text=LATHES.format(60), published=date(2024, 6, 1)), split
    )
    later = document("x:other", LATHES.format(75).replace("fee", "new fee"), date(2025, 1, 1))
    assistant.library.store.add(later, split)
    assistant.library.sync()
    before = assistant.ask(FEE, as_of=date(2024, 1, 4))
    assert (before.outcome, before.evidence) == ("not_in_sources", ())
    first = assistant.ask(FEE, as_of=date(2024, 5, 31))
    assert "45 francs" in quoted(first)
    assert {item.document.id for item in first.evidence} == {"x:fee"}
    second = assistant.ask(FEE, as_of=date(2024, 6, 1))
    assert "60 francs" in quoted(second) and "45 francs" not in quoted(second)
    assert {item.document.id for item in second.evidence} == {"x:fee@2"}
    third = assistant.ask(FEE, as_of=date(2025, 1, 1))
    assert {item.document.id for item in third.evidence} == {"x:fee@2", "x:other"}
    none = assistant.ask(FEE, as_of=date(2025, 1, 1), kinds=["notice"])
    assert (none.outcome, none.evidence) == ("not_in_sources", ())


def test_status_and_notice_follow_the_events(make_assistant: MakeAssistant) -> None:
    rule = document("x:fee", LATHES.format(45), date(2024, 1, 5), effective=date(2024, 2, 1))
    assistant = make_assistant([rule])
    told = happened("suspended 05-01 until 06-30", "resumed 07-01", "rescinded 09-01")
    assistant.library.store.add_events([replace(event, instrument="x:fee") for event in told])
    expected: dict[date, tuple[Status, set[str]]] = {
        date(2024, 1, 10): ("not_yet_effective", {"not_yet_effective"}),
        date(2024, 2, 1): ("in_force", set()),
        date(2024, 5, 1): ("suspended", {"suspended", "stale"}),
        date(2024, 7, 1): ("in_force", {"stale"}),
        date(2024, 9, 1): ("rescinded", {"superseded", "stale"}),
    }
    for on, (status, notices) in expected.items():
        answer = assistant.ask(FEE, as_of=on)
        assert {c.status for item in answer.claims for c in item.citations} == {status}
        assert kinds_of_notice(answer) == notices
        assert ("[" in answer.claims[0].text) == (status != "in_force")


def test_regulations_are_versions_by_amendment_whatever_the_order(
    make_assistant: MakeAssistant,
) -> None:
    def text(francs: int, amended: date) -> Document:
        return document("ecfr:1/2.3", LATHES.format(francs), amended, kind="regulation")

    assistant = make_assistant([text(45, date(2022, 1, 3)), text(30, date(2016, 5, 2))])
    store = assistant.library.store
    store.add(text(40, date(2019, 7, 1)), split)
    assert store.add(text(30, date(2016, 5, 2)), split).change == "unchanged"
    assistant.library.sync()
    for on, francs in ((date(2017, 1, 1), 30), (date(2020, 1, 1), 40), (date(2023, 1, 1), 45)):
        answer = assistant.ask(FEE, as_of=on)
        assert f"{francs} francs" in quoted(answer)
        assert {c.status for item in answer.claims for c in item.citations} == {"in_force"}
    current = store.current("ecfr:1/2.3")
    assert current is not None and current.published == date(2022, 1, 3)


def test_what_was_withdrawn_and_comes_back_counts_again(make_assistant: MakeAssistant) -> None:
    fee = document("x:fee", LATHES.format(45), date(2024, 1, 5))
    assistant = make_assistant([fee])
    store = assistant.library.store
    assert store.retire(["x:fee"], date(2024, 5, 1)) == 1
    assistant.library.sync()
    assert assistant.ask(FEE, as_of=date(2024, 6, 1)).evidence == ()
    assert assistant.ask(FEE, as_of=date(2024, 4, 1)).outcome == "answered"
    assert store.add(fee, split).change == "unchanged"
    assistant.library.sync()
    assert assistant.ask(FEE, as_of=date(2024, 6, 1)).outcome == "answered"


def test_an_event_goes_with_the_text_that_told_it(make_assistant: MakeAssistant) -> None:
    rule = document("x:fee", LATHES.format(45), date(2024, 1, 5), effective=date(2024, 1, 5))
    teller = document("x:end", "Pumps are blue.", date(2024, 3, 1))
    assistant = make_assistant([rule, teller])
    told = happened("rescinded 03-01")
    store = assistant.library.store
    store.add_events([replace(event, instrument="x:fee", by="x:end") for event in told])

    def status() -> set[Status]:
        answer = assistant.ask(FEE, as_of=date(2024, 6, 1))
        found = [c for item in answer.claims for c in item.citations]
        return {c.status for c in found if c.document.id == "x:fee"}

    assert status() == {"rescinded"}
    store.remove("x:end")
    assistant.library.sync()
    assert status() == {"in_force"}
