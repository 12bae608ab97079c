"""Report and comparison → Markdown, for pull requests and terminals. Computes nothing."""

from collections.abc import Iterable, Mapping, Sequence

from eval.compare import Compared, Comparison
from eval.metrics import METRICS
from eval.report import HEADLINE, Figure, Report
from eval.stats import Difference, Estimate


def report_markdown(report: Report) -> str:
    """Return the figures of a run as Markdown."""
    run = report.run
    facts = [
        f"System: {run.system}",
        f"Cases: {len(report.cases)} ({run.cases})",
        f"Library: {run.documents} documents ({run.library})"
        if run.library
        else "Library: unknown",
        f"As of: {run.as_of or 'the day that each case gives'}",
        f"Kinds: {', '.join(run.kinds) or 'all'}",
        f"Judge: {report.judge}",
    ]
    held = report.abstention
    f1 = "–" if held.f1 is None else f"{held.f1:.2f}"
    parts = [
        f"# {_cell(report.name)}",
        "\n".join(f"- {_cell(fact)}" for fact in facts),
        "Mean with 95 % bootstrap interval, clustered by document. † judged.",
        _table(
            ("metric", "mean", "interval", "n", "unscored", "better"),
            (_figure_row(figure) for figure in report.figures),
        ),
        "## By type",
        _by_group(report.by_type),
        "## By kind of the first source cited",
        _by_group(report.by_kind),
        "## Abstention",
        _table(
            ("", "answered", "abstained"),
            [
                ("answerable", str(held.answerable_answered), str(held.answerable_abstained)),
                ("unanswerable", str(held.unanswerable_answered), str(held.unanswerable_abstained)),
            ],
        ),
        f"F1 of abstaining {f1}; not known of {held.unscored}. "
        "A premise said not to be borne out counts as held back.",
        "## Not scored, and why",
        _table(("metric", "cases", "reason"), _reason_rows(report.figures)),
    ]
    return "\n\n".join(parts) + "\n"


def comparison_markdown(comparison: Comparison) -> str:
    """Return what changed between two runs as Markdown."""
    parts = [
        f"# {_cell(comparison.old)} → {_cell(comparison.new)}",
        f"Judge: {_cell(comparison.judge)}. Over the cases that both have a figure for; p by "
        "McNemar (yes/no) or sign flips, after Holm. «Detectable»: the smallest difference that "
        "these cases would show eight times in ten.",
        _table(
            ("metric", "old", "new", "difference", "interval", "p", "won/tied/lost")
            + ("n", "left out", "detectable"),
            (_compared_row(row) for row in comparison.compared),
        ),
        f"No case has a figure in both: {apart(comparison)}.",
        "## Cases that changed",
    ]
    for row in (row for row in comparison.compared if row.changes and row.metric != "latency"):
        parts.append(f"### {METRICS[row.metric].title}")
        parts.append(
            _table(
                ("case", "old", "new", "question", "new run"),
                (
                    (c.case, f"{c.old:.2f}", f"{c.new:.2f}", c.question, c.explanation)
                    for c in row.changes
                ),
            )
        )
    return "\n\n".join(parts) + "\n"


def apart(comparison: Comparison) -> str:
    """Return the metrics that cannot be compared, since no case has a figure in both runs."""
    return ", ".join(METRICS[name].title for name in comparison.apart) or "none of the metrics"


def detectable(gap: Difference) -> str:
    """Return the smallest difference that would be found; nothing where no case differs."""
    return f"{gap.detectable:.2f}" if gap.wins or gap.losses else "–"


def interval(estimate: Estimate | None) -> str:
    """Return an interval as in tables."""
    return "–" if estimate is None else f"{estimate.low:.2f} … {estimate.high:.2f}"


def title(figure: Figure) -> str:
    """Return what a figure is called, marked when a judge had part in it."""
    return METRICS[figure.metric].title + (" †" if METRICS[figure.metric].judged else "")


def _figure_row(figure: Figure) -> Sequence[str]:
    found = figure.estimate
    return (
        title(figure),
        "–" if found is None else f"{found.mean:.3f}",
        interval(found),
        str(found.n if found else 0),
        str(figure.unscored),
        METRICS[figure.metric].better,
    )


def _compared_row(row: Compared) -> Sequence[str]:
    gap = row.difference
    return (
        METRICS[row.metric].title + (" **worse**" if row.worse else ""),
        f"{row.old:.3f}",
        f"{row.new:.3f}",
        f"{gap.difference.mean:+.3f}",
        f"{gap.difference.low:+.2f} … {gap.difference.high:+.2f}",
        f"{row.p:.3f}",
        f"{gap.wins}/{gap.ties}/{gap.losses}",
        str(gap.difference.n),
        str(row.left_out),
        detectable(gap),
    )


def _by_group(groups: Mapping[str, tuple[Figure, ...]]) -> str:
    names = [METRICS[name].title for name in HEADLINE]
    rows: list[Sequence[str]] = []
    for group, figures in groups.items():
        found = {figure.metric: figure.estimate for figure in figures}
        rows.append((group, *(_short(found[name]) for name in HEADLINE)))
    return _table(("", *names), rows)


def _short(estimate: Estimate | None) -> str:
    return "–" if estimate is None else f"{estimate.mean:.2f} (n {estimate.n})"


def _reason_rows(figures: Iterable[Figure]) -> Iterable[Sequence[str]]:
    for figure in figures:
        for reason, count in figure.reasons:
            yield METRICS[figure.metric].title, str(count), reason


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
