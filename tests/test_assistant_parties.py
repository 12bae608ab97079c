"""Questions about listed parties: the row of the party itself answers, by any of its names."""

from pathlib import Path

import pytest
from conftest import MakeAssistant
from csl_service import as_csv, row

from assistant.pipeline import Assistant
from assistant.types import Answer
from assistant.wording import NOT_SCREENING
from sources.screening_list import load_screening_list

POLICY = "Presumption of denial"
ROWS = [
    row(
        "EL",
        "Zell Works Co., Ltd. (Zell)",
        alt_names="Zellwerk; ZW Trading",
        start_date="2019-05-21",
        license_policy=POLICY,
        license_requirement="For all items subject to the EAR",
        federal_register_notice="84 FR 10001",
    ),
    row("EL", "Zell Works (North) Co., Ltd.", start_date="2020-08-20", license_policy=POLICY),
    row("EL", "Zell Cloud Dalian", start_date="2020-08-20", license_policy=POLICY),
    row("EL", "Otto Mill", start_date="2021-01-04", license_policy="Case-by-case review"),
    row("UVL", "Mill Harbor Trading", start_date="2021-03-04"),
]


@pytest.fixture(scope="module")
def assistant(make_assistant: MakeAssistant) -> Assistant:
    return make_assistant(load_screening_list(as_csv(ROWS), Path("list.csv")).documents)


def cited(answer: Answer) -> set[str]:
    return {c.document.title for claim in answer.claims for c in claim.citations}


def said(answer: Answer) -> str:
    return " ".join(c.quote for claim in answer.claims for c in claim.citations)


@pytest.mark.parametrize(
    ("question", "party", "facts"),
    [
        (
            "Since when is Zell Works Co., Ltd. on the Entity List?",
            "Zell Works Co.",
            "May 21, 2019",
        ),
        ("Is ZW Trading on the Entity List?", "Zell Works Co.", "Entity List"),
        (
            "Since when is Zell Works (North) Co., Ltd. on the Entity List?",
            "Zell Works (North)",
            "August 20, 2020",
        ),
        ("What licence review policy applies to Otto Mill?", "Otto Mill", "Case-by-case review"),
        ("On which list is Mill Harbor Trading?", "Mill Harbor Trading", "Unverified List"),
    ],
)
def test_the_row_of_the_party_answers(
    assistant: Assistant, question: str, party: str, facts: str
) -> None:
    answer = assistant.ask(question)
    assert {title.startswith(party) for title in cited(answer)} == {True}, cited(answer)
    assert facts in said(answer)
    assert NOT_SCREENING in answer.claims[0].text


@pytest.mark.parametrize("name", ["Zell Cloud Oslo", "Zembla Photonics"])
def test_a_name_that_is_not_there_is_not_answered(assistant: Assistant, name: str) -> None:
    answer = assistant.ask(f"Is {name} on the Entity List?")
    assert answer.outcome == "not_in_sources"
