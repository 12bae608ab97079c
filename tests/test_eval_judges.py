"""Judges: the similarity of the bundled encoder with its rules, labels of people, the memory."""

import json
from pathlib import Path

import pytest

from assistant.embeddings import load_encoder
from eval.errors import CasesError, EvalError
from eval.facts import control_numbers, dates, is_negated, names, numbers
from eval.judges import JUDGES, Means, NoJudge
from eval.judges.human import read_labels
from eval.judges.remembered import Remembered
from eval.judges.similarity import Similarity
from eval.types import Judgement, Unscored

PREMISE = (
    "Huawei on the Entity List · BIS · May 21, 2019\n"
    "The rule took effect on May 16, 2019. It adds Huawei and 68 of its affiliates to the Entity "
    "List.\nA licence is required for all items subject to the EAR."
)


@pytest.fixture(scope="module")
def similarity(encoder_home: Path) -> Similarity:
    return Similarity(load_encoder("all-MiniLM-L6-v2", encoder_home))


def test_facts_are_compared_in_one_form() -> None:
    assert dates("On 16 May 2019 and May 16, 2019 (2019-05-16)") == {"2019-05-16"}
    assert dates("On Feb. 30, 2019 or Sept. 1, 2020") == {"2020-09-01"}
    assert numbers("On May 16, 2019 for 1,200 items at 25.0 percent") == {"1200", "25.0"}
    assert control_numbers("15 CFR 744.11 or § 744.11, ECCN 5A002") == {"744.11", "ECCN 5A002"}
    assert names("The firm Huawei's rival ZTE won") == {"huawei", "zte"}
    assert is_negated("It is not so") and not is_negated("It is not prohibited")


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("It adds Huawei and 68 of its affiliates to the Entity List.", "supported"),
        ("BIS, in the rule of 21 May 2019: “The rule took effect on May 16, 2019.”", "supported"),
        ("BIS, in the rule of 22 May 2019: “The rule took effect on May 16, 2019.”", "unsupported"),
        ("The rule became effective on May 16, 2019.", "supported"),
        ("The rule took effect on May 17, 2020.", "contradicted"),
        ("A licence is not required for all items subject to the EAR.", "contradicted"),
        ("The rule adds ZTE and 68 of its affiliates to the Entity List.", "unsupported"),
        ("Semiconductor makers opened a plant in Arizona.", "unsupported"),
        ("", "unsupported"),
    ],
)
def test_similarity_with_rules(similarity: Similarity, claim: str, verdict: str) -> None:
    first = similarity.judge(PREMISE, claim)
    assert isinstance(first, Judgement)
    assert first.verdict == verdict
    assert first == similarity.judge(PREMISE, claim)


def test_labels_of_people(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    rows = [{"premise": "It  rains.", "claim": "Rain.", "verdict": "supported"}]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    judge = read_labels(path)
    assert judge.judge("It rains.", "Rain.") == Judgement(verdict="supported", score=1.0)
    assert isinstance(judge.judge("It rains.", "Snow."), Unscored)
    assert "human labels" in judge.name
    other = {**rows[0], "verdict": "contradicted"}
    path.write_text("\n".join(map(json.dumps, [*rows, other])), encoding="utf-8")
    with pytest.raises(CasesError, match="line 2: this pair is labelled 'supported' before"):
        read_labels(path)
    path.write_text('{"premise": "a", "claim": "b", "verdict": "maybe"}', encoding="utf-8")
    with pytest.raises(CasesError, match="line 1: verdict"):
        read_labels(path)


class Counting:
    name = "counting"

    def __init__(self) -> None:
        self.asked = 0

    def judge(self, premise: str, claim: str) -> Judgement | Unscored:
        self.asked += 1
        return Unscored(reason="cannot") if not claim else Judgement(verdict="supported", score=1.0)


def test_nothing_is_judged_twice_even_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    judge = Counting()
    first = Remembered(judge, path)
    assert first.judge("a", "b") == first.judge("a", "b")
    first.judge("a", "c")
    assert judge.asked == first.asked == 2
    path.write_text(path.read_text(encoding="utf-8")[:-9], encoding="utf-8")
    again = Remembered(judge, path)
    again.judge("a", "b")
    assert again.asked == 0
    again.judge("a", "c")
    assert again.asked == 1
    assert Remembered(judge, path).judge("a", "c") == Judgement(verdict="supported", score=1.0)


def test_what_could_not_be_judged_is_asked_again(tmp_path: Path) -> None:
    judge = Counting()
    memory = Remembered(judge, tmp_path / "verdicts.jsonl")
    memory.judge("a", "")
    memory.judge("a", "")
    assert judge.asked == 2


def test_the_registry_makes_judges(tmp_path: Path, encoder_home: Path) -> None:
    assert JUDGES["none"](Means(home=tmp_path)).name == NoJudge.name
    assert "similarity" in JUDGES["similarity"](Means(home=encoder_home)).name
    with pytest.raises(EvalError, match="--labels"):
        JUDGES["human"](Means(home=tmp_path))
