"""gates.toml → what a run breaks: figures that must not fail, floors, and regressions. Pure.

    [zero_tolerance]            metrics of which no single case may be short of the best
    metrics = ["quote_exactness", "hard_id"]
    [floors]                    the mean must not be on the wrong side of this
    answer_correctness = 0.40
    [margins]                   against --against: the interval may reach this far to the worse
    answer_correctness = 0.05

A metric without a figure breaks its gate: what was not measured was not passed.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.compare import Compared, Comparison
from eval.errors import CasesError
from eval.folder import Run
from eval.metrics import METRICS
from eval.questions import first_fault
from eval.report import Report
from eval.types import Score

_NAMED = 8


class _ZeroTolerance(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    metrics: tuple[str, ...] = ()


class Gates(BaseModel):
    """What a run must hold to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zero_tolerance: _ZeroTolerance = _ZeroTolerance()
    floors: dict[str, float] = {}
    margins: dict[str, float] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One gate; `broken` says by what, in one line for each, and is empty when it holds."""

    name: str
    broken: tuple[str, ...]


def read_gates(path: Path) -> Gates:
    """Return the gates of a file. Raises CasesError naming what is wrong with it."""
    try:
        gates = Gates.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise CasesError(f"{path.name}: {first_fault(error)}") from error
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CasesError(f"{path.name}: {error}.") from error
    for name in (*gates.zero_tolerance.metrics, *gates.floors, *gates.margins):
        if name not in METRICS:
            raise CasesError(f"{path.name}: there is no metric {name!r}.")
    return gates


def check(gates: Gates, report: Report, changed: Comparison | None) -> tuple[Check, ...]:
    """Return every gate with what breaks it; margins need the comparison with another run."""
    means = {f.metric: f.estimate.mean for f in report.figures if f.estimate is not None}
    checks = [
        Check(name=f"zero tolerance: {name}", broken=tuple(_failures(name, report)))
        for name in gates.zero_tolerance.metrics
    ]
    checks += [
        Check(name=f"floor: {name}", broken=tuple(_below(name, floor, means)))
        for name, floor in gates.floors.items()
    ]
    if changed is not None:
        checks += [
            Check(name=f"regression: {name}", broken=tuple(_regressed(name, margin, changed)))
            for name, margin in gates.margins.items()
        ]
    return tuple(checks)


def junit(checks: Iterable[Check], run: Run) -> str:
    """Return the gates as JUnit XML, with the fingerprints of what was run."""
    given = tuple(checks)
    facts = {"system": run.system, "cases": run.cases, "library": run.library, "as_of": run.as_of}
    known = "".join(
        f"<property name={quoteattr(name)} value={quoteattr(told)}/>"
        for name, told in facts.items()
    )
    cases = "".join(
        f'<testcase classname="eval" name={quoteattr(item.name)}>'
        + (f"<failure message={quoteattr(chr(10).join(item.broken))}/>" if item.broken else "")
        + "</testcase>"
        for item in given
    )
    failed = sum(bool(item.broken) for item in given)
    suite = f'<testsuite name="eval" tests="{len(given)}" failures="{failed}">'
    suite += f"<properties>{known}</properties>{cases}</testsuite>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{suite}\n'


def _failures(name: str, report: Report) -> Iterator[str]:
    best = 0.0 if METRICS[name].better == "lower" else 1.0
    seen = 0
    for item in report.cases:
        result = item.results.get(name)
        if isinstance(result, Score):
            seen += 1
            if abs(result.value - best) > 1e-9:
                yield (
                    f"{item.case.id}: {name} is {result.value:.3f}, expected {best:.3f}: "
                    f"{result.explanation}"
                )
    if not seen:
        yield f"{name} has no figure"


def _below(name: str, floor: float, means: Mapping[str, float]) -> Iterator[str]:
    if name not in means:
        yield f"{name} has no figure"
        return
    short = floor - means[name] if METRICS[name].better == "higher" else means[name] - floor
    if short > 1e-9:
        yield f"{name} is {means[name]:.3f}, the floor is {floor:.3f}"


def _regressed(name: str, margin: float, changed: Comparison) -> Iterator[str]:
    row = next((row for row in changed.compared if row.metric == name), None)
    if row is None:
        yield f"{name} has no case in common with {changed.old}"
        return
    gap = row.difference.difference
    worst = -gap.low if METRICS[name].better == "higher" else gap.high
    if worst > margin + 1e-9:
        yield (
            f"{name}: {row.old:.3f} → {row.new:.3f}, interval {gap.low:+.3f} … {gap.high:+.3f} "
            f"reaches beyond the margin {margin:.3f}; {_lost(row)}"
        )


def _lost(row: Compared) -> str:
    """Name the cases that got worse, the worst first."""
    sign = 1 if METRICS[row.metric].better == "higher" else -1
    lost = [change for change in row.changes if sign * (change.new - change.old) < 0]
    ids = [c.case for c in sorted(lost, key=lambda c: sign * (c.new - c.old))]
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return f"worse in {', '.join(ids[:_NAMED])}{more}"
