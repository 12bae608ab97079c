"""claims.csv: every sentence with what it cites and the judge's verdict, one row each.

Written by `score`, read by `report` and by people: the columns `premise` and `claim` with a verdict
of theirs are what the judge "human" takes.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from eval.folder import replace_text
from eval.types import Judge, Judgement, Response, Sentence

COLUMNS: tuple[str, ...] = (
    "case",
    "sentence",
    "claim",
    "cited",
    "premise",
    "judge",
    "verdict",
    "score",
)


def rows(responses: Iterable[Response], judge: Judge) -> Iterable[Mapping[str, str]]:
    """Yield one row for each sentence; `verdict` is "not judged: …" where there is none."""
    for response in responses:
        for number, sentence in enumerate(response.sentences, start=1):
            yield {
                "case": response.case,
                "sentence": str(number),
                "claim": sentence.text,
                "cited": " ".join(c.source.document.id for c in sentence.cited if c.source),
                "premise": sentence.premise,
                "judge": judge.name,
                **_verdict(sentence, judge),
            }


def write_claims(path: Path, table: Iterable[Mapping[str, str]]) -> None:
    """Write the rows, whole or not at all."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in table:
        writer.writerow({name: _inert(value) for name, value in row.items()})
    replace_text(path, text.getvalue())


def read_verdicts(path: Path) -> Mapping[tuple[str, int], str]:
    """Return the verdict of each (case, sentence number); empty when there is no file."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        found: Sequence[Mapping[str, str]] = list(csv.DictReader(file))
    return {(row["case"], int(row["sentence"])): row["verdict"] for row in found}


def _verdict(sentence: Sentence, judge: Judge) -> dict[str, str]:
    if not sentence.premise:
        return {"verdict": "not judged: cites nothing", "score": ""}
    said = judge.judge(sentence.premise, sentence.text)
    if isinstance(said, Judgement):
        return {"verdict": said.verdict, "score": f"{said.score:.4f}"}
    return {"verdict": f"not judged: {said.reason}", "score": ""}


def _inert(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@") else value
