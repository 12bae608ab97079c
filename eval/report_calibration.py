"""Does a score tell right answers from wrong ones? Answers in groups by score, to be plotted.

Three scores are looked at where the files give them: the judge's and the product's own of support
(that of the weakest sentence), and the rank score of the first cited passage, which is no
probability. An answer counts as right when it is correct, or when it corrects a false premise.
Knows no HTML.
"""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from eval.folder import Folder
from eval.questions import lines_of
from eval.stats import Estimate, wilson
from eval.types import Result, Score

_GROUPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Answers with like scores: their mean score, and the share of them that is right."""

    score: float
    right: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """One score against what was right. `share` tells whether it claims to be a probability.

    `auroc` is the chance that a right answer has the higher score of a right and a wrong one, None
    when there are not both; `error` the mean distance of score and share right, over the groups.
    """

    title: str
    share: bool
    groups: tuple[Group, ...]
    auroc: float | None

    @property
    def n(self) -> int:
        """The number of answers."""
        return sum(group.right.n for group in self.groups)

    @property
    def error(self) -> float:
        """Expected calibration error: Σ n_g / N · |score_g − right_g|."""
        return sum(g.right.n * abs(g.score - g.right.mean) for g in self.groups) / self.n


def reliabilities(
    folder: Folder, results: Mapping[str, Mapping[str, Result]]
) -> tuple[Reliability, ...]:
    """Return one for each score that the files of a run give; `results` by metric, then case."""
    right = _right(results)
    found: list[Reliability] = []
    for title, share, scores in (
        ("The judge's support score", True, _judged(folder.claims)),
        ("The product's support score", True, _of_product(folder.answers, _support)),
        ("Rank score of the first cited passage", False, _of_product(folder.answers, _rank)),
    ):
        pairs = [(score, right[case]) for case, score in scores.items() if case in right]
        if pairs:
            found.append(reliability(title, share, pairs))
    return tuple(found)


def reliability(title: str, share: bool, pairs: Sequence[tuple[float, bool]]) -> Reliability:
    """Return (score, right) pairs in at most five groups of about one size, like scores together.

    Example: scores .2 (wrong), .8, .8 (both right): AUROC 1, groups of one and of two.
    """
    ordered = sorted(pairs)
    groups: list[list[tuple[float, bool]]] = []
    for number, pair in enumerate(ordered):
        full = groups and len(groups) <= number * _GROUPS // len(ordered)
        if not groups or (full and pair[0] != groups[-1][-1][0]):
            groups.append([])
        groups[-1].append(pair)
    return Reliability(
        title=title, share=share, groups=tuple(map(_group, groups)), auroc=_auroc(ordered)
    )


def _group(pairs: Sequence[tuple[float, bool]]) -> Group:
    good = sum(right for _, right in pairs)
    low, high = wilson(good, len(pairs))
    return Group(
        score=mean(score for score, _ in pairs),
        right=Estimate(mean=good / len(pairs), low=low, high=high, n=len(pairs)),
    )


def _auroc(pairs: Sequence[tuple[float, bool]]) -> float | None:
    good = [score for score, right in pairs if right]
    bad = [score for score, right in pairs if not right]
    if not good or not bad:
        return None
    won = sum((a > b) + 0.5 * (a == b) for a in good for b in bad)
    return won / (len(good) * len(bad))


def _right(results: Mapping[str, Mapping[str, Result]]) -> Mapping[str, bool]:
    both = (results["answer_correctness"], results["unanswerable_held_back"])
    return {
        case: result.value == 1.0
        for found in both
        for case, result in found.items()
        if isinstance(result, Score)
    }


def _judged(claims: Path) -> Mapping[str, float]:
    """Return the lowest score that the judge gave to a sentence of each answer."""
    if not claims.exists():
        return {}
    with claims.open(encoding="utf-8", newline="") as file:
        rows = [(row["case"], row["score"]) for row in csv.DictReader(file)]
    return _lowest((case, float(score)) for case, score in rows if score)


def _of_product(answers: Path, read: Callable[[Any], float | None]) -> Mapping[str, float]:
    """Return a score of the product's own by case; nothing for the answers of other systems."""
    rows = [json.loads(line) for _, line in lines_of(answers)]
    found = {
        row["case"]: read(row["answer"])
        for row in rows
        if row.get("answer") and row["answer"]["claims"]
    }
    return {case: score for case, score in found.items() if score is not None}


def _support(answer: Any) -> float | None:
    scores = [claim.get("support", {}).get("score") for claim in answer["claims"]]
    return None if None in scores else min(scores)


def _rank(answer: Any) -> float | None:
    first = [cited["evidence"] for cited in answer["claims"][0]["citations"][:1]]
    return next((e.get("score") for e in answer["evidence"] if e["id"] in first), None)


def _lowest(pairs: Iterable[tuple[str, float]]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for case, score in pairs:
        found[case] = min(score, found.get(case, score))
    return found
