"""Plots of the report as inline SVG: intervals, reliability, latency. No script, no request.

Knows the numbers to draw and nothing of runs; every text in it is ours or escaped.
"""

import math
from collections.abc import Iterator, Sequence
from html import escape

from eval.report_calibration import Reliability
from eval.stats import Estimate

_BLUE, _SOFT, _LINE = "#2f5d9b", "#5a6577", "#d9dfe8"
_LEFT, _TOP, _WIDE, _HIGH = 44, 36, 320, 190  # of the frame, in the plot's own units
_BINS = 24


def bar(estimate: Estimate | None) -> str:
    """Return a point on a line from 0 to 1, with its interval."""
    if estimate is None:
        return ""
    low, high, mean = (
        200 * max(0.0, min(1.0, x)) for x in (estimate.low, estimate.high, estimate.mean)
    )
    return (
        '<svg viewBox="-6 0 212 14" role="img" aria-hidden="true">'
        f'<line x1="0" x2="200" y1="7" y2="7" stroke="{_LINE}"/>'
        f'<line x1="0" x2="0" y1="3" y2="11" stroke="{_LINE}"/>'
        f'<line x1="200" x2="200" y1="3" y2="11" stroke="{_LINE}"/>'
        f'<line x1="{low:.1f}" x2="{high:.1f}" y1="7" y2="7" stroke="{_BLUE}" stroke-width="4"/>'
        f'<circle cx="{mean:.1f}" cy="7" r="5" fill="{_BLUE}"/></svg>'
    )


def calibration(found: Sequence[Reliability]) -> str:
    """Return one plot for each score that differs between answers, and in words what each shows."""
    if not found:
        return '<p class="soft">No answer has a score of support.</p>'
    drawn_first = sorted(found, key=lambda item: len(item.groups) == 1)
    return f'<div class="plots">{"".join(map(_reliability, drawn_first))}</div>'


def latency(seconds: Sequence[float]) -> str:
    """Return a histogram of seconds with the median and the ninth decile marked."""
    if not seconds:
        return '<p class="soft">No times are given.</p>'
    ordered = sorted(seconds)
    half, ninety, most = (ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.9, 1.0))
    end = _round_up(most)
    bins = [0] * _BINS
    for value in ordered:
        bins[min(_BINS - 1, int(_BINS * value / end))] += 1
    top = max(bins)
    bars = "".join(_column(at, count, top) for at, count in enumerate(bins) if count)
    marks = _mark(half / end, f"median {half:.2f}", high=26)
    marks += _mark(ninety / end, f"9 in 10 within {ninety:.2f}", high=10)
    ticks = "".join(_tick_x(share, f"{share * end:.3g}") for share in (0, 0.25, 0.5, 0.75, 1))
    counts = _tick_y(0, "0") + _tick_y(1, str(top))
    told = f"Median {half:.2f} s, nine in ten within {ninety:.2f} s, slowest {most:.2f} s"
    return (
        f'<figure class="plot">{_svg(told, ticks + counts + bars + marks)}'
        f"<figcaption>{told}; {len(ordered)} answers. Across: seconds from question to answer; up: "
        "answers.</figcaption></figure>"
    )


def _reliability(found: Reliability) -> str:
    picture = "" if len(found.groups) < 2 else _svg(found.title, "".join(_drawn(found)))
    return (
        f'<figure class="plot"><h3>{escape(found.title)}</h3>{picture}'
        f"<figcaption>{escape(_told(found))}</figcaption></figure>"
    )


def _told(found: Reliability) -> str:
    first = found.groups[0].right.mean
    if len(found.groups) == 1:
        return (
            f"All {found.n} answers have the score {found.groups[0].score:.2f}, and {first:.0%} of "
            "them are right: it tells whether sentences stand in what they cite, not which answers "
            "are right."
        )
    across = "Across: score; up: share of answers that are right, with 95 % interval."
    if found.share:
        across += f" Mean distance from score = share (dashed): {found.error:.2f}."
    if found.auroc is None:
        return f"{across} All {found.n} answers are right, or none."
    return (
        f"{across} Of a right and a wrong answer the right one has the higher score in "
        f"{found.auroc:.0%} of pairs (50 %: no more than chance); {found.n} answers."
    )


def _drawn(found: Reliability) -> Iterator[str]:
    """Yield frame, diagonal and one point with its interval for each group."""
    scores = [group.score for group in found.groups]
    low, high = (0.0, 1.0) if found.share else (0.0, _round_up(max(scores)))
    for share in (0, 0.25, 0.5, 0.75, 1):
        yield _tick_x(share, f"{low + share * (high - low):.3g}")
        yield _tick_y(share, f"{share:.0%}")
    if found.share:
        yield (
            f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="{_SOFT}" '
            'stroke-dasharray="4 4"/>'
        )
    for group in found.groups:
        x, right = _x((group.score - low) / (high - low)), group.right
        yield (
            f"<g><title>score {group.score:.3f}: {right.mean:.0%} right, n {right.n}</title>"
            f'<line x1="{x}" x2="{x}" y1="{_y(right.low)}" y2="{_y(right.high)}" '
            f'stroke="{_BLUE}" stroke-width="2"/>'
            f'<circle cx="{x}" cy="{_y(right.mean)}" r="4.5" fill="{_BLUE}"/></g>'
        )


def _svg(label: str, inside: str) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {_LEFT + _WIDE + 16} {_TOP + _HIGH + 24}" role="img" '
        f'aria-label="{escape(label, quote=True)}" font-size="13" fill="{_SOFT}">{inside}</svg>'
    )


def _tick_x(share: float, text: str) -> str:
    return (
        f'<line x1="{_x(share)}" x2="{_x(share)}" y1="{_y(0)}" y2="{_y(0) + 4}" stroke="{_SOFT}"/>'
        f'<text x="{_x(share)}" y="{_y(0) + 17}" text-anchor="middle">{text}</text>'
    )


def _tick_y(share: float, text: str) -> str:
    return (
        f'<line x1="{_x(0)}" x2="{_x(1)}" y1="{_y(share)}" y2="{_y(share)}" stroke="{_LINE}"/>'
        f'<text x="{_LEFT - 6}" y="{_y(share) + 4}" text-anchor="end">{text}</text>'
    )


def _column(at: int, count: int, top: int) -> str:
    high = _HIGH * count / top
    return (
        f'<rect x="{_x(at / _BINS) + 0.5:.1f}" y="{_y(0) - high:.1f}" '
        f'width="{_WIDE / _BINS - 1:.1f}" height="{high:.1f}" fill="{_BLUE}">'
        f"<title>{count}</title></rect>"
    )


def _mark(share: float, name: str, high: int) -> str:
    """Return an upright line that ends `high` above the frame, with its name there."""
    x, top = _x(share), _TOP - high
    anchor, step = ("end", -5) if share > 0.5 else ("start", 5)
    return (
        f'<line x1="{x}" x2="{x}" y1="{top - 8}" y2="{_y(0)}" stroke="#d08700" '
        'stroke-dasharray="3 3"/>'
        f'<text x="{x + step}" y="{top + 3}" text-anchor="{anchor}" fill="#8a5a00">{name}</text>'
    )


def _x(share: float) -> float:
    return round(_LEFT + _WIDE * share, 1)


def _y(share: float) -> float:
    return round(_TOP + _HIGH * (1 - share), 1)


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5, 10 … (and their parts) from `value` up, to end an axis at."""
    if value <= 0:
        return 1.0
    step = 10 ** math.floor(math.log10(value))
    return next(step * m for m in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * m >= value - 1e-12)
