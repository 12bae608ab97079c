"""The whole road: run, score, report, compare; resumed, refused, and with others' answers."""

import csv
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import MakeAssistant

from assistant.build import build
from assistant.ingest import add_documents
from assistant.pipeline import Assistant
from assistant.settings import Settings
from eval.__main__ import main
from eval.answers import read_answers
from eval.errors import CasesError
from eval.folder import Folder, Run, cases_fingerprint, open_folder, read_all
from eval.judges import NoJudge
from eval.questions import Case, read_cases
from eval.run import answered, describe, run, unfindable
from eval.score import Scored, read_scores, score, write_scores
from eval.types import Score
from sources.types import Document

TEXT = (
    "The Bureau of Industry and Security added Huawei to the Entity List on May 16, 2019. "
    "A licence is required for all items subject to the Export Administration Regulations."
)
DOCUMENT = Document(
    id="test:huawei",
    title="Huawei on the Entity List",
    kind="rule",
    text=TEXT,
    publisher="Bureau of Industry and Security",
    published=date(2019, 5, 21),
)
CASES = [
    {
        "id": "c1",
        "question": "When was Huawei added to the Entity List?",
        "type": "date",
        "answerable": True,
        "gold_docs": ["test:huawei"],
        "gold_quotes": ["added Huawei to the Entity List on May 16, 2019"],
        "nuggets": [{"text": "May 16, 2019", "any_of": ["May 16, 2019"], "vital": True}],
    },
    {
        "id": "c2",
        "question": "How tall is the tallest giraffe in Kenya?",
        "type": "unanswerable",
        "answerable": False,
    },
    {
        "id": "c3",
        "question": "For which items is a licence for Huawei required?",
        "type": "factual",
        "answerable": True,
        "gold_docs": ["test:huawei"],
        "nuggets": [{"text": "all items", "any_of": ["all items"], "vital": True}],
    },
]


@pytest.fixture(scope="module")
def assistant(make_assistant: MakeAssistant) -> Assistant:
    return make_assistant([DOCUMENT])


def file_of(rows: Sequence[object], path: Path) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    return file_of(CASES, tmp_path / "cases.jsonl")


def silent(done: int, total: int) -> None:
    pass


def make_run(assistant: Assistant, cases_file: Path, out: Path, workers: int = 1) -> Folder:
    cases = read_cases(cases_file)
    folder = open_folder(out, cases, describe(assistant, cases, date(2020, 1, 1)))
    run(assistant, cases, folder, workers, silent)
    return folder


def ids(folder: Folder) -> list[str]:
    return [json.loads(line)["case"] for line in folder.answers.read_text("utf-8").splitlines()]


def command(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def scores_of(folder: Folder) -> list[Scored]:
    """All scores but the times."""
    cases = folder.questions()
    found = score(cases, read_answers(folder.answers, cases), NoJudge())
    return [item for item in found if item.metric != "latency"]


def test_a_half_written_line_is_asked_again(
    assistant: Assistant, cases_file: Path, tmp_path: Path
) -> None:
    whole = make_run(assistant, cases_file, tmp_path / "whole")
    part = make_run(assistant, cases_file, tmp_path / "part")
    lines = part.answers.read_text("utf-8").splitlines(keepends=True)
    part.answers.write_text(lines[0] + lines[1][:40], encoding="utf-8")
    assert answered(part) == {"c1"}
    assert run(assistant, read_cases(cases_file), part, 1, silent) == 2
    assert ids(part) == ids(whole) == ["c1", "c2", "c3"]
    assert scores_of(part) == scores_of(whole)


@pytest.fixture
def home(encoder_home: Path, tmp_path: Path) -> Path:
    """A home folder that knows the document, for commands."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "encoders").symlink_to(encoder_home / "encoders")
    settings = Settings(_env_file=None, home=home, database_url="")  # type: ignore[call-arg]
    assistant = build(settings, lambda message: None)
    add_documents(assistant.library, [DOCUMENT])
    assistant.library.close()
    return home


def test_a_run_killed_in_the_middle_goes_on_and_gives_the_same_scores(
    assistant: Assistant, home: Path, tmp_path: Path
) -> None:
    rows = [{**case, "id": f"{case['id']}-{n}"} for n in range(40) for case in CASES]
    cases = file_of(rows, tmp_path / "many.jsonl")
    words = [sys.executable, "-m", "eval", "run", cases, "-o", tmp_path / "killed"]
    words += ["--home", home, "--as-of", "2020-01-01", "--workers", "2"]
    path = tmp_path / "killed" / "answers.jsonl"
    with subprocess.Popen(list(map(str, words)), stderr=subprocess.DEVNULL) as process:
        while not (path.exists() and path.stat().st_size > 20_000):
            assert process.poll() is None, "the run ended before it could be killed"
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    killed = Folder(tmp_path / "killed")
    assert 0 < len(answered(killed)) < len(rows)
    command(*words[3:])
    assert ids(killed) == [row["id"] for row in rows]
    whole = make_run(assistant, cases, tmp_path / "whole", workers=3)
    assert scores_of(killed) == scores_of(whole)


def test_documents_can_be_added_and_a_fault_put_in(
    home: Path, cases_file: Path, tmp_path: Path
) -> None:
    text = "The giraffe house in Kenya is a museum of tall animals."
    record = {"id": "test:giraffe", "title": "Giraffes", "kind": "article", "text": text}
    extra = file_of([record], tmp_path / "extra.jsonl")
    words = ("run", cases_file, "--home", home, "--documents", extra)
    command(*words, "-o", tmp_path / "plain")
    command(*words, "-o", tmp_path / "mutant", "--mutate", "abstention_off")
    plain, mutant = Folder(tmp_path / "plain"), Folder(tmp_path / "mutant")
    assert plain.run().documents == mutant.run().documents == 2
    assert plain.run().library == mutant.run().library
    assert mutant.run().system == f"{plain.run().system}, mutated: abstention_off"
    cases = plain.questions()
    said = [[r.abstained for r in read_answers(f.answers, cases)] for f in (plain, mutant)]
    assert said == [[False, True, False], [False, False, False]]
    bad = file_of([{"id": "x"}], tmp_path / "bad.jsonl")
    assert "bad.jsonl" in command("run", cases_file, "--home", home, "--documents", bad,
                                  "-o", tmp_path / "x", code=3)  # fmt: skip


def test_several_files_of_cases_make_one_run(
    assistant: Assistant, cases_file: Path, tmp_path: Path
) -> None:
    other = file_of([{**CASES[0], "id": "other"}], tmp_path / "other.jsonl")
    cases = read_all([cases_file, other])
    assert [case.id for case in cases] == ["c1", "c2", "c3", "other"]
    folder = open_folder(tmp_path / "run", cases, describe(assistant, cases, date(2020, 1, 1)))
    assert folder.questions() == cases
    assert folder.run().cases == cases_fingerprint(folder.questions())
    with pytest.raises(CasesError, match="other.jsonl: the id 'c1' stands in another file"):
        read_all([cases_file, file_of([CASES[0]], tmp_path / "other.jsonl")])


def test_the_whole_road_by_its_commands(
    assistant: Assistant, cases_file: Path, tmp_path: Path, encoder_home: Path
) -> None:
    old = make_run(assistant, cases_file, tmp_path / "old")
    new = make_run(assistant, cases_file, tmp_path / "new")
    altered = new.answers.read_text("utf-8").replace("May 16, 2019", "May 17, 2019")
    new.answers.write_text(altered, encoding="utf-8")
    first = command("score", old.path, "--home", encoder_home)
    assert "asked 0 times" not in first
    again = command("score", old.path, "--home", encoder_home)
    assert "asked 0 times" in again
    before = old.scores.read_bytes()
    command("score", old.path, "--home", encoder_home, "--verdicts", tmp_path / "fresh.jsonl")
    assert old.scores.read_bytes() == before
    command("score", new.path, "--home", encoder_home)
    told = command("compare", old.path, new.path)
    assert "c1" in told and "Answer correct" in told
    command("report", new.path, "--against", old.path)
    page = (new.path / "report.html").read_text("utf-8")
    assert not re.search(r"<script|<link|src=|@import|url\(", page)
    assert "Against old" in page and "similarity" in page
    summary = json.loads((new.path / "summary.json").read_text("utf-8"))
    assert summary["metrics"]["answer_correctness"]["n"] == 2
    assert summary["metrics"]["conflict_shown"]["unscored"] == 3
    assert summary["abstention"]["unanswerable"]["abstained"] == 1
    with new.claims.open(encoding="utf-8", newline="") as file:
        assert {"c1", "c3"} == {row["case"] for row in csv.DictReader(file)}


def test_the_right_answers_are_found_right(
    assistant: Assistant, cases_file: Path, tmp_path: Path
) -> None:
    folder = make_run(assistant, cases_file, tmp_path / "run")
    cases = read_cases(cases_file)
    scored = score(cases, read_answers(folder.answers, cases), NoJudge())
    values = {(s.case, s.metric): s.result.value for s in scored if isinstance(s.result, Score)}
    for metric in ("answer_correctness", "quote_exactness", "hard_product", "retrieval_recall_10"):
        assert values["c1", metric] == 1.0, metric
    assert values["c2", "unanswerable_held_back"] == 1.0
    write_scores(folder.scores, scored)
    assert [s.metric for s in read_scores(folder.scores)] == [s.metric for s in scored]


def test_runs_that_differ_in_what_must_be_the_same_are_refused(
    assistant: Assistant, cases_file: Path, tmp_path: Path
) -> None:
    one = make_run(assistant, cases_file, tmp_path / "one")
    fewer = file_of(CASES[:2], tmp_path / "fewer.jsonl")
    two = make_run(assistant, fewer, tmp_path / "two")
    for folder in (one, two):
        command("score", folder.path, "--judge", "none")
    assert "cases differ" in " ".join(command("compare", one.path, two.path, code=2).split())
    other = tmp_path / "other"
    other.mkdir()
    for path in one.path.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    was = json.loads((other / "run.json").read_text("utf-8"))
    (other / "run.json").write_text(json.dumps({**was, "library": "x"}), encoding="utf-8")
    assert "libraries differ" in " ".join(command("compare", one.path, other, code=2).split())


def test_a_folder_of_another_run_is_not_written_to(
    assistant: Assistant, cases_file: Path, tmp_path: Path
) -> None:
    folder = make_run(assistant, cases_file, tmp_path / "run")
    with pytest.raises(CasesError, match="holds another run .*cases"):
        open_folder(folder.path, (), Run(system=folder.run().system, cases="x"))


def test_cases_without_their_document_are_named(assistant: Assistant) -> None:
    lost = Case.model_validate({**CASES[0], "gold_docs": ["elsewhere"]})
    assert unfindable(assistant, [lost, Case.model_validate(CASES[0])]) == ("c1",)


# -- Other systems -------------------------------------------------------------------------------


def test_answers_of_another_system_score_on_the_same_metrics(
    cases_file: Path, tmp_path: Path
) -> None:
    theirs = [
        {
            "question": "When was Huawei added to the Entity List?",
            "text": "Huawei was added on May 16, 2019. [1] It was a Thursday [2]. So it stands.",
            "cited": [{"text": TEXT, "id": "test:huawei", "published": "2019-05-21"}],
        },
        {"case": "c2", "question": "?", "text": "I cannot say.", "cited": [], "abstained": True},
    ]
    answers = file_of(theirs, tmp_path / "theirs.jsonl")
    found = read_answers(answers, read_cases(cases_file))
    assert [s.text for s in found[0].sentences] == [
        "Huawei was added on May 16, 2019.",
        "It was a Thursday.",
        "So it stands.",
    ]
    assert [len(s.cited) for s in found[0].sentences] == [1, 1, 0]
    assert found[0].sentences[1].cited[0].source is None
    assert found[1].abstained is True
    assert found[2].error == "no answer in the file"
    out = tmp_path / "theirs"
    command("score", out, "--cases", cases_file, "--answers", answers, "--judge", "none")
    rows = [json.loads(line) for line in (out / "scores.jsonl").read_text("utf-8").splitlines()]
    by = {(row["case"], row["metric"]): row for row in rows}
    assert by["c1", "answer_correctness"]["value"] == 1.0
    assert by["c1", "hard_id"]["value"] == 0.0
    assert by["c1", "false_abstention"]["unscored"].startswith("the file does not say")
    assert by["c2", "unanswerable_held_back"]["value"] == 1.0
    assert by["c3", "answer_correctness"]["unscored"] == "no answer in the file"
    command("report", out)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 1"),
        ("[]", "one JSON object"),
        ('{"question": "Who?", "text": "x", "cited": []}', "no case asks 'Who[?]'"),
        ('{"question": "q", "case": "c9", "text": "x", "cited": []}', "no case 'c9'"),
        ('{"question": "q", "case": "c1", "text": "x"}', "cited: Field required"),
        ('{"question": "q", "case": "c1", "text": "x", "cited": [], "k": 1}', "k: Extra inputs"),
    ],
)
def test_a_bad_line_is_named(line: str, told: str, cases_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "theirs.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(CasesError, match=told):
        read_answers(path, read_cases(cases_file))


def test_answer_json_alone_is_read(assistant: Assistant, cases_file: Path, tmp_path: Path) -> None:
    folder = make_run(assistant, cases_file, tmp_path / "run")
    lines = [json.loads(line)["answer"] for line in folder.answers.read_text("utf-8").splitlines()]
    alone = read_answers(file_of(lines, tmp_path / "alone.jsonl"), read_cases(cases_file))
    assert [response.abstained for response in alone] == [False, True, False]
    assert alone[0].retrieved is None
    assert alone[0].citations[0].source is not None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"id": None}, "line 2: id"),
        ({"extra": 1}, "line 2: extra"),
        ({"id": "c1"}, "'c1' stands twice"),
        ({"nuggets": [{"text": "x", "any_of": ["("], "vital": True}]}, "line 2: any_of"),
    ],
)
def test_a_bad_case_is_named(change: dict[str, object], told: str, tmp_path: Path) -> None:
    path = file_of([CASES[0], {**CASES[1], **change}], tmp_path / "cases.jsonl")
    with pytest.raises(CasesError, match=told):
        read_cases(path)


def test_a_hostile_text_stays_text_in_the_report(cases_file: Path, tmp_path: Path) -> None:
    bad = "<script>alert(1)</script>"
    theirs = [
        {
            "case": case["id"],
            "question": "q",
            "text": f"=cmd {bad} [1].",
            "cited": [{"text": bad, "id": bad, "url": "javascript:alert(1)", "title": bad}],
        }
        for case in CASES
    ]
    out = tmp_path / "theirs"
    answers = file_of(theirs, tmp_path / "theirs.jsonl")
    command("score", out, "--cases", cases_file, "--answers", answers, "--judge", "none")
    command("report", out)
    page = (out / "report.html").read_text("utf-8")
    assert "<script" not in page and 'href="javascript' not in page
    assert "\n'=cmd" in (out / "claims.csv").read_text("utf-8") or ",'=cmd" in (
        out / "claims.csv"
    ).read_text("utf-8")
