"""Ranked sentences → Draft: the few sentences that answer, each with who said it and when.

Extractive: every claim is one verbatim sentence. Knows no index and no model server.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.features import stems
from assistant.rank import Ranked
from assistant.wording import introduce
from sources.text import collapse
from sources.types import Status

_PAGE_MARK = re.compile(r"\(\s*printed page \d+\s*\)")
SENTENCES = 4
_MARGIN = 4.0  # log-odds below the best from which a sentence is not worth adding
_SAME = 0.7  # overlap of terms from which two sentences say the same


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftClaim:
    """A sentence to be said and the ranked sentence it rests on."""

    text: str
    source: Ranked
    status: Status


def choose(ranked: Sequence[Ranked], limit: int = SENTENCES) -> tuple[Ranked, ...]:
    """Return at most `limit` sentences, none twice, in the order in which they are read."""
    chosen: list[Ranked] = []
    for item in ranked:
        if len(chosen) == limit or (chosen and item.score < ranked[0].score - _MARGIN):
            break
        if not any(_alike(item, other) for other in chosen):
            chosen.append(item)
    return _in_reading_order(chosen)


def draft(chosen: Sequence[Ranked], statuses: Sequence[Status]) -> tuple[DraftClaim, ...]:
    """Return the claims: introduction, then the sentence in quotation marks."""
    claims: list[DraftClaim] = []
    previous = ""
    for item, status in zip(chosen, statuses, strict=True):
        document = item.candidate.evidence.document
        words = introduce(document, status, again=document.id == previous)
        quote = plain(item.candidate.text)
        claims.append(DraftClaim(text=f"{words} “{quote}”", source=item, status=status))
        previous = document.id
    return tuple(claims)


def plain(quote: str) -> str:
    """Return a quote on one line without the page markers that web editions leave in sentences."""
    return collapse(_PAGE_MARK.sub(" ", quote))


def _alike(a: Ranked, b: Ranked) -> bool:
    one, other = stems(a.candidate.text), stems(b.candidate.text)
    return len(one & other) >= _SAME * max(1, min(len(one), len(other)))


def _in_reading_order(chosen: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """Keep documents in order of their best sentence; within one, read from start to end."""
    rank: dict[str, int] = {}
    for at, item in enumerate(chosen):
        rank.setdefault(item.candidate.evidence.document.id, at)
    return tuple(
        sorted(
            chosen,
            key=lambda item: (
                rank[item.candidate.evidence.document.id],
                item.candidate.span[0],
            ),
        )
    )
