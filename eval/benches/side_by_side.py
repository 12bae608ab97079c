"""Systems measured on the same questions → a table with intervals and paired differences.

Knows no data set and no system.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isinf
from typing import Any

from eval.stats import Difference, Estimate, difference, estimate, holm

Values = Mapping[str, Mapping[str, Sequence[float]]]
"""System → figure → one value for each question; every question in the same place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """Means of each system, and what the first has over each other with p after Holm."""

    means: Mapping[str, Mapping[str, Estimate]]
    gaps: Mapping[str, Mapping[str, tuple[Difference, float]]]


def side_by_side(values: Values, clusters: Sequence[Hashable]) -> SideBySide:
    """Compare the first system with each other one; `clusters` gives one name per question.

    Holm's correction is over all differences of the table.
    """
    first, *others = values
    means = {
        system: {name: made for name in figures if (made := estimate(figures[name], clusters))}
        for system, figures in values.items()
    }
    found = {
        (system, name): gap
        for system in others
        for name in values[system]
        if (gap := difference(values[system][name], values[first][name], clusters))
    }
    ps = holm({f"{system}\0{name}": gap.p for (system, name), gap in found.items()})
    gaps: dict[str, dict[str, tuple[Difference, float]]] = {}
    for (system, name), gap in found.items():
        gaps.setdefault(system, {})[name] = (gap, ps[f"{system}\0{name}"])
    return SideBySide(means=means, gaps=gaps)


def table(made: SideBySide) -> str:
    """Return the figures as text: mean [interval], then differences with their p after Holm."""
    first = next(iter(made.means))
    figures = list(made.means[first])
    lines = [("", *figures)]
    lines += [(name, *(_mean(means[f]) for f in figures)) for name, means in made.means.items()]
    lines += [("",), (f"{first} minus",)]
    lines += [(f"  {name}", *(_gap(*gaps[f]) for f in figures)) for name, gaps in made.gaps.items()]
    wide = [
        max(len(line[at]) for line in lines if at < len(line)) for at in range(1 + len(figures))
    ]
    return "\n".join(
        "   ".join(cell.ljust(wide[at]) for at, cell in enumerate(line)).rstrip() for line in lines
    )


def as_json(made: SideBySide) -> dict[str, Any]:
    """Return the same figures for a program."""
    return {
        "systems": {
            system: {name: asdict(mean) for name, mean in means.items()}
            for system, means in made.means.items()
        },
        "differences": {
            system: {name: _gap_json(gap, p) for name, (gap, p) in gaps.items()}
            for system, gaps in made.gaps.items()
        },
    }


def _mean(mean: Estimate) -> str:
    return f"{mean.mean:.3f} [{mean.low:.3f}, {mean.high:.3f}]"


def _gap(gap: Difference, p: float) -> str:
    found = gap.difference
    chance = f"p {p:.3f}" if p >= 0.001 else "p < .001"
    return f"{found.mean:+.3f} [{found.low:+.3f}, {found.high:+.3f}] {chance}"


def _gap_json(gap: Difference, p: float) -> dict[str, Any]:
    found = None if isinf(gap.detectable) else gap.detectable  # one cluster tells nothing of it
    return {**asdict(gap), "detectable": found, "p_holm": p}
