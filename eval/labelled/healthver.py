"""HealthVer: claims on COVID-19 against sentences of scientific papers, three labels.

Some claims are questions, as they were found on the web, and some pairs stand twice, with one
label: read as published. A group is the question that led to the claims.

Sarrouti, Ben Abacha, Mrabet, Demner-Fushman 2021, Findings of EMNLP.
"""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from assistant.types import Verdict
from eval.labelled.pairs import Labelled, Pair, Row, bad_row, text_of
from eval.questions import first_fault

_VERDICTS: Mapping[str, Verdict] = {
    "Supports": "supported",
    "Refutes": "contradicted",
    "Neutral": "unsupported",
}


class _Claim(Row):
    evidence: str
    claim: str
    label: Literal["Supports", "Refutes", "Neutral"]
    question: str


def read_healthver(path: Path) -> Iterator[Pair]:
    """Yield each claim with each of its passages. Raises CasesError."""
    lines = csv.DictReader(StringIO(text_of(path), newline=""))
    for cells in lines:
        try:
            row = _Claim.model_validate(cells)
        except ValidationError as error:
            raise bad_row(path, lines.line_num, first_fault(error)) from error
        yield Pair(
            premise=row.evidence,
            claim=row.claim.strip(),
            verdict=_VERDICTS[row.label],
            group=row.question,
        )


HEALTHVER = Labelled(title="HealthVer dev", file="healthver/healthver_dev.csv", read=read_healthver)
