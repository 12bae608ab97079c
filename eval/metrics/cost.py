"""Cost: what an answer cost in calls to paid models."""

from eval.questions import Case
from eval.types import Judge, Metric, Response, Result, Score, Unscored


def cost(case: Case, response: Response, judge: Judge) -> Result:
    """US dollars for one answer, as the system tells them; an answer without a chat model is free.

    Prices are not known here: what a file of answers does not tell is Unscored.

    Example: the file says 0.004 for an answer: 0.004. An extractive answer: 0.
    """
    if response.error or response.cost is None:
        return Unscored(reason=response.error or "no cost is given")
    return Score(value=response.cost)


COST = Metric(
    scorer=cost, version=1, group="advisory", title="Dollars", better="lower", unit="dollars"
)
