"""Latency: how long an answer took."""

from eval.questions import Case
from eval.types import Judge, Metric, Response, Result, Score, Unscored


def latency(case: Case, response: Response, judge: Judge) -> Result:
    """Seconds from question to answer, as the system gives them (`seconds.total`).

    Example: retrieve 0.02, the rest 0.03: 0.05.
    """
    if response.error or response.seconds is None:
        return Unscored(reason=response.error or "no time is given")
    return Score(value=response.seconds)


LATENCY = Metric(
    scorer=latency, version=1, group="advisory", title="Seconds", better="lower", unit="seconds"
)
