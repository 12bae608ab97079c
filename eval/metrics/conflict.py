"""Conflict shown: where sources disagree, both sides are cited and the reader is told."""

from eval.metrics.common import not_answerable
from eval.questions import Case
from eval.types import Judge, Metric, Response, Result, Score, Unscored


def conflict_shown(case: Case, response: Response, judge: Judge) -> Result:
    """1 if every document of the case's `conflict` is cited and a notice says that they disagree.

    Half of it is nothing: a reader of one side is misled. Ours (promise 4 of the design).

    Example: rule and press release give other dates, both cited, notice "conflict": 1; without the
    notice: 0.
    """
    if not case.conflict:
        return Unscored(reason="the case has no conflict")
    cannot = not_answerable(case, response)
    if cannot:
        return cannot
    documents = [cited.source.document for cited in response.citations if cited.source]
    for part in case.conflict:
        if not any(part in document.id or part in document.url for document in documents):
            return Score(value=0.0, explanation=f"{part} is not cited")
    if response.notices is None:
        return Unscored(reason="the file does not give notices (field 'notices')")
    shown = "conflict" in response.notices
    return Score(value=float(shown), explanation="told" if shown else "no notice of the conflict")


CONFLICT_SHOWN = Metric(scorer=conflict_shown, version=1, group="answer", title="Conflict shown")
