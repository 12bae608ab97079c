"""WiCE: claims of Wikipedia articles against the pages that they cite.

Two forms with the labels of the whole claim: oracle chunks (about a dozen sentences of the page,
with those that support the claim where there are any), and claims with the whole page. Partly
supported counts as unsupported; the set knows no contradiction. A group is a Wikipedia article.

Kamoi, Goyal, Diego Rodriguez, Durrett 2023, EMNLP.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from assistant.types import Verdict
from eval.labelled.pairs import Labelled, Pair, Row, json_rows


class _Meta(Row):
    claim_title: str


class _Claim(Row):
    claim: str
    evidence: tuple[str, ...]
    label: Literal["supported", "partially_supported", "not_supported"]
    meta: _Meta


def read_wice(path: Path) -> Iterator[Pair]:
    """Yield the pairs of a file of claims or of oracle chunks. Raises CasesError."""
    for row in json_rows(path, _Claim):
        verdict: Verdict = "supported" if row.label == "supported" else "unsupported"
        yield Pair(
            premise="\n".join(row.evidence),
            claim=row.claim,
            verdict=verdict,
            group=row.meta.claim_title,
        )


WICE = Labelled(
    title="WiCE dev, oracle chunks", file="wice/oracle_chunks/dev.jsonl", read=read_wice
)
WICE_CLAIMS = Labelled(
    title="WiCE dev, claims with the whole page", file="wice/claim/dev.jsonl", read=read_wice
)
