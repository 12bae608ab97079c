"""Responses and cases → scores.jsonl: every metric on every answer. Asks no verdict twice.

A metric that fails is recorded as Unscored with its error, so that one bad line does not take the
rest with it.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import CasesError
from eval.folder import replace_text
from eval.metrics import METRICS
from eval.questions import Case, first_fault, lines_of
from eval.types import Judge, Response, Result, Score, Unscored


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What one metric says of one case; `judge` is "" if none had part. A line of scores.jsonl."""

    case: str
    metric: str
    version: int
    judge: str
    result: Result


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    case: str
    metric: str
    version: int = 1
    judge: str = ""
    value: float | None = None
    explanation: str = ""
    unscored: str | None = None


def score(
    cases: Sequence[Case],
    responses: Sequence[Response],
    judge: Judge,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Scored, ...]:
    """Return every metric's figure of every case, in the order of the cases."""
    scored: list[Scored] = []
    for number, (case, response) in enumerate(zip(cases, responses, strict=True), start=1):
        for name, metric in METRICS.items():
            scored.append(
                Scored(
                    case=case.id,
                    metric=name,
                    version=metric.version,
                    judge=judge.name if metric.judged else "",
                    result=_result(name, case, response, judge),
                )
            )
        progress(number, len(cases))
    return tuple(scored)


def write_scores(path: Path, scored: Iterable[Scored]) -> None:
    """Write scores.jsonl, whole or not at all."""
    lines = (json.dumps(_row(item), ensure_ascii=False) + "\n" for item in scored)
    replace_text(path, "".join(lines))


def write_values(path: Path, scored: Iterable[Scored]) -> None:
    """Write the values alone, as small as `read_scores` can read them: a baseline to keep.

    Without what explains them, what was not scored, times, and figures that are no better high or
    low.
    """
    kept = [item for item in scored if METRICS[item.metric].group != "advisory"]
    rows = [_row(item) for item in kept if isinstance(item.result, Score)]
    usual: dict[str, Any] = {"version": 1, "judge": ""}
    short = (
        {k: v for k, v in row.items() if k != "explanation" and usual.get(k) != v} for row in rows
    )
    replace_text(path, "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in short))


def read_scores(path: Path) -> tuple[Scored, ...]:
    """Return the scores of a file. Raises CasesError naming the first bad line."""
    if not path.exists():
        raise CasesError(f"There is no {str(path)!r}. Make it with `python -m eval score`.")
    scored: list[Scored] = []
    for at, line in lines_of(path):
        try:
            row = _Row.model_validate_json(line)
        except ValidationError as error:
            raise CasesError(f"{path.name} line {at}: {first_fault(error)}") from error
        if row.metric not in METRICS or row.version != METRICS[row.metric].version:
            raise CasesError(
                f"{path.name} line {at}: {row.metric!r} version {row.version} is not what this "
                "harness computes. Run `python -m eval score` again, or for eval/baseline "
                "`make baseline`."
            )
        scored.append(_scored(row))
    return tuple(scored)


def by_metric(scored: Iterable[Scored]) -> Mapping[str, Mapping[str, Result]]:
    """Return results by metric, then by case."""
    table: dict[str, dict[str, Result]] = {name: {} for name in METRICS}
    for item in scored:
        table[item.metric][item.case] = item.result
    return table


def judges_of(scored: Iterable[Scored]) -> str:
    """Return the name of the judge that had part in these scores."""
    return ", ".join(dict.fromkeys(item.judge for item in scored if item.judge)) or "none"


def _result(name: str, case: Case, response: Response, judge: Judge) -> Result:
    try:
        return METRICS[name].scorer(case, response, judge)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError) as error:
        return Unscored(reason=f"the metric failed: {type(error).__name__}: {error}")


def _row(item: Scored) -> dict[str, Any]:
    row: dict[str, Any] = {
        "case": item.case,
        "metric": item.metric,
        "version": item.version,
        "judge": item.judge,
    }
    if isinstance(item.result, Unscored):
        return {**row, "unscored": item.result.reason}
    return {**row, "value": round(item.result.value, 6), "explanation": item.result.explanation}


def _scored(row: _Row) -> Scored:
    result: Result = Unscored(reason=row.unscored or "no value in the file")
    if row.value is not None:
        result = Score(value=row.value, explanation=row.explanation)
    return Scored(
        case=row.case, metric=row.metric, version=row.version, judge=row.judge, result=result
    )
