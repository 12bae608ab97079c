"""What cannot be done is said in one message that names it and what to do, and nothing is lost."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import docx
import pypdf
import pytest
from command import MEMO, WHY, count, done, firms, make_home, rows, run, still_answers


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Path:
    """A home that knows MEMO; every test leaves it able to answer from that."""
    home = make_home(tmp_path_factory.mktemp("known") / "home", encoder_home)
    (home.parent / "memo.txt").write_text(MEMO, encoding="utf-8")
    done(home, "add", home.parent / "memo.txt")
    return home


@pytest.fixture
def copy(home: Path, tmp_path: Path) -> Path:
    """A copy of that home, to be damaged."""
    return Path(shutil.copytree(home, tmp_path / "copy", symlinks=True))


def refused(
    home: Path, *words: str | Path, status: int, says: tuple[str, ...], **given: str
) -> str:
    """Run a command that must fail with one message that says all of `says`."""
    result = run(home, *words, **given)
    assert result.returncode == status, result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    assert len(result.stderr) < 2000
    for part in says:
        assert part in result.stderr, result.stderr
    return result.stdout


def broken_docx(path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Every widget needs a permit from the Bureau of Example Affairs.")
    document.save(str(path))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty_pdf(path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(300, 300)
    writer.write(path)


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200_000_000)


def binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def unreadable_folder(path: Path) -> None:
    path.mkdir()
    (path / "picture.png").write_bytes(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "make", "advice"),
    [
        ("missing.txt", lambda path: None, "check its name"),
        ("folder", unreadable_folder, "put in files that end in"),
        ("binary.txt", binary, ""),
        ("scan.pdf", empty_pdf, ""),
        ("half.docx", broken_docx, ""),
        ("large.txt", sparse, "split it or raise"),
        ("picture.png", binary, ".docx"),
        ("empty.txt", lambda path: path.touch(), "add a file that has some"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(
    home: Path, tmp_path: Path, name: str, make, advice: str
) -> None:
    make(tmp_path / name)
    refused(home, "add", tmp_path / name, status=1, says=(name, advice))
    assert count(home, "documents") == 1
    still_answers(home)


def test_good_files_and_lines_are_kept_and_bad_ones_named(copy: Path, tmp_path: Path) -> None:
    firms(tmp_path / "texts", range(2))
    binary(tmp_path / "texts" / "binary.txt")
    good = {"id": "x:1", "title": "One", "kind": "rule", "text": "Every widget needs a permit."}
    lines = [
        json.dumps(good),
        "{broken",
        json.dumps({**good, "id": "x:3", "kind": "wish"}),
        json.dumps({"id": "x:4", "title": "No text"}),
        json.dumps({**good, "id": "x:5", "published": "soon"}),
        json.dumps({**good, "id": "x:6", "text": "No gear needs one.", "extra": [1]}),
    ]
    (tmp_path / "texts" / "records.jsonl").write_text("\n".join(lines), encoding="utf-8")
    bad = tuple(f"records.jsonl line {number}" for number in (2, 3, 4, 5))
    said = refused(copy, "add", tmp_path / "texts", status=1, says=(*bad, "binary.txt", "'wish'"))
    assert "4 new, 0 new versions, 0 unchanged, 5 not read." in said
    assert {id for (id,) in rows(copy, "SELECT id FROM documents")} == {
        "file:memo.txt", "file:firm-00.txt", "file:firm-01.txt", "x:1", "x:6",
    }  # fmt: skip
    assert rows(copy, "SELECT metadata FROM documents WHERE id = 'x:6' AND metadata LIKE '%[1]%'")
    still_answers(copy)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("ask", WHY, "--as-of", "2020-13-45"), ("'2020-13-45'", "YYYY-MM-DD")),
        (("ask", WHY, "--as-of", "20200102"), ("'20200102'", "YYYY-MM-DD")),
        (("ask", WHY, "--kind", "wish"), ("'wish'", "regulation")),
        (("add", "/etc/hostname", "--published", "soon"), ("'soon'", "YYYY-MM-DD")),
        (("ask", ""), ("''", "Ask in a sentence")),
        (("ask", " ?! "), ("'?!'", "Ask in a sentence")),
        (("ask", "why " * 25_000), ("100,000", "2,000", "Shorten it")),
        (("answer", "/no/questions.jsonl", "-o", "answers.jsonl"), ("/no/questions.jsonl",)),
        (("serve", "--port", "70000"), ("70000",)),
        (("frobnicate",), ("'frobnicate'", "--help")),
    ],
)
def test_wrong_usage_is_named_with_what_is_right(
    home: Path, words: tuple[str, ...], says: tuple[str, ...]
) -> None:
    asked = count(home, "answers")
    refused(home, *words, status=2, says=says)
    assert count(home, "answers") == asked
    still_answers(home)


def test_a_setting_that_cannot_be_used_is_named(home: Path) -> None:
    wrong = {"ASSISTANT_PORT": "many", "ASSISTANT_ENCODER": "no/such-encoder"}
    for name, value in wrong.items():
        result = run(home, "ask", WHY, **{name: value})
        assert result.returncode in (1, 2)
        assert value in result.stderr and name in result.stderr
        assert "Traceback" not in result.stderr
    for url in ("gopher://a/b", "no url", "sqlite://clerk:hunter2@/x.sqlite"):
        result = run(home, "ask", WHY, ASSISTANT_DATABASE_URL=url)
        assert result.returncode in (1, 2)
        assert "Traceback" not in result.stderr and "hunter2" not in result.stderr
        assert "ASSISTANT_DATABASE_URL" in result.stderr
    still_answers(home)


def test_an_unknown_document_is_named(home: Path) -> None:
    for command in ("show", "remove"):
        refused(home, "sources", command, "x:none", status=1, says=("'x:none'", "sources list"))
    still_answers(home)


def test_a_bad_line_of_a_question_file_is_named(home: Path, tmp_path: Path) -> None:
    questions, out = tmp_path / "questions.jsonl", tmp_path / "answers.jsonl"
    good = json.dumps({"id": "1", "question": WHY})
    for bad in ('{"id": "2"}', "nonsense", '{"id": "2", "question": "a", "as_of": "soon"}'):
        questions.write_text(f"{good}\n{bad}\n", encoding="utf-8")
        refused(home, "answer", questions, "-o", out, status=2, says=("questions.jsonl line 2",))
        assert not out.exists()
    questions.write_text("\n", encoding="utf-8")
    refused(home, "answer", questions, "-o", out, status=2, says=("questions.jsonl",))
    questions.write_text(good + '\n{"id": "2", "question": "?"}\n', encoding="utf-8")
    refused(home, "answer", questions, "-o", out, status=2, says=("line 2", "no words"))
    still_answers(home)


def test_answers_to_other_questions_are_not_overwritten(home: Path, tmp_path: Path) -> None:
    questions, out = tmp_path / "questions.jsonl", tmp_path / "answers.jsonl"
    questions.write_text(json.dumps({"id": "1", "question": WHY}), encoding="utf-8")
    out.write_text('{"question": "Something else?"}\n', encoding="utf-8")
    refused(home, "answer", questions, "-o", out, status=2, says=("answers.jsonl", "-o"))
    assert out.read_text(encoding="utf-8") == '{"question": "Something else?"}\n'
    there = tmp_path / "no" / "answers.jsonl"
    refused(home, "answer", questions, "-o", there, status=2, says=("answers.jsonl", "-o"))


def test_a_port_in_use_is_named(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        says = (port, "--port")
        given = {"ASSISTANT_STARTER_LIBRARY": "false"}
        refused(home, "serve", "--port", port, status=1, says=says, **given)
    still_answers(home)


def test_a_home_that_cannot_be_made_is_named(home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for bad in (tmp_path / "file" / "home", Path("/proc/home"), tmp_path / "file"):
        for words in (("ask", WHY), ("add", home.parent / "memo.txt"), ("sources",)):
            refused(bad, *words, status=1, says=(str(bad), "ASSISTANT_HOME"))


@contextmanager
def disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own at `folder`, of that size."""
    folder.mkdir()
    if os.getuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs root, to mount a small file system")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=False
    )
    if made.returncode != 0:
        pytest.skip("cannot mount a file system here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)


def test_a_home_that_cannot_be_written_is_named(home: Path, tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "20m") as folder:
        copy = Path(shutil.copytree(home, folder / "home", symlinks=True))
        remount(folder, "ro")
        for words in (("ask", WHY), ("add", __file__), ("rebuild",), ("sources", "remove", "x")):
            refused(copy, *words, status=1, says=("ASSISTANT_HOME",))
        remount(folder, "rw")
        still_answers(copy)


@pytest.mark.parametrize("size", [900, 1600])
def test_a_full_disk_loses_nothing(home: Path, tmp_path: Path, size: int) -> None:
    """The smaller one fills up when documents are stored, the other when they are indexed."""
    firms(tmp_path / "texts", range(30), "Permits are asked for in writing. " * 100)
    with disk(tmp_path / "disk", f"{size}k") as folder:
        copy = Path(shutil.copytree(home, folder / "home", symlinks=True))
        refused(copy, "add", tmp_path / "texts", status=1, says=("ASSISTANT_HOME", "space"))
        remount(folder, "size=200m")
        still_answers(copy)
        done(copy, "add", tmp_path / "texts")
        assert count(copy, "documents") == count(copy, "indexed") == 31
        still_answers(copy)


def test_a_store_of_a_newer_version_is_left_alone(copy: Path) -> None:
    def schema(number: int) -> None:
        with closing(sqlite3.connect(copy / "store.sqlite")) as connection, connection:
            connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (str(number),))

    schema(99)
    for words in (("ask", WHY), ("sources",), ("rebuild",)):
        refused(copy, *words, status=1, says=("99", "store.sqlite", "Update the program"))
    schema(1)
    still_answers(copy)


@pytest.mark.parametrize("damage", ["head", "middle", "half"])
def test_a_damaged_store_is_named_with_what_to_do(copy: Path, damage: str) -> None:
    store = copy / "store.sqlite"
    whole = store.read_bytes()
    size = len(whole)
    broken = {
        "head": b"not a database" + whole[14:],
        "middle": whole[: size // 8] + b"\xaa" * (size * 3 // 4) + whole[size * 7 // 8 :],
        "half": whole[: size // 2],
    }[damage]
    store.write_bytes(broken)
    refused(copy, "ask", WHY, status=1, says=("The store", "restore"))
    refused(copy, "add", copy.parent, status=1, says=("The store", "restore"))
    for end in ("-wal", "-shm"):
        store.with_name(store.name + end).unlink(missing_ok=True)
    store.write_bytes(whole)
    still_answers(copy)
