"""One case as HTML: question, answer with its citations, verdict of each sentence, scores, what was
retrieved. Computes nothing; every text is escaped.
"""

import re
from collections.abc import Iterable
from html import escape

from assistant.render import link
from eval.metrics import METRICS
from eval.report import CaseReport
from eval.types import Cited, Response, Result, Score, Sentence, Source
from sources.text import collapse

_SHOWN = 600
_AROUND = 200  # characters of the passage shown before and after the quote


def case_html(item: CaseReport) -> str:
    """Return a case to open, its question on the closed line."""
    case = item.case
    return (
        f'<details id="{escape(case.id, quote=True)}"><summary>'
        f'<span class="soft">{escape(case.id)}</span>'
        f'<span class="question">{escape(case.question)}</span>'
        f'<span class="lost">{escape(case.type)} · {_outcome(item.response)} · '
        f"lost {item.badness:.1f}</span></summary>"
        f'<div class="inside">{_context(item)}{_answer(item)}{_wanted(item)}'
        f"{_scores(item.results.items())}{_found(item)}</div></details>"
    )


def _outcome(response: Response) -> str:
    if response.error:
        return "no answer"
    return escape((response.outcome or "outcome not told").replace("_", " "))


def _context(item: CaseReport) -> str:
    parts = [f"As of {item.response.as_of}."] if item.response.as_of else []
    if item.case.history:
        parts.append("Asked before: " + " / ".join(item.case.history))
    notices = "".join(
        f'<p class="notice">Notice: {escape(kind.replace("_", " "))}</p>'
        for kind in item.response.notices or ()
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
        f"{''.join(_cited(cited) for cited in sentence.cited)}</div>"
    )


def _cited(cited: Cited) -> str:
    if cited.source is None:
        return f'<blockquote class="no">{escape(cited.name)} names no source.</blockquote>'
    status = cited.status.replace("_", " ") if cited.status else ""
    told = " · ".join(
        filter(None, [cited.source.head or cited.source.id, status, cited.locator or ""])
    )
    return (
        f'<blockquote><span class="from">{escape(told)}{_address(cited.source)}</span>'
        f"{_marked(cited)}</blockquote>"
    )


def _marked(cited: Cited) -> str:
    """Return the cited passage with the quote marked in it."""
    text = cited.source.text if cited.source else ""
    at = text.find(cited.quote) if cited.quote else -1
    if at < 0:
        return escape(_short(text))
    end = at + len(cited.quote)
    before, after = text[:at], text[end:]
    if len(before) > _AROUND:
        before = "… " + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + " …"
    return f"{escape(before)}<mark>{escape(text[at:end])}</mark>{escape(after)}"


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


def _scores(results: Iterable[tuple[str, Result]]) -> str:
    rows: list[str] = []
    for name, result in results:
        if isinstance(result, Score):
            value, told = f"{result.value:.2f}", result.explanation
        else:
            value, told = "–", f"not scored: {result.reason}"
        rows.append(
            f'<tr><td>{escape(METRICS[name].title)}</td><td class="n">{value}</td>'
            f'<td class="soft">{escape(told)}</td></tr>'
        )
    return (
        '<h3>Scores</h3><div class="scroll"><table><tr><th>metric</th><th class=n>value</th>'
        f"<th>why</th></tr>{''.join(rows)}</table></div>"
    )


def _found(item: CaseReport) -> str:
    if item.response.retrieved is None:
        return '<h3>Retrieved</h3><p class="soft">Not given.</p>'
    gold = [item.case.is_gold(source.document) for source in item.response.retrieved]
    rows = "".join(
        f"<li>{'<b>gold document</b> · ' if right else ''}{escape(source.document.id)} · "
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
