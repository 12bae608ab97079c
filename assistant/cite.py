"""Draft → Claims with citations: document, offsets, status, locator. `verify` checks them."""

from collections.abc import Iterable

from assistant.types import Citation, Claim, Support
from assistant.write import DraftClaim


def cite(drafts: Iterable[DraftClaim]) -> tuple[Claim, ...]:
    """Return one claim for each draft, its citations numbered from 1."""
    return tuple(_claim(number, item) for number, item in enumerate(drafts, start=1))


def _claim(number: int, item: DraftClaim) -> Claim:
    evidence = item.quote.source.candidate.evidence
    start, end = item.quote.span
    citation = Citation(
        number=number,
        evidence=evidence.id,
        quote=item.quote.text,
        start=start,
        end=end,
        document=evidence.document,
        status=item.status,
        locator=evidence.passage.locator,
    )
    unchecked = Support(verdict="unsupported", score=0.0)
    return Claim(text=item.text, citations=(citation,), support=unchecked)
