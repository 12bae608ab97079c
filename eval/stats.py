"""Intervals and paired tests over cases. Pure; every draw from a fixed seed.

Resampling is by cluster (cases about one document stand or fall together), as in inspect_ai's
clustered standard error.
"""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_Times = npt.NDArray[np.uint8]  # a cluster is drawn about once: 255 times never comes up

DRAWS = 10_000
SEED = 20_260_101
_CHUNK = 1_000
_WIDE_CHUNK = 250  # draws at a time where every row has its own weight: memory
_Z = 1.959964
_POWER = 0.841621  # with _Z: a difference found eight times in ten


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean over `n` cases with its 95 % interval."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """New minus old over the cases that both have, and what speaks for it being chance.

    `p` is the sign-flip permutation p, or McNemar's exact p where every value is 0 or 1;
    `detectable` is the smallest difference that these cases would show eight times in ten.
    """

    difference: Estimate
    p: float
    wins: int
    ties: int
    losses: int
    detectable: float


def estimate(values: Sequence[float], clusters: Sequence[Hashable]) -> Estimate | None:
    """Return the mean with a percentile bootstrap interval over clusters; None for no values.

    Where every value is 0, or every value is 1, the bootstrap would claim certainty: there the
    interval is the rule of three, 3/n.
    """
    if not values:
        return None
    mean, n = float(np.mean(values)), len(values)
    if min(values) == max(values):
        slack = min(1.0, 3 / n)
        low = mean - slack if mean == 1.0 else mean
        high = mean + slack if mean == 0.0 else mean
        return Estimate(mean=mean, low=low, high=high, n=n)
    means = _resampled(np.asarray(values, dtype=np.float64), clusters)
    low, high = np.quantile(means, [0.025, 0.975])
    return Estimate(mean=mean, low=float(low), high=float(high), n=n)


def difference(
    old: Sequence[float], new: Sequence[float], clusters: Sequence[Hashable]
) -> Difference | None:
    """Return what changed from `old` to `new`, case by case; None without cases."""
    if not old:
        return None
    before, after = np.asarray(old, dtype=np.float64), np.asarray(new, dtype=np.float64)
    gaps = after - before
    wins, losses = int(np.sum(gaps > 1e-12)), int(np.sum(gaps < -1e-12))
    binary = bool(np.isin(np.concatenate([before, after]), [0.0, 1.0]).all())
    sums, sizes = _clustered(gaps, clusters)
    mean = float(gaps.mean())
    if wins or losses:
        means = _resampled(gaps, clusters)
        low, high = (float(q) for q in np.quantile(means, [0.025, 0.975]))
    else:
        low = high = mean
    return Difference(
        difference=Estimate(mean=mean, low=low, high=high, n=len(gaps)),
        p=mcnemar(wins, losses) if binary else _sign_flip(sums),
        wins=wins,
        ties=len(gaps) - wins - losses,
        losses=losses,
        detectable=(_Z + _POWER) * _clustered_error(gaps, sums, sizes),
    )


def mcnemar(wins: int, losses: int) -> float:
    """Return McNemar's exact two-sided p of `wins` against `losses`; 1 and 9 give 0.021."""
    n = wins + losses
    if n == 0:
        return 1.0
    tail = sum(math.comb(n, k) for k in range(min(wins, losses) + 1)) / 2**n
    return min(1.0, 2 * tail)


def holm(ps: Mapping[str, float]) -> dict[str, float]:
    """Return the p-values made larger for having looked at all of them (Holm 1979).

    {.01, .02, .04} gives {.03, .04, .04}: the smallest times 3, the next times 2, never falling.
    """
    adjusted: dict[str, float] = {}
    largest = 0.0
    for at, name in enumerate(sorted(ps, key=lambda name: ps[name])):
        largest = max(largest, min(1.0, (len(ps) - at) * ps[name]))
        adjusted[name] = largest
    return adjusted


def wilson(successes: int, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a rate; 8 of 10 gives (.49, .94)."""
    if n == 0:
        return 0.0, 1.0
    rate, z2 = successes / n, _Z * _Z
    middle = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(rate * (1 - rate) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def intervals(
    statistic: Callable[[Array], Array], clusters: Sequence[Hashable]
) -> tuple[tuple[float, float], ...]:
    """Return the 95 % percentile bootstrap intervals, over clusters, of figures that are no means.

    `statistic` maps weights of the rows, [draws, rows], to the figures of each draw, [draws,
    figures]; NaN where a draw has none.
    """
    index = _index(clusters)
    some = (
        times[at : at + _WIDE_CHUNK, index]
        for times in _draws(int(index.max()) + 1)
        for at in range(0, len(times), _WIDE_CHUNK)
    )
    found = np.concatenate([statistic(weights.astype(np.float64)) for weights in some])
    low, high = np.nanquantile(found, [0.025, 0.975], axis=0)
    return tuple(zip(low.tolist(), high.tolist(), strict=True))


def _index(clusters: Sequence[Hashable]) -> npt.NDArray[np.int64]:
    """Return the number of the cluster of each row, clusters in order of first appearance."""
    numbers = {name: at for at, name in enumerate(dict.fromkeys(clusters))}
    return np.array([numbers[name] for name in clusters], dtype=np.int64)


def _clustered(values: Array, clusters: Sequence[Hashable]) -> tuple[Array, Array]:
    """Return the sum and the size of each cluster, clusters in order of first appearance."""
    index = _index(clusters)
    sums = np.bincount(index, weights=values)
    return sums.astype(np.float64), np.bincount(index).astype(np.float64)


def _resampled(values: Array, clusters: Sequence[Hashable]) -> Array:
    sums, sizes = _clustered(values, clusters)
    parts: list[Array] = []
    for times in _draws(len(sums)):
        weights = times.astype(np.float64)
        parts.append((weights @ sums) / (weights @ sizes))
    return np.concatenate(parts)


@lru_cache(maxsize=16)  # most metrics of a run have figures for the same number of clusters
def _draws(count: int) -> tuple[_Times, ...]:
    """Return how often each of `count` clusters is drawn, one row for each of DRAWS draws."""
    random = np.random.default_rng(SEED)
    rows = np.arange(_CHUNK)[:, None] * count
    parts: list[_Times] = []
    for _ in range(DRAWS // _CHUNK):
        drawn = random.integers(0, count, size=(_CHUNK, count)) + rows
        times = np.bincount(drawn.ravel(), minlength=_CHUNK * count)
        parts.append(times.reshape(_CHUNK, count).astype(np.uint8))
    return tuple(parts)


def _sign_flip(sums: Array) -> float:
    random = np.random.default_rng(SEED)
    seen = abs(sums.sum()) - 1e-12
    beyond = 0
    for _ in range(DRAWS // _CHUNK):
        signs = random.integers(0, 2, size=(_CHUNK, len(sums))) * 2 - 1
        beyond += int(np.sum(np.abs(signs @ sums) >= seen))
    return (beyond + 1) / (DRAWS + 1)


def _clustered_error(gaps: Array, sums: Array, sizes: Array) -> float:
    """Return sqrt(C/(C−1) · Σ_c (Σ_{i in c} (x_i − m))²) / n, inspect_ai's clustered error."""
    count = len(sums)
    if count < 2:
        return math.inf
    centred = sums - sizes * gaps.mean()
    return math.sqrt(count / (count - 1) * float(np.sum(centred**2))) / len(gaps)
