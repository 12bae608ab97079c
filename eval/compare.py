"""Two runs → what changed, case by case, and whether it may be chance. Pure but for reading.

Refuses runs whose cases, library, as-of date or judge differ: their difference would be that.
Of the old run only run.json and scores.jsonl are needed, which is what a kept baseline has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.answers import read_answers
from eval.errors import NotComparable
from eval.folder import Folder
from eval.metrics import METRICS
from eval.questions import Case
from eval.score import by_metric, judges_of, read_scores
from eval.stats import Difference, difference, holm
from eval.types import Result, Score

_RENEW = "Where the old one is eval/baseline: `make baseline` renews it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A case whose figure is not what it was."""

    case: str
    question: str
    old: float
    new: float
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One metric over the cases that both runs have a figure for; `p` is Holm's."""

    metric: str
    old: float
    new: float
    difference: Difference
    p: float
    left_out: int
    changes: tuple[Change, ...]

    @property
    def worse(self) -> bool:
        """Whether it got worse beyond chance: the interval leaves out 0 and Holm's p < 0.05.

        Never for figures that are there to be read beside others.
        """
        estimate, metric = self.difference.difference, METRICS[self.metric]
        beyond = estimate.high < 0 if metric.better == "higher" else estimate.low > 0
        return metric.group != "advisory" and beyond and self.p < 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Every metric of two runs. `apart` are metrics without a case that both have a figure for.

    Those are counted aloud: a run that abstains on all would else look as grounded as another.
    `said` has the sentences of the old run by case; it is empty where only its scores were kept.
    """

    old: str
    new: str
    judge: str
    compared: tuple[Compared, ...]
    apart: tuple[str, ...]
    said: Mapping[str, tuple[str, ...]]


def compare(old: Folder, new: Folder) -> Comparison:
    """Return what changed from one run to another. Raises NotComparable when that means nothing."""
    _same(old, new)
    cases = {case.id: case for case in new.questions()}
    before, after = read_scores(old.scores), read_scores(new.scores)
    if judges_of(before) != judges_of(after):
        raise NotComparable(
            f"The judges differ: {judges_of(before)!r} and {judges_of(after)!r}. Score both with "
            f"the same one: `python -m eval score DIR --judge NAME`. {_RENEW}"
        )
    tables = by_metric(before), by_metric(after)
    found: dict[str, Difference] = {}
    for name in METRICS:
        both = _both(tables[0][name], tables[1][name])
        pairs = list(both.values())
        clusters = [cluster(cases[id]) for id in both]
        gap = difference([a for a, _ in pairs], [b for _, b in pairs], clusters)
        if gap is not None:
            found[name] = gap
    ps = holm({name: gap.p for name, gap in found.items() if METRICS[name].better != "neither"})
    apart = tuple(
        name for name in METRICS if name not in found and _any(tables[0][name], tables[1][name])
    )
    rows = [
        _compared(name, gap, ps.get(name, gap.p), tables[0][name], tables[1][name], cases)
        for name, gap in found.items()
    ]
    return Comparison(
        old=old.name,
        new=new.name,
        judge=judges_of(before),
        compared=tuple(rows),
        apart=apart,
        said=_said(old, tuple(cases.values())),
    )


def cluster(case: Case) -> str:
    """Return what a case stands or falls with: its first gold document, else itself."""
    return case.gold_docs[0] if case.gold_docs else case.id


def _same(old: Folder, new: Folder) -> None:
    one, two = old.run(), new.run()
    if one.cases != two.cases:
        raise NotComparable(
            f"The cases differ ({one.cases}, {two.cases}). Run both on the same cases. {_RENEW}"
        )
    if one.library and two.library and one.library != two.library:
        raise NotComparable(
            f"The libraries differ ({one.library}, {two.library}). Run both over the same library. "
            + _RENEW
        )
    if one.as_of and two.as_of and one.as_of != two.as_of:
        raise NotComparable(
            f"The as-of dates differ ({one.as_of}, {two.as_of}). Give `run` the same --as-of. "
            + _RENEW
        )


def _said(folder: Folder, cases: Sequence[Case]) -> Mapping[str, tuple[str, ...]]:
    if not folder.answers.exists():
        return {}
    responses = read_answers(folder.answers, cases)
    return {r.case: tuple(sentence.text for sentence in r.sentences) for r in responses}


def _both(old: Mapping[str, Result], new: Mapping[str, Result]) -> dict[str, tuple[float, float]]:
    pairs = ((id, old[id], new[id]) for id in old if id in new)
    return {
        id: (a.value, b.value)
        for id, a, b in pairs
        if isinstance(a, Score) and isinstance(b, Score)
    }


def _compared(
    name: str,
    gap: Difference,
    p: float,
    old: Mapping[str, Result],
    new: Mapping[str, Result],
    cases: Mapping[str, Case],
) -> Compared:
    both = _both(old, new)
    either = [id for id in new if isinstance(old.get(id), Score) or isinstance(new[id], Score)]
    return Compared(
        metric=name,
        old=_mean([a for a, _ in both.values()]),
        new=_mean([b for _, b in both.values()]),
        difference=gap,
        p=p,
        left_out=len(either) - len(both),
        changes=tuple(
            Change(
                case=id,
                question=cases[id].question,
                old=a,
                new=b,
                explanation=_told(new[id]),
            )
            for id, (a, b) in both.items()
            if abs(a - b) > 1e-9
        ),
    )


def _any(*results: Mapping[str, Result]) -> bool:
    return any(isinstance(result, Score) for of in results for result in of.values())


def _told(result: Result) -> str:
    return result.explanation if isinstance(result, Score) else result.reason


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
