"""Abstention: the two sides of the two-by-two table, read from a field and never from phrases.

                 answered                    abstained
    answerable   right                       false abstention
    unanswerable should have been held back  right

A case on a false premise is right too when the answer says that its premise is not borne out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from eval.questions import Case
from eval.types import Judge, Metric, Response, Result, Score, Unscored

_NOT_TOLD = "the file does not say whether the system abstained (field 'abstained')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The two-by-two table: rows are what was right, columns what was done."""

    answerable_answered: int = 0
    answerable_abstained: int = 0
    unanswerable_answered: int = 0
    unanswerable_abstained: int = 0
    unscored: int = 0

    @property
    def f1(self) -> float | None:
        """F1 of abstaining: 2·held back / (2·held back + false abstentions + missed)."""
        hit = 2 * self.unanswerable_abstained
        of = hit + self.answerable_abstained + self.unanswerable_answered
        return hit / of if of else None


def false_abstention(case: Case, response: Response, judge: Judge) -> Result:
    """1 if an answerable case was not answered, else 0; over answerable cases.

    Example: ten answerable cases, two of them abstained on: mean 0.2.
    """
    held = held_back(response)
    if held is None:
        return Unscored(reason=response.error or _NOT_TOLD)
    if not case.answerable:
        return Unscored(reason="nothing answers this case")
    return Score(value=float(held), explanation="abstained" if held else "answered")


def rightly_held_back(case: Case, response: Response, judge: Judge) -> Result:
    """1 if a case that nothing answers was not answered, else 0; over such cases.

    Example: ten such cases, seven abstained on, one premise corrected: mean 0.8.
    """
    held = held_back(response)
    if held is None:
        return Unscored(reason=response.error or _NOT_TOLD)
    if case.answerable:
        return Unscored(reason="the case is answerable")
    if held:
        return Score(value=1.0, explanation="abstained")
    corrected = case.type == "false_premise" and "premise_not_found" in (response.notices or ())
    told = "said that the premise is not borne out" if corrected else "answered"
    return Score(value=float(corrected), explanation=told)


def held_back(response: Response) -> bool | None:
    """Return whether the response is an abstention; None when that is not known."""
    return None if response.error else response.abstained


def table(pairs: Iterable[tuple[Case, Response]], judge: Judge) -> Table:
    """Return the two-by-two table; corrected premises count as held back."""
    cells = [0, 0, 0, 0, 0]
    for case, response in pairs:
        scorer = false_abstention if case.answerable else rightly_held_back
        result = scorer(case, response, judge)
        if isinstance(result, Unscored):
            cells[4] += 1
        else:
            cells[2 * (not case.answerable) + int(result.value)] += 1
    return Table(
        answerable_answered=cells[0],
        answerable_abstained=cells[1],
        unanswerable_answered=cells[2],
        unanswerable_abstained=cells[3],
        unscored=cells[4],
    )


FALSE_ABSTENTION = Metric(
    scorer=false_abstention, version=1, group="answer", title="False abstention", better="lower"
)
HELD_BACK = Metric(
    scorer=rightly_held_back, version=1, group="answer", title="Unanswerable held back"
)
