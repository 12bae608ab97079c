"""Draft → checked claims: what cannot be found in what it cites is withheld.

Deterministic. Contradiction would come before support; here a claim is words of ours around a
verbatim quote, so that support means: the quote stands at its offsets, and every number, date and
citation of the claim stands in the quote or in the document's own title and dates.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import count

from assistant.types import Claim, Support, Withheld
from assistant.wording import day
from sources.identifiers import identifiers
from sources.text import collapse
from sources.types import Document

_NUMBER = re.compile(r"\w*\d\w*(?:[.,]\d+)*")


def check(claims: Iterable[Claim]) -> tuple[tuple[Claim, ...], tuple[Withheld, ...]]:
    """Return the claims that hold, renumbered from 1, and those withheld with the reason."""
    kept: list[Claim] = []
    withheld: list[Withheld] = []
    for claim in claims:
        reason = fault(claim)
        if reason is None:
            kept.append(replace(claim, support=Support(verdict="supported", score=1.0)))
        else:
            withheld.append(Withheld(text=claim.text, reason=reason))
    return tuple(_numbered(kept)), tuple(withheld)


def fault(claim: Claim) -> str | None:
    """Return why a claim must not be shown, or None if it may be."""
    if not claim.citations:
        return "It cites nothing."
    for citation in claim.citations:
        if citation.document.text[citation.start : citation.end] != citation.quote:
            return f"The quote does not stand at {citation.start} in {citation.document.id}."
        if not citation.quote.strip():
            return f"The quote from {citation.document.id} is empty."
    known = " ".join(
        part for c in claim.citations for part in (c.quote, *_said_of(c.document), c.document.id)
    )
    numbers = set(_NUMBER.findall(known))
    for number in _NUMBER.findall(claim.text):
        if number not in numbers:
            return f"The number {number!r} is not in what it cites."
    have = identifiers(collapse(known))
    for name in identifiers(claim.text):
        if name not in have:
            return f"{name!r} is not in what it cites."
    return None


def _said_of(document: Document) -> tuple[str, ...]:
    dates = (document.published, document.effective)
    return (
        collapse(document.title),
        document.publisher,
        document.citation,
        *(day(on) for on in dates if on is not None),
    )


def _numbered(claims: Iterable[Claim]) -> Iterable[Claim]:
    number = count(1)
    for claim in claims:
        citations = tuple(replace(c, number=next(number)) for c in claim.citations)
        yield replace(claim, citations=citations)
