"""What the top of a text says of itself: dates, titles, publishers, and what must not be taken."""

import time
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.errors import BadMetadata
from sources.heading import from_text, parse_date, shorten

PROSE = "The office told exporters of widgets that nothing changes before the summer. " * 3


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (" date 2020-06-16 The ministry changed its rule on widgets.", date(2020, 6, 16)),
        ("date 2020-06-16 The ministry changed its rule.", date(2020, 6, 16)),
        ("Widget rule\n\nWASHINGTON, June 15, 2020 \u2013 The office acted.", date(2020, 6, 15)),
        ("Widget rule\n\nWashington, D.C. (Jan. 3, 2019) - The office acted.", date(2019, 1, 3)),
        ("WASHINGTON \u2014 Sept. 5th, 2021 \u2014 The office acted.", date(2021, 9, 5)),
        ("FOR IMMEDIATE RELEASE Thursday, July 18, 2024\n\nA rule", date(2024, 7, 18)),
        ("For Immediate Release | Thursday, July 18, 2024 | Media Contact: x", date(2024, 7, 18)),
        ("FOR IMMEDIATE RELEASE\nJuly 18, 2024\n\nA rule", date(2024, 7, 18)),
        ("Widget rule\n16 June 2020\n\nThe office acted.", date(2020, 6, 16)),
        ("16 JUNE 2020 \u2013 The office acted.", date(2020, 6, 16)),
        ("Widget rule\nPublished: 2020-06-16\n", date(2020, 6, 16)),
        ("Widget rule\n**Date:** 16 June 2020\n", date(2020, 6, 16)),
        ("---\ntitle: Widget rule\ndate: 2020-06-16\n---\nText", date(2020, 6, 16)),
        ("Release date: Monday, June 15, 2020\n", date(2020, 6, 15)),
        ("Press Release | Office | February 6, 2025\n\nA rule", date(2025, 2, 6)),
        ("[Federal Register Volume 9, Number 2 (Monday, June 15, 2020)]\n", date(2020, 6, 15)),
        ("12 Federal Register / Vol. 9, No. 2 / Monday, June 15, 2020 / Rules", date(2020, 6, 15)),
    ],
)
def test_a_date_in_a_heading_is_found(top: str, expected: date) -> None:
    assert from_text(f"{top}\n\n{PROSE}").published == expected


@pytest.mark.parametrize(
    "top",
    [
        "On May 16, 2019, the office added nine makers of widgets to its list.",
        "On May 16, 2019 - a Thursday - the office added nine makers.",
        "The rule of June 15, 2020 stays in force.",
        "DATES: This rule is effective June 15, 2020.",
        "Effective date: June 15, 2020",
        "Last updated: 2020-06-16",
        "date 2020-13-45 The ministry changed its rule.",
        "WASHINGTON, February 30, 2020 \u2013 The office acted.",
        "Published: 2020-02-30",
        "WASHINGTON, June 15 \u2013 The office acted.",
        "06/15/2020",
        "x" * 700 + "\nPublished: 2020-06-16",
    ],
)
def test_no_other_date_is_taken(top: str) -> None:
    assert from_text(f"{top}\n\n{PROSE}").published is None


def test_an_impossible_date_does_not_hide_a_possible_one() -> None:
    assert from_text("date 2020-13-45 A rule.\n\nPublished: 2020-06-16").published == date(
        2020, 6, 16
    )


RULE = "Rule on widgets"
NOTICE = (
    "[Federal Register]\n\nDEPARTMENT OF TOYS\n\n15 CFR Part 1\n\n[Docket No. 1]\nRIN 1-A\n\n"
    "Widgets: Changes to \nthe Rule\n\nAGENCY: Office of Toys.\n\nACTION: Final rule.\n"
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"# {RULE} #\n\n{PROSE}", RULE),
        (f"# Rule on *widgets*\n\n{PROSE}", RULE),
        (f"Some words first.\n\n# {RULE}\n\n{PROSE}", RULE),
        (f"title: {RULE}\ndate: 2020-06-16\n\n{PROSE}", RULE),
        (f"{RULE}\n\n{PROSE}", RULE),
        (f"June 15, 2020\n\n{RULE}\n\n{PROSE}", RULE),
        ("FOR IMMEDIATE RELEASE |\nWidget Rule Begins\nOslo - It acted.", "Widget Rule Begins"),
        ("Final rule.\n\nThe office changes it. It does more.", "The office changes it"),
        ("The office\nchanges its rule today. It\ndoes more.", "The office changes its rule today"),
        ("WASHINGTON, June 15, 2020 \u2013 The U.S. office did. It will.", "The U.S. office did"),
        (NOTICE, "Widgets: Changes to the Rule"),
    ],
)
def test_title(text: str, title: str) -> None:
    assert from_text(text).title == title


def test_a_first_sentence_is_cut_at_a_word_and_never_holds_the_date_marker() -> None:
    sentence = (
        "The ministry of trade partly corrects the ban on widgets that it announced in spring"
        " because its critics had asked for it since then"
    )
    title = from_text(f" date 2020-06-16 {sentence}. More follows.").title
    assert title.endswith("\u2026")
    assert sentence.startswith(title.rstrip("\u2026") + " ")
    assert 60 < len(title) <= 91


@pytest.mark.parametrize("limit", [10, 30, 90])
def test_shorten_keeps_the_limit(limit: int) -> None:
    for text in ("a" * 200, "word " * 50, "Short.", PROSE):
        assert len(shorten(text, limit).rstrip("\u2026")) <= limit


DOC, BIS = "U.S. Department of Commerce", "Bureau of Industry and Security"
RELEASE = "FOR IMMEDIATE RELEASE"


@pytest.mark.parametrize(
    ("top", "publisher", "release"),
    [
        ("Widget rule\nPublisher: Office of Widgets", "Office of Widgets", False),
        ("Widget rule\nSource: The Daily Widget.", "The Daily Widget", False),
        ("Source: https://widgets.example/a", "", False),
        (f"{DOC}\nOffice of Public Affairs\n\nA rule", DOC, True),
        (f"Bureau of Industry & Security\n\n{RELEASE}\n\nA rule", BIS, True),
        (f"{RELEASE}\n\nDepartment of Commerce Announces a Rule", DOC, True),
        (f"{BIS}, Commerce.\n\nFinal rule.", BIS, False),
        (f"Rule\n\nAGENCY: {BIS}, Commerce.", BIS, False),
        # news and other people's releases name the agency too
        ("As the Department of Commerce itself has said, widgets stay.", "", False),
        (f"{RELEASE}\n\nAcme Welcomes the Department of Commerce Rule", "", False),
        (f"{RELEASE}\n\nAcme on BIS\n\nOSLO, July 18, 2024 \u2013 The {BIS} acted.", "", False),
        (f"{RELEASE}\n\nCommerce Bank Opens a Branch", "", False),
    ],
)
def test_publisher_and_release(top: str, publisher: str, release: bool) -> None:
    facts = from_text(f"{top}\n\n{PROSE}")
    assert (facts.publisher, facts.release) == (publisher, release)


@pytest.mark.parametrize("value", ["2020-06-16", " 2020-06-16 "])
def test_parse_date(value: str) -> None:
    assert parse_date(value) == date(2020, 6, 16)


@pytest.mark.parametrize("value", ["2020-13-45", "16 June 2020", "20200616", "2020-W25-2", ""])
def test_parse_date_names_the_value_and_the_form(value: str) -> None:
    with pytest.raises(BadMetadata) as caught:
        parse_date(value)
    assert repr(value) in str(caught.value)
    assert "use YYYY-MM-DD" in str(caught.value)


@settings(max_examples=150, deadline=None, database=None)
@given(st.text(max_size=900))
def test_any_text_has_facts(text: str) -> None:
    facts = from_text(text)
    assert "\n" not in facts.title
    assert len(facts.title) <= 330


def test_no_text_makes_a_pattern_slow() -> None:
    seeds = ["A ", "- ", "a\n", "A\n", "# ", "AGENCY:\n", "May 1, 2020 |", "By A", "_", "A, (", "("]
    start = time.perf_counter()
    for one, other in product(seeds, seeds):
        from_text(one * 1000 + other * 1000)
        from_text((one + other) * 1000)
    assert time.perf_counter() - start < 10  # a tenth of that here; backtracking takes hours
