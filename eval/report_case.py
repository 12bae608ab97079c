"""One case as HTML: question, answer with its citations, verdict of each sentence, what changed
since another run, scores, what was retrieved. Every text is escaped.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from assistant.render import link
from eval.compare import Change, Comparison
from eval.facts import word_set
from eval.metrics import METRICS
from eval.report import CaseReport
from eval.types import Cited, Response, Result, Score, Sentence, Source
from sources.split import sentences
from sources.text import collapse

_SHOWN = 600
_AROUND = 200  # characters of the passage shown before and after the quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What another run gave for a case; `said` is None where only its scores were kept."""

    run: str
    changes: Mapping[str, Change]
    said: tuple[str, ...] | None


def moves_of(changed: Comparison) -> Mapping[str, Move]:
    """Return the move of each case that has a figure or a sentence in the other run."""
    found: dict[str, dict[str, Change]] = {case: {} for case in changed.said}
    for row in (row for row in changed.compared if METRICS[row.metric].unit == "share"):
        for change in row.changes:
            found.setdefault(change.case, {})[row.metric] = change
    return {
        case: Move(run=changed.old, changes=changes, said=changed.said.get(case))
        for case, changes in found.items()
    }


def case_html(item: CaseReport, move: Move | None = None) -> str:
    """Return a case to open, its question on the closed line."""
    case = item.case
    return (
        f'<details id="{escape(case.id, quote=True)}"><summary>'
        f'<span class="soft">{escape(case.id)}</span>'
        f'<span class="question">{escape(case.question)}</span>'
        f'<span class="lost">{_turn(move)}{escape(case.type)} · {_outcome(item.response)} · '
        f"lost {item.badness:.1f}</span></summary>"
        f'<div class="inside">{_context(item)}{_answer(item)}{_wanted(item)}{_moved(item, move)}'
        f"{_scores(item.results)}{_found(item)}</div></details>"
    )


def _turn(move: Move | None) -> str:
    """Return whether the case got better or worse, where all that changed points one way."""
    signs = {_sign(name, change) for name, change in (move.changes if move else {}).items()} - {0}
    if not signs:
        return ""
    told = "mixed" if len(signs) == 2 else "better" if 1 in signs else "worse"
    return f'<b class="{told}">{told}</b> · '


def _sign(name: str, change: Change) -> int:
    up = 1 if change.new > change.old else -1
    return {"higher": up, "lower": -up, "neither": 0}[METRICS[name].better]


def _moved(item: CaseReport, move: Move | None) -> str:
    """Return what another run gave that this one does not, and the reverse."""
    if move is None:
        return ""
    said = [sentence.text for sentence in item.response.sentences]
    lines: list[str] = []
    if move.said is not None:
        lines += [f'<p class="gone">− {escape(t)}</p>' for t in move.said if t not in said]
        lines += [f'<p class="come">+ {escape(t)}</p>' for t in said if t not in move.said]
    rows = "".join(
        f'<tr><td>{escape(METRICS[name].title)}</td><td class="n">{change.old:.2f}</td>'
        f'<td class="n{" low" if _sign(name, change) < 0 else ""}">{change.new:.2f}</td></tr>'
        for name, change in move.changes.items()
    )
    head = "<tr><th>metric</th><th class=n>then</th><th class=n>now</th></tr>"
    table = f'<table class="small">{head}{rows}</table>' if rows else ""
    if not lines and not table:
        return ""
    return f"<h3>Against {escape(move.run)}</h3>{''.join(lines)}{table}"


def _outcome(response: Response) -> str:
    if response.error:
        return "no answer"
    return escape((response.outcome or "outcome not told").replace("_", " "))


def _context(item: CaseReport) -> str:
    parts = [f"As of {item.response.as_of}."] if item.response.as_of else []
    if item.case.history:
        parts.append("Asked before: " + " / ".join(item.case.history))
    kinds = dict.fromkeys(item.response.notices or ())
    notices = "".join(
        f'<p class="notice">Notice: {escape(kind.replace("_", " "))}</p>' for kind in kinds
    )
    return f'<p class="soft">{escape(" ".join(parts))}</p>{notices}'


def _answer(item: CaseReport) -> str:
    response = item.response
    if not response.sentences:
        told = response.error or "The system declined to answer."
        return f"<h3>Answer</h3><p>{escape(told)}</p>"
    pairs = zip(response.sentences, item.verdicts, strict=True)
    return "<h3>Answer</h3>" + "".join(_sentence(s, verdict) for s, verdict in pairs)


def _sentence(sentence: Sentence, verdict: str) -> str:
    kind = verdict if verdict in ("supported", "contradicted", "unsupported") else ""
    return (
        f'<div class="claim {kind}"><p>{escape(sentence.text)} '
        f'<span class="verdict">{escape(verdict)}</span></p>'
        f"{''.join(_cited(cited, sentence.text) for cited in sentence.cited)}</div>"
    )


def _cited(cited: Cited, claim: str) -> str:
    if cited.source is None:
        return f'<blockquote class="no">{escape(cited.name)} names no source.</blockquote>'
    status = cited.status.replace("_", " ") if cited.status else ""
    told = " · ".join(
        filter(None, [cited.source.head or cited.source.id, status, cited.locator or ""])
    )
    return (
        f'<blockquote><span class="from">{escape(told)}{_address(cited.source)}</span>'
        f"{_marked(cited, claim)}</blockquote>"
    )


def _marked(cited: Cited, claim: str) -> str:
    """Return the cited passage with what the sentence rests on marked in it."""
    text = cited.source.text if cited.source else ""
    quote = cited.quote or _nearest(text, claim)
    at = text.find(quote) if quote else -1
    if at < 0:
        return escape(_short(text))
    end = at + len(quote)
    before, after = text[:at], text[end:]
    if len(before) > _AROUND:
        before = "… " + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + " …"
    return f"{escape(before)}<mark>{escape(text[at:end])}</mark>{escape(after)}"


def _nearest(text: str, claim: str) -> str:
    """Return the sentence of a passage that holds most of a claim's words; "" below a third."""
    wanted = {word for word in word_set(claim) if len(word) > 3}
    parts = [text[start:end] for start, end in sentences(text, 0, len(text))]
    best = max(parts, key=lambda part: len(wanted & word_set(part)), default="")
    return best if 3 * len(wanted & word_set(best)) >= max(len(wanted), 1) else ""


def _address(source: Source) -> str:
    url = link(source.document.url)
    name = escape(source.document.id or source.id)
    return f' · <a href="{escape(url, quote=True)}">{name}</a>' if url else f" · {name}"


def _wanted(item: CaseReport) -> str:
    case = item.case
    facts = [f"{'vital' if n.vital else 'okay'}: {n.text}" for n in case.nuggets]
    rows = [*facts, *(f"“{collapse(quote)}”" for quote in case.gold_quotes)]
    rows += [f"document: {gold}" for gold in case.gold_docs]
    if not rows:
        return ""
    items = "".join(f"<li>{escape(row)}</li>" for row in rows)
    return f'<h3>What a right answer holds</h3><ol class="found">{items}</ol>'


def _scores(results: Mapping[str, Result]) -> str:
    rows: list[str] = []
    without: dict[str, list[str]] = {}
    for name, result in results.items():
        title = escape(METRICS[name].title)
        if isinstance(result, Score):
            rows.append(
                f'<tr><td>{title}</td><td class="n">{result.value:.2f}</td>'
                f'<td class="soft">{escape(result.explanation)}</td></tr>'
            )
        else:
            without.setdefault(result.reason, []).append(title)
    left = " ".join(f"{', '.join(some)}: {escape(reason)}." for reason, some in without.items())
    return (
        '<h3>Scores</h3><div class="scroll"><table><tr><th>metric</th><th class=n>value</th>'
        f"<th>why</th></tr>{''.join(rows)}</table></div>"
        + (f'<p class="soft small">Not scored: {left}</p>' if left else "")
    )


def _found(item: CaseReport) -> str:
    if item.response.retrieved is None:
        return '<h3>Retrieved</h3><p class="soft">Not given.</p>'
    cited = {c.source.id for c in item.response.citations if c.source}
    gold = [item.case.is_gold(source.document) for source in item.response.retrieved]
    rows = "".join(
        f"<li>{'<b>gold document</b> · ' if right else ''}"
        f"{'<b>cited</b> · ' if source.id in cited else ''}{escape(source.document.id)} · "
        f"{escape(source.document.title)}: {escape(_short(source.text, 160))}</li>"
        for source, right in zip(item.response.retrieved, gold, strict=True)
    )
    return (
        f"<h3>Retrieved: {len(gold)} passages, {sum(gold)} from gold documents</h3>"
        f'<ol class="found">{rows}</ol>'
    )


def _short(text: str, limit: int = _SHOWN) -> str:
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= limit else line[: line.rfind(" ", 0, limit)] + " …"
