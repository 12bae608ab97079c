"""The shipped cases: how many there are, and that what they expect stands in the library."""

import json
from pathlib import Path

import pytest

from eval.questions import Case, read_cases
from sources import starter
from sources.text import collapse

DATA = Path(__file__).parents[1] / "eval" / "data"
COUNTS = {
    "temporal": 40,
    "false_premise": 30,
    "true_premise": 10,
    "unanswerable": 30,
    "conflict": 20,
    "follow_up": 20,
    "injection": 40,
}
FILES = [DATA / "library.jsonl", *sorted((DATA / "cases").glob("*.jsonl"))]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every document that the cases are asked of: the starter library and those added to it."""
    found = {document.id: collapse(document.text) for document in starter.documents()}
    for path in (DATA / "documents").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            found[record["id"]] = collapse(record["text"])
    return found


def test_every_promised_set_is_there() -> None:
    assert {path.stem: len(read_cases(path)) for path in FILES[1:]} == COUNTS


def test_ids_stand_once_in_all_and_questions_once_in_a_file() -> None:
    sets = [read_cases(path) for path in FILES]
    ids = [case.id for cases in sets for case in cases]
    assert len(set(ids)) == len(ids)
    for cases in sets:
        asked = [(case.question, case.as_of, case.history) for case in cases]
        assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_a_case_expects_stands_in_the_library(path: Path, texts: dict[str, str]) -> None:
    for case in read_cases(path):
        assert bool(case.nuggets) or not case.answerable, case.id
        for part in (*case.gold_docs, *case.conflict, *case.statuses):
            assert any(part in id for id in texts), (case.id, part)
        gold = [text for id, text in texts.items() if _is_gold(case, id)]
        for quote in case.gold_quotes:
            assert any(collapse(quote) in text for text in gold), (case.id, quote)


def _is_gold(case: Case, id: str) -> bool:
    return any(part in id for part in (*case.gold_docs, *case.conflict))
