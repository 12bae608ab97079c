"""RePASs-local: the score of RegNLP's shared task, with our judge. Secondary, never a headline.

Its published models (NLI cross-encoder, LegalBERT for obligations) are not here, so its values are
not comparable with published ones. It rewards copying: read it beside the copy rate.
"""

import re
from collections.abc import Sequence

from eval.metrics.common import nothing_to_read
from eval.questions import Case
from eval.types import Judge, Judgement, Metric, Response, Result, Score, Unscored
from sources.split import sentences

_OBLIGATION = re.compile(r"\b(?:must|shall|may not|is required|are required|prohibited)\b", re.I)
_COVERED = 0.7


def repass(case: Case, response: Response, judge: Judge) -> Result:
    """(Es − Cs + OCS + 1) / 3, from RePASs (RegNLP 2025; reference, 3.4).

    Es, Cs: mean over answer sentences of the highest score of support, of contradiction, over the
    sentences of the cited passages. OCS: obligations of those passages that an answer sentence
    bears out with more than 0.7 / obligations, 0 if there are none.

    Example: one answer sentence bears out (1.0) the one obligation cited: (1 − 0 + 1 + 1) / 3 = 1.
    """
    nothing = nothing_to_read(response)
    if nothing:
        return nothing
    sources = {c.source.id: c.source for c in response.citations if c.source}
    premises = [part for s in sources.values() for part in _parts(s.text)]
    if not premises:
        return Unscored(reason="no cited text is given")
    answers = [sentence.text for sentence in response.sentences]
    table = [[judge.judge(premise, answer) for premise in premises] for answer in answers]
    flat = [cell for row in table for cell in row]
    unjudged = next((cell for cell in flat if isinstance(cell, Unscored)), None)
    if unjudged:
        return unjudged
    support = _mean_of_highest(table, "supported")
    against = _mean_of_highest(table, "contradicted")
    covered = _covered(premises, answers, judge)
    value = (support - against + covered + 1) / 3
    told = f"Es {support:.2f}, Cs {against:.2f}, OCS {covered:.2f}"
    return Score(value=value, explanation=told)


def _mean_of_highest(table: Sequence[Sequence[Judgement | Unscored]], verdict: str) -> float:
    return sum(max(_strength(cell, verdict) for cell in row) for row in table) / len(table)


def _strength(cell: Judgement | Unscored, verdict: str) -> float:
    """Return how strongly a judgement says `verdict`: what it gives a claim, or withholds of it."""
    if isinstance(cell, Unscored) or cell.verdict != verdict:
        return 0.0
    return cell.score if verdict == "supported" else 1 - cell.score


def _covered(premises: Sequence[str], answers: Sequence[str], judge: Judge) -> float:
    obligations = [premise for premise in premises if _OBLIGATION.search(premise)]
    stated = [answer for answer in answers if _OBLIGATION.search(answer)]
    if not obligations:
        return 0.0
    count = sum(
        any(_strength_of(judge, answer, item) > _COVERED for answer in stated)
        for item in obligations
    )
    return count / len(obligations)


def _strength_of(judge: Judge, premise: str, claim: str) -> float:
    return _strength(judge.judge(premise, claim), "supported")


def _parts(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text, 0, len(text))]


REPASS = Metric(
    scorer=repass, version=1, group="advisory", title="RePASs-local", better="neither", judged=True
)
