"""RAGChecker's human preferences: do differences between answers, as a judge sees them, agree?

An answer's correctness is the share of its sentences that the reference answer bears out, its
completeness the share of the reference's sentences that the answer bears out, overall their
harmonic mean (precision, recall, F1 of RAGChecker, with sentences for claims). The second answer's
figure minus the first's is set beside the preferences of people, who are two for each pair.

«Spearman»: rank correlation of the difference with the label (-2 to 2), each person's label a row,
as in RAGChecker's meta_eval.py. «same side»: of the labels that prefer an answer, the share where
the difference is on the same side, no difference counting half: chance is .5.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from eval.benches.agreement import Figure, estimates, midranks
from eval.labelled.ragchecker import ASPECTS, Aspect, Preference
from eval.stats import Array, Estimate, estimate
from eval.types import Judge, Judgement, Unscored
from sources.split import sentences
from sources.text import collapse, normalise

_MARKS = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]|\*\*")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")

Gaps = Mapping[Aspect, float]


def gaps_of(preference: Preference, judge: Judge) -> Gaps | Unscored:
    """Return how much better the second answer is; Unscored where a sentence was not judged."""
    first = _answer(preference.first, preference.reference, judge)
    second = _answer(preference.second, preference.reference, judge)
    if isinstance(first, Unscored):
        return first
    if isinstance(second, Unscored):
        return second
    return {aspect: second[aspect] - first[aspect] for aspect in ASPECTS}


def with_people(
    preferences: Sequence[Preference], gaps: Mapping[int, Gaps]
) -> dict[str, dict[str, Estimate]]:
    """Return aspect → figure → agreement of differences (by the pair's id) with the labels."""
    rows = [(p, gaps[p.id]) for p in preferences if p.id in gaps]
    return _by_aspect(
        [p for p, _ in rows for _ in p.labels["overall"]],
        lambda aspect: [gap[aspect] for p, gap in rows for _ in p.labels[aspect]],
        lambda aspect: [label for p, _ in rows for label in p.labels[aspect]],
    )


def between_people(preferences: Sequence[Preference]) -> dict[str, dict[str, Estimate]]:
    """Return the same for each person's label beside the other person's: what can be reached."""
    return _by_aspect(
        [p for p in preferences for _ in p.labels["overall"]],
        lambda aspect: [label for p in preferences for label in reversed(p.labels[aspect])],
        lambda aspect: [label for p in preferences for label in p.labels[aspect]],
    )


def spearman(one: Array, other: Array) -> Figure:
    """Return Spearman's ρ: Pearson's r of midranks. Example: 1, 2, 3 and 1, 3, 2 give .5."""
    ranks, others = midranks(one), midranks(other)

    def figure(weights: Array) -> Array:
        total = weights.sum(axis=1, keepdims=True)
        x, y = ranks(weights), others(weights)
        x = x - (weights * x).sum(axis=1, keepdims=True) / total
        y = y - (weights * y).sum(axis=1, keepdims=True) / total
        spread = (weights * x * x).sum(axis=1) * (weights * y * y).sum(axis=1)
        with np.errstate(invalid="ignore"):
            return (weights * x * y).sum(axis=1) / np.sqrt(spread)

    return figure


def parts(text: str) -> list[str]:
    """Return the sentences of an answer, without citation marks, bullets and bold type."""
    plain = "\n".join(_BULLET.sub("", _MARKS.sub("", line)) for line in normalise(text).split("\n"))
    found = [collapse(plain[a:b]) for a, b in sentences(plain, 0, len(plain))]
    return [part for part in found if any(c.isalnum() for c in part)]


def _answer(answer: str, reference: str, judge: Judge) -> Gaps | Unscored:
    correctness = _borne_out(reference, parts(answer), judge)
    completeness = _borne_out(answer, parts(reference), judge)
    if isinstance(correctness, Unscored):
        return correctness
    if isinstance(completeness, Unscored):
        return completeness
    both = correctness + completeness
    overall = 2 * correctness * completeness / both if both else 0.0
    return {"correctness": correctness, "completeness": completeness, "overall": overall}


def _borne_out(premise: str, claims: Sequence[str], judge: Judge) -> float | Unscored:
    said: list[Judgement] = []
    for claim in claims:
        judged = judge.judge(premise, claim)
        if isinstance(judged, Unscored):
            return judged
        said.append(judged)
    return sum(item.verdict == "supported" for item in said) / len(said) if said else 0.0


def _by_aspect(
    rows: Sequence[Preference],
    values: Callable[[Aspect], Sequence[float]],
    labels: Callable[[Aspect], Sequence[int]],
) -> dict[str, dict[str, Estimate]]:
    groups = [str(row.id) for row in rows]
    made: dict[str, dict[str, Estimate]] = {}
    for aspect in ASPECTS if rows else ():
        given = np.array(values(aspect), dtype=np.float64)
        wanted = np.array(labels(aspect), dtype=np.float64)
        made[aspect] = estimates({"Spearman": spearman(given, wanted)}, groups)
        side = _same_side(given, wanted, groups)
        made[aspect] |= {"same side": side} if side else {}
    return made


def _same_side(given: Array, wanted: Array, groups: Sequence[str]) -> Estimate | None:
    sides = (1 + np.sign(given) * np.sign(wanted)) / 2
    kept = [
        (side, group)
        for side, label, group in zip(sides.tolist(), wanted, groups, strict=True)
        if label
    ]
    return estimate([side for side, _ in kept], [group for _, group in kept])
