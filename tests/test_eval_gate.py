"""Gates hold, break, and refuse what they cannot read."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from eval.__main__ import main
from eval.compare import compare
from eval.errors import CasesError
from eval.folder import Folder
from eval.gate import read_gates
from eval.metrics import METRICS

ROOT = Path(__file__).parents[1]
CASE = {
    "id": "c1",
    "question": "When?",
    "type": "date",
    "answerable": True,
    "gold_docs": ["rule"],
    "nuggets": [{"text": "May 16, 2019", "any_of": ["May 16, 2019"], "vital": True}],
}
SOURCE = {"text": "It took effect on May 16, 2019.", "id": "rule"}


def scored(folder: Path, text: str, silent: str = "") -> Path:
    folder.parent.mkdir(exist_ok=True)
    cases, answers = folder.with_suffix(".cases"), folder.with_suffix(".answers")
    rows = [{**CASE, "id": f"c{n}"} for n in range(12)]
    cases.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    given = [{"case": row["id"], "question": "q", "text": text, "cited": [SOURCE]} for row in rows]
    given = [{**row, "abstained": row["case"] == silent} for row in given]
    answers.write_text("\n".join(map(json.dumps, given)), encoding="utf-8")
    run("score", folder, "--cases", cases, "--answers", answers, "--judge", "none")
    return folder


def run(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def test_a_gate_holds_and_breaks(tmp_path: Path) -> None:
    gate = tmp_path / "gates.toml"
    gate.write_text(
        '[zero_tolerance]\nmetrics = ["hard_date"]\n[floors]\nanswer_correctness = 0.5\n'
        "[margins]\nanswer_correctness = 0.1\n",
        encoding="utf-8",
    )
    good = scored(tmp_path / "good", "It took effect on May 16, 2019 [1].")
    bad = scored(tmp_path / "bad", "It took effect on May 17, 2019 [1].")
    run("report", good, "--gate", gate, "--against", good)
    told = run("report", bad, "--gate", gate, "--against", good, code=1)
    assert "c0: hard_date is 0.000, expected 1.000: date '2019-05-17' is not in what" in told
    assert "answer_correctness is 0.000, the floor is 0.500" in told
    assert "reaches beyond the margin 0.100; worse in c0, c1, c2" in told and "4 more" in told
    suite = ElementTree.parse(bad / "junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", "3")
    known = {item.get("name"): item.get("value") for item in suite.iter("property")}
    assert known["cases"] == json.loads((bad / "run.json").read_text("utf-8"))["cases"]
    assert "3 of 3 gates are broken" in (bad / "report.html").read_text("utf-8")
    assert ElementTree.parse(good / "junit.xml").getroot().get("failures") == "0"
    assert "All 3 gates hold" in (good / "report.html").read_text("utf-8")


def test_a_kept_baseline_compares_like_the_run_it_was_made_from(tmp_path: Path) -> None:
    good = scored(tmp_path / "good", "It took effect on May 16, 2019 [1].", silent="c3")
    bad = scored(tmp_path / "bad", "It took effect on May 17, 2019 [1].")
    kept = tmp_path / "baseline"
    run("baseline", good, kept)
    assert sorted(path.name for path in kept.iterdir()) == ["run.json", "scores.jsonl"]
    assert "May 16" not in (kept / "scores.jsonl").read_text("utf-8")
    whole, small = (compare(Folder(old), Folder(bad)) for old in (good, kept))
    assert whole.compared and whole.said
    no_better = {row.metric for row in whole.compared if METRICS[row.metric].group == "advisory"}
    rows = [row for row in whole.compared if row.metric not in no_better]
    found = {row.metric: row for row in small.compared}
    assert set(found) == {row.metric for row in rows}
    for row in rows:
        assert (found[row.metric].difference, found[row.metric].left_out) == (
            row.difference,
            row.left_out,
        )
    assert small.said == {}


@pytest.mark.parametrize(
    ("field", "told"),
    [("cases", "The cases differ"), ("library", "The libraries differ"), ("as_of", "as-of dates")],
)
def test_another_baseline_is_refused_and_its_command_named(
    field: str, told: str, tmp_path: Path
) -> None:
    good, kept = scored(tmp_path / "good", "On May 16, 2019 [1]."), tmp_path / "baseline"
    was = json.loads((good / "run.json").read_text("utf-8")) | {
        "library": "l",
        "as_of": "2030-01-01",
    }
    (good / "run.json").write_text(json.dumps(was), encoding="utf-8")
    run("baseline", good, kept)
    (kept / "run.json").write_text(json.dumps(was | {field: "2020-01-01"}), encoding="utf-8")
    said = run("report", good, "--against", kept, "--gate", ROOT / "eval/gates.toml", code=2)
    assert told in said and "make baseline" in said
    assert not (good / "junit.xml").exists()


def test_what_was_not_measured_was_not_passed(tmp_path: Path) -> None:
    gate = tmp_path / "gates.toml"
    gate.write_text('[zero_tolerance]\nmetrics = ["hard_locator"]\n', encoding="utf-8")
    good = scored(tmp_path / "good", "It took effect on May 16, 2019 [1].")
    assert "hard_locator has no figure" in run("report", good, "--gate", gate, code=1)


@pytest.mark.parametrize(
    ("text", "told"),
    [("[floors]\nnone = 1", "no metric 'none'"), ("[x]", "x: Extra"), ("floors", "Expected")],
)
def test_a_bad_gate_is_named(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CasesError, match=told):
        read_gates(path)


def test_the_shipped_gates_can_be_read() -> None:
    assert "quote_exactness" in read_gates(ROOT / "eval/gates.toml").zero_tolerance.metrics
