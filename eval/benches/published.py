"""Figures that others published for the sets that a judge is measured on, and whether ours compare.

Tags: V, read in the project's own repository or paper; S, quoted by others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Systems and their figures on a set, all by one protocol, and how it differs from ours."""

    systems: Mapping[str, str]
    tag: Literal["V", "S"]
    protocol: Literal["comparable in kind", "not comparable"]
    why: str


PUBLISHED: dict[str, Published] = {
    "wice": Published(
        systems={
            "T5-3B trained on ANLI": "balanced accuracy .817, AUROC .913",
            "T5-3B trained on ANLI and WiCE": "balanced accuracy .907, AUROC .947",
            "GPT-3.5": "balanced accuracy .564, AUROC .569",
            "GPT-4-0613": "balanced accuracy .787, AUROC .802",
        },
        tag="V",
        protocol="comparable in kind",
        why="supported against the rest, on 100 claims of the test split; here dev",
    ),
    "wice-claims": Published(
        systems={"FactCG-DeBERTa-L, in LLM-AggreFact": "balanced accuracy .769"},
        tag="S",
        protocol="comparable in kind",
        why="supported against the rest, on 358 claims of the test split; here dev",
    ),
    "expertqa": Published(
        systems={"FactCG-DeBERTa-L, in LLM-AggreFact": "balanced accuracy .591"},
        tag="S",
        protocol="not comparable",
        why="LLM-AggreFact has other pairs and texts of the set",
    ),
    "healthver": Published(
        systems={"T5 trained on HealthVer": "accuracy .807, F1 .796"},
        tag="V",
        protocol="not comparable",
        why="over three labels, after training on the set",
    ),
}
