"""Answer → Markdown, for every surface that shows text. Drops no citation, notice or status."""

import re

from assistant import wording
from assistant.types import Answer, Citation
from sources.text import collapse

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~$])")


def markdown(answer: Answer) -> str:
    """Return an answer as Markdown: notices, claims with numbers, then the numbered sources."""
    parts = [f"> **Note.** {escape(notice.text)}" for notice in answer.notices]
    if answer.claims:
        parts += [
            f"{escape(claim.text)} {' '.join(f'[{c.number}]' for c in claim.citations)}"
            for claim in answer.claims
        ]
        parts.append(f"As of {wording.day(answer.as_of)} · {supported(answer)}")
        parts.append("**Sources**")
        parts += [_source(c) for claim in answer.claims for c in claim.citations]
    else:
        parts.append(wording.NOT_IN_SOURCES if answer.evidence else wording.NO_SOURCES)
        parts += _closest(answer)
    return "\n\n".join(parts)


def supported(answer: Answer) -> str:
    """Return "3 of 3 claims supported", withheld claims counted as not."""
    total = len(answer.claims) + len(answer.withheld)
    good = sum(claim.support.verdict == "supported" for claim in answer.claims)
    return f"{good} of {total} claims supported by verbatim quotes"


def facts(citation: Citation) -> str:
    """Return publisher, kind, date, status and citation of a source on one line."""
    document = citation.document
    return " · ".join(
        filter(
            None,
            [
                collapse(document.publisher),
                wording.KIND_NAMES[document.kind],
                wording.day(document.published) if document.published else "undated",
                wording.STATUS_NAMES[citation.status],
                document.citation,
                citation.locator,
            ],
        )
    )


def escape(text: str) -> str:
    """Return `text` so that nothing in it is taken for Markdown or HTML."""
    return _MARKUP.sub(r"\\\1", text)


def link(url: str) -> str:
    """Return a URL that may be shown as a link, or "" for anything but http and https."""
    return url if re.fullmatch(r"https?://[^\s<>\"')]+", url) else ""


def _source(citation: Citation) -> str:
    title = escape(collapse(citation.document.title)) or escape(citation.document.id)
    url = link(citation.document.url)
    name = f"[{title}]({url})" if url else title
    quote = escape(collapse(citation.quote))
    return f"**[{citation.number}]** {name}  \n{escape(facts(citation))}  \n“{quote}”"


def _closest(answer: Answer) -> list[str]:
    if not answer.evidence:
        return []
    names = [
        f"- {escape(wording.shorten(collapse(d.title), 110))} "
        f"({wording.KIND_NAMES[d.kind]}, {wording.day(d.published) if d.published else 'undated'})"
        for d in answer.closest
    ]
    return ["The closest texts, which do not answer it:", "\n".join(names)]
