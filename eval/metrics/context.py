"""Context precision and recall: what retrieval brought, measured by the facts of the case.

RAGChecker's definitions with E[fact, passage] = an accepted form of the nugget, or a gold passage,
stands in the passage: no judge is needed, and a model's opinion does not enter.
"""

from eval.metrics.common import gold_held, not_answerable, share
from eval.metrics.nuggets import is_held
from eval.questions import Case
from eval.types import Judge, Metric, Response, Result, Source, Unscored


def context_recall(case: Case, response: Response, judge: Judge) -> Result:
    """Mean over the case's nuggets of the highest E over retrieved passages.

    Example: three facts, two of which stand in some retrieved passage: 2/3.
    """
    cannot = _cannot(case, response)
    if cannot:
        return cannot
    if not case.nuggets:
        return Unscored(reason="the case names no facts")
    texts = [source.text for source in response.retrieved or ()]
    good = sum(any(is_held(nugget, text) for text in texts) for nugget in case.nuggets)
    return share(good, len(case.nuggets), "facts stand in what was retrieved")


def context_precision(case: Case, response: Response, judge: Judge) -> Result:
    """Mean over retrieved passages of the highest E over the case's facts and gold passages.

    Example: five passages, one of which holds a fact: 0.2.
    """
    cannot = _cannot(case, response)
    if cannot:
        return cannot
    retrieved = response.retrieved or ()
    if not retrieved:
        return Unscored(reason="nothing was retrieved")
    good = sum(is_relevant(case, source) for source in retrieved)
    return share(good, len(retrieved), "retrieved passages hold a fact")


def is_relevant(case: Case, source: Source) -> bool:
    """Return whether a passage holds a fact of the case, or is gold, from a gold document."""
    if not case.is_gold(source.document):
        return False
    return bool(gold_held(case, source)) or any(is_held(n, source.text) for n in case.nuggets)


def _cannot(case: Case, response: Response) -> Unscored | None:
    cannot = not_answerable(case, response)
    if cannot:
        return cannot
    if response.retrieved is None:
        return Unscored(reason="no retrieved passages are given")
    if not case.nuggets and not case.gold_docs:
        return Unscored(reason="the case names neither facts nor gold documents")
    return None


CONTEXT_RECALL = Metric(scorer=context_recall, version=1, group="retrieval", title="Context recall")
CONTEXT_PRECISION = Metric(
    scorer=context_precision, version=1, group="retrieval", title="Context precision"
)
