"""People's labels from a file, as a judge.

Lines: {"premise", "claim", "verdict": "supported" | "contradicted" | "unsupported"}. The texts are
those of the columns `premise` and `claim` of claims.csv, compared with white space collapsed.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.types import Verdict
from eval.errors import CasesError
from eval.questions import first_fault, lines_of
from eval.types import Judgement, Unscored
from sources.text import collapse


class _Label(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    premise: str
    claim: str
    verdict: Verdict


class Human:
    """What people said of pairs of texts; of other pairs it says nothing."""

    def __init__(self, name: str, labels: Mapping[tuple[str, str], Verdict]) -> None:
        self.name = name
        self._labels = labels

    def judge(self, premise: str, claim: str) -> Judgement | Unscored:
        """Return the label of exactly this pair."""
        verdict = self._labels.get((collapse(premise), collapse(claim)))
        if verdict is None:
            return Unscored(reason="no person labelled this pair")
        return Judgement(verdict=verdict, score=float(verdict == "supported"))


def read_labels(path: Path) -> Human:
    """Return the judge of a file of labels. Raises CasesError naming the first bad line."""
    labels: dict[tuple[str, str], Verdict] = {}
    for at, line in lines_of(path):
        try:
            label = _Label.model_validate_json(line)
        except ValidationError as error:
            raise CasesError(f"{path.name} line {at}: {first_fault(error)}") from error
        pair = (collapse(label.premise), collapse(label.claim))
        if labels.setdefault(pair, label.verdict) != label.verdict:
            raise CasesError(
                f"{path.name} line {at}: this pair is labelled {labels[pair]!r} before. Keep one."
            )
    digest = sha256(repr(sorted(labels.items())).encode()).hexdigest()[:8]
    return Human(f"human labels {digest}", labels)
