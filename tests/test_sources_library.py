"""The starter library: whole, linked, dated, of the right length, and no fact without a basis."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from eval.questions import read_cases
from sources import starter
from sources.types import EVENT_KINDS, Document

DOCUMENTS = {document.id: document for document in starter.documents()}
EVENTS = tuple(starter.events())
BASES = {"full text", "abstract", "statement", "timeline", "general knowledge"}
KINDS = {"regulation", "rule", "proposed_rule", "notice", "guidance", "statement", "article"}
ON_DISPLAY = timedelta(days=7)  # a rule may take effect on public display, before publication
TOPICS = {
    "affiliates", "ai", "ccl", "china", "chips", "de-minimis", "deemed-exports", "end-use",
    "enforcement", "entity-list", "exceptions", "fdp-rule", "huawei", "jurisdiction", "licensing",
    "lists", "news", "recordkeeping", "russia", "scope", "standards", "statements", "tgl",
}  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=lambda document: document.id)
def test_a_summary_says_what_it_is_of_and_what_it_rests_on(document: Document) -> None:
    about = document.metadata
    assert re.fullmatch(r"lib:[a-z0-9]+(?:-[a-z0-9]+)*", document.id)
    assert 120 <= len(document.text.split()) <= 400
    assert about["basis"] in BASES
    assert about["of_kind"] in KINDS
    assert about["issuer"]
    assert about["topics"] and set(about["topics"]) <= TOPICS  # type: ignore[call-overload]
    assert not document.citation or re.fullmatch(r"\d+ FR \d+", document.citation)
    number = str(about.get("document_number") or "2020-00000")
    assert re.fullmatch(r"(?:C\d-)?\d{4}-\d{5}", number)
    assert not document.url or document.url.startswith("https://")
    if about["of_kind"] == "rule":  # it points at the original
        assert document.url or document.citation or about.get("document_number")
    for linked in re.findall(r"lib:[a-z0-9-]+", document.text):
        assert linked in DOCUMENTS
    made = date.fromisoformat(str(about["made"]))
    assert document.published is None or document.published <= made
    if "until" in about and document.effective is not None:
        assert date.fromisoformat(str(about["until"])) >= document.effective


def test_no_two_summaries_say_the_same() -> None:
    assert len(DOCUMENTS) >= 160
    titles = Counter(document.title for document in DOCUMENTS.values())
    assert max(titles.values()) == 1
    assert sum(d.metadata["of_kind"] == "article" for d in DOCUMENTS.values()) >= 12


def test_every_event_names_what_made_it() -> None:
    for event in EVENTS:
        instrument = DOCUMENTS[event.instrument]
        assert event.kind in EVENT_KINDS
        assert event.by in DOCUMENTS or event.by.startswith("fr:"), event
        assert event.until is None or event.until >= event.on
        begins = [day for day in (instrument.published, instrument.effective) if day]
        assert not begins or event.on >= min(begins) - ON_DISPLAY, event


def test_the_questions_of_the_library_name_summaries_that_are_there(
    request: pytest.FixtureRequest,
) -> None:
    cases = read_cases(request.config.rootpath / "eval/data/library.jsonl")
    assert len(cases) == 120
    assert sum(not case.answerable for case in cases) == 20
    assert sum(case.as_of is not None for case in cases) == 30
    for case in cases:
        assert all(gold in DOCUMENTS for gold in case.gold_docs), case.id
        text = " ".join(DOCUMENTS[gold].text for gold in case.gold_docs)
        for nugget in case.nuggets:
            if case.answerable and nugget.vital:
                assert any(re.search(form, text, re.I | re.S) for form in nugget.any_of), case.id


def test_coverage_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    topics = Counter(t for d in DOCUMENTS.values() for t in d.metadata["topics"])  # type: ignore[attr-defined]
    years = Counter(d.published.year if d.published else "standing" for d in DOCUMENTS.values())
    with capsys.disabled():
        print("\nsummaries by topic:", ", ".join(f"{t} {n}" for t, n in sorted(topics.items())))
        print("by year:", ", ".join(f"{y} {n}" for y, n in sorted(years.items(), key=str)))
    assert topics.keys() == TOPICS
    assert {2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026} <= years.keys()
