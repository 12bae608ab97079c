"""Questions that take for granted what the sources deny, and near misses that they do not answer.

Each is tested with a twin: a question of like wording that is true, or that is answered. The
evidence is given, so that what is tested does not hang on the ranking; two tests ask in earnest.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from conftest import MakeAssistant

from assistant.assertions import assertions, clauses
from assistant.features import Candidate
from assistant.kind_of_answer import cites_unknown, kind_asked, names_body, of_kind
from assistant.premise import contradicted
from assistant.presuppositions import matter, spoken_of, taken_for_granted
from assistant.question import Question, understand
from assistant.rank import Ranked
from assistant.types import Evidence
from assistant.write import Quote
from sources.split import split
from sources.types import Document


def document(id: str, text: str) -> Document:
    return Document(
        id=f"x:{id}",
        title="Notice",
        kind="notice",
        text=text,
        publisher="Bureau of Example Affairs",
        published=date(2024, 3, 5),
    )


def evidence(text: str) -> Sequence[Ranked]:
    """Every sentence of a text, in order."""
    made = document("text", text)
    return [
        Ranked(
            candidate=Candidate(
                evidence=Evidence(
                    id="e-1", passage=passage, document=made, score=1.0, dense=1.0, found_by=()
                ),
                rank=0,
                at=at,
                span=span,
                cosine=0.5,
            ),
            row=np.zeros(1),
            score=1.0,
        )
        for passage in split(made)
        for at, span in enumerate(passage.sentences)
    ]


def asked(text: str) -> Question:
    return understand(text, history=(), as_of=date(2025, 1, 1), max_chars=500)


def against(question: str, text: str) -> list[str]:
    """The sentences of `text` that gainsay what a question takes for granted."""
    found = contradicted(asked(question), evidence(text), lambda word: 1.0)
    return [item.candidate.text for item in found]


def answers(question: str, text: str) -> bool:
    """Whether `text` holds the kind of answer that is asked for."""
    quotes = [Quote(source=item, span=item.candidate.span) for item in evidence(text)]
    return of_kind(asked(question), quotes)


LATHES = (
    "The Bureau put Acme Lathes on the Control List of Ruritania with effect from March 5, 2024. "
    "Zenda Works was removed from the Control List of Ruritania on May 2, 2024. "
    "The pump order was issued by BIS, and its notice was printed on March 9, 2024."
)
GROUPS = (
    "The Bureau removed Sylvania from Country Group D:5 because Sylvania signed a treaty. "
    "Sylvania stays in Country Group D:1, and the military end-user controls continue to apply to "
    "Sylvania. "
    "The Strelsau rule puts Strelsau into Country Group D:4, the group of missile concern."
)
RECORDS = (
    "Traders in widgets must keep their shipping records for five years. "
    "The Widget Board adds a quota by majority vote. "
    "The Widget Board deletes a quota only by unanimous vote."
)
PAUSE = (
    "The valve rule of Hentzau was suspended by document 2024-11111. "
    "Between June 1 and July 31, 2024, the valve rule of Hentzau was still in force. "
    "From August 1, 2024 to December 31, 2024, the valve rule of Hentzau was suspended."
)
CANAL = "The canal rule is not part of the Widget Regulations. It covers barges."


@pytest.mark.parametrize(
    ("text", "false", "true", "contrary"),
    [
        (
            LATHES,
            "Since Acme Lathes was struck from the Control List of Ruritania, what may we sell?",
            "Since Acme Lathes was put on the Control List of Ruritania, what may we sell?",
            "put Acme Lathes on",
        ),
        (
            LATHES,
            "Zenda Works is listed on the Control List of Ruritania, right? What follows?",
            "Zenda Works was removed from the Control List of Ruritania, right? What follows?",
            "Zenda Works was removed",
        ),
        (
            LATHES,
            "Why did the listing of Acme Lathes take effect on March 9, the day of printing?",
            "Why did the listing of Acme Lathes take effect on March 5, before it was printed?",
            "March 5",
        ),
        (
            LATHES,
            "How did a federal court come to issue the pump order?",
            "How did BIS come to issue the pump order?",
            "issued by BIS",
        ),
        (
            GROUPS,
            "Why did the Bureau free Sylvania from the military end-user controls?",
            "Why did the Bureau take Sylvania out of Country Group D:5?",
            "continue to apply",
        ),
        (
            GROUPS,
            "Why did the Bureau take Sylvania out of Country Group D:1?",
            "Why was Sylvania removed from Country Group D:5?",
            "stays in Country Group D:1",
        ),
        (
            GROUPS,
            "Why was Strelsau put into Country Group E:2?",
            "Why was Strelsau put into Country Group D:4?",
            "Country Group D:4",
        ),
        (
            RECORDS,
            "Since when must traders in widgets keep shipping records for ten years?",
            "Since when must traders in widgets keep shipping records for five years?",
            "for five years",
        ),
        (
            RECORDS,
            "Since the Widget Board deletes a quota by simple majority, who calls the vote?",
            "Since the Widget Board adds a quota by simple majority, who calls the vote?",
            "only by unanimous vote",
        ),
        (
            PAUSE,
            "Under which document was the valve rule of Hentzau suspended on July 4, 2024?",
            "Under which document was the valve rule of Hentzau suspended on October 4, 2024?",
            "still in force",
        ),
        (
            CANAL,
            "Under which part of the Widget Regulations did Ruritania place the canal rule?",
            "Why does the canal rule cover barges?",
            "is not part of",
        ),
    ],
)
def test_a_false_premise_is_gainsaid_and_its_true_twin_is_not(
    text: str, false: str, true: str, contrary: str
) -> None:
    assert contrary in " ".join(against(false, text)[:1])
    assert against(true, text) == []


def test_what_was_before_does_not_gainsay_what_is_affirmed() -> None:
    text = (
        "The Bureau put Zenda Works on the Control List on May 4, 2020. "
        "The Bureau took Zenda Works off the Control List on June 9, 2023."
    )
    assert against("When was Zenda Works removed from the Control List?", text) == []
    assert against("When was Zenda Works put on the Control List?", text) == []
    alone = text.partition("2020.")[0] + "2020."
    assert against("When was Zenda Works removed from the Control List?", alone) == [alone]
    assert against("Was Zenda Works removed from the Control List?", alone) == []


def test_the_answer_says_that_the_premise_is_not_borne_out(make_assistant: MakeAssistant) -> None:
    made = make_assistant([document("lathes", LATHES)])
    false = made.ask("Why was Acme Lathes struck from the Control List of Ruritania?")
    assert false.outcome == "partly_answered"
    assert {notice.kind for notice in false.notices} == {"premise_not_found"}
    assert "put Acme Lathes on" in false.claims[0].citations[0].quote
    true = made.ask("When was Acme Lathes put on the Control List of Ruritania?")
    assert (true.outcome, true.notices) == ("answered", ())


def test_a_near_miss_is_held_back(make_assistant: MakeAssistant) -> None:
    text = "The settlement of Acme Lathes calls for a team of coordinators for ten years."
    made = make_assistant([document("settlement", text)])
    team = "the team of coordinators in the settlement of Acme Lathes"
    assert made.ask(f"For how many years is {team}?").outcome == "answered"
    assert made.ask(f"How many people belong to {team}?").outcome == "not_in_sources"


@pytest.mark.parametrize(
    ("question", "answer", "beside"),
    [
        (
            "How many people belong to the team?",
            "The team has 12 people.",
            "The team of June 2024 stays for ten years, under section 12 and 84 FR 22961.",
        ),
        ("How many ships were listed?", "Of the ships, 14 are listed.", "The ships have 14 guns."),
        ("How many firms were listed in 2024?", "It added 9 entities.", "It listed firms in 2024."),
        ("How many H20 chips were sold?", "Acme sold 70 chips.", "Acme sold H20 chips in 2025."),
        ("How many days may it stay?", "It may stay for 90 days.", "It may stay until May 2024."),
        ("How long may it stay?", "It may stay until May 2024.", "It may stay for long."),
        ("What is the fee for filing?", "Filing costs no fee.", "Filing costs 3 days."),
        ("How much did Acme pay?", "Acme paid 3 million dollars.", "Its 30 ships are worth much."),
        ("In what share of cases is it so?", "In 12 percent of cases.", "In 12 cases."),
        (
            "What is the average time of a review?",
            "A review takes 30 days on average.",
            "It reports the average time of a review, and is due within 30 days.",
        ),
        (
            "What is the name of the bank that held the money?",
            "The money lay with the Bank of Strelsau.",
            "In June, the U.S. Department of Commerce said that the money lay with a U.S. bank.",
        ),
        ("Which maker was hit?", "A maker, Acme, was hit.", "In June a maker was hit."),
        (
            "Who succeeded Ada Marsh at the Bureau?",
            "In May, Otto Kahn took her place.",
            "In May, Under Secretary for Security Ada Marsh spoke.",
        ),
        ("When did it end?", "It ended on May 4, 2023.", "It ended by rule."),
        ("What are the tail numbers?", "They are RU-001PA and RU-002PB.", "They are on planes."),
        ("What capacity does it reach?", "It reaches 40 units.", "Its capacity lies below it."),
    ],
)
def test_a_neighbouring_sentence_holds_no_answer(question: str, answer: str, beside: str) -> None:
    assert answers(question, answer)
    assert not answers(question, beside)


def test_an_open_question_is_answered_by_any_sentence() -> None:
    assert answers("Why was it listed?", "It sold pumps.")
    assert answers("When is a license required?", "A license is required for pumps.")


def test_what_is_cited_by_number_must_be_known() -> None:
    known = evidence("Document 2024-11111 added ECCN 3A090 under § 744.11.")
    for cited in ("document 2024-11111", "ECCN 3A090", "section 744.11"):
        assert not cites_unknown(asked(f"What does {cited} say?"), known)
    for cited in ("document 2024-98765", "ECCN 7A997", "section 799.77"):
        assert cites_unknown(asked(f"What does {cited} say?"), known)


def test_the_body_asked_about_must_be_named() -> None:
    def named(text: str) -> bool:
        quotes = [Quote(source=item, span=item.candidate.span) for item in evidence(text)]
        return names_body(asked("When did China's commerce ministry restrict gallium?"), quotes)

    assert named("The Chinese Ministry of Commerce restricted gallium.")
    assert not named("The Bureau restricted gallium for China.")


@pytest.mark.parametrize(
    ("question", "granted"),
    [
        ("Since Acme was listed in 2020, what do we need?", ["Acme was listed in 2020"]),
        ("Acme was freed, wasn't it? What follows?", ["Acme was freed"]),
        ("Why did BIS spare Acme when it listed Zenda?", ["Why did BIS spare Acme"]),
        ("Is Acme on the list?", []),
        ("What is a deemed export?", []),
    ],
)
def test_what_a_question_takes_for_granted(question: str, granted: list[str]) -> None:
    assert list(taken_for_granted(question)) == granted


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("The rule did not remove Acme.", [("on", True)]),
        ("Acme remains on the list.", [("on", True)]),
        ("It was not required at once, but only from May.", [("on", False)]),
        ("The rule does not merely require a license.", [("on", False)]),
        ("Trade with the listed companies goes on.", []),
        ("The end users met in the place of the end use.", []),
        ("Acme is no longer listed on it.", [("off", True), ("off", True)]),
    ],
)
def test_what_the_verbs_of_a_sentence_assert(sentence: str, said: list[tuple[str, bool]]) -> None:
    assert [(each.direction, each.corrects) for each in assertions(sentence)] == said


def test_a_part_without_a_verb_of_its_own_belongs_to_the_clause_before() -> None:
    first, second = clauses("The rule added lathes and related parts, but freed the pumps.")
    assert "lathes" in first and "related parts" in first
    assert "pumps" in second


def test_names_may_stand_elsewhere_in_the_sentence_and_other_words_may_not() -> None:
    about = matter("Why did the Bureau drop the pump quota of Acme?", lambda word: 1.0)
    assert set(about.names) == {"acm"} and {"pump", "quota"} <= set(about.others)
    sentence = "Acme asked for more, and the pump quota was dropped."
    assert spoken_of(about, "the pump quota was dropped", sentence, "") == 1.0
    assert spoken_of(about, "Acme asked for more", sentence, "") == 0.5


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many comments came in?", "count"),
        ("How many days are there?", "span"),
        ("How long is it valid?", "until"),
        ("What fine did it pay?", "money"),
        ("In what share of the cases?", "share"),
        ("In what capacity does it act?", None),
        ("How many times was it renewed?", None),
        ("Which companies must apply?", None),
        ("Who may call a vote?", None),
        ("Who signed it?", "person"),
        ("When is a license required?", None),
    ],
)
def test_the_kind_of_answer_that_is_asked_for(question: str, kind: str | None) -> None:
    assert kind_asked(question) == kind
