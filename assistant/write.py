"""Ranked sentences → Draft: the few sentences that answer, each with who said it and when.

Extractive: every claim quotes one verbatim sentence, with its neighbour where one of the two makes
no sense without the other. Knows no index and no model server.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.features import NUMBER_WORDS, leans_back, stems
from assistant.rank import Ranked
from assistant.wording import introduce
from sources.text import collapse
from sources.types import Document, Span, Status

SENTENCES = 4
_MARGIN = 2.5  # log-odds below the best from which a sentence is not worth adding
_SAME = 0.7  # overlap of terms from which two sentences say the same
_TOGETHER = 700  # characters up to which a sentence and its neighbour are quoted as one
_FIGURE = re.compile(rf"\d+|\b(?:{NUMBER_WORDS.replace(' ', '|')})\b")
_PAGE_MARK = re.compile(r"\(\s*printed page \d+\s*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What is to be quoted: the ranked sentence, and the span of it with its neighbours."""

    source: Ranked
    span: Span

    @property
    def text(self) -> str:
        """The quote, verbatim."""
        return self.source.candidate.evidence.document.text[self.span[0] : self.span[1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftClaim:
    """A sentence to be said and the quote it rests on."""

    text: str
    quote: Quote
    status: Status


def choose(ranked: Sequence[Ranked], limit: int = SENTENCES) -> tuple[Quote, ...]:
    """Return at most `limit` quotes, nothing twice, in the order in which they are read."""
    chosen: list[Quote] = []
    for item in _opened_with_status(ranked):
        if len(chosen) == limit or (chosen and item.score < ranked[0].score - _MARGIN):
            break
        quote = Quote(source=item, span=_with_neighbours(item))
        if not any(_repeats(quote, other) for other in chosen):
            chosen.append(quote)
    return _in_reading_order(chosen)


def _opened_with_status(ranked: Sequence[Ranked]) -> Sequence[Ranked]:
    """Put the first sentence of a list entry, which says on which list it is, before its others."""
    if not ranked or "list" not in ranked[0].candidate.evidence.document.metadata:
        return ranked
    id = ranked[0].candidate.evidence.document.id
    entry = [item for item in ranked if item.candidate.evidence.document.id == id]
    first = min(entry, key=lambda item: item.candidate.span)
    return [replace(first, score=ranked[0].score), *(item for item in ranked if item != first)]


def draft(
    chosen: Sequence[Quote], status_of: Callable[[Document], Status]
) -> tuple[DraftClaim, ...]:
    """Return the claims: introduction, then the quote in quotation marks."""
    claims: list[DraftClaim] = []
    previous = ""
    for quote in chosen:
        document = quote.source.candidate.evidence.document
        status = status_of(document)
        words = introduce(document, status, again=document.id == previous)
        claims.append(DraftClaim(text=f"{words} “{plain(quote.text)}”", quote=quote, status=status))
        previous = document.id
    return tuple(claims)


def plain(quote: str) -> str:
    """Return a quote on one line without the page markers that web editions leave in sentences."""
    return collapse(_PAGE_MARK.sub(" ", quote))


def _with_neighbours(item: Ranked) -> Span:
    """Return the sentence's span, widened to the one it leans back on and one that leans on it."""
    candidate = item.candidate
    text, spans = candidate.evidence.document.text, candidate.evidence.passage.sentences
    start, end = candidate.span
    if candidate.at > 0 and leans_back(text[start:end]):
        before = spans[candidate.at - 1][0]
        start = before if end - before <= _TOGETHER else start
    if candidate.at + 1 < len(spans):
        a, b = spans[candidate.at + 1]
        end = b if leans_back(text[a:b]) and b - start <= _TOGETHER else end
    return start, end


def _repeats(quote: Quote, other: Quote) -> bool:
    same = (
        quote.source.candidate.evidence.document.id == other.source.candidate.evidence.document.id
    )
    if same and quote.span[0] < other.span[1] and other.span[0] < quote.span[1]:
        return True
    here, there = _figures(quote.text), _figures(other.text)
    if here - there and there - here:
        return False  # alike but for a number or a day: two facts
    one, two = stems(quote.text), stems(other.text)
    return len(one & two) >= _SAME * max(1, min(len(one), len(two)))


def _figures(text: str) -> set[str]:
    return set(_FIGURE.findall(text.lower()))


def _in_reading_order(chosen: Sequence[Quote]) -> tuple[Quote, ...]:
    """Keep documents in order of their best sentence; within one, read from start to end."""
    rank: dict[str, int] = {}
    for at, quote in enumerate(chosen):
        rank.setdefault(quote.source.candidate.evidence.document.id, at)

    def place(quote: Quote) -> tuple[int, int]:
        return rank[quote.source.candidate.evidence.document.id], quote.span[0]

    return tuple(sorted(chosen, key=place))
