"""Intervals and paired tests against values worked out by hand or known."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.stats import difference, estimate, holm, mcnemar, wilson


def test_an_interval_is_the_same_every_time_and_holds_the_mean() -> None:
    values = [0.0, 1.0, 1.0, 0.5, 1.0, 0.0, 1.0, 1.0]
    first = estimate(values, range(8))
    assert first == estimate(values, range(8))
    assert first is not None
    assert first.low < first.mean < first.high
    assert first.mean == pytest.approx(0.6875)
    assert estimate([], []) is None


def test_no_failure_is_not_certainty() -> None:
    all_right = estimate([1.0] * 60, range(60))
    assert all_right is not None
    assert (all_right.low, all_right.high) == (0.95, 1.0)
    none_right = estimate([0.0] * 60, range(60))
    assert none_right is not None
    assert (none_right.low, none_right.high) == (0.0, 0.05)


def test_cases_about_one_document_count_as_one() -> None:
    values = [1.0] * 10 + [0.0] * 10
    alone = estimate(values, range(20))
    together = estimate(values, ["a"] * 5 + ["b"] * 5 + ["c"] * 5 + ["d"] * 5)
    assert alone is not None and together is not None
    assert together.high - together.low > alone.high - alone.low


def test_known_tests() -> None:
    assert mcnemar(1, 9) == pytest.approx(22 / 1024)
    assert mcnemar(0, 0) == 1.0
    assert holm({"a": 0.04, "b": 0.01, "c": 0.02}) == pytest.approx(
        {"b": 0.03, "c": 0.04, "a": 0.04}
    )
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)


def test_a_clear_difference_is_found_and_none_is_not() -> None:
    old = [0.2, 0.4, 0.3, 0.5, 0.1, 0.3, 0.2, 0.4, 0.3, 0.2]
    new = [value + 0.3 for value in old]
    gap = difference(old, new, range(10))
    assert gap is not None
    assert (gap.wins, gap.ties, gap.losses) == (10, 0, 0)
    assert gap.p < 0.01
    assert gap.difference.mean == pytest.approx(0.3)
    same = difference(old, old, range(10))
    assert same is not None
    assert (same.p, same.ties, same.difference.high) == (1.0, 10, 0.0)


def test_the_sign_flip_p_is_that_of_all_flips() -> None:
    old, new = [0.5] * 8, [0.9, 0.7, 0.4, 0.8, 0.6, 0.7, 0.3, 0.9]
    gaps = [b - a for a, b in zip(old, new, strict=True)]
    flips = [
        abs(sum(sign * gap for sign, gap in zip(signs, gaps, strict=True)))
        for signs in itertools.product((1, -1), repeat=8)
    ]
    exact = sum(value >= abs(sum(gaps)) - 1e-9 for value in flips) / len(flips)
    found = difference(old, new, range(8))
    assert found is not None
    assert found.p == pytest.approx(exact, abs=0.015)


def test_yes_and_no_go_by_mcnemar_and_shares_by_flips_of_whole_documents() -> None:
    yes_no = difference([1.0] * 12, [0.0] * 10 + [1.0] * 2, range(12))
    assert yes_no is not None
    assert yes_no.p == mcnemar(0, 10) == 2 / 2**10
    shares = [0.5] * 12, [0.4] * 12
    alone, together = difference(*shares, range(12)), difference(*shares, ["a"] * 6 + ["b"] * 6)
    assert alone is not None and together is not None
    assert alone.p < 0.01
    assert together.p == pytest.approx(0.5, abs=0.02)  # two documents: half of all flips agree


def test_the_detectable_difference_worked_out() -> None:
    # gaps .1 .3 in one document, -.2 .2 in another: m = .1; sums of (gap − m): .2 and −.2;
    # error sqrt(2/1 · (.2² + .2²)) / 4 = .1; times 1.96 + .84
    found = difference([0.5] * 4, [0.6, 0.8, 0.3, 0.7], ["a", "a", "b", "b"])
    assert found is not None
    assert found.difference.mean == pytest.approx(0.1)
    assert found.detectable == pytest.approx(0.1 * 2.801585)
    assert (found.wins, found.ties, found.losses) == (3, 0, 1)
    one = difference([0.5, 0.5], [0.6, 0.7], ["a", "a"])
    assert one is not None and math.isinf(one.detectable)


@pytest.mark.parametrize("count", [1, 2, 300])
def test_a_bootstrap_draws_as_many_clusters_as_there_are(count: int) -> None:
    spread = estimate(
        [float(at % 2) for at in range(2 * count)], [at // 2 for at in range(2 * count)]
    )
    assert spread is not None
    assert (spread.low, spread.mean, spread.high) == (0.5, 0.5, 0.5)  # every cluster has mean .5


def test_an_interval_has_the_width_of_theory() -> None:
    values = [1.0] * 50 + [0.0] * 50
    found = estimate(values, range(100))
    assert found is not None
    assert found.low == pytest.approx(0.5 - 1.96 * 0.05, abs=0.015)
    assert found.high == pytest.approx(0.5 + 1.96 * 0.05, abs=0.015)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=30))
def test_turning_round_turns_the_difference_round(pairs: list[tuple[float, float]]) -> None:
    old, new = [a for a, _ in pairs], [b for _, b in pairs]
    there, back = difference(old, new, range(len(pairs))), difference(new, old, range(len(pairs)))
    assert there is not None and back is not None
    assert there.difference.mean == pytest.approx(-back.difference.mean)
    assert (there.wins, there.losses) == (back.losses, back.wins)
    assert 0 <= there.p <= 1
