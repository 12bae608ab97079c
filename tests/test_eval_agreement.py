"""How well scores agree with labels: figures by hand, beside known ones, on halves of a set."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import roc_auc_score

from assistant.types import Verdict
from eval.benches.agreement import (
    agreement,
    auroc,
    balanced_accuracy,
    best_threshold,
    brier,
    calibration_error,
    halves,
    isotonic,
    midranks,
)
from eval.benches.preference import spearman
from eval.labelled.pairs import Pair
from eval.stats import Array, estimate, intervals
from eval.types import Judgement

ONE = np.ones((1, 6))
TRUE = np.array([True, True, True, True, False, False])


def first(values: Array) -> float:
    return float(values[0])


def test_figures_by_hand() -> None:
    said = np.array([True, True, True, False, True, False])
    assert first(balanced_accuracy(TRUE, said)(ONE)) == pytest.approx(0.625)
    four, scores = np.array([True, True, False, False]), np.array([0.9, 0.4, 0.4, 0.1])
    assert first(auroc(four, scores)(np.ones((1, 4)))) == pytest.approx(0.875)
    truths, chances = np.array([False, True, True]), np.array([0.25, 0.25, 0.85])
    assert first(calibration_error(truths, chances)(np.ones((1, 3)))) == pytest.approx(0.65 / 3)
    assert first(brier(truths, chances)(np.ones((1, 3)))) == pytest.approx(
        (0.25**2 + 0.75**2 + 0.15**2) / 3
    )
    ranks = midranks(np.array([2.0, 1.0, 2.0]))(np.array([[1.0, 1.0, 2.0]]))
    assert ranks.tolist() == [[2.5, 0.5, 2.5]]
    assert best_threshold(four, scores) == 0.4
    assert np.isnan(first(auroc(TRUE[:4], scores)(np.ones((1, 4)))))


ROWS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 5), st.integers(1, 4)), min_size=4, max_size=30
).filter(lambda rows: len({true for true, _, _ in rows}) == 2)


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_figures_are_the_known_ones(rows: list[tuple[bool, int, int]]) -> None:
    true = np.array([row[0] for row in rows])
    scores = np.array([row[1] / 5 for row in rows])
    weights = np.array([row[2] for row in rows], dtype=np.float64)
    expected = roc_auc_score(true, scores, sample_weight=weights)
    assert first(auroc(true, scores)(weights[None])) == pytest.approx(float(expected))
    known = IsotonicRegression(out_of_bounds="clip").fit(scores, true)
    wanted = np.linspace(-0.1, 1.1, 25)
    assert isotonic(true, scores, wanted) == pytest.approx(known.predict(wanted), abs=1e-6)
    times = weights.astype(int)
    again = np.repeat(scores, times), np.repeat(true.astype(float), times)
    if len(set(scores.tolist())) > 1:
        rho = spearmanr(*again).statistic
        assert first(spearman(scores, true.astype(float))(weights[None])) == pytest.approx(rho)


def test_intervals_of_a_mean_are_those_of_estimate() -> None:
    values, clusters = [0.0, 1.0, 0.5, 1.0, 0.25, 0.75], ["a", "a", "b", "c", "c", "d"]
    known = estimate(values, clusters)
    column = np.array(values)
    made = intervals(lambda w: ((w @ column) / w.sum(axis=1))[:, None], clusters)
    assert known is not None
    assert made[0] == pytest.approx((known.low, known.high))


def pairs_of(*rows: tuple[str, Verdict]) -> list[Pair]:
    return [
        Pair(premise="p", claim=str(at), verdict=verdict, group=group)
        for at, (group, verdict) in enumerate(rows)
    ]


def judged(scores: Sequence[float]) -> list[Judgement]:
    return [Judgement(verdict="supported" if s >= 0.5 else "unsupported", score=s) for s in scores]


def test_no_group_is_in_both_halves() -> None:
    groups = [f"g{at % 7}" for at in range(50)]
    second = halves(groups)
    for group in set(groups):
        assert len({bool(s) for g, s in zip(groups, second, strict=True) if g == group}) == 1
    assert 0 < second.sum() < 50


def test_threshold_and_calibration_are_of_the_other_half() -> None:
    groups = ["a", "b"]
    here = [bool(side) for side in halves(groups)]
    assert here.count(True) == 1
    pairs = pairs_of(*[(g, v) for g in groups for v in ("supported", "unsupported") for _ in "123"])
    made = agreement(pairs, judged([0.9, 0.9, 0.9, 0.6, 0.6, 0.6, 0.4, 0.4, 0.4, 0.1, 0.1, 0.1]))
    # each half is divided without fault by its own scores, and not at all by the other's
    assert made["balanced accuracy *"].mean == 0.5
    assert made["Brier *"].mean == pytest.approx(0.5)
    assert made["balanced accuracy"].mean == 0.5
    assert made["AUROC"].mean == 0.75


def test_a_perfect_judge_and_one_that_says_yes_to_all() -> None:
    verdicts: list[Verdict] = ["supported", "contradicted", "unsupported"] * 8
    pairs = pairs_of(*[(f"g{at // 3}", verdict) for at, verdict in enumerate(verdicts)])
    right = [Judgement(verdict=v, score=float(v == "supported")) for v in verdicts]
    made = agreement(pairs, right)
    assert {name: value.mean for name, value in made.items()} == {
        "balanced accuracy": 1.0,
        "balanced accuracy *": 1.0,
        "AUROC": 1.0,
        "ECE *": 0.0,
        "Brier *": 0.0,
        "contradictions found": 1.0,
        "contradictions passed": 0.0,
    }
    yes = agreement(pairs, [Judgement(verdict="supported", score=1.0)] * len(pairs))
    assert yes["balanced accuracy"].mean == yes["AUROC"].mean == 0.5
    assert yes["contradictions passed"].mean == 1.0
    assert yes["contradictions found"].high == pytest.approx(3 / 8)  # none of 8 is not never


def test_what_cannot_be_told_is_left_out() -> None:
    assert agreement([], []) == {}
    alone = agreement(pairs_of(("a", "supported"), ("b", "supported")), judged([0.9, 0.1]))
    assert alone == {}
    few = agreement(pairs_of(("a", "supported"), ("a", "unsupported")), judged([0.9, 0.1]))
    assert set(few) == {"balanced accuracy", "AUROC"}
