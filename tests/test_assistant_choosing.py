"""Which sentences are quoted: numbers, names, follow-ups and questions that name nothing."""

from datetime import date

import pytest
from conftest import MakeAssistant

from assistant.question import understand
from sources.types import Document


def document(id: str, text: str) -> Document:
    return Document(
        id=id,
        title=f"Notice {id}",
        kind="notice",
        text=text,
        publisher="Bureau of Example Affairs",
        published=date(2024, 3, 5),
    )


def test_sentences_alike_but_for_a_number_are_both_quoted(make_assistant: MakeAssistant) -> None:
    assistant = make_assistant(
        [
            document("x:a", "The Court of Ruritania sentenced Arno Zell to 57 months of prison."),
            document("x:b", "The Court of Ruritania sentenced Benno Zell to 8 months of prison."),
        ]
    )
    answer = assistant.ask("To how many months of prison was each Zell sentenced in Ruritania?")
    said = " ".join(c.quote for claim in answer.claims for c in claim.citations)
    assert "57 months" in said and "8 months" in said


def test_a_text_that_does_not_name_the_party_is_not_quoted(make_assistant: MakeAssistant) -> None:
    assistant = make_assistant(
        [
            document("x:zell", "The Bureau listed Zell Works.\n\nThis listing is effective May 1."),
            document("x:other", "The Bureau listed Otto Mill.\n\nThis listing is effective May 9."),
        ]
    )
    answer = assistant.ask("When is the listing of Zell Works effective?")
    assert {c.document.id for claim in answer.claims for c in claim.citations} == {"x:zell"}


def test_words_carried_over_need_only_stand_in_the_document(make_assistant: MakeAssistant) -> None:
    zell = "The Bureau put Zell Works on the Control Register because Zell Works sold lathes.\n\n"
    assistant = make_assistant(
        [
            document("x:zell", zell + "This rule is effective June 24, 2024."),
            document("x:other", "Otto Mill got a permit.\n\nThis rule is effective May 9, 2024."),
        ]
    )
    answer = assistant.ask(
        "And when did that take effect?", history=["Why is Zell Works on the Control Register?"]
    )
    said = [c.quote for claim in answer.claims for c in claim.citations]
    assert any("June 24, 2024" in quote for quote in said)
    assert not any("May 9" in quote for quote in said)


@pytest.mark.parametrize(
    ("question", "vague"),
    [
        ("Why was the measure taken?", True),
        ("When does it start?", True),
        ("Why was Huawei listed?", False),
        ("What is a deemed export?", False),
        ("Does the measure weaken the government's position?", False),
    ],
)
def test_a_question_that_names_nothing(question: str, vague: bool) -> None:
    asked = understand(question, history=(), as_of=date(2024, 6, 1), max_chars=500)
    assert asked.vague is vague


def test_which_of_several_texts_is_meant_is_not_guessed(make_assistant: MakeAssistant) -> None:
    texts = [
        document("x:a", "The measure was taken because Ruritania sold lathes."),
        document("x:b", "The measure was taken because Sylvania sold pumps."),
    ]
    assert make_assistant(texts[:1]).ask("Why was the measure taken?").outcome == "answered"
    assert make_assistant(texts).ask("Why was the measure taken?").outcome == "not_in_sources"
