"""The commands do what their help says, and an interrupted one goes on where it was."""

import json
import signal
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
    run,
    start,
    still_answers,
    wait_for,
)

ANSWER = {
    "id", "question", "standalone_question", "as_of", "outcome", "claims", "withheld", "notices",
    "evidence", "provenance",
}  # fmt: skip
CITATION = {"number", "evidence", "quote", "start", "end", "document", "locator"}
DOCUMENT = {
    "id", "title", "publisher", "kind", "published", "effective", "url", "citation", "status",
}  # fmt: skip
EVIDENCE = {"id", "document", "start", "end", "score", "found_by"}
PROVENANCE = {"model", "encoder", "index", "newest_source", "synced", "seconds"}


@pytest.fixture
def home(tmp_path: Path, encoder_home: Path) -> Path:
    return make_home(tmp_path / "home", encoder_home)


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> Path:
    """A home that knows one memo; tests ask and change nothing."""
    home = make_home(tmp_path_factory.mktemp("stocked") / "home", encoder_home)
    memo = home.parent / "memo.txt"
    memo.write_text(MEMO, encoding="utf-8")
    given = ("--kind", "statement", "--publisher", "Bureau of Example Affairs")
    link = ("--url", "https://bureau.example/orion")
    assert "1 new" in done(home, "add", memo, *given, *link)
    return home


def test_an_answer_shows_claim_number_source_date_status_link_and_quote(stocked: Path) -> None:
    shown = done(stocked, "ask", WHY, "--as-of", "2024-04-01")
    claims, _, sources = shown.partition("As of 1 April 2024")
    assert BECAUSE in claims and "[1]" in claims
    head, link, quote = sources.split("[1] ")[1].partition("https://bureau.example/orion")
    assert link
    assert "Orion Widgets added to the Control Register" in head
    assert "3 March 2024" in head
    assert "informational" in head
    assert quote.strip().startswith("“")


def test_json_is_one_answer_with_the_keys_of_the_contract(stocked: Path) -> None:
    shown = json.loads(done(stocked, "ask", WHY, "--json", "--as-of", "2024-04-01"))
    assert set(shown) == ANSWER
    assert shown["question"] == shown["standalone_question"] == WHY
    assert (shown["as_of"], shown["outcome"]) == ("2024-04-01", "answered")
    assert set(shown["provenance"]) == PROVENANCE
    assert shown["provenance"]["newest_source"] == "2024-03-03"
    assert {"retrieve", "total"} <= set(shown["provenance"]["seconds"])
    assert shown["claims"] and shown["evidence"]
    assert all(set(item) == EVIDENCE for item in shown["evidence"])
    (text,) = rows(stocked, "SELECT text FROM documents")[0]
    for number, claim in enumerate(shown["claims"], start=1):
        assert set(claim) == {"text", "support", "citations"}
        assert set(claim["support"]) == {"verdict", "score"}
        (citation,) = claim["citations"]
        assert set(citation) == CITATION and citation["number"] == number
        assert set(citation["document"]) == DOCUMENT
        assert citation["quote"] == str(text)[citation["start"] : citation["end"]]
        assert citation["evidence"] in {item["id"] for item in shown["evidence"]}


def test_sources_that_are_all_of_a_later_date_are_not_said_to_be_none(stocked: Path) -> None:
    shown = done(stocked, "ask", WHY, "--as-of", "2024-02-01")
    assert "none of that day or before" in " ".join(shown.split())
    assert BECAUSE not in shown


def test_every_answer_is_recorded_as_it_was_shown(stocked: Path) -> None:
    before = count(stocked, "answers")
    shown = json.loads(done(stocked, "ask", WHY, "--json"))
    done(stocked, "ask", "What is the capital of France?")
    assert count(stocked, "answers") == before + 2
    kept = rows(stocked, f"SELECT answer, question FROM answers WHERE id = '{shown['id']}'")
    assert [(json.loads(str(a)), q) for a, q in kept] == [(shown, WHY)]


def test_an_empty_home_answers_from_the_starter_library_unless_told_not_to(home: Path) -> None:
    shown = run(home, "ask", WHY, ASSISTANT_STARTER_LIBRARY="false")
    assert shown.returncode == 0
    assert "no source to search" in shown.stdout and "assistant add" in shown.stdout
    assert count(home, "documents") == 0
    shown = run(home, "ask", "When was Huawei added to the Entity List?", "--json")
    assert "Loaded the starter library" in shown.stderr
    assert json.loads(shown.stdout)["outcome"] == "answered"
    assert count(home, "documents") > 50


def test_stopped_half_way_answer_goes_on_where_it_was(stocked: Path, tmp_path: Path) -> None:
    asked = [f"Question {n}: {WHY}" for n in range(30)]
    questions, out = tmp_path / "questions.jsonl", tmp_path / "answers.jsonl"
    lines = [json.dumps({"id": f"q{n}", "question": text}) for n, text in enumerate(asked)]
    questions.write_text("\n".join(lines), encoding="utf-8")
    process = start(stocked, "answer", questions, "-o", out)
    wait_for(process, lambda: out.exists() and out.read_bytes().count(b"\n") >= 5)
    process.kill()
    finish(process)
    first = out.read_text(encoding="utf-8").splitlines()
    assert 5 <= len(first) < 30, "it was to be killed half-way"
    with out.open("a", encoding="utf-8") as file:
        file.write('{"id": "a-half')
    done(stocked, "answer", questions, "-o", out)
    after = out.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["question"] for line in after] == asked
    assert after[: len(first) - 1] == first[:-1]
    assert len({json.loads(line)["id"] for line in after}) == 30
    again = run(stocked, "answer", questions, "-o", out)
    assert "30 of them from before" in again.stderr
    assert out.read_text(encoding="utf-8").splitlines() == after


def test_a_question_file_gives_dates_and_earlier_questions(stocked: Path, tmp_path: Path) -> None:
    questions, out = tmp_path / "questions.jsonl", tmp_path / "answers.jsonl"
    lines = [
        {"id": "1", "question": WHY, "as_of": "2024-02-01", "history": [], "other": 1},
        {"id": "2", "question": "And when was it?", "as_of": None, "history": [WHY]},
    ]
    questions.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    done(stocked, "answer", questions, "-o", out)
    early, later = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert (early["as_of"], early["outcome"]) == ("2024-02-01", "not_in_sources")
    assert early["evidence"] == []  # nothing was published yet
    assert later["standalone_question"] == WHY.replace("Why", "When")


def test_adding_again_changes_nothing_and_computes_nothing(home: Path, tmp_path: Path) -> None:
    firms(tmp_path / "texts", range(3))
    assert "3 new" in done(home, "add", tmp_path / "texts")
    tables = ("documents", "passages", "vectors", "indexed")
    before = [rows(home, f"SELECT * FROM {table}") for table in tables]
    assert len(before[2]) >= 3
    assert "0 new, 0 new versions, 3 unchanged, 0 not read." in done(
        home, "add", tmp_path / "texts"
    )
    assert [rows(home, f"SELECT * FROM {table}") for table in tables] == before


def test_changed_bytes_make_a_new_version_beside_the_old(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "memo.txt"
    file.write_text(MEMO, encoding="utf-8")
    done(home, "add", file, "--published", "2024-03-03")
    file.write_text(MEMO.replace("42", "57"), encoding="utf-8")
    assert "1 new versions" in done(home, "add", file, "--published", "2024-05-05")
    ids = [id for (id,) in rows(home, "SELECT id FROM documents ORDER BY version")]
    assert ids == ["file:memo.txt", "file:memo.txt@2"]
    assert "42 restricted" in done(home, "sources", "show", "file:memo.txt")
    assert "57 restricted" in done(home, "sources", "show", "file:memo.txt@2")
    now, then = done(home, "ask", WHY), done(home, "ask", WHY, "--as-of", "2024-04-04")
    assert "57 restricted" in now and "42 restricted" not in now
    assert "42 restricted" in then and "57 restricted" not in then


def test_sources_are_listed_shown_and_removed(home: Path, tmp_path: Path) -> None:
    (tmp_path / "memo.txt").write_text(MEMO, encoding="utf-8")
    firms(tmp_path / "texts", [7])
    done(home, "add", tmp_path / "memo.txt", tmp_path / "texts")
    listed = done(home, "sources", "list")
    assert listed == done(home, "sources")
    assert "file:memo.txt" in listed and "2024-03-03" in listed and "2 documents" in listed
    shown = done(home, "sources", "show", "file:memo.txt")
    assert BECAUSE in shown and "3 March 2024" not in shown.split("\n\n")[0]
    assert "Removed file:memo.txt." in done(home, "sources", "remove", "file:memo.txt")
    assert "file:memo.txt" not in done(home, "sources", "list")
    gone = json.loads(done(home, "ask", WHY, "--json"))
    assert "file:memo.txt" not in {item["document"] for item in gone["evidence"]}


def test_rebuild_makes_the_same_indexes_from_the_store(stocked: Path) -> None:
    before = count(stocked, "vectors")
    passages = count(stocked, "passages")
    assert done(stocked, "rebuild") == f"Indexed {passages} passages of 1 documents.\n"
    assert count(stocked, "vectors") == before
    still_answers(stocked)


def test_doctor_says_what_is_well_and_prints_no_password(stocked: Path) -> None:
    shown = done(stocked, "doctor")
    assert str(stocked) in shown and "1 documents" in shown and "look" not in shown
    for url in ("postgresql://clerk:hunter2@127.0.0.1:1/x", "sqlite://clerk:hunter2@/x.sqlite"):
        result = run(stocked, "doctor", ASSISTANT_DATABASE_URL=url)
        assert result.returncode == 1
        assert "hunter2" not in result.stdout + result.stderr
        assert "Traceback" not in result.stderr
        assert "ASSISTANT_DATABASE_URL" in result.stdout + result.stderr


@pytest.mark.parametrize(
    "words",
    [(), ("ask",), ("answer",), ("add",), ("sources",), ("sources", "list"), ("sources", "show"),
     ("sources", "remove"), ("rebuild",), ("doctor",), ("serve",)],
)  # fmt: skip
def test_every_command_has_help(tmp_path: Path, words: tuple[str, ...]) -> None:
    shown = done(tmp_path / "none", *words, "--help")
    assert shown.startswith(f"Usage: assistant {' '.join(words)}".rstrip())
    assert len(shown.splitlines()) > 4
    assert not (tmp_path / "none").exists()


def test_ctrl_c_says_so_and_the_same_command_goes_on(home: Path, tmp_path: Path) -> None:
    firms(tmp_path / "texts", range(40))
    process = start(home, "add", tmp_path / "texts")
    wait_for(process, lambda: count(home, "documents") >= 5)
    process.send_signal(signal.SIGINT)
    _, err = finish(process)
    assert process.returncode == 1, err
    assert "Interrupted" in err and "the same command goes on" in err and "Traceback" not in err
    assert 5 <= count(home, "documents") < 40, "it was to be stopped half-way"
    process = start(home, "add", tmp_path / "texts")
    wait_for(process, lambda: count(home, "vectors") > 0)
    process.send_signal(signal.SIGINT)
    _, err = finish(process)
    assert process.returncode in (0, 1, -signal.SIGINT), err  # it may have been done, and ending
    assert "Traceback" not in err
    done(home, "add", tmp_path / "texts")
    assert count(home, "documents") == count(home, "indexed") == 40
    assistant = opened(home)
    answer = assistant.ask(f"Why was {firm(39)} placed on the Control Register?")
    assistant.library.close()
    assert "file:firm-39.txt" in {c.document.id for k in answer.claims for c in k.citations}
