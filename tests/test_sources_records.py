"""`.jsonl` records: what they say, what they leave open, and bad lines beside good ones."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from sources.errors import EmptySource
from sources.files import Given, Loaded, load_file
from sources.text import normalise
from sources.types import Document

MB = 1024 * 1024
PROSE = "The office told makers of widgets that nothing changes before the summer of next year."


def load(path: Path, given: Given | None = None) -> Loaded:
    return load_file(path, max_bytes=MB, given=given or Given())


def one(path: Path, given: Given | None = None) -> Document:
    loaded = load(path, given)
    assert loaded.problems == ()
    (document,) = loaded.documents
    return document


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def records(path: Path, *lines: object) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return write(path, text + "\n")


def test_records_load_with_all_fields(tmp_path: Path) -> None:
    full = {
        "id": "r:1", "title": "Rule", "publisher": "Office", "kind": "rule",
        "published": "2020-06-16", "effective": "2020-07-01", "url": "https://a.example/1",
        "citation": "85 FR 1", "text": "Some words.\r\nMore.", "extent": "full", "pages": [1, 2],
    }  # fmt: skip
    assert one(records(tmp_path / "r.jsonl", full | {"title": "Rule 1"})) == Document(
        id="r:1",
        title="Rule 1",
        kind="rule",
        text="Some words.\nMore.",
        publisher="Office",
        published=date(2020, 6, 16),
        effective=date(2020, 7, 1),
        url="https://a.example/1",
        citation="85 FR 1",
        metadata={"path": str(tmp_path / "r.jsonl"), "extent": "full", "pages": [1, 2]},
    )


def test_what_a_record_leaves_open_comes_from_the_person_then_the_text(tmp_path: Path) -> None:
    null = {"title": None, "publisher": None, "kind": None, "published": None, "url": None}
    text = f"# Rule on widgets\nPublisher: Office\n16 June 2020\n\n{PROSE}"
    path = records(
        tmp_path / "r.jsonl", {"id": "a", "text": text} | null, {"id": "b", "text": text}
    )
    for document in load(path).documents:
        assert document.title == "Rule on widgets"
        assert (document.publisher, document.published) == ("Office", date(2020, 6, 16))
        assert (document.kind, document.url, document.citation) == ("article", "", "")
    given = Given(kind="notice", publisher="Other", published=date(2001, 1, 1), title="Given title")
    for document in load(path, given).documents:
        assert (document.kind, document.publisher, document.title) == (
            "notice",
            "Other",
            "Given title",
        )
        assert document.published == date(2001, 1, 1)
    said = {
        "id": "c",
        "text": text,
        "kind": "rule",
        "published": "2020-01-01",
        "title": "Said here",
    }
    document = one(records(tmp_path / "s.jsonl", said), given)
    assert (document.kind, document.title) == ("rule", "Said here")
    assert document.published == date(2020, 1, 1)


NOTICE = (
    "[Federal Register Volume 9, Number 1 (Monday, June 15, 2020)]\n[Rules]\n\nRIN 0000-AA00\n\n"
    "Widgets: Changes to \nthe Rule\n\nAGENCY: Office.\n\nACTION: Final rule.\n"
)
RELEASE = "FOR IMMEDIATE RELEASE |\nOffice Ends Its Widget Rule\nOslo - It did."
MAKERS = f"The office told {'makers ' * 40}so. Yes."
OTHER = ("A long title that the text does not repeat " * 5).strip()


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("[Federal Register Volume 9, Number 1 (Monday)]", NOTICE, "Widgets: Changes to the Rule"),
        ("FOR IMMEDIATE RELEASE |", RELEASE, "Office Ends Its Widget Rule"),
        ("rules", "rules\n\nRules on widgets\n\nText.", "Rules on widgets"),
        ("rules", "rules", "rules"),
        (MAKERS[:160], MAKERS, MAKERS[:85].rstrip() + "\u2026"),
        (MAKERS[:140], MAKERS, MAKERS[:140].strip()),
        ("The office told makers of wid\u2026", PROSE, "The office told makers of wid\u2026"),
        (OTHER, PROSE, OTHER),
    ],
)
def test_only_a_title_that_is_clearly_none_is_replaced(
    tmp_path: Path, title: str, text: str, expected: str
) -> None:
    path = records(tmp_path / "r.jsonl", {"id": "a", "title": title, "text": text})
    assert one(path).title == expected


def test_bad_lines_are_reported_and_the_rest_is_loaded(tmp_path: Path) -> None:
    good = {"id": "good", "title": "A title", "text": "Words."}
    path = records(
        tmp_path / "r.jsonl",
        good,
        "{not json",
        "",
        [1, 2],
        {"title": "A title", "text": "Words."},
        {"id": "x", "title": "A title"},
        {"id": "x", "text": " \n"},
        good | {"id": "x", "kind": "law"},
        good | {"id": "x", "published": "2020-13-45"},
        good | {"id": "x", "effective": "soon"},
        good | {"title": "Again"},
        '{"id": "x", "text": "half \\ud83d"}',
        '{"id": "x", "text": "Words.", "score": NaN}',
        "[" * 100_000,
        good | {"id": "last"},
    )
    loaded = load(path)
    assert [document.id for document in loaded.documents] == ["good", "last"]
    expected = [
        (2, "not JSON"), (4, "JSON list"), (5, "no 'id'"), (6, "no 'text'"), (7, "'text' is empty"),
        (8, "'kind' is 'law'; use one of regulation"), (9, "'2020-13-45' is not a date"),
        (10, "'soon' is not a date; use YYYY-MM-DD"), (11, "'good' is already used on line 1"),
        (12, "lone surrogate"), (13, "Out of range"), (14, "not JSON"),
    ]  # fmt: skip
    assert [problem.where for problem in loaded.problems] == [
        f"r.jsonl line {number}" for number, _ in expected
    ]
    for problem, (_, why) in zip(loaded.problems, expected, strict=True):
        assert why in problem.why
        assert "\n" not in problem.why


def test_a_line_in_another_encoding_is_one_bad_line(tmp_path: Path) -> None:
    lines = [
        b'\xef\xbb\xbf{"id": "a", "text": "Words."}',
        '{"id": "b", "text": "é"}'.encode("cp1252"),
    ]
    loaded = load(write(tmp_path / "r.jsonl", b"\r\n".join(lines)))
    assert [document.id for document in loaded.documents] == ["a"]
    assert [(problem.where, problem.why[:9]) for problem in loaded.problems] == [
        ("r.jsonl line 2", "not UTF-8")
    ]


def test_a_file_without_records_is_empty(tmp_path: Path) -> None:
    with pytest.raises(EmptySource, match=r"r\.jsonl: there are no records"):
        load(write(tmp_path / "r.jsonl", "\n\n"))


@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@examples(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
@example(text="a\u0000b")
def test_a_documents_text_is_normalised(tmp_path: Path, text: str) -> None:
    path = records(tmp_path / "r.jsonl", {"id": "a", "text": text})
    for document in load(path).documents:
        assert document.text == normalise(text) == normalise(document.text)
        assert document.title
