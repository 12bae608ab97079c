"""FoolMeTwice: claims that players wrote to mislead, true or false by the gold evidence.

Two labels, supported and contradicted: nothing here is merely unsupported. A group is the
Wikipedia page that claim and evidence are from.

Eisenschlos, Dhingra, Bulian, Börschinger, Boyd-Graber 2021, NAACL.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from eval.labelled.pairs import Labelled, Pair, Row, json_rows


class _Evidence(Row):
    text: str


class _Claim(Row):
    text: str
    label: Literal["SUPPORTS", "REFUTES"]
    gold_evidence: tuple[_Evidence, ...]
    wikipedia_page: str


def read_foolmetwice(path: Path) -> Iterator[Pair]:
    """Yield each claim with its gold evidence. Raises CasesError."""
    for row in json_rows(path, _Claim):
        yield Pair(
            premise="\n".join(evidence.text for evidence in row.gold_evidence),
            claim=row.text,
            verdict="supported" if row.label == "SUPPORTS" else "contradicted",
            group=row.wikipedia_page,
        )


FOOLMETWICE = Labelled(title="FoolMeTwice dev", file="foolmetwice/dev.jsonl", read=read_foolmetwice)
