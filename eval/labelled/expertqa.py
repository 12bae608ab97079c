"""ExpertQA: sentences of answers against what they cite, labelled by the expert who asked.

Read are the sentences whose evidence has text (many give addresses only) and that were labelled;
partial and incomplete support count as unsupported, and the set knows no contradiction. People
could open the address, so a label may rest on more than the text. A group is a question.

Malaviya et al. 2024, NAACL.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from eval.labelled.pairs import Labelled, Pair, Row, json_rows
from sources.text import collapse

_MARK = re.compile(r"\s*\[\d+\]")
_ADDRESS = re.compile(r"^\s*(?:\[\d+\])?\s*https?://\S+")


class _Claim(Row):
    claim_string: str
    evidence: tuple[str, ...]
    support: Literal["Complete", "Partial", "Incomplete", "Missing", "N/A"] | None


class _Answer(Row):
    claims: tuple[_Claim, ...]


class _Question(Row):
    question: str
    answers: dict[str, _Answer]


def read_expertqa(path: Path) -> Iterator[Pair]:
    """Yield the labelled sentences that cite a text, citation marks off. Raises CasesError."""
    for row in json_rows(path, _Question):
        for claim in (claim for answer in row.answers.values() for claim in answer.claims):
            texts = [_ADDRESS.sub("", text).strip() for text in claim.evidence]
            premise = "\n\n".join(filter(None, texts))
            if not premise or claim.support in ("N/A", None):
                continue
            yield Pair(
                premise=premise,
                claim=collapse(_MARK.sub("", claim.claim_string)),
                verdict="supported" if claim.support == "Complete" else "unsupported",
                group=row.question,
            )


EXPERTQA = Labelled(title="ExpertQA rand_val", file="expertqa/rand_val.jsonl", read=read_expertqa)
