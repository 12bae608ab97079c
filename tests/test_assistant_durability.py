"""Whatever is killed, deleted, damaged or done twice at once: nothing stored is lost or doubled."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from command import (
    BECAUSE,
    MEMO,
    WHY,
    count,
    done,
    finish,
    firm,
    firms,
    make_home,
    opened,
    rows,
    start,
    wait_for,
)
from tiny_encoder import tiny_encoder

from assistant.build import build
from assistant.index import VectorIndex
from assistant.ingest import add_documents, add_files
from assistant.lexical import LexicalIndex
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store import open_store
from assistant.types import Answer
from sources.files import Given
from sources.split import split
from sources.types import Document

ROUNDS = 20
FIRMS = 40


@pytest.fixture
def home(tmp_path: Path, encoder_home: Path) -> Path:
    return make_home(tmp_path / "home", encoder_home)


@pytest.fixture
def running(home: Path, tmp_path: Path) -> Iterator[Assistant]:
    """An assistant that knows MEMO and six firms."""
    firms(tmp_path / "texts", range(6))
    (tmp_path / "texts" / "memo.txt").write_text(MEMO, encoding="utf-8")
    assistant = opened(home)
    add_files(assistant.library, [tmp_path / "texts"], Given(), max_bytes=10**6)
    assistant.library.sync()
    yield assistant
    assistant.library.close()


def said(answer: Answer) -> tuple[object, ...]:
    """Return what of an answer must be the same when it is asked again."""
    claims = [
        (c.text, [(q.quote, q.start, q.document.id) for q in c.citations]) for c in answer.claims
    ]
    return answer.outcome, claims, [(item.id, round(item.score, 6)) for item in answer.evidence]


def ask_about(assistant: Assistant, number: int) -> Answer:
    return assistant.ask(f"Why was {firm(number)} placed on the Control Register?")


def cited(answer: Answer) -> set[str]:
    return {citation.document.id for claim in answer.claims for citation in claim.citations}


def all_is_there(home: Path, numbers: range) -> None:
    """Check that every firm is answered from its own text and that no passage is there twice."""
    assistant = opened(home)
    try:
        assert not assistant.library.pending()
        for number in numbers:
            assert f"file:firm-{number:02}.txt" in cited(ask_about(assistant, number))
        documents, passages = assistant.library.store.counts()
    finally:
        assistant.library.close()
    assert documents == len(numbers) == count(home, "documents")
    for index in (VectorIndex(home / "index" / "vectors"), LexicalIndex(home / "index" / "words")):
        assert index.count() == passages == count(home, "passages")


def the_store_is_whole(home: Path) -> None:
    """Check that every document in the store came with all of its passages."""
    if not (home / "store.sqlite").exists():
        return
    with closing(sqlite3.connect(home / "store.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    store = open_store(f"sqlite:///{home / 'store.sqlite'}")
    for stored in store.documents():
        assert store.passages(stored.document) == split(stored.document)
    store.close()


def test_twenty_times_killed_in_the_middle_of_add_nothing_is_lost(
    home: Path, tmp_path: Path
) -> None:
    texts = tmp_path / "texts"
    inside = 0
    for at in range(ROUNDS):
        firms(texts, range(at * 2, at * 2 + 2))
        before = count(home, "documents")
        process = start(home, "add", texts)
        if at < 6:
            time.sleep(0.3 + at * 0.5)
        else:  # from the first new document on: inside storing, encoding and indexing
            wait_for(process, lambda before=before: count(home, "documents") > before)
            time.sleep((at - 6) * 0.02)
        process.kill()
        finish(process)
        the_store_is_whole(home)
        inside += count(home, "documents") > count(home, "indexed")
    assert inside >= 1, "no kill met a store ahead of its indexes"
    done(home, "add", texts)
    all_is_there(home, range(FIRMS))


def test_a_deleted_index_is_made_anew_beneath_a_running_process(
    running: Assistant, home: Path
) -> None:
    before = said(running.ask(WHY))
    assert before[0] == "answered"
    shutil.rmtree(home / "index")
    assert said(running.ask(WHY)) == before
    shutil.rmtree(home / "index" / "words")
    assert said(running.ask(WHY)) == before
    shutil.rmtree(home / "index" / "vectors")
    assert said(running.ask(WHY)) == before
    (home / "index" / "manifest.json").unlink()
    assert said(running.ask(WHY)) == before


def test_each_truncated_index_file_is_noticed_beneath_a_running_process(
    running: Assistant, home: Path
) -> None:
    before = said(running.ask(WHY))
    tried = 0
    for at in range(len(index_files(home))):
        file = index_files(home)[at]
        with file.open("r+b") as opened_file:
            opened_file.truncate(file.stat().st_size // 2)
        assert said(running.ask(WHY)) == before, file.name
        tried += 1
    assert tried >= 8


def test_each_truncated_index_file_is_noticed_at_the_next_start(
    running: Assistant, home: Path
) -> None:
    before = said(running.ask(WHY))
    running.library.close()
    for at in range(len(index_files(home))):
        file = index_files(home)[at]
        with file.open("r+b") as opened_file:
            opened_file.truncate(file.stat().st_size // 2)
        assistant = opened(home)
        assistant.library.sync()
        assert said(assistant.ask(WHY)) == before, file.name
        assistant.library.close()


def index_files(home: Path) -> list[Path]:
    """Return the files of the indexes that hold something, in an order that a rebuild keeps."""
    found = [path for path in (home / "index").rglob("*") if path.is_file() and path.stat().st_size]
    return sorted(found, key=lambda path: (path.suffix, path.stat().st_size, path.name))


def swap_in_old_copy(home: Path, old: Path) -> None:
    shutil.rmtree(home / "index")
    shutil.copytree(old, home / "index")


def test_an_old_copy_of_the_index_is_noticed_beneath_a_running_process(
    running: Assistant, home: Path, tmp_path: Path
) -> None:
    shutil.copytree(home / "index", tmp_path / "old")
    firms(tmp_path / "more", [20])
    add_files(running.library, [tmp_path / "more"], Given(), max_bytes=10**6)
    running.library.sync()
    before = said(ask_about(running, 20))
    assert cited(ask_about(running, 20)) == {"file:firm-20.txt"}
    swap_in_old_copy(home, tmp_path / "old")
    assert said(ask_about(running, 20)) == before


def test_an_old_copy_with_as_many_passages_is_noticed(
    running: Assistant, home: Path, tmp_path: Path
) -> None:
    shutil.copytree(home / "index", tmp_path / "old")
    firms(tmp_path / "more", [20])
    running.library.store.remove("file:firm-05.txt")
    add_files(running.library, [tmp_path / "more"], Given(), max_bytes=10**6)
    running.library.sync()
    before = said(ask_about(running, 20))
    swap_in_old_copy(home, tmp_path / "old")
    assert said(ask_about(running, 20)) == before
    running.library.close()
    swap_in_old_copy(home, tmp_path / "old")
    again = opened(home)
    again.library.sync()
    assert said(ask_about(again, 20)) == before
    again.library.close()


def test_what_another_process_adds_and_removes_is_seen(
    running: Assistant, home: Path, tmp_path: Path
) -> None:
    assert "file:firm-30.txt" not in cited(ask_about(running, 30))
    firms(tmp_path / "more", [30])
    done(home, "add", tmp_path / "more")
    assert "file:firm-30.txt" in cited(ask_about(running, 30))
    done(home, "rebuild")
    assert "file:firm-30.txt" in cited(ask_about(running, 30))
    done(home, "sources", "remove", "file:firm-30.txt")
    assert "file:firm-30.txt" not in {e.document.id for e in ask_about(running, 30).evidence}


@pytest.mark.parametrize("attempt", range(3))
def test_two_processes_that_add_at_once_both_complete(
    home: Path, tmp_path: Path, attempt: int
) -> None:
    firms(tmp_path / "one", range(0, 8))
    firms(tmp_path / "two", range(8, 16))
    first = start(home, "add", tmp_path / "one")
    time.sleep(attempt * 0.7)
    second = start(home, "add", tmp_path / "two")
    ended = [(*finish(process), process.returncode) for process in (first, second)]
    for out, err, status in ended:
        assert status == 0, err
        assert "8 new" in out
    all_is_there(home, range(16))


def test_another_encoder_has_the_indexes_made_anew_and_says_so(
    running: Assistant, home: Path, tmp_path: Path
) -> None:
    before = said(running.ask(WHY))
    heard: list[str] = []
    name = str(tiny_encoder(tmp_path / "tiny"))
    settings = Settings(_env_file=None, home=home, database_url="", encoder=name)  # type: ignore[call-arg]
    other = build(settings, heard.append)
    assert any("all-MiniLM-L6-v2" in words and "anew" in words for words in heard)
    other.library.sync()
    passages = other.library.store.counts()[1]
    assert VectorIndex(home / "index" / "vectors").count() == passages
    answer = other.ask(WHY)
    assert name in answer.provenance.encoder
    assert len({item.id for item in answer.evidence}) == len(answer.evidence) == passages
    other.library.close()
    heard.clear()
    back = opened(home, heard.append)
    assert any(name in words for words in heard)
    back.library.sync()
    assert said(back.ask(WHY)) == before
    back.library.close()


def test_twenty_threads_get_the_answers_that_one_gets(running: Assistant, home: Path) -> None:
    asked = [f"Why was {firm(number % 6)} placed on the Control Register?" for number in range(19)]
    asked.append(WHY)
    alone = [said(running.ask(text)) for text in asked]
    recorded = count(home, "answers")
    with ThreadPoolExecutor(20) as pool:
        together = [said(answer) for answer in pool.map(running.ask, asked)]
    assert together == alone
    assert count(home, "answers") == recorded + 20


def test_threads_that_ask_meet_a_damaged_index_and_a_growing_store(
    running: Assistant, home: Path
) -> None:
    before = said(running.ask(WHY))
    text = "The Bureau of Example Affairs buys green paint for its doors."
    more = Document(
        id="x:paint", title="Paint", kind="notice", text=text, published=date(2024, 1, 1)
    )
    shutil.rmtree(home / "index")
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(running.ask, WHY) for _ in range(8)]
        added = pool.submit(add_documents, running.library, [more])
        assert {str(said(answer.result())[:2]) for answer in answers} == {str(before[:2])}
        assert added.result().new == ("x:paint",)
    answer = running.ask("What does the Bureau of Example Affairs buy for its doors?")
    assert answer.evidence[0].document.id == "x:paint"
    assert any(BECAUSE in claim.text for claim in running.ask(WHY).claims)
    assert len(rows(home, "SELECT DISTINCT document FROM indexed")) == 8
