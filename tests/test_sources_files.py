"""Files of every kind become documents, or an error that says what to do; nothing else."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sources.errors import BadMetadata, EmptySource, FileProblem, ParseProblem
from sources.files import SUFFIXES, Given, Loaded, discover, load_file
from sources.readers import READERS
from sources.text import normalise
from sources.types import Document

MB = 1024 * 1024
PROSE = "The office told makers of widgets that nothing changes before the summer of next year."


@pytest.fixture
def shared() -> Path:
    folder = Path(__file__).parents[2] / "shared"
    if not (folder / "corpus").is_dir():
        pytest.skip("needs the shared corpus beside the checkout")
    return folder


def load(path: Path, given: Given | None = None, max_bytes: int = 10 * MB) -> Loaded:
    return load_file(path, max_bytes=max_bytes, given=given or Given())


def one(path: Path, given: Given | None = None) -> Document:
    loaded = load(path, given)
    assert loaded.problems == ()
    (document,) = loaded.documents
    return document


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


# --- text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (b"", "utf-8-sig"),
        (b"", "utf-16"),
        (b"\xfe\xff", "utf-16-be"),
        (b"", "utf-32"),
        (b"", "cp1252"),
    ],
)
def test_text_is_decoded(tmp_path: Path, mark: bytes, encoding: str) -> None:
    path = write(tmp_path / "note.txt", mark + "Café rules — “new”".encode(encoding))
    assert one(path).text == "Café rules — “new”"


def test_a_text_file_becomes_a_document(tmp_path: Path) -> None:
    text = " date 2020-06-16 The ministry changed its rule.\r\n\r\n\r\nIt did\u00a0so\u200b.  \r\n"
    document = one(write(tmp_path / "my note.txt", text))
    assert document.id == "file:my note.txt"
    assert document.title == "The ministry changed its rule"
    assert document.text == "date 2020-06-16 The ministry changed its rule.\n\nIt did so."
    assert document.published == date(2020, 6, 16)
    assert document.kind == "article"
    assert document.url == (tmp_path / "my note.txt").as_uri()
    assert document.metadata["path"] == str(tmp_path / "my note.txt")


def test_a_release_by_the_agency_is_a_statement_and_one_that_names_it_is_not(
    tmp_path: Path,
) -> None:
    top = "FOR IMMEDIATE RELEASE Thursday, July 18, 2024\n\n{} a Widget Rule\n\n" + PROSE
    own = one(write(tmp_path / "a.txt", top.format("Department of Commerce Announces")))
    other = one(write(tmp_path / "b.txt", top.format("Acme Asks Department of Commerce for")))
    assert (own.kind, own.publisher) == ("statement", "U.S. Department of Commerce")
    assert (other.kind, other.publisher) == ("article", "")
    assert own.published == other.published == date(2024, 7, 18)


def test_what_a_person_says_counts_first(tmp_path: Path) -> None:
    given = Given(
        kind="guidance",
        publisher="Office",
        published=date(2001, 2, 3),
        title="My title",
        url="https://a.example/",
    )
    text = f"# Rule\nPublisher: Another\nPublished: 2020-06-16\n\n{PROSE}"
    document = one(write(tmp_path / "a.md", text), given)
    assert (document.kind, document.publisher, document.published) == (
        "guidance",
        "Office",
        date(2001, 2, 3),
    )
    assert (document.title, document.url) == ("My title", "https://a.example/")


def test_a_given_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadMetadata, match=r"'law' is not a kind; use one of regulation, rule"):
        Given(kind="law")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image: run OCR"),
        (b"%PDF-1.4\n1 0 obj", r"PDF document: rename it to \.pdf"),
        (b"PK\x03\x04\x14\0\x06\0", r"\.docx"),
        (b"MZ\x90\0\x03\0\0\0", "program"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "packed archive: unpack it"),
        (b"{\\rtf1\\ansi Text}", "RTF"),
        (b"\n<!DOCTYPE html><html><p>Words.</p></html>", r"web page: rename it to \.html"),
        (b"some words\0\0\0 and more", "NUL bytes"),
        (b"\x01\x02\x03\x04words\x05\x06", "control characters"),
        (b"words \x81\x8d\x8f and more", "unknown encoding"),
        (b"\xff\xfea", "damaged or in an unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_content_that_is_no_text_is_refused(tmp_path: Path, data: bytes, hint: str) -> None:
    path = write(tmp_path / "note.txt", data)
    with pytest.raises(ParseProblem, match=hint) as caught:
        load(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", "\ufeff\u200b\u00ad".encode()])
def test_a_file_without_text_is_empty(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(EmptySource, match=r"note\.txt: there is no text"):
        load(write(tmp_path / "note.txt", data))


# --- files and folders


def test_discover_finds_the_readable_files_once_and_sorted(tmp_path: Path) -> None:
    for name in ["b.txt", "a.PDF", "z/c.md", "z/y/d.jsonl", ".hidden.txt", ".git/e.txt", "f.png"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        write(tmp_path / name, "x")
    (tmp_path / "z" / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    odd = write(tmp_path / "f.png", "x")
    found = discover([tmp_path / "z", tmp_path, tmp_path / "b.txt", odd])
    assert [str(path.relative_to(tmp_path)) for path in found] == [
        "z/c.md", "z/loop/a.PDF", "z/loop/b.txt", "z/y/d.jsonl", "f.png",
    ]  # fmt: skip
    names = [str(path.relative_to(tmp_path)) for path in discover([tmp_path])]
    assert names == ["a.PDF", "b.txt", "z/c.md", "z/y/d.jsonl"]


def test_links_that_lead_in_circles_end(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()
        write(tmp_path / name / "note.txt", "x")
        for other in "abc":
            (tmp_path / name / f"to-{other}").symlink_to(tmp_path / other)
    assert len(discover([tmp_path])) == 3
    (tmp_path / "self").symlink_to(tmp_path / "self")
    with pytest.raises(FileProblem, match="self cannot be read"):
        discover([tmp_path / "self"])


def test_discover_names_what_is_missing_or_empty(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"nothing\.txt cannot be read: no such file or folder"):
        discover([tmp_path / "nothing.txt"])
    (tmp_path / "empty").mkdir()
    write(tmp_path / "empty" / "a.png", "x")
    with pytest.raises(EmptySource) as caught:
        discover([tmp_path / "empty"])
    assert str(tmp_path / "empty") in str(caught.value)
    assert all(suffix in str(caught.value) for suffix in SUFFIXES)


def test_an_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ParseProblem) as caught:
        load(write(tmp_path / "a.xlsx", "x"))
    assert "'.xlsx'" in str(caught.value)
    assert all(suffix in str(caught.value) for suffix in (*READERS, ".jsonl"))


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(200 * MB)
    start = time.perf_counter()
    with pytest.raises(FileProblem, match=r"209,715,200 bytes, over the limit of 10,485,760"):
        load(path)
    assert time.perf_counter() - start < 1


def test_the_limit_itself_is_allowed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "x" * 100)
    assert len(load(path, max_bytes=100).documents) == 1
    with pytest.raises(FileProblem, match="100 bytes, over the limit of 99"):
        load(path, max_bytes=99)


def test_folders_pipes_and_impossible_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="is a folder"):
        load(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(FileProblem, match="a device or a pipe"):
        load(tmp_path / "pipe.txt")
    for path in (tmp_path / "a\0b.txt", tmp_path / ("x" * 300 + ".txt"), tmp_path / "no.txt"):
        with pytest.raises(FileProblem, match="cannot be read"):
            load(path)


@contextmanager
def _as_nobody() -> Generator[None, None, None]:
    """Give up root's right to read everything, where the tests run as root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_what_may_not_be_read_is_refused() -> None:
    with TemporaryDirectory() as name:  # tmp_path lies in a folder that only its owner may enter
        top = Path(name)
        top.chmod(0o755)
        path = write(top / "a.txt", "Words.")
        path.chmod(0)
        (top / "locked").mkdir(mode=0)
        for what in (lambda: load(path), lambda: discover([top])):
            with (
                _as_nobody(),
                pytest.raises(FileProblem, match="cannot be read: Permission denied"),
            ):
                what()


def test_a_file_that_grows_after_it_was_measured_is_refused(tmp_path: Path) -> None:
    source = Path("/proc/self/status")  # its size is told as 0
    if not source.is_file():
        pytest.skip("needs /proc")
    (tmp_path / "a.txt").symlink_to(source)
    with pytest.raises(FileProblem, match="11 bytes, over the limit of 10"):
        load(tmp_path / "a.txt", max_bytes=10)


def test_a_name_that_is_not_unicode_can_be_stored(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path / "caf") + b"\xe9.txt"))
    try:
        write(path, "Words of a note")
    except OSError:
        pytest.skip("this file system stores Unicode names only")
    document = one(path)
    document.id.encode()
    str(document.metadata["path"]).encode()
    assert document.url.endswith("caf%E9.txt")


def test_importing_loads_no_parser() -> None:
    code = (
        "import sys, sources.files\n"
        "print(sorted({'trafilatura', 'pypdf', 'docx', 'lxml'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert done.stdout.strip() == "[]"


# --- the shared corpus


def test_the_article_has_its_date_and_its_words(shared: Path) -> None:
    path = shared / "corpus" / "article-2020-06-16.txt"
    document = one(path)
    assert document.published == date(2020, 6, 16)
    assert document.text == normalise(path.read_text(encoding="utf-8"))
    assert document.text.startswith("date 2020-06-16 ")
    assert not document.title.startswith("date")
    assert 60 < len(document.title) <= 91
    assert (document.kind, document.publisher) == ("article", "")


@pytest.mark.parametrize(
    "name", ["federal_register", "federal_register_abstracts", "government_pages"]
)
def test_the_shared_records_load_without_problems(shared: Path, name: str) -> None:
    path = shared / "corpus" / f"{name}.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    loaded = load(path)
    assert loaded.problems == ()
    assert [document.id for document in loaded.documents] == [line["id"] for line in lines]
    for document, line in zip(loaded.documents, lines, strict=True):
        assert document.kind == line["kind"]
        assert line["published"] in (None, str(document.published))
        assert not re.match(r"\[Federal Register|FOR IMMEDIATE|.{0,5}$", document.title)
