"""Report → one HTML page with everything in it: no script, no outside request. Computes nothing.

What comes from sources, questions and answers is text and stays text.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files

from eval.compare import Compared, Comparison
from eval.gate import Check
from eval.metrics import METRICS
from eval.metrics.abstention import Table
from eval.report import HEADLINE, Figure, Report
from eval.report_case import case_html, moves_of
from eval.report_plots import bar, calibration, latency
from eval.report_text import apart, detectable, interval, title
from eval.stats import Estimate
from eval.types import Group

_GROUPS: dict[Group, str] = {
    "answer": "Answers",
    "hard": "Hard checks, without a model: anything below 1 is a fault",
    "support": "Support, by the judge",
    "retrieval": "Retrieval",
    "advisory": "To read beside the others",
}
_WEIGHTS = (
    '<p class="soft">The number on the right is what the case lost: a failed hard check counts '
    "three, an answer two, support one, retrieval a quarter. Marked in a passage are the words "
    "that the sentence rests on: its quote, or without one the nearest sentence.</p>"
)
_READ = {
    "answer_correctness": "of answerable questions: every vital fact said, a right document cited",
    "unanswerable_held_back": "of questions that nothing answers: declined, or premise corrected",
    "false_abstention": "of answerable questions: declined all the same (lower is better)",
    "quote_exactness": "of quotes: letter for letter what the cited passage says",
    "claim_support": "of sentences: borne out by what they cite or what was found",
    "citation_recall": "of sentences: borne out by what they themselves cite",
    "as_of_correctness": "of answers: nothing cited from after the date asked about",
    "conflict_shown": "of questions on which sources differ: both sides cited, with a notice",
    "retrieval_recall_10": "of gold passages: among the first ten found",
}


def page(report: Report, changed: Comparison | None = None, checks: Sequence[Check] = ()) -> str:
    """Return the whole page; `checks` are the gates that the run was held to."""
    css = files("eval").joinpath("report.css").read_text(encoding="utf-8")
    moves = {} if changed is None else moves_of(changed)
    sections = {
        "Every figure": _figures(report.figures),
        "Abstention": _abstention(report.abstention),
        "By type of question": _by_group(report.by_type),
        "By kind of the first source cited": _by_group(report.by_kind),
        "Calibration": calibration(report.calibration),
        "Latency": latency(report.seconds),
        "Not scored, and why": _reasons(report.figures),
        **({} if changed is None else {f"Against {changed.old}": _changes(changed)}),
        "Cases, worst first": _WEIGHTS
        + "".join(case_html(item, moves.get(item.case.id)) for item in report.cases),
    }
    links = "".join(
        f'<a href="#part-{at}">{escape(name)}</a>' for at, name in enumerate(sections, start=1)
    )
    parts = "".join(
        f'<h2 id="part-{at}">{escape(name)}</h2>{inside}'
        for at, (name, inside) in enumerate(sections.items(), start=1)
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.name)}: evaluation</title><style>{css}</style></head><body>"
        f"<h1>How grounded the answers are: {escape(report.name)}</h1>{_in_words(report)}"
        f"{_gates(checks)}{_tiles(report)}{_note(report)}{_facts(report)}"
        f"<nav>{links}</nav>{parts}</body></html>\n"
    )


def _in_words(report: Report) -> str:
    """Return what a reader of one paragraph should know."""
    held, found = report.abstention, {figure.metric: figure.estimate for figure in report.figures}
    nothing = held.unanswerable_answered + held.unanswerable_abstained
    told: list[str] = []
    correct = found["answer_correctness"]
    if correct:
        right = round(correct.mean * correct.n)
        rest = correct.n - right - held.answerable_abstained
        told.append(
            f"Of {correct.n} questions that the library answers, {right} got a right answer, "
            f"{held.answerable_abstained} were declined, and {rest} got an answer that lacks a "
            "vital fact or a right source."
        )
    if nothing:
        told.append(
            f"Of {nothing} that nothing in it answers, {held.unanswerable_abstained} were held "
            "back or corrected."
        )
    quotes = found["quote_exactness"]
    if quotes:
        every = "Every quote is" if quotes.mean == 1 else f"{_percent(quotes.mean)} of quotes are"
        told.append(f"{every} letter for letter in the passage it cites.")
    return f'<p class="lead">{escape(" ".join(told))}</p>'


def _gates(checks: Sequence[Check]) -> str:
    if not checks:
        return ""
    broken = [check for check in checks if check.broken]
    if not broken:
        return f'<p class="gate yes">All {len(checks)} gates hold.</p>'
    items = "".join(
        f"<li><b>{escape(check.name)}</b>: {escape(_first(check.broken))}</li>" for check in broken
    )
    return (
        f'<div class="gate no"><p>{len(broken)} of {len(checks)} gates are broken.</p>'
        f"<ul>{items}</ul></div>"
    )


def _first(lines: Sequence[str]) -> str:
    more = f" (and {len(lines) - 3} more)" if len(lines) > 3 else ""
    return "; ".join(lines[:3]) + more


def _facts(report: Report) -> str:
    run = report.run
    library = (
        f"{run.documents} documents, fingerprint {run.library}" if run.library else "not known"
    )
    facts = {
        "System": run.system,
        "Cases": f"{len(report.cases)}, fingerprint {run.cases}",
        "Library": library,
        "As of": run.as_of or "as each case or answer says",
        "Kinds searched": ", ".join(run.kinds) or "all",
        "Judge": report.judge,
    }
    items = "".join(f"<dt>{name}</dt><dd>{escape(told)}</dd>" for name, told in facts.items())
    return f'<dl class="facts">{items}</dl>'


def _tiles(report: Report) -> str:
    found = {figure.metric: figure for figure in report.figures}
    tiles: list[str] = []
    for name in HEADLINE:
        estimate = found[name].estimate
        if estimate is None:
            value, spread = "not scored", found[name].reasons[0][0] if found[name].reasons else ""
        else:
            value = _percent(estimate.mean)
            spread = f"{_percent(estimate.low)} to {_percent(estimate.high)} · n {estimate.n}"
        judge = " · judged" if METRICS[name].judged else ""
        tiles.append(
            f'<div class="tile">{escape(METRICS[name].title)}<b>{value}</b>'
            f"<span>{escape(spread)}{judge}</span><span>{escape(_READ[name])}</span></div>"
        )
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _note(report: Report) -> str:
    return (
        '<p class="soft">Means over cases with 95 % bootstrap intervals (fixed seed, clustered by '
        "document). † The judge had part in it: "
        f"{escape(report.judge)}. A judge of similarity is not a judge of truth: read its figures "
        "beside the hard checks.</p>"
    )


def _figures(figures: Iterable[Figure]) -> str:
    rows: list[str] = []
    by_group: dict[Group, list[Figure]] = {}
    for figure in figures:
        by_group.setdefault(METRICS[figure.metric].group, []).append(figure)
    for group, told in _GROUPS.items():
        rows.append(f'<tr class="group"><td colspan="6">{told}</td></tr>')
        rows += [_figure(figure) for figure in by_group.get(group, [])]
    head = (
        "<tr><th>metric</th><th class=n>mean</th><th></th><th class=n>95 % interval</th>"
        "<th class=n>n</th><th class=n>unscored</th></tr>"
    )
    return f'<div class="scroll"><table>{head}{"".join(rows)}</table></div>'


def _figure(figure: Figure) -> str:
    metric, estimate = METRICS[figure.metric], figure.estimate
    lower = {"lower": " (lower is better)", "neither": " (neither good nor bad)", "higher": ""}
    failed = metric.group == "hard" and estimate is not None and estimate.mean < 1
    mean = "–" if estimate is None else f"{estimate.mean:.3f}"
    return (
        f'<tr><td>{escape(title(figure))}<span class="soft">{lower[metric.better]}</span></td>'
        f'<td class="n{" low" if failed else ""}">{mean}</td>'
        f'<td class="bar">{bar(estimate) if metric.unit == "share" else ""}</td>'
        f'<td class="n">{interval(estimate)}</td>'
        f'<td class="n">{estimate.n if estimate else 0}</td>'
        f'<td class="n">{figure.unscored}</td></tr>'
    )


def _abstention(held: Table) -> str:
    f1 = "–" if held.f1 is None else f"{held.f1:.2f}"
    return (
        '<table class="cross"><tr><th></th><th>answered</th><th>held back</th></tr>'
        f'<tr><th>answerable</th><td class="yes">{held.answerable_answered}</td>'
        f'<td class="no">{held.answerable_abstained}</td></tr>'
        f'<tr><th>nothing answers it</th><td class="no">{held.unanswerable_answered}</td>'
        f'<td class="yes">{held.unanswerable_abstained}</td></tr></table>'
        f'<p class="soft">F1 of holding back {f1}. Not known of {held.unscored} cases. A false '
        "premise that the answer says is not borne out counts as held back.</p>"
    )


def _by_group(groups: Mapping[str, Sequence[Figure]]) -> str:
    head = "".join(f"<th class=n>{escape(METRICS[name].title)}</th>" for name in HEADLINE)
    rows: list[str] = []
    for name, figures in groups.items():
        found = {figure.metric: figure.estimate for figure in figures}
        cells = "".join(f'<td class="n">{_short(found[metric])}</td>' for metric in HEADLINE)
        rows.append(f"<tr><td>{escape(name)}</td>{cells}</tr>")
    table = f'<table class="many"><tr><th></th>{head}</tr>{"".join(rows)}</table>'
    return f'<div class="scroll">{table}</div>'


def _short(estimate: Estimate | None) -> str:
    if estimate is None:
        return '<span class="soft">–</span>'
    return f'{_percent(estimate.mean)} <span class="soft">n {estimate.n}</span>'


def _reasons(figures: Iterable[Figure]) -> str:
    rows = "".join(
        f'<tr><td>{escape(METRICS[f.metric].title)}</td><td class="n">{count}</td>'
        f"<td>{escape(reason)}</td></tr>"
        for f in figures
        for reason, count in f.reasons
    )
    return (
        "<details><summary>Cases without a figure, by metric</summary><div class=inside><table>"
        f"<tr><th>metric</th><th class=n>cases</th><th>reason</th></tr>{rows}</table>"
        "</div></details>"
    )


def _changes(changed: Comparison) -> str:
    rows = "".join(_changed(row) for row in changed.compared)
    return (
        '<p class="soft">Over the cases that both have a figure for; p by McNemar (yes/no) or sign '
        "flips, after Holm; detectable: the smallest difference these cases would show eight times "
        "in ten.</p>"
        '<div class="scroll"><table><tr><th>metric</th><th class=n>old</th><th class=n>new</th>'
        "<th class=n>difference</th><th class=n>95 % interval</th><th class=n>p</th>"
        "<th class=n>won/tied/lost</th><th class=n>detectable</th><th>cases that changed</th></tr>"
        f"{rows}</table></div>"
        f'<p class="soft">No case has a figure in both: {escape(apart(changed))}.</p>'
    )


def _changed(row: Compared) -> str:
    gap, better = row.difference, METRICS[row.metric].better
    ids = [] if row.metric == "latency" else [change.case for change in row.changes]
    links = " ".join(f'<a href="#{escape(id, quote=True)}">{escape(id)}</a>' for id in ids[:12])
    more = f" and {len(ids) - 12} more" if len(ids) > 12 else ""
    worse = " low" if row.worse else ""
    lower = " (lower is better)" if better == "lower" else ""
    return (
        f"<tr><td>{escape(METRICS[row.metric].title)}<span class=soft>{lower}</span></td>"
        f'<td class="n">{row.old:.3f}</td><td class="n">{row.new:.3f}</td>'
        f'<td class="n{worse}">{gap.difference.mean:+.3f}</td>'
        f'<td class="n">{gap.difference.low:+.2f} … {gap.difference.high:+.2f}</td>'
        f'<td class="n">{row.p:.3f}</td><td class="n">{gap.wins}/{gap.ties}/{gap.losses}</td>'
        f'<td class="n">{detectable(gap)}</td><td>{links}{more}</td></tr>'
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
