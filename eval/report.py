"""Scores → the figures of a run, worst cases first. Pure; others render it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.answers import read_answers
from eval.claims import read_verdicts
from eval.compare import cluster
from eval.folder import Folder, Run
from eval.judges import NoJudge
from eval.metrics import METRICS
from eval.metrics.abstention import Table, table
from eval.questions import Case
from eval.report_calibration import Reliability, reliabilities
from eval.score import Scored, by_metric, judges_of, read_scores
from eval.stats import Estimate, estimate
from eval.types import Group, Response, Result, Score

_WEIGHT: dict[Group, float] = {
    "hard": 3.0,
    "answer": 2.0,
    "support": 1.0,
    "retrieval": 0.25,
    "advisory": 0.0,
}
HEADLINE = (
    "answer_correctness",
    "unanswerable_held_back",
    "false_abstention",
    "quote_exactness",
    "claim_support",
    "citation_recall",
    "as_of_correctness",
    "conflict_shown",
    "retrieval_recall_10",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One metric over a set of cases; `judge` names who judged, "" for nobody."""

    metric: str
    estimate: Estimate | None
    unscored: int
    reasons: tuple[tuple[str, int], ...]
    judge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport:
    """One case with its answer, its results and the verdict of each sentence."""

    case: Case
    response: Response
    results: Mapping[str, Result]
    verdicts: tuple[str, ...]
    badness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that is told of a run."""

    name: str
    run: Run
    judge: str
    figures: tuple[Figure, ...]
    by_type: Mapping[str, tuple[Figure, ...]]
    by_kind: Mapping[str, tuple[Figure, ...]]
    abstention: Table
    seconds: tuple[float, ...]
    calibration: tuple[Reliability, ...]
    cases: tuple[CaseReport, ...]


def report(folder: Folder) -> Report:
    """Return the report of a scored run."""
    was = folder.run()
    cases, scored = folder.questions(), read_scores(folder.scores)
    responses = read_answers(folder.answers, cases)
    verdicts = read_verdicts(folder.claims)
    results = by_metric(scored)
    types = {case.id: case.type for case in cases}
    kinds = {response.case: _kind(response) for response in responses}
    reports = [
        _case(case, response, results, verdicts)
        for case, response in zip(cases, responses, strict=True)
    ]
    return Report(
        name=folder.name,
        run=was,
        judge=judges_of(scored),
        figures=_figures(cases, scored),
        by_type=_grouped(cases, scored, types),
        by_kind=_grouped(cases, scored, kinds),
        abstention=table(zip(cases, responses, strict=True), NoJudge()),
        seconds=tuple(r.seconds for r in responses if r.seconds is not None),
        calibration=reliabilities(folder, results),
        cases=tuple(sorted(reports, key=lambda item: -item.badness)),
    )


def as_json(report: Report) -> dict[str, Any]:
    """Return the figures as plain values, for machines."""
    run = report.run
    return {
        "run": report.name,
        "system": run.system,
        "judge": report.judge,
        "cases": {"fingerprint": run.cases, "count": len(report.cases)},
        "library": {"fingerprint": run.library, "documents": run.documents},
        "as_of": run.as_of,
        "kinds": list(run.kinds),
        "metrics": {figure.metric: _figure_json(figure) for figure in report.figures},
        "by_type": _groups_json(report.by_type),
        "by_source_kind": _groups_json(report.by_kind),
        "abstention": {
            "answerable": {
                "answered": report.abstention.answerable_answered,
                "abstained": report.abstention.answerable_abstained,
            },
            "unanswerable": {
                "answered": report.abstention.unanswerable_answered,
                "abstained": report.abstention.unanswerable_abstained,
            },
            "unscored": report.abstention.unscored,
            "f1": report.abstention.f1,
        },
        "calibration": [_reliability_json(found) for found in report.calibration],
    }


def _case(
    case: Case,
    response: Response,
    results: Mapping[str, Mapping[str, Result]],
    verdicts: Mapping[tuple[str, int], str],
) -> CaseReport:
    mine = {name: of[case.id] for name, of in results.items() if case.id in of}
    numbers = range(1, len(response.sentences) + 1)
    return CaseReport(
        case=case,
        response=response,
        results=mine,
        verdicts=tuple(verdicts.get((case.id, number), "") for number in numbers),
        badness=sum(_lost(name, result) for name, result in mine.items()),
    )


def _lost(name: str, result: Result) -> float:
    """Return how far a result is from the best, hard failures weighing most."""
    metric = METRICS[name]
    if not isinstance(result, Score) or metric.unit != "share":
        return 0.0
    lost = {"higher": 1 - result.value, "lower": result.value, "neither": 0.0}[metric.better]
    return _WEIGHT[metric.group] * lost


def _figures(cases: Sequence[Case], scored: Iterable[Scored]) -> tuple[Figure, ...]:
    wanted = {case.id: cluster(case) for case in cases}
    mine = [item for item in scored if item.case in wanted]
    judges = {item.metric: item.judge for item in mine}
    figures: list[Figure] = []
    for name, found in by_metric(mine).items():
        values = {id: r.value for id, r in found.items() if isinstance(r, Score)}
        reasons = Counter(r.reason for r in found.values() if not isinstance(r, Score))
        figures.append(
            Figure(
                metric=name,
                estimate=estimate(list(values.values()), [wanted[id] for id in values]),
                unscored=reasons.total(),
                reasons=tuple(reasons.most_common()),
                judge=judges.get(name, ""),
            )
        )
    return tuple(figures)


def _grouped(
    cases: Sequence[Case], scored: Sequence[Scored], group: Mapping[str, str]
) -> Mapping[str, tuple[Figure, ...]]:
    members: dict[str, list[Case]] = {}
    for case in cases:
        members.setdefault(group[case.id], []).append(case)
    return {name: _figures(some, scored) for name, some in sorted(members.items())}


def _kind(response: Response) -> str:
    """Return the kind of source that an answer rests on: that of its first citation."""
    kinds = [cited.source.document.kind for cited in response.citations if cited.source]
    return kinds[0] if kinds else "nothing cited"


def _figure_json(figure: Figure) -> dict[str, Any]:
    metric, found = METRICS[figure.metric], figure.estimate
    value = {} if found is None else {"mean": found.mean, "low": found.low, "high": found.high}
    return {
        **value,
        "n": found.n if found else 0,
        "unscored": figure.unscored,
        "reasons": dict(figure.reasons),
        "judge": figure.judge,
        "better": metric.better,
        "version": metric.version,
    }


def _reliability_json(found: Reliability) -> dict[str, Any]:
    return {
        "score": found.title,
        "n": found.n,
        "auroc": found.auroc,
        "error": found.error if found.share else None,
        "groups": [{"score": g.score, "right": g.right.mean, "n": g.right.n} for g in found.groups],
    }


def _groups_json(groups: Mapping[str, tuple[Figure, ...]]) -> dict[str, Any]:
    return {
        name: {f.metric: _figure_json(f) for f in figures if f.estimate is not None}
        for name, figures in groups.items()
    }
