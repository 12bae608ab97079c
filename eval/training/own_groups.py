"""Our questions over a real library → groups for the answer model, from what the product retrieves.

The negatives are the sentences that the product itself would have put first: nobody else's are as
hard. Knows no training.
"""

import random
from collections.abc import Sequence

import numpy as np

from assistant import rank
from assistant.features import Candidate, stems
from eval.questions import Case
from eval.training.answer_groups import Group, shown
from eval.training.examples import Example

NEAR, FAR = 8, 40  # places among which hard and easier negatives are drawn
_ALIKE = 0.6  # share of common terms from which a sentence may say what the right one says


def taught(case: Case) -> bool:
    """Whether the answer model is taught this question; the rest are kept to fit and to measure."""
    return "taught" in case.tags


def own_groups(made: Sequence[Example], negatives: int, rng: random.Random) -> list[Group]:
    """Return the groups of the examples: one for each of the first two gold sentences that were
    retrieved, and one without a right sentence for a question that nothing answers."""
    first = rank.model("sentences")
    found: list[Group] = []
    for item in made:
        if not item.found:
            continue
        order = np.argsort(-first(rank.widened(item.rows)), kind="stable")
        gold = [item.found[at] for at in order if item.gold[at]]
        rest = [item.found[at] for at in order if not item.gold[at]]
        asked = item.question.standalone
        for right in gold[:2]:
            others = _others(right, rest, negatives, rng)
            if len(others) == negatives:
                texts = tuple(_read(c) for c in (right, *others))
                found.append(Group(question=asked, contexts=texts, right=1))
        if item.case.type == "unanswerable" and len(rest) > negatives:
            texts = tuple(_read(c) for c in rest[: negatives + 1])
            found.append(Group(question=asked, contexts=texts, right=0))
    return found


def _others(
    right: Candidate, rest: Sequence[Candidate], count: int, rng: random.Random
) -> list[Candidate]:
    """Return hard negatives, none of which says much the same as the right sentence."""
    own = stems(right.text)
    other = [c for c in rest if not _alike(own, stems(c.text))]
    hard = rng.sample(other[:NEAR], min(count - 1, len(other[:NEAR])))
    easy = [c for c in other[:FAR] if c not in hard]
    return [*hard, *rng.sample(easy, min(count - len(hard), len(easy)))]


def _alike(one: frozenset[str], two: frozenset[str]) -> bool:
    return len(one & two) >= _ALIKE * min(len(one), len(two))


def _read(item: Candidate) -> str:
    text, spans = item.evidence.document.text, item.evidence.passage.sentences
    before = text[slice(*spans[item.at - 1])] if item.at else ""
    return shown(
        item.evidence.document.title, " ".join(before.split()), " ".join(item.text.split())
    )
