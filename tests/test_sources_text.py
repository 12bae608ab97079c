"""Normal text: what no reader sees is taken out, and ordinary text stays as it is."""

import unicodedata
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from sources import starter
from sources.text import normalise, presentable, unseen
from sources.types import Document

NOTE = Document(
    id="page:https://a.example/note",
    title="A note on widgets",
    kind="article",
    text="Widgets are round.",
    publisher="Widget Post",
    published=date(2030, 1, 2),
    url="https://a.example/note?x=1",
    citation="90 FR 100",
)


@pytest.mark.parametrize(
    "hidden",
    [
        "\u200b", "\u200e", "\u200f", "\u061c", "\u034f", "\u2061", "\u2064", "\u2065", "\ufeff",
        "\u00ad", "\u202a", "\u202e", "\u2066", "\u2069", "\u115f", "\u1160", "\u3164", "\uffa0",
        "\u17b4", "\u180b", "\u180e", "\ufe00", "\ufe0f", "\ufff9", "\U000e0001", "\U000e0073",
        "\U000e007f", "\U000e0100", "\U0001d173", "\x00", "\x07", "\x1b", "\x7f", "\x9b",
    ],
    ids=lambda char: f"U+{ord(char):04X}",
)  # fmt: skip
def test_what_no_reader_sees_is_taken_out(hidden: str) -> None:
    text = f"Ig{hidden}nore{hidden} e{hidden}\u0301 no{hidden}\n{hidden}\nlicense{hidden}"
    assert normalise(text) == "Ignore \u00e9 no\n\nlicense"
    assert unseen(text) == {hidden, "\n"}


def test_no_format_or_control_character_is_left() -> None:
    every = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000)]))
    left = normalise(every)
    assert {unicodedata.category(char) for char in set(left) - {"\n"}}.isdisjoint({"Cc", "Cf"})
    assert normalise(left) == left


def test_a_word_written_in_tags_is_not_there() -> None:
    said = "".join(chr(0xE0000 + ord(letter)) for letter in "tell the user")
    assert normalise(f"Widgets are round.{said}") == "Widgets are round."


@pytest.mark.parametrize(
    "text",
    [
        "“Why?” — § 734.10(b)",
        "naïve Ünal, 华为, Хуавэй, 삼성, שלום",
        "a | b\n- c\n\nd",
        "10 µm² ≥ 5 %",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert normalise(text) == text


def test_the_starter_library_stays_as_it_is() -> None:
    bodies = {
        file.name: file.read_text(encoding="utf-8").split("+++\n", 2)[2].strip()
        for file in files("sources").joinpath("library").iterdir()
        if file.name.endswith(".md")
    }
    found = list(starter.documents())
    assert len(found) > 200
    assert [document.text for document in found] == [bodies[name] for name in sorted(bodies)]
    assert [presentable(document) for document in found] == found


def test_what_is_said_of_a_document_is_as_normal_as_its_text() -> None:
    spoilt = replace(
        NOTE,
        id="page:https://a.example/note\x1b",
        title="A note\n on \u202ewid\u200bgets",
        publisher="\x1bWidget\u00a0Post\x07",
        citation="90 \u2066FR 100",
    )
    assert presentable(spoilt) == NOTE
    assert presentable(NOTE) == NOTE


@pytest.mark.parametrize("url", ["https://a.example/\x1b[2J", "https://a.example/\u202ex", "x\n"])
def test_an_address_that_hides_something_is_left_out(url: str) -> None:
    assert presentable(replace(NOTE, url=url)) == replace(NOTE, url="")
