"""Gates hold, break, and refuse what they cannot read."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from eval.__main__ import main
from eval.errors import CasesError
from eval.gate import read_gates

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


def scored(folder: Path, text: str) -> Path:
    folder.parent.mkdir(exist_ok=True)
    cases, answers = folder.with_suffix(".cases"), folder.with_suffix(".answers")
    rows = [{**CASE, "id": f"c{n}"} for n in range(12)]
    cases.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    given = [{"case": row["id"], "question": "q", "text": text, "cited": [SOURCE]} for row in rows]
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
    assert "c0: hard_date is 0.000: date '2019-05-17' is not in what is cited" in told
    assert "answer_correctness is 0.000, the floor is 0.500" in told
    assert "reaches beyond the margin 0.100" in told
    suite = ElementTree.parse(bad / "junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", "3")
    assert ElementTree.parse(good / "junit.xml").getroot().get("failures") == "0"


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
