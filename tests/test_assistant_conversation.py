"""A follow-up is read as the question of someone who had asked nothing before."""

from datetime import date

import pytest
from conftest import MakeAssistant

from assistant.conversation import HISTORY, read
from assistant.phrases import asked_for, phrases
from assistant.question import understand
from sources.types import Document

CONVERSATIONS = [
    # another party, time or question in the place of the old one
    (
        ["Which export controls of 2021 apply to Ruritania?", "What about Sylvania?"],
        "Which export controls of 2021 apply to Sylvania?",
    ),
    (
        ["Why was Acme Gears put on the Entity List?", "And Orion Widgets?"],
        "Why was Orion Widgets put on the Entity List?",
    ),
    (
        [
            "What does License Exception LTH allow for Ruritania?",
            "What about License Exception PMP?",
        ],
        "What does License Exception PMP allow for Ruritania?",
    ),
    (
        ["What does License Exception LTH allow for Ruritania?", "And for Sylvania?"],
        "What does License Exception LTH allow for Sylvania?",
    ),
    (
        [
            "How many Acme affiliates were listed in March 2017?",
            "And how many more in June 2018?",
            "And a year after that?",
        ],
        "How many more Acme affiliates were listed in June 2019?",
    ),
    (
        ["Is the lathe maker Orion Widgets on the Entity List?", "Since when?"],
        "Since when is the lathe maker Orion Widgets on the Entity List?",
    ),
    (
        ["Why was Orion Widgets added to the Entity List?", "And when was it?"],
        "When was Orion Widgets added to the Entity List?",
    ),
    (
        ["From what day did the controls on Ruritania apply?", "And for Sylvania, until when?"],
        "Until when did the controls on Sylvania apply?",
    ),
    (
        ["What is needed to add a firm to the Debarred List?", "And to take one off?"],
        "What is needed to take a firm off the Debarred List?",
    ),
    # pronouns
    (
        ["When was License Exception LTH abolished?", "What did it allow?"],
        "What did License Exception LTH allow?",
    ),
    (
        ["Why did BIS act against Acme Gears in May 2016?", "And what were its reasons?"],
        "What were Acme Gears' reasons (May 2016)?",
    ),
    (
        [
            "What did the Bureau announce about Acme Gears in May 2016?",
            "How often had the company lied?",
            "Until when may it not export?",
        ],
        "Until when may Acme Gears not export (May 2016)?",
    ),
    (
        ["Which firms did BIS list in June 2018?", "How many of them make lathes?"],
        "How many of the firms that BIS listed in June 2018 make lathes?",
    ),
    (
        ["Which lathe maker was fined over Ruritania?", "How much did it pay?"],
        "How much did the lathe maker that was fined over Ruritania pay?",
    ),
    (
        ["Why was Arno Zell convicted?", "What sentence did he get?"],
        "What sentence did Arno Zell get?",
    ),
    (
        ["What did the lathe rule of June 2018 change?", "Who signed that rule?"],
        "Who signed the lathe rule of June 2018?",
    ),
    (
        ["Which lathes may go to Ruritania?", "Does anyone need a license there?"],
        "Does anyone need a license in Ruritania?",
    ),
    (
        ["What does the rule of June 2018 say about lathes?", "Is it in force?"],
        "Is the rule of June 2018 about lathes in force?",
    ),
    (
        ["What did Acme Gears pay under the settlement of June 2018?", "Did it change its board?"],
        "Did Acme Gears change its board under the settlement of June 2018?",
    ),
    # no pronoun, or none that has one word to stand for
    (
        ["Why did BIS list Acme Gears in June 2018?", "Was more time given for deliveries?"],
        "Was more time given for deliveries, regarding Acme Gears (June 2018)?",
    ),
    (
        ["Why was Acme Gears listed?", "And when did that take effect?"],
        "Why was Acme Gears listed, and when did that take effect?",
    ),
    (
        ["Does License Exception LTH cover pumps?", "And software?"],
        "Does License Exception LTH cover pumps, and software?",
    ),
    # a new subject
    (
        ["Why was Acme Gears listed?", "And Orion?", "What is a lathe export?"],
        "What is a lathe export?",
    ),
    (
        ["Why was Acme Gears listed?", "How long must permits be kept?"],
        "How long must permits be kept?",
    ),
    (
        ["Why was Acme Gears listed?", "When was the pump rule issued, and what did it bring?"],
        "When was the pump rule issued, and what did it bring?",
    ),
    (["Why was Acme Gears listed?", "Is it legal to own a lathe?"], "Is it legal to own a lathe?"),
]


@pytest.mark.parametrize(("turns", "standalone"), CONVERSATIONS, ids=lambda value: str(value)[-40:])
def test_the_question_that_stands_alone(turns: list[str], standalone: str) -> None:
    assert read(turns[-1], turns[:-1]).standalone == standalone


def test_a_question_without_history_stays_as_it_is() -> None:
    for text in ("And when?", "Does it apply?", "What about Ruritania?"):
        assert read(text, []).standalone == text
        assert read(text, [""]).standalone == text


def test_only_the_last_questions_are_looked_back_on() -> None:
    first, between = "Why was Acme Gears listed?", ["And when was it removed?"] * HISTORY
    assert read("Who fined it?", [first, *between[1:]]).standalone == "Who fined Acme Gears?"
    assert "Acme" not in read("Who fined it?", [first, *between]).standalone


def test_what_a_follow_up_asks_for_is_its_own() -> None:
    first = ["How many firms of Acme Gears were listed in 2019?"]
    when = understand("When was it lifted?", history=first, as_of=date(2024, 8, 1), max_chars=200)
    assert "date" in when.wants and "number" not in when.wants
    assert when.focus == ("lift",) and "acm" in when.terms
    assert ("acm", "gear") in when.names and [time.year for time in when.times] == [2019]
    other = understand("And of Orion?", history=first, as_of=date(2024, 8, 1), max_chars=200)
    assert "number" in other.wants and "acm" not in other.terms and other.focus == ("orion",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Does the lathe rule on Ruritania of 2018 end?", "the lathe rule on Ruritania of 2018"),
        ("Was the order that listed Acme printed?", "the order that listed Acme"),
        ("What does 84 FR 12345 say?", "84 FR 12345"),
        ("Is the pump maker Orion Widgets listed?", "the pump maker Orion Widgets"),
        ("Did the Office of Pump Control act?", "the Office of Pump Control"),
    ],
)
def test_phrases_that_name_something(text: str, found: str) -> None:
    first = phrases(text)[0]
    assert first.text == found == text[first.start : first.end]


def test_a_verb_is_no_name_of_a_list() -> None:
    assert [item.text for item in phrases("Which firms did BIS list in October 2019?")] == [
        "firms",
        "BIS",
    ]
    asked = asked_for("Which bodies did BIS list in October 2019?")
    assert asked is not None and asked.text == "the bodies that BIS listed in October 2019"


def test_a_new_subject_is_answered_without_the_old_one(make_assistant: MakeAssistant) -> None:
    texts = {
        "zell": "The Bureau put Zell Works on the Control Register because it sold lathes.",
        "permit": "A lathe permit is kept for nine years by every exporter of lathes.",
    }
    assistant = make_assistant(
        [
            Document(id=f"x:{name}", title=f"Notice {name}", kind="notice", text=text,
                     publisher="Bureau of Example Affairs", published=date(2024, 3, 5))
            for name, text in texts.items()
        ]
    )  # fmt: skip
    before = ["Why is Zell Works on the Control Register?"]
    answer = assistant.ask("How long is a lathe permit kept?", history=before)
    assert {c.document.id for claim in answer.claims for c in claim.citations} == {"x:permit"}
    assert answer.standalone_question == answer.question
