"""The pure parts: normal text, passages, status on a date, and the checks of what is claimed."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.types import Citation, Claim, Support
from assistant.verify import check, fault
from sources.split import split
from sources.status import status_on
from sources.text import normalise
from sources.types import Document, Event, EventKind, Kind, Status

WORDS = (
    "The Bureau", "acted.", "No. 3", "§ 734.10", "Co., Ltd.", "(a)", "1.", "* * *", "# Part", "|",
    "I. Scope", "\n", "\n\n", " ", "é", "\u00ad", "\r\n", "\t", "“Why?”", "x" * 400,
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=400), st.lists(st.sampled_from(WORDS), max_size=60).map("".join))
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)


@PATIENT
@given(TEXTS)
@example("e\u200b\u0301 \u00a0\n\u2029\n\x85 \x07\n\n\n\nz")
@example("a \u00ad\nb")
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "\r" not in once and "\u00ad" not in once and "\n\n\n" not in once


def is_split_well(document: Document) -> None:
    text, at = document.text, 0
    covered = bytearray(len(text))
    for passage in split(document):
        assert passage.text == text[passage.start : passage.end]
        assert at <= passage.start < passage.end
        at = passage.end
        inside = passage.start
        for start, end in passage.sentences:
            assert inside <= start < end <= passage.end
            assert text[start:end].strip()
            inside = end
            covered[start:end] = b"\x01" * (end - start)
    blocks = (match for match in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text))
    for block in blocks:
        missing = [c for c in range(*block.span()) if not covered[c] and not text[c].isspace()]
        if missing:  # only a heading, which names the passages beneath it, may be left out; whole
            assert not any(covered[slice(*block.span())]), text[missing[0] : missing[0] + 60]
            assert "\n" not in block[0] or block[0].startswith("#")
    assert len({passage.id for passage in split(document)}) == len(split(document))


@PATIENT
@given(TEXTS.map(normalise))
@example("# One\n\n# Two")
@example("PART 734\n\n(a)(1)")
def test_passages_are_slices_that_hold_every_sentence(text: str) -> None:
    is_split_well(Document(id="x:1", title="", kind="article", text=text))


def test_a_word_without_end_is_split_in_no_time() -> None:
    program = (
        "from sources.split import split\n"
        "from sources.types import Document\n"
        "for text in ('a' * 64 + '!', '7' * 64 + '_', '(a' * 40 + '?'):\n"
        "    print(len(split(Document(id='x', title='', kind='article', text=text))))\n"
    )
    words = [sys.executable, "-c", program]
    root = Path(__file__).parents[1]
    result = subprocess.run(words, cwd=root, capture_output=True, text=True, timeout=60, check=True)
    assert result.stdout.split() == ["1", "1", "1"]


def test_the_corpus_is_split_without_a_loss() -> None:
    corpus = Path(__file__).parents[2] / "shared" / "corpus"
    if not corpus.is_dir():
        pytest.skip("needs the shared corpus beside the checkout")
    for file in sorted(corpus.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            text = normalise(record["text"])
            is_split_well(Document(id=record["id"], title="", kind="rule", text=text))


def happened(*told: str) -> list[Event]:
    """Read events written as "kind day" or "kind day until day", days of 2024 as MM-DD."""
    events: list[Event] = []
    for words in told:
        kind, on, *rest = words.split()
        until = date.fromisoformat(f"2024-{rest[1]}") if rest else None
        known: EventKind = kind  # type: ignore[assignment]
        on_day = date.fromisoformat(f"2024-{on}")
        events.append(Event(instrument="x", kind=known, on=on_day, by="x", until=until))
    return events


STARTED = ("published 02-01", "effective 03-01")
PAUSED = (*STARTED, "suspended 05-01 until 06-30")


@pytest.mark.parametrize(
    ("kind", "told", "on", "status"),
    [
        ("rule", (), "05-01", "unknown"),
        ("rule", STARTED, "01-31", "unknown"),
        ("rule", STARTED, "02-01", "not_yet_effective"),
        ("rule", STARTED, "02-29", "not_yet_effective"),
        ("rule", STARTED, "03-01", "in_force"),
        ("regulation", ("effective 03-01", "published 02-01"), "12-31", "in_force"),
        ("rule", ("published 03-01", "effective 03-01"), "03-01", "in_force"),
        ("rule", ("effective 01-10", "published 02-01"), "01-15", "in_force"),
        ("rule", (*STARTED, "suspended 05-01"), "12-31", "suspended"),
        ("rule", PAUSED, "04-30", "in_force"),
        ("rule", PAUSED, "05-01", "suspended"),
        ("rule", PAUSED, "06-30", "suspended"),
        ("rule", PAUSED, "07-01", "unknown"),
        ("rule", (*PAUSED, "resumed 07-01"), "07-01", "in_force"),
        ("rule", (*PAUSED, "resumed 06-01"), "06-15", "in_force"),
        ("rule", (*PAUSED, "extended 06-15 until 08-31"), "08-31", "suspended"),
        ("rule", (*PAUSED, "extended 06-15 until 08-31"), "09-01", "unknown"),
        ("rule", (*PAUSED, "rescinded 06-01"), "06-02", "rescinded"),
        ("rule", (*STARTED, "superseded 05-01"), "04-30", "in_force"),
        ("rule", (*STARTED, "superseded 05-01"), "05-01", "superseded"),
        ("rule", (*STARTED, "rescinded 05-01"), "12-31", "rescinded"),
        ("rule", (*STARTED, "rescinded 02-15"), "02-20", "rescinded"),
        ("rule", (*STARTED, "expired 05-01"), "05-01", "expired"),
        ("rule", ("effective 03-01 until 04-30",), "04-30", "in_force"),
        ("rule", ("effective 03-01 until 04-30",), "05-01", "expired"),
        (
            "rule",
            ("effective 03-01 until 04-30", "extended 04-20 until 05-31"),
            "05-31",
            "in_force",
        ),
        ("rule", ("effective 03-01 until 04-30", "extended 04-20 until 05-31"), "06-01", "expired"),
        ("rule", (*STARTED, "corrected 04-01", "amended 04-02"), "04-03", "in_force"),
        ("rule", ("published 02-01", "corrected 02-10"), "02-15", "not_yet_effective"),
        ("rule", (*PAUSED, "corrected 05-15"), "05-16", "suspended"),
        ("proposed_rule", STARTED, "12-31", "proposed"),
        ("proposed_rule", (), "01-01", "proposed"),
        ("notice", STARTED, "01-01", "informational"),
        ("article", (), "01-01", "informational"),
        ("summary", PAUSED, "05-15", "informational"),
    ],
)
def test_status_on_a_date(kind: Kind, told: tuple[str, ...], on: str, status: Status) -> None:
    day = date.fromisoformat(f"2024-{on}")
    assert status_on(kind, happened(*told), day) == status
    assert status_on(kind, reversed(happened(*told)), day) == status


RULE = Document(
    id="x:rule",
    title="Widget Rule",
    kind="rule",
    text="Short title. A permit costs 45 francs under § 734.10 and ECCN 5A002.",
    published=date(2024, 7, 18),
    citation="89 FR 58265",
)
QUOTE = "A permit costs 45 francs under § 734.10 and ECCN 5A002."
CITED = Citation(
    number=7, evidence="e-1", quote=QUOTE, start=13, end=13 + len(QUOTE), document=RULE,
    status="in_force", locator="",
)  # fmt: skip


def claim(text: str, *citations: Citation) -> Claim:
    return Claim(text=text, citations=citations, support=Support(verdict="supported", score=1.0))


def test_what_stands_in_what_it_cites_is_kept_and_numbered_anew() -> None:
    text = f"The rule “Widget Rule” of 18 July 2024 (89 FR 58265): “{QUOTE}”"
    kept, withheld = check([claim(text, CITED), claim("", CITED), claim(text, CITED, CITED)])
    assert withheld == ()
    assert [[c.number for c in item.citations] for item in kept] == [[1], [2], [3, 4]]
    assert kept[0].text == text and kept[0].citations[0].quote == QUOTE


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (claim(QUOTE), "cites nothing"),
        (claim(QUOTE, replace(CITED, quote=QUOTE.replace("45", "54"))), "does not stand at 13"),
        (claim(QUOTE, replace(CITED, quote=QUOTE.lower())), "does not stand at 13"),
        (claim(QUOTE, replace(CITED, start=12, end=CITED.end - 1)), "does not stand at 12"),
        (claim(QUOTE, replace(CITED, quote=QUOTE[:-1])), "does not stand at 13"),
        (claim("", replace(CITED, quote="", start=5, end=5)), "is empty"),
        (claim("", replace(CITED, quote=" ", start=12, end=13)), "is empty"),
        (claim(QUOTE, CITED, replace(CITED, end=CITED.end - 1)), "does not stand"),
        (claim("It costs 46 francs.", CITED), "'46'"),
        (claim("It costs 5 francs.", CITED), "'5'"),
        (claim("On 19 July 2024 it cost 45 francs.", CITED), "'19 July 2024'"),
        (claim("It is in 89 FR 5826.", CITED), "5826"),
        (claim("It is ECCN 5A00.", CITED), "5A00"),
        (claim("It is ECCN 5E002.", CITED), "5E002"),
        (claim("It is § 734.1.", CITED), "734.1"),
        (claim("It is 45 FR 734.", CITED), "'45 FR 734'"),
    ],
)
def test_what_does_not_stand_in_what_it_cites_is_withheld(wrong: Claim, why: str) -> None:
    kept, withheld = check([claim(QUOTE, CITED), wrong])
    assert [item.text for item in kept] == [QUOTE]
    assert [item.text for item in withheld] == [wrong.text]
    assert why in withheld[0].reason == fault(wrong)
