"""Answers as of a date: what replaced a text, what came only later, what was only announced."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import ENCODER, MakeAssistant

from assistant.build import build
from assistant.hindsight import tells_later
from assistant.history import history
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.starter import load_starter
from assistant.types import Answer
from assistant.wording import known_on, not_in_force, not_yet_published
from sources.types import Document, Event, Kind


def rule(id: str, text: str, published: date, citation: str = "") -> Document:
    return Document(
        id=id,
        title=f"Rule {id}",
        kind="rule",
        text=text,
        publisher="Bureau of Example Affairs",
        published=published,
        effective=published,
        citation=citation,
    )


FIRST = rule("fr:2020-11111", "Lathes for Ruritania need permit Q.", date(2020, 1, 6), "85 FR 100")
SECOND = rule("fr:2021-22222", "Lathes for Ruritania need permit R.", date(2021, 1, 4), "86 FR 7")
THIRD = rule("fr:2022-33333", "Lathes for Ruritania need no permit.", date(2022, 1, 3), "87 FR 9")
CHAIN = (
    Event(instrument="85 FR 100", kind="superseded", on=SECOND.published, by=SECOND.id),  # type: ignore[arg-type]
    Event(instrument="FR Doc 2021-22222", kind="superseded", on=THIRD.published, by=THIRD.id),  # type: ignore[arg-type]
)
ASKED = "Which permit do lathes for Ruritania need?"


def cited(answer: Answer) -> list[str]:
    return [c.document.id for claim in answer.claims for c in claim.citations]


def told(answer: Answer) -> str:
    return " ".join(f"{notice.kind}: {notice.text}" for notice in answer.notices)


def test_the_last_of_a_chain_leads_and_nothing_ended_is_shown_as_law(
    make_assistant: MakeAssistant,
) -> None:
    assistant = make_assistant([FIRST, SECOND, THIRD])
    assistant.library.store.add_events(CHAIN)
    now = assistant.ask(ASKED, as_of=date(2022, 6, 1))
    assert cited(now)[0] == THIRD.id
    ended = [c for claim in now.claims for c in claim.citations if c.document.id != THIRD.id]
    assert all(c.status == "superseded" for c in ended)
    then = assistant.ask(ASKED, as_of=date(2021, 6, 1))
    assert cited(then)[0] == SECOND.id
    assert THIRD.id not in cited(then)


def test_what_replaced_a_text_is_named_and_cited(make_assistant: MakeAssistant) -> None:
    other = rule("fr:2021-44444", "A notice on pumps replaces what was said.", date(2021, 1, 4))
    assistant = make_assistant([FIRST, other])
    end = Event(instrument=FIRST.id, kind="superseded", on=date(2021, 1, 4), by=other.id)
    assistant.library.store.add_events([end])
    answer = assistant.ask(ASKED, as_of=date(2021, 6, 1))
    assert cited(answer)[0] == other.id
    assert "Rule fr:2021-44444" in told(answer)


def test_an_announced_end_leaves_the_status_open(make_assistant: MakeAssistant) -> None:
    assistant = make_assistant([FIRST])
    end = Event(
        instrument=FIRST.id,
        kind="rescinded",
        on=date(2021, 1, 4),
        by="press release 7",
        certainty="announced",
    )
    assistant.library.store.add_events([end])
    answer = assistant.ask(ASKED, as_of=date(2021, 6, 1))
    assert {c.status for claim in answer.claims for c in claim.citations} == {"unknown"}
    assert "announced, by press release 7" in told(answer)


def test_a_text_of_a_later_day_is_named_but_not_used(make_assistant: MakeAssistant) -> None:
    assistant = make_assistant([THIRD, rule("x:pumps", "Pumps are blue.", date(2019, 5, 6))])
    answer = assistant.ask(ASKED, as_of=date(2020, 6, 1))
    assert answer.outcome == "not_in_sources"
    assert "not_yet_effective: “Rule fr:2022-33333” was published on 3 January 2022" in told(answer)


@pytest.mark.parametrize(
    ("kind", "of_kind", "effect"),
    [
        ("rule", None, True),
        ("summary", "rule", True),
        ("article", None, False),
        ("summary", "article", False),
    ],
)
def test_news_of_a_later_day_is_not_said_to_take_effect(
    kind: Kind, of_kind: str | None, effect: bool
) -> None:
    metadata = {} if of_kind is None else {"of_kind": of_kind}
    later = replace(THIRD, kind=kind, metadata=metadata)
    text = not_yet_published(later, date(2020, 6, 1)).text
    assert "was published on 3 January 2022" in text and "1 June 2020. Ask as of" in text
    assert ("effect" in text) is effect


def test_a_text_that_ended_by_itself_is_not_said_to_have_been_ended_by_itself() -> None:
    day = date(2024, 6, 1)
    other = replace(THIRD, id="fr:2023-00001", title="Another rule")
    own, others = (not_in_force(THIRD, "expired", day, by) for by in (THIRD, other))
    assert own is not None and own.text.endswith("is expired on 1 June 2024.")
    assert others is not None and "by “Another rule”" in others.text


@pytest.mark.parametrize(("made", "on"), [("2024-05-01", date(2024, 5, 1)), ("soon", None)])
def test_a_day_of_making_that_is_no_day_is_passed_over(made: str, on: date | None) -> None:
    assert known_on(replace(THIRD, metadata={"made": made}, published=None), None) == on


def test_two_texts_on_one_page_share_no_history() -> None:
    names = {"fr:2020-11111": ("85 FR 100", ""), "fr:2020-55555": ("85 FR 100", "")}
    past = history(CHAIN[:1], names)
    assert past.of(FIRST) == ()
    assert history(CHAIN[:1], {"fr:2020-11111": ("85 FR 100", "")}).of(FIRST) == CHAIN[:1]


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("The order was terminated in July 2018.", True),
        ("The license was valid until August 19, 2019.", False),
        ("From May 20 to August 19, 2019, the license allowed repairs.", False),
        ("The rule of May 16, 2017 added the firm.", False),
        ("On February 30, 2019 nothing happened.", True),
        ("From August 16, 2018, a license has been required for pumps.", False),
        ("The rule of May 12, 2018 took effect on August 7, 2018.", False),
        ("The effective date of the rule is July 9, 2018.", False),
        (
            "BIS put off the rule in a notice of July 12, 2018; it took effect on August 7, 2018.",
            True,
        ),
        ("The second extension took effect on August 16, 2018.", True),
    ],
)
def test_hindsight_is_told_from_foresight(text: str, later: bool) -> None:
    assert tells_later(text, date(2018, 6, 1)) is later


@pytest.fixture(scope="module")
def starter(encoder_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant that knows the starter library."""
    home = tmp_path_factory.mktemp("starter")
    (home / "encoders").symlink_to(encoder_home / "encoders")
    settings = Settings(_env_file=None, home=home, database_url="", encoder=ENCODER)  # type: ignore[call-arg]
    assistant = build(settings, lambda message: None)
    load_starter(assistant.library)
    assistant.library.sync()
    yield assistant
    assistant.library.close()


@pytest.mark.parametrize(
    ("on", "leads"),
    [
        ("2019-06-01", "lib:huawei-tgl-2019-05"),
        ("2020-07-01", "lib:standards-rule-2020-06"),
        ("2022-10-01", "lib:standards-rule-2022-09"),
        ("2024-08-01", "lib:standards-rule-2024-07"),
        (None, "lib:standards-work-with-huawei-by-date"),  # undated: known since it was added
    ],
)
def test_standards_work_with_huawei_by_date(starter: Assistant, on: str | None, leads: str) -> None:
    answer = starter.ask(
        "May a U.S. company share technology with Huawei in a 5G standards body?",
        as_of=date.fromisoformat(on) if on else None,
    )
    assert cited(answer)[0] == leads
    first = answer.claims[0].citations[0]
    assert first.status in ("in_force", "informational")
    for claim in answer.claims:
        for citation in claim.citations:
            published = citation.document.published
            assert published is None or published <= answer.as_of


def test_the_affiliates_rule_by_date(starter: Assistant) -> None:
    asked = "Does the 50 percent affiliates rule apply?"

    def on(day: str) -> Answer:
        return starter.ask(asked, as_of=date.fromisoformat(day))

    def status(answer: Answer) -> set[str]:
        found = [c for claim in answer.claims for c in claim.citations]
        return {c.status for c in found if c.document.id == "lib:affiliates-rule-2025"}

    before = on("2025-09-15")
    assert status(before) == set()
    assert "not yet in effect on 15 September 2025" in told(before)
    assert status(on("2025-10-15")) == {"in_force"}
    paused = on("2025-12-01")
    assert status(paused) == {"suspended"}
    assert cited(paused)[0] == "lib:affiliates-rule-suspension-2025"
    after = on("2026-11-23")
    assert "in_force" not in status(after)
    assert "the suspension ran to 9 November 2026" in told(after)
    assert "my sources do not say what followed" in told(after)
    asked = "Is the affiliates rule suspended?"
    assert told(on("2026-11-23")).count("my sources do not say what followed") == 1


def test_a_proposal_is_not_taken_for_law(make_assistant: MakeAssistant) -> None:
    text = "The Bureau proposes that facial cameras for Ruritania need permit Q from May 1, 2025."
    proposal = Document(
        id="fr:2024-66666",
        title="Proposed rule on facial cameras",
        kind="proposed_rule",
        text=text,
        publisher="Bureau of Example Affairs",
        published=date(2024, 7, 29),
    )
    assistant = make_assistant([proposal])
    taken = assistant.ask("Since what day is permit Q for facial cameras for Ruritania binding?")
    assert taken.outcome == "partly_answered"
    assert "premise_not_found" in told(taken)
    asked = assistant.ask("From what day would the proposed permit Q for facial cameras apply?")
    assert "premise_not_found" not in told(asked)
