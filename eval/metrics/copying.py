"""Copy rate: how much of an answer is lifted from its sources. Neither good nor bad."""

import re

from eval.metrics.common import nothing_to_read
from eval.questions import Case
from eval.types import Judge, Metric, Response, Result, Score, Unscored

N = 8


def copy_rate(case: Case, response: Response, judge: Judge) -> Result:
    """Runs of eight words of the answer that stand in what it cites / such runs.

    Stands beside RePASs, which rewards copying (reference, section 9).

    Example: a nine-word answer (two runs), the first eight words copied: 0.5.
    """
    nothing = nothing_to_read(response)
    if nothing:
        return nothing
    runs = [run for sentence in response.sentences for run in _runs(sentence.text)]
    if not runs:
        return Unscored(reason=f"no sentence has {N} words")
    sources = {c.source.id: c.source.premise for c in response.citations if c.source}
    known = {run for text in sources.values() for run in _runs(text)}
    copied = sum(run in known for run in runs)
    words = len(response.text.split())
    return Score(value=copied / len(runs), explanation=f"{words} words in the answer")


def _runs(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return [tuple(words[at : at + N]) for at in range(len(words) - N + 1)]


COPY_RATE = Metric(
    scorer=copy_rate, version=1, group="advisory", title="Copy rate (8 words)", better="neither"
)
