"""RAGChecker's human preferences: two answers to a question, which one do people prefer?

280 pairs of answers, each labelled by two people from -2 (the first is much better) to 2 (the
second is) for correctness, completeness and overall. With them came what RAGChecker itself gives
each answer.

Ru et al. 2024, NeurIPS Datasets and Benchmarks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from eval.errors import CasesError
from eval.labelled.pairs import Row, json_list

Aspect = Literal["correctness", "completeness", "overall"]
ASPECTS: tuple[Aspect, ...] = ("correctness", "completeness", "overall")

FILE = "ragchecker/human_labeled_data.json"
OWN_FILE = "ragchecker/baseline_ragchecker.json"

_Label = Annotated[int, Field(ge=-2, le=2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """Two answers beside the reference answer; `labels` has one number for each person."""

    id: int
    reference: str
    first: str
    second: str
    labels: Mapping[Aspect, tuple[int, ...]]


class _Response(Row):
    response: str


class _Labelled(Row):
    instance_id: int
    gt_answer: str
    model1: _Response
    model2: _Response
    correctness_label: _Label
    completeness_label: _Label
    overall_label: _Label


class _Scores(Row):
    correctness_label: float
    completeness_label: float
    overall_label: float


class _Scored(Row):
    ragchecker: _Scores


class _Own(Row):
    instance_id: int
    model1: _Scored
    model2: _Scored


def read_preferences(path: Path) -> Iterator[Preference]:
    """Yield the pairs of answers, in the order of the file.

    Raises CasesError, also where a pair was not labelled by two people.
    """
    found: dict[int, list[_Labelled]] = {}
    for row in json_list(path, TypeAdapter(tuple[_Labelled, ...])):
        found.setdefault(row.instance_id, []).append(row)
    for id, rows in found.items():
        if len(rows) != 2:
            raise CasesError(
                f"{str(path)!r}: the pair {id} has {len(rows)} labels and not two. Fetch it again."
            )
        first = rows[0]
        yield Preference(
            id=id,
            reference=first.gt_answer,
            first=first.model1.response,
            second=first.model2.response,
            labels={
                "correctness": tuple(row.correctness_label for row in rows),
                "completeness": tuple(row.completeness_label for row in rows),
                "overall": tuple(row.overall_label for row in rows),
            },
        )


def read_own(path: Path) -> dict[int, Mapping[Aspect, float]]:
    """Return what RAGChecker gives the second answer of a pair more than the first.

    Raises CasesError.
    """
    rows = json_list(path, TypeAdapter(tuple[_Own, ...]))
    return {row.instance_id: _gap(row.model1.ragchecker, row.model2.ragchecker) for row in rows}


def _gap(first: _Scores, second: _Scores) -> Mapping[Aspect, float]:
    return {
        "correctness": second.correctness_label - first.correctness_label,
        "completeness": second.completeness_label - first.completeness_label,
        "overall": second.overall_label - first.overall_label,
    }
