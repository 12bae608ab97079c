"""How well a judge's verdicts and scores agree with people's labels. Pure.

Every figure has a 95 % bootstrap interval over groups: pairs of one document or question are drawn
together. Figures marked * need a threshold or a calibration: that is fitted on the other half of
the groups, and the interval takes it as given.
"""

import random
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from eval.labelled.pairs import Pair
from eval.stats import SEED, Array, Estimate, estimate, intervals
from eval.types import Judgement

Figure = Callable[[Array], Array]
"""Weights of the rows, [draws, rows] → the figure of each draw, [draws]; NaN where it has none."""

Mask = npt.NDArray[np.bool_]

BINS = 10


def agreement(pairs: Sequence[Pair], judged: Sequence[Judgement]) -> dict[str, Estimate]:
    """Return the figures of a judge on labelled pairs; those that these pairs cannot give lack.

    «balanced accuracy»: mean of the shares judged right among supported and among other pairs, by
    the judge's own verdict, whose threshold is the same for every set; «balanced accuracy *»: by
    the score, threshold of the other half. «AUROC»: how often a supported pair has the higher score
    of two, a tie counting half. «ECE *», «Brier *»: of the score after isotonic calibration.
    «contradictions found», «passed»: share of contradicted pairs judged contradicted, supported.
    """
    groups = [pair.group for pair in pairs]
    true = np.array([pair.verdict == "supported" for pair in pairs], dtype=np.bool_)
    said = np.array([item.verdict == "supported" for item in judged], dtype=np.bool_)
    scores = np.array([item.score for item in judged], dtype=np.float64)
    figures: dict[str, Figure] = {
        "balanced accuracy": balanced_accuracy(true, said),
        "AUROC": auroc(true, scores),
    }
    half = halves(groups)
    if all(len(set(true[half == side].tolist())) == 2 for side in (False, True)):
        above, chance = np.zeros(len(true), dtype=np.bool_), np.zeros(len(true))
        for side in (False, True):
            here, there = half == side, half != side
            above[here] = scores[here] >= best_threshold(true[there], scores[there])
            chance[here] = isotonic(true[there], scores[there], scores[here])
        figures["balanced accuracy *"] = balanced_accuracy(true, above)
        figures["ECE *"] = calibration_error(true, chance)
        figures["Brier *"] = brier(true, chance)
    made = estimates(figures, groups) if pairs else {}
    return made | _contradictions(pairs, judged)


def estimates(figures: Mapping[str, Figure], groups: Sequence[str]) -> dict[str, Estimate]:
    """Return each figure with its interval; one that is NaN over all rows is left out."""
    rows = np.ones((1, len(groups)))
    values = {name: float(figure(rows)[0]) for name, figure in figures.items()}
    kept = {name: figures[name] for name, value in values.items() if not np.isnan(value)}
    if not kept:
        return {}
    found = intervals(lambda w: np.stack([figure(w) for figure in kept.values()], axis=1), groups)
    return {
        name: Estimate(mean=values[name], low=low, high=high, n=len(groups))
        for name, (low, high) in zip(kept, found, strict=True)
    }


def balanced_accuracy(true: Mask, said: Mask) -> Figure:
    """Return the figure 0.5 (TPR + TNR); MiniCheck's protocol.

    Example: 3 of 4 supported and 1 of 2 other pairs judged right: (.75 + .5) / 2 = .625.
    """
    right, wrong = _share(true, said), _share(~true, ~said)
    return lambda weights: (right(weights) + wrong(weights)) / 2


def auroc(true: Mask, scores: Array) -> Figure:
    """Return the area under the ROC curve, by Mann and Whitney's U.

    Example: supported .9 and .4, others .4 and .1: of four pairs of pairs 3 are right, 1 is a tie,
    3.5 / 4 = .875.
    """
    ranks, positive = midranks(scores), true.astype(np.float64)

    def figure(weights: Array) -> Array:
        ups, downs = weights @ positive, weights @ (1 - positive)
        with np.errstate(invalid="ignore", divide="ignore"):
            return ((weights * ranks(weights)) @ positive - ups**2 / 2) / (ups * downs)

    return figure


def midranks(values: Array) -> Figure:
    """Return what gives each row its rank by value under weights: those below + half of its ties.

    Example: values 2, 1, 2 with weights 1, 1, 2: 2.5, 0.5, 2.5.
    """
    order = np.argsort(values, kind="stable")
    levels, index = np.unique(values, return_inverse=True)
    starts = np.searchsorted(values[order], levels)

    def ranks(weights: Array) -> Array:
        held = np.add.reduceat(weights[:, order], starts, axis=1)
        return (np.cumsum(held, axis=1) - held / 2)[:, index]

    return ranks


def calibration_error(true: Mask, chance: Array) -> Figure:
    """Return the expected calibration error over ten bins of equal width.

    Σ over bins of |Σ (chance − truth)| / n (Guo et al. 2017). Example: chances .25, .25, .85 with
    truths 0, 1, 1: (|.5 − 1| + |.85 − 1|) / 3 = .217.
    """
    bins = np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    gaps = np.eye(BINS)[bins] * (chance - true)[:, None]
    return lambda weights: np.abs(weights @ gaps).sum(axis=1) / weights.sum(axis=1)


def brier(true: Mask, chance: Array) -> Figure:
    """Return the mean squared gap of chance and truth; .25 is what always saying one half gets."""
    gaps = (chance - true) ** 2
    return lambda weights: (weights @ gaps) / weights.sum(axis=1)


def best_threshold(true: Mask, scores: Array) -> float:
    """Return the score from which on to say supported, for the highest balanced accuracy."""
    levels = np.unique(scores)
    missed = np.searchsorted(np.sort(scores[true]), levels) / true.sum()
    rejected = np.searchsorted(np.sort(scores[~true]), levels) / (~true).sum()
    return float(levels[np.argmax(rejected - missed)])


def isotonic(true: Mask, scores: Array, wanted: Array) -> Array:
    """Return the chance of being supported at each of `wanted`: never falling with the score.

    Fitted to `true` and `scores` by pooling adjacent violators, straight lines between.
    """
    levels, index = np.unique(scores, return_inverse=True)
    sums, sizes = np.bincount(index, weights=true), np.bincount(index)
    blocks: list[tuple[float, int, int]] = []  # sum of truths, rows, levels
    for total, rows in zip(sums.tolist(), sizes.tolist(), strict=True):
        block = (total, rows, 1)
        while blocks and blocks[-1][0] * block[1] >= block[0] * blocks[-1][1]:
            last = blocks.pop()
            block = (last[0] + block[0], last[1] + block[1], last[2] + block[2])
        blocks.append(block)
    fitted = np.repeat([b[0] / b[1] for b in blocks], [b[2] for b in blocks])
    return np.interp(wanted, levels, fitted)


def halves(groups: Sequence[str]) -> Mask:
    """Return which rows are in the second half of the groups, drawn with a fixed seed."""
    names = sorted(set(groups))
    random.Random(SEED).shuffle(names)
    second = frozenset(names[len(names) // 2 :])
    return np.array([group in second for group in groups], dtype=np.bool_)


def _share(among: Mask, hit: Mask) -> Figure:
    """Return the share of `hit` in `among`."""
    all_, some = among.astype(np.float64), (among & hit).astype(np.float64)

    def figure(weights: Array) -> Array:
        with np.errstate(invalid="ignore"):
            return (weights @ some) / (weights @ all_)

    return figure


def _contradictions(pairs: Sequence[Pair], judged: Sequence[Judgement]) -> dict[str, Estimate]:
    against = [(p.group, j) for p, j in zip(pairs, judged, strict=True) if _contradicted(p)]
    groups = [group for group, _ in against]
    found = estimate([float(j.verdict == "contradicted") for _, j in against], groups)
    passed = estimate([float(j.verdict == "supported") for _, j in against], groups)
    if found is None or passed is None:
        return {}
    return {"contradictions found": found, "contradictions passed": passed}


def _contradicted(pair: Pair) -> bool:
    return pair.verdict == "contradicted"
