"""What a text says happened to others: the sentences that count, and the many that do not."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sources.happenings import happenings
from sources.status import events_of, status_on
from sources.text import normalise
from sources.types import Document, Kind

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


def document(text: str, kind: Kind = "rule", **given: Any) -> Document:
    facts: dict[str, Any] = {
        "id": "fr:2030-00001",
        "title": "Widget Permits",
        "publisher": "Bureau of Trade Permits",
        "published": date(2030, 3, 1),
        "effective": date(2030, 3, 10),
        "url": "https://www.federalregister.gov/d/2030-00001",
    }
    return Document(kind=kind, text=normalise(text), **{**facts, **given})


def told(found: Document) -> list[str]:
    """Write events as "kind instrument on [until day] [certainty]"."""
    lines: list[str] = []
    for event in happenings(found):
        words = [event.kind, event.instrument, str(event.on)]
        words += ["until", str(event.until)] if event.until else []
        words += [event.certainty] if event.certainty != "stated" else []
        lines.append(" ".join(words))
    return lines


@pytest.mark.parametrize(
    ("sentence", "events"),
    [
        (
            "This rule suspends the interim final rule “Permit Controls to Cover Some Affiliates”"
            " published on January 5, 2030 (95 FR 100) for one year, from March 12, 2030 until"
            " March 11, 2031.",
            ["suspended 95 FR 100 2030-03-12 until 2031-03-11"],
        ),
        (
            "In this rule, the Bureau of Trade Permits (BTP) suspends the effectiveness of the"
            " interim final rule published on January 5, 2030 (95 FR 100) through March 9, 2031.",
            ["suspended 95 FR 100 2030-03-10 until 2031-03-09"],
        ),
        (
            "Effective March 15, 2030, the interim final rule published on January 5, 2030 (95 FR"
            " 100) is suspended until March 9, 2031.",
            ["suspended 95 FR 100 2030-03-15 until 2031-03-09"],
        ),
        (
            "This final rule extends the temporary general license published on May 2, 2029"
            " (94 FR 23468), as amended, through August 19, 2030.",
            ["extended 94 FR 23468 2030-03-10 until 2030-08-19"],
        ),
        (
            "DATES: The expiration date of the final rule published on May 2, 2029 (94 FR 23468)"
            " and the final rule published on August 1, 2029 (94 FR 43487) is extended until"
            " June 6, 2030.",
            [
                "extended 94 FR 23468 2030-03-10 until 2030-06-06",
                "extended 94 FR 43487 2030-03-10 until 2030-06-06",
            ],
        ),
        (
            "We are extending the suspension of the interim final rule published on January 5, 2030"
            " (95 FR 100) through March 9, 2032.",
            ["extended 95 FR 100 2030-03-10 until 2032-03-09"],
        ),
        (
            "The effective date of the interim final rule published January 5, 2030 (95 FR 100) is"
            " delayed from April 15, 2030 to May 16, 2030.",
            ["suspended 95 FR 100 2030-03-01 until 2030-05-15", "effective 95 FR 100 2030-05-16"],
        ),
        (
            "This rule postpones the effective date of the final rule published at 95 FR 100 from"
            " April 1, 2030, to June 1, 2030.",
            ["suspended 95 FR 100 2030-03-01 until 2030-05-31", "effective 95 FR 100 2030-06-01"],
        ),
        (
            "The effective date of the final rule amending 15 CFR part 744, published at 95 FR 100,"
            " January 5, 2030, is delayed indefinitely.",
            ["suspended 95 FR 100 2030-03-01"],
        ),
        (
            "BTP is rescinding the final rule published in the Federal Register on January 5, 2030,"
            " at 95 FR 100.",
            ["rescinded 95 FR 100 2030-03-10"],
        ),
        (
            "This rule removes the temporary general license published May 2, 2029 (94 FR 23468).",
            ["rescinded 94 FR 23468 2030-03-10"],
        ),
        (
            "The proposed rule published on January 5, 2030, at 95 FR 100, is withdrawn.",
            ["rescinded 95 FR 100 2030-03-10"],
        ),
        (
            "This notice deletes and supersedes prior notice published in the Federal Register at"
            " 92 FR 40890 on July 25, 2027.",
            ["superseded 92 FR 40890 2030-03-10"],
        ),
        (
            "This order supersedes the order published on January 5, 2030 (95 FR 100), except"
            " paragraph (c).",
            ["amended 95 FR 100 2030-03-10"],
        ),
        (
            "The Bureau of Trade Permits is correcting a final rule that appeared in the Federal"
            " Register of January 5, 2030 (95 FR 100).",
            ["corrected 95 FR 100 2030-03-10"],
        ),
        (
            "In FR Doc. No. 2030–00007, appearing on page 75477 in the Federal Register of Friday,"
            " January 5, 2030, make the following correction:",
            ["corrected FR Doc 2030-00007 2030-03-10"],
        ),
        (
            "In the Federal Register of January 9, 2030, in FR Doc. 2030–00098, on page 3677, in"
            " the third column, “$50” is corrected to read “$75” in both instances.",
            ["corrected FR Doc 2030-00098 2030-03-10"],
        ),
    ],
)
def test_an_act_that_is_plain(sentence: str, events: list[str]) -> None:
    assert told(document(f"Widgets are many.\n\n{sentence}\n\nMore follows.")) == events


@pytest.mark.parametrize(
    "sentence",
    [
        # not done: denied, proposed, asked, conditional, said by somebody
        "This rule does not rescind the final rule published on January 5, 2030 (95 FR 100).",
        "This rule would suspend the final rule published on January 5, 2030 (95 FR 100).",
        "BTP proposes to rescind the final rule published on January 5, 2030 (95 FR 100).",
        "BTP is considering whether to withdraw the rule published at 95 FR 100.",
        "BTP plans to rescind the rule published at 95 FR 100.",
        "The rule published at 95 FR 100 will be rescinded.",
        "Is the final rule published on January 5, 2030 (95 FR 100) rescinded?",
        "If the final rule published at 95 FR 100 is suspended, permits remain valid.",
        "This rule rescinds the final rule published at 95 FR 100 if the Senate agrees.",
        "One commenter stated that this rule supersedes the final rule published at 95 FR 100.",
        "According to one commenter, this rule supersedes the rule published at 95 FR 100.",
        "“The rule published on January 5, 2030 (95 FR 100) is rescinded,” said nobody.",
        # history, and what others did
        "On January 5, 2030, BTP published a final rule (95 FR 100) that removes the order.",
        "On January 5, 2030, BTP rescinded the rule published at 94 FR 5000.",
        "The rule published at 95 FR 100 was suspended until June 1, 2030.",
        "The rule published at 95 FR 100 has been withdrawn.",
        "The rule published at 95 FR 100 is superseded by the rule published at 95 FR 700.",
        "The Department of Harbors suspends the rule published at 95 FR 100 until June 1, 2030.",
        "Atlantis's status is suspended from March 1, 2030 through June 1, 2030 (see 95 FR 100).",
        # another thing than the text, or a part of it
        "This rule removes the license requirement published in the final rule (95 FR 100).",
        "This rule replaces the table in the final rule published on January 5, 2030 (95 FR 100).",
        "This rule replaces the final rule's definition of widget (95 FR 100).",
        "This rule suspends the license exceptions added by the final rule published at 95 FR 100.",
        "This rule replaces the notice requirement in 95 FR 100.",
        "This rule removes the rule of origin in 95 FR 100.",
        "This rule removes Atlantis from the list in the order published at 95 FR 100.",
        "This rule amends the final rule published at 95 FR 100 and removes § 700.1.",
        "This rule extends the comment period for the rule at 95 FR 100 until June 1, 2030.",
        "The comment period for the rule published January 5, 2030, at 95 FR 100, is extended.",
        "This rule extends the controls of the rule published at 95 FR 100 until June 1, 2030.",
        "This rule extends the temporary general license published at 94 FR 23468.",
        # itself
        "This rule corrects the rule published at 95 FR 900 [FR Doc. 2030-00001 Filed 2-27-30].",
    ],
)
def test_what_is_no_act(sentence: str) -> None:
    assert told(document(sentence, citation="95 FR 900")) == []


SUSPENSION = """# One Year Suspension of Permit Controls for Affiliates

SUMMARY: In this final rule, the Bureau of Trade Permits (BTP) imposes a one-year suspension of the
interim final rule, “Expansion of Permit Controls to Cover Affiliates of Certain Firms.” The
suspension is set to end November 9, 2030, absent a future extension.

DATES: This rule is effective November 10, 2029.

## Background

On September 30, 2029, BTP published the interim final rule, “Expansion of Permit Controls to Cover
Affiliates of Certain Firms” ( 94 FR 47201 ) (Affiliates Rule). BTP ( printed page 50858) received
comments. This rule also suspends the Affiliates Rule's definition of owner."""


def test_a_rule_named_by_its_title_is_the_one_that_the_text_cites_for_it() -> None:
    found = document(SUSPENSION, effective=None)
    assert told(found) == [
        "effective fr:2030-00001 2029-11-10",
        "suspended 94 FR 47201 2029-11-10 until 2030-11-09",
    ]
    suspended = happenings(found)[1]
    assert suspended.by == "fr:2030-00001"
    assert suspended.note.startswith("SUMMARY: In this final rule, the Bureau of Trade Permits")
    assert "“Expansion of Permit Controls to Cover Affiliates of Certain Firms.”" in suspended.note


def test_a_title_with_two_citations_names_nothing() -> None:
    more = "See “Expansion of Permit Controls to Cover Affiliates of Certain Firms” (94 FR 999)."
    assert told(document(f"{SUSPENSION}\n\n{more}", effective=None)) == [
        "effective fr:2030-00001 2029-11-10"
    ]


def test_a_suspension_for_a_time_whose_end_is_not_given_is_not_sure() -> None:
    endless = SUSPENSION.replace("is set to end November 9, 2030", "ends")
    assert "suspended 94 FR 47201 2029-11-10 inferred" in told(document(endless, effective=None))


def test_a_short_name_that_the_text_defines() -> None:
    text = (
        "BTP published a rule (95 FR 100, January 5, 2030) (the Permit Rule). This rule suspends "
        "the Permit Rule requirements until June 1, 2030. This rule suspends the Permit Rule until "
        "July 1, 2030."
    )
    assert told(document(text)) == ["suspended 95 FR 100 2030-03-10 until 2030-07-01"]


@pytest.mark.parametrize(
    ("sentence", "effective", "events"),
    [
        ("This rule is effective March 3, 2030.", None, ["2030-03-03"]),
        ("DATES: Effective March 3. 2030.", None, ["2030-03-03"]),
        ("Effective date: This interim final rule is effective on March 3, 2030, except for "
         "instruction 4, which is effective June 1, 2030.", None, ["2030-03-03"]),
        ("DATES: This rule is effective March 3, 2030, through June 6, 2030.", None,
         ["2030-03-03 until 2030-06-06"]),
        ("This rule is effective March 3, 2030, through June 6, 2030.", date(2030, 3, 3),
         ["2030-03-03 until 2030-06-06"]),
        ("This rule is effective March 3, 2030, through June 6, 2030, except for instruction 1.",
         None, ["2030-03-03"]),
        ("This rule is effective March 3, 2030.", date(2030, 3, 3), []),
        ("This rule is effective March 3, 2030, through June 6, 2030.", date(2030, 4, 4), []),
        ("The November rule is said to be effective March 3, 2030.", None, []),
        ("This rule would be effective March 3, 2030.", None, []),
        ("Comments are due March 3, 2030.", None, []),
    ],
)  # fmt: skip
def test_when_a_document_takes_effect_and_ends(
    sentence: str, effective: date | None, events: list[str]
) -> None:
    found = document(sentence, effective=effective)
    assert told(found) == [f"effective fr:2030-00001 {event}" for event in events]
    dates = document("Nothing here.", effective=effective, metadata={"dates": sentence})
    assert told(dates) == told(found)


def test_an_act_counts_from_when_the_document_takes_effect() -> None:
    act = "This rule rescinds the final rule published on January 5, 2030 (95 FR 100)."
    assert told(document(act, effective=None)) == ["rescinded 95 FR 100 2030-03-01"]
    dated = document(f"{act}\n\nThis rule is effective April 4, 2030.", effective=None)
    assert "rescinded 95 FR 100 2030-04-04" in told(dated)
    assert told(document(act, effective=None, published=None)) == []


ACT = "BTP is rescinding the final rule published on January 5, 2030 (95 FR 100)."
PLAN = "The Department of Commerce announced today that it plans to rescind the rule published on "
PLAN += "January 5, 2030 (95 FR 100)."


@pytest.mark.parametrize("kind", ["statement", "article", "guidance"])
def test_a_press_release_only_announces(kind: Kind) -> None:
    for text in (ACT, PLAN):
        assert told(document(text, kind)) == ["rescinded 95 FR 100 2030-03-01 announced"]
    for text in (
        "Senator Smith urged the Department of Commerce to announce plans to rescind the rule"
        " published at 95 FR 100.",
        "The Department of Commerce will not rescind the rule published at 95 FR 100.",
    ):
        assert told(document(text, kind)) == []


def test_who_can_act() -> None:
    assert told(document(ACT, "notice")) == ["rescinded 95 FR 100 2030-03-10"]
    outside = document(ACT, "notice", id="file:memo", url="https://memo.example")
    assert told(outside) == ["rescinded 95 FR 100 2030-03-01 announced"]
    assert told(document(ACT, "proposed_rule")) == []
    proposal = ACT.replace("final rule", "proposed rule")
    assert told(document(proposal, "proposed_rule")) == ["rescinded 95 FR 100 2030-03-10"]
    assert told(document(ACT, "regulation")) == told(document(ACT, "summary")) == []


def test_corrections_in_metadata() -> None:
    address = (
        "https://www.federalregister.gov/api/v1/documents/2030-00007?publication_date=2030-01-05"
    )
    corrects = document("Text.", metadata={"correction_of": address, "dates": None})
    assert told(corrects) == ["corrected FR Doc 2030-00007 2030-03-10"]
    by_number = document("Text.", "notice", id="fr:C1-2030-00007", url="", effective=None)
    assert told(by_number) == ["corrected FR Doc 2030-00007 2030-03-01"]

    corrections = [address.replace("2030-00007", "C1-2030-00001"), "no address", None, 5]
    corrected = happenings(document("Text.", metadata={"corrections": corrections}))
    assert [(e.instrument, e.on, e.by) for e in corrected] == [
        ("fr:2030-00001", date(2030, 1, 5), "fr:C1-2030-00001")
    ]
    assert told(document("Text.", metadata={"corrections": "2030", "correction_of": None})) == []


def test_a_delay_makes_the_other_rule_wait() -> None:
    act = "The effective date of the rule published January 5, 2030 (95 FR 100) is delayed until "
    events = happenings(document(f"{act}June 1, 2030."))
    own = events_of(document("Text.", published=date(2030, 1, 5), effective=date(2030, 3, 15)))
    both = (*events, *own)
    assert status_on("rule", both, date(2030, 3, 20)) == "not_yet_effective"
    assert status_on("rule", both, date(2030, 6, 1)) == "in_force"


def corpus(name: str) -> list[Document]:
    if not CORPUS.is_dir():
        pytest.skip("the recorded documents are not here")
    found: list[Document] = []
    with (CORPUS / name).open(encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            day = date.fromisoformat(record["published"]) if record["published"] else None
            facts = {key: record[key] for key in ("id", "title", "kind", "publisher", "url")}
            found.append(Document(text=normalise(record["text"]), published=day, **facts))
    return found


@pytest.mark.parametrize(
    ("name", "others"),
    [
        (
            "federal_register.jsonl",
            {
                ("corrected", "89 FR 34680", "fr:2024-10280"),
                ("corrected", "FR Doc 2024-13148", "fr:C1-2024-13148"),
                ("corrected", "FR Doc 2024-21013", "fr:2024-23887"),
            },
        ),
        (
            "government_pages.jsonl",
            {
                ("extended", "84 FR 23468", "fr-2019-25189"),
                ("extended", "84 FR 43487", "fr-2019-25189"),
                ("extended", "85 FR 8722", "fr-2020-05190"),
            },
        ),
        ("federal_register_abstracts.jsonl", set()),
    ],
)
def test_every_act_in_real_documents_was_read_and_is_right(
    name: str, others: set[tuple[str, str, str]]
) -> None:
    events = [(e, d) for d in corpus(name) for e in happenings(d)]
    assert {(e.kind, e.instrument, e.by) for e, d in events if e.instrument != d.id} == others
