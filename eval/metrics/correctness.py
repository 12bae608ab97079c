"""Answer correctness: a right answer from a right source."""

from eval.metrics.common import ABSTAINED, not_answerable
from eval.metrics.nuggets import is_held
from eval.questions import Case
from eval.types import Judge, Metric, Response, Result, Score, Unscored


def answer_correctness(case: Case, response: Response, judge: Judge) -> Result:
    """1 if every vital fact is held and a gold document is cited, else 0.

    Our own, after Magesh et al.'s correctness × groundedness (reference, 3.9). Over answerable
    cases; an abstention there is not correct.

    Example: both vital facts said, but only an unrelated notice cited: 0.
    """
    cannot = not_answerable(case, response)
    if cannot:
        return cannot
    vital = [nugget for nugget in case.nuggets if nugget.vital]
    if not vital and not case.gold_docs:
        return Unscored(reason="the case names neither vital facts nor gold documents")
    if not response.sentences:
        return Score(value=0.0, explanation=ABSTAINED)
    missing = [nugget.text for nugget in vital if not is_held(nugget, response.text)]
    if missing:
        return Score(value=0.0, explanation=f"missing: {'; '.join(missing)}")
    documents = [cited.source.document for cited in response.citations if cited.source]
    if case.gold_docs and not any(case.is_gold(document) for document in documents):
        return Score(value=0.0, explanation="no gold document is cited")
    return Score(value=1.0, explanation="all vital facts, a gold document cited")


ANSWER_CORRECTNESS = Metric(
    scorer=answer_correctness, version=1, group="answer", title="Answer correct"
)
