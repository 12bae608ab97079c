"""Answer → Markdown or HTML, for every surface. Drops no citation, notice or status.

What comes from a source or a person is text and stays text: nothing in it becomes markup or a link.
"""

import html as entities
import re
from collections.abc import Sequence
from datetime import date

from assistant import wording
from assistant.types import Answer, Citation
from sources.text import collapse, unseen
from sources.types import Document

# … and what GitHub makes a link of by itself: https://a.example, www.a.example, me@a.example
_MARKUP = re.compile(r"[\\`*_{}\[\]<>|#~$@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_MARKUP_IN_HTML = re.compile(r"[\\`*_{}\[\]()|#~$!:@\n]")

_CLOSEST = "The closest texts, which do not answer it:"
_OUT_OF_FORCE = ("not_yet_effective", "suspended", "superseded", "rescinded", "expired", "proposed")


def markdown(answer: Answer) -> str:
    """Return an answer as Markdown: notices, claims with numbers, then the numbered sources."""
    parts = [f"> **Note.** {escape(notice.text)}" for notice in answer.notices]
    if answer.claims:
        parts += [
            f"{escape(claim.text)} {' '.join(f'[{c.number}]' for c in claim.citations)}"
            for claim in answer.claims
        ]
        parts.append(as_of(answer))
        parts.append("**Sources**")
        parts += [_source(citation, answer) for citation in _citations(answer)]
    else:
        parts.append(nothing_said(answer))
        parts += _closest(answer)
    return "\n\n".join(parts)


def html(answer: Answer, turn: int) -> str:
    """Return an answer as one line of HTML, whose sources have the ids `src-{turn}-{number}`.

    One line without markup of Markdown, so that it stays as it is inside a Markdown text.
    """
    parts = [_read_as(answer)]
    parts += [
        f'<p class="notice"><strong>Note</strong> {inert(notice.text)}</p>'
        for notice in answer.notices
    ]
    if answer.claims:
        parts += [
            f'<p class="claim">{inert(claim.text)} '
            f"{' '.join(_mark(citation, answer, turn) for citation in claim.citations)}</p>"
            for claim in answer.claims
        ]
        parts.append(f'<p class="as-of">{inert(as_of(answer))}</p>')
        parts.append('<p class="heading">Sources</p>')
        parts += [_source_html(citations, answer, turn) for citations in _by_document(answer)]
        return _box("answer", parts)
    parts.append(f'<p class="verdict"><strong>{inert(nothing_said(answer))}</strong></p>')
    if answer.closest:
        items = "".join(f"<li>{_closest_html(document)}</li>" for document in answer.closest)
        parts.append(f'<p class="heading">{inert(_CLOSEST)}</p><ul class="closest">{items}</ul>')
    parts.append(f'<p class="as-of">{inert(as_of(answer))}</p>')
    return _box("answer abstained", parts)


def failure_html(message: str) -> str:
    """Return what went wrong as one line of HTML, set apart from answers."""
    return _box("answer failed", [f"<p><strong>No answer</strong> {inert(message)}</p>"])


def said_html(text: str) -> str:
    """Return what a person wrote as one line of HTML, with its line breaks."""
    lines = (inert(line) for line in text.strip().splitlines())
    return _box("asked", [f"<p>{'<br>'.join(lines)}</p>"])


def as_of(answer: Answer) -> str:
    """Return the date of an answer and how much of it is supported."""
    day = f"As of {wording.day(answer.as_of)}"
    return f"{day} · {supported(answer)}" if answer.claims or answer.withheld else day


def nothing_said(answer: Answer) -> str:
    """Return the sentence of an answer without claims."""
    return wording.NOT_IN_SOURCES if answer.evidence else wording.NO_SOURCES


def supported(answer: Answer) -> str:
    """Return "3 of 3 claims supported", withheld claims counted as not."""
    total = len(answer.claims) + len(answer.withheld)
    good = sum(claim.support.verdict == "supported" for claim in answer.claims)
    return f"{good} of {total} claims supported by verbatim quotes"


def facts(citation: Citation, answer: Answer) -> str:
    """Return publisher, kind, date, status and citation of a source on one line."""
    return " · ".join(
        [
            *_origin(citation.document),
            status(citation, answer),
            *filter(None, [citation.document.citation, citation.locator]),
        ]
    )


def status(citation: Citation, answer: Answer) -> str:
    """Return the status of a source on the date asked, no surer than the sources are recent."""
    synced = answer.provenance.synced
    day = date.fromisoformat(synced[:10]) if synced else None
    known_on = wording.known_on(citation.document, day)
    return wording.status_as_known(citation.status, answer.as_of, known_on)


def escape(text: str) -> str:
    """Return `text` so that nothing in it is taken for Markdown or HTML."""
    return _MARKUP.sub(r"\\\g<0>", text)


def inert(text: str) -> str:
    """Return `text` as HTML that stays text even where Markdown or LaTeX is looked for in it."""
    return _MARKUP_IN_HTML.sub(
        lambda match: f"&#{ord(match[0])};", text.replace("&", "&amp;")
    ).translate({ord(char): entities.escape(char) for char in "<>\"'"})


def link(url: str) -> str:
    """Return a URL that may be shown as a link, or "" for anything but http and https."""
    plain = re.fullmatch(r"https?://[^\s<>\"')]+", url) and not unseen(url)
    return url if plain else ""


def _citations(answer: Answer) -> list[Citation]:
    return [citation for claim in answer.claims for citation in claim.citations]


def _by_document(answer: Answer) -> list[list[Citation]]:
    groups: dict[str, list[Citation]] = {}
    for citation in _citations(answer):
        groups.setdefault(citation.document.id, []).append(citation)
    return list(groups.values())


def _origin(document: Document) -> list[str]:
    when = wording.day(document.published) if document.published else "undated"
    parts = [collapse(document.publisher), wording.KIND_NAMES[document.kind], when]
    return [part for part in parts if part]


def _title(document: Document) -> str:
    return collapse(document.title) or document.id


def _source(citation: Citation, answer: Answer) -> str:
    title = escape(_title(citation.document))
    url = link(citation.document.url)
    name = f"[{title}]({url})" if url else title
    quote = escape(collapse(citation.quote))
    return f"**[{citation.number}]** {name}  \n{escape(facts(citation, answer))}  \n“{quote}”"


def _closest(answer: Answer) -> list[str]:
    if not answer.evidence:
        return []
    names = [
        f"- {escape(wording.shorten(collapse(d.title), 110))} "
        f"({wording.KIND_NAMES[d.kind]}, {wording.day(d.published) if d.published else 'undated'})"
        for d in answer.closest
    ]
    return [_CLOSEST, "\n".join(names)]


# -- HTML ----------------------------------------------------------------------------------------


def _box(name: str, parts: list[str]) -> str:
    return f'<div class="{name}">{"".join(parts)}</div>'


def _read_as(answer: Answer) -> str:
    if answer.standalone_question == answer.question:
        return ""
    return f'<p class="read-as">Read as: {inert(answer.standalone_question)}</p>'


def _mark(citation: Citation, answer: Answer, turn: int) -> str:
    about = inert(f"{_title(citation.document)} · {facts(citation, answer)}")
    number = citation.number
    return f'<a class="cite" href="#src-{turn}-{number}" title="{about}">&#91;{number}&#93;</a>'


def _named(document: Document) -> str:
    title, url = inert(_title(document)), link(document.url)
    return f'<a class="title" href="{inert(url)}">{title}</a>' if url else f"<b>{title}</b>"


def _source_html(citations: Sequence[Citation], answer: Answer, turn: int) -> str:
    """Return one document with the quotes from it, each with its number and its place."""
    document = citations[0].document
    warns = " not-in-force" if citations[0].status in _OUT_OF_FORCE else ""
    chip = f'<span class="status{warns}">{inert(status(citations[0], answer))}</span>'
    facts = [*_origin(document), *filter(None, [document.citation])]
    return (
        f'<div class="source">{_named(document)} {chip}'
        f'<br><span class="facts">{inert(" · ".join(facts))}</span>'
        f"{''.join(_quote_html(citation, turn) for citation in citations)}</div>"
    )


def _quote_html(citation: Citation, turn: int) -> str:
    place = f' <span class="facts">{inert(citation.locator)}</span>' if citation.locator else ""
    return (
        f'<div class="quote" id="src-{turn}-{citation.number}">'
        f'<span class="number">&#91;{citation.number}&#93;</span> '
        f"<span>“{inert(collapse(citation.quote))}”{place}</span></div>"
    )


def _closest_html(document: Document) -> str:
    return (
        f'{_named(document)}<br><span class="facts">{inert(" · ".join(_origin(document)))}</span>'
    )
