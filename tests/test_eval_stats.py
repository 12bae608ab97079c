"""Intervals and paired tests against values worked out by hand or known."""

import pytest
from hypothesis import given
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


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=30))
def test_turning_round_turns_the_difference_round(pairs: list[tuple[float, float]]) -> None:
    old, new = [a for a, _ in pairs], [b for _, b in pairs]
    there, back = difference(old, new, range(len(pairs))), difference(new, old, range(len(pairs)))
    assert there is not None and back is not None
    assert there.difference.mean == pytest.approx(-back.difference.mean)
    assert (there.wins, there.losses) == (back.losses, back.wins)
    assert 0 <= there.p <= 1
