"""CLIMATE-FEVER: claims on the climate against single sentences of Wikipedia, three labels.

A group is a claim, which has five sentences.

Diggelmann, Boyd-Graber, Bulian, Ciaramita, Leippold 2020, arXiv:2012.00614.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from assistant.types import Verdict
from eval.labelled.pairs import Labelled, Pair, Row, json_rows

_VERDICTS: Mapping[str, Verdict] = {
    "SUPPORTS": "supported",
    "REFUTES": "contradicted",
    "NOT_ENOUGH_INFO": "unsupported",
}


class _Evidence(Row):
    evidence: str
    evidence_label: Literal["SUPPORTS", "REFUTES", "NOT_ENOUGH_INFO"]


class _Claim(Row):
    claim_id: str
    claim: str
    evidences: tuple[_Evidence, ...]


def read_climate_fever(path: Path) -> Iterator[Pair]:
    """Yield each claim with each of its sentences. Raises CasesError."""
    for row in json_rows(path, _Claim):
        for evidence in row.evidences:
            yield Pair(
                premise=evidence.evidence,
                claim=row.claim,
                verdict=_VERDICTS[evidence.evidence_label],
                group=row.claim_id,
            )


CLIMATE_FEVER = Labelled(
    title="CLIMATE-FEVER", file="climate_fever/climate-fever.jsonl", read=read_climate_fever
)
