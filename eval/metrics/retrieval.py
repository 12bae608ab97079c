"""Retrieval at ten: recall, MAP and nDCG of the gold passages among the retrieved ones.

A gold passage is a span or quote of the case; where the case names documents only, each document
that `gold_docs` names is one. A retrieved passage may hold several, and several may hold one: the
rank of a gold passage is that of the first retrieved one that holds it.
"""

import math
from collections.abc import Sequence

from eval.metrics.common import gold_count, gold_held
from eval.questions import Case
from eval.types import Judge, Metric, Response, Result, Score, Source, Unscored

K = 10


def recall(case: Case, response: Response, judge: Judge) -> Result:
    """Gold passages in the first ten / gold passages.

    Example: of two gold passages one at rank 3, the other at 14: 0.5.
    """
    found = _ranks(case, response)
    if isinstance(found, Unscored):
        return found
    ranks, count = found
    return Score(
        value=recall_of(ranks, count), explanation=f"ranks {ranks} of {count} gold passages"
    )


def average_precision(case: Case, response: Response, judge: Judge) -> Result:
    """Sum over gold passages found by rank ten of precision at their rank / gold passages.

    As pytrec_eval `map_cut`: divided by all that are relevant. Its mean over cases is MAP@10.

    Example: two gold passages at ranks 1 and 4: (1/1 + 2/4) / 2 = 0.75.
    """
    found = _ranks(case, response)
    if isinstance(found, Unscored):
        return found
    ranks, count = found
    return Score(
        value=precision_of(ranks, count), explanation=f"ranks {ranks} of {count} gold passages"
    )


def ndcg(case: Case, response: Response, judge: Judge) -> Result:
    """Σ 1/log2(1 + rank) over gold passages found by rank ten / the same with them ranked first.

    Example: one gold passage, at rank 3: (1/log2 4) / (1/log2 2) = 0.5.
    """
    found = _ranks(case, response)
    if isinstance(found, Unscored):
        return found
    ranks, count = found
    return Score(value=ndcg_of(ranks, count), explanation=f"ranks {ranks} of {count} gold passages")


def recall_of(ranks: Sequence[int], count: int) -> float:
    """Return recall, for `ranks` of the gold passages found by rank ten of `count`."""
    return len(ranks) / count


def precision_of(ranks: Sequence[int], count: int) -> float:
    """Return average precision, for rising `ranks` of the gold passages found by rank ten."""
    return sum(min(1.0, at / rank) for at, rank in enumerate(ranks, start=1)) / count


def ndcg_of(ranks: Sequence[int], count: int) -> float:
    """Return nDCG, for `ranks` of the gold passages found by rank ten of `count`."""
    gain = sum(1 / math.log2(1 + rank) for rank in ranks)
    best = sum(1 / math.log2(1 + rank) for rank in range(1, min(count, K) + 1))
    return min(1.0, gain / best)


def _ranks(case: Case, response: Response) -> tuple[list[int], int] | Unscored:
    """Return the ranks of the gold passages found by rank ten, and how many there are."""
    if response.error:
        return Unscored(reason=response.error)
    if not case.gold_docs:
        return Unscored(reason="the case names no gold passage")
    if response.retrieved is None:
        return Unscored(reason="no retrieved passages are given")
    count = gold_count(case)
    if count:
        held = [gold_held(case, source) for source in response.retrieved[:K]]
        return _first_ranks(held), count
    documents = list({s.document.id: s for s in response.retrieved}.values())[:K]
    return _first_ranks([_gold_documents(case, s) for s in documents]), len(case.gold_docs)


def _first_ranks(held: Sequence[frozenset[int]]) -> list[int]:
    first: dict[int, int] = {}
    for rank, names in enumerate(held, start=1):
        for name in names:
            first.setdefault(name, rank)
    return sorted(first.values())


def _gold_documents(case: Case, source: Source) -> frozenset[int]:
    document = source.document
    return frozenset(
        at for at, gold in enumerate(case.gold_docs) if gold in document.id or gold in document.url
    )


RETRIEVAL_RECALL = Metric(scorer=recall, version=1, group="retrieval", title="Recall@10")
RETRIEVAL_MAP = Metric(scorer=average_precision, version=1, group="retrieval", title="MAP@10")
RETRIEVAL_NDCG = Metric(scorer=ndcg, version=1, group="retrieval", title="nDCG@10")
