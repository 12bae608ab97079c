"""Nugget recall: how many of the facts that a right answer holds it does hold.

Formulas of castorini/nuggetizer `core/metrics.py`: supported 1, partly supported 0.5, else 0.
Supported is decided here without a model: one of the nugget's accepted forms (regular expressions)
matches the answer. Partly supported: no form matches, but the judge finds the fact borne out by the
answer. An abstention holds nothing and scores 0.
"""

import re
from collections.abc import Sequence

from eval.metrics.common import bears_out, not_answerable
from eval.questions import Case, Nugget
from eval.types import Judge, Metric, Response, Result, Score, Unscored


def is_held(nugget: Nugget, text: str) -> bool:
    """Return whether one of the accepted forms matches the text."""
    return any(re.search(form, text, re.IGNORECASE | re.DOTALL) for form in nugget.any_of)


def strict_vital(case: Case, response: Response, judge: Judge) -> Result:
    """Supported vital nuggets / vital nuggets.

    Example: two vital facts, one found, and an okay one found: 0.5.
    """
    return _strict(case, response, [n for n in case.nuggets if n.vital], "vital facts")


def strict_all(case: Case, response: Response, judge: Judge) -> Result:
    """Supported nuggets / nuggets.

    Example: two vital facts, one found, and an okay one found: 2/3.
    """
    return _strict(case, response, case.nuggets, "facts")


def lenient_vital(case: Case, response: Response, judge: Judge) -> Result:
    """(Supported + 0.5 · partly supported vital nuggets) / vital nuggets.

    Example: two vital facts, one found and one that only the judge finds: 0.75.
    """
    return _lenient(case, response, judge, [n for n in case.nuggets if n.vital])


def lenient_all(case: Case, response: Response, judge: Judge) -> Result:
    """(Supported + 0.5 · partly supported nuggets) / nuggets.

    Example: three facts, one found and one that only the judge finds: 0.5.
    """
    return _lenient(case, response, judge, case.nuggets)


def _strict(case: Case, response: Response, nuggets: Sequence[Nugget], what: str) -> Result:
    cannot = _cannot(case, response, nuggets)
    if cannot:
        return cannot
    missing = [nugget.text for nugget in nuggets if not is_held(nugget, response.text)]
    told = f"{len(nuggets) - len(missing)} of {len(nuggets)} {what}"
    told += f"; missing: {'; '.join(missing)}" if missing else ""
    return Score(value=1 - len(missing) / len(nuggets), explanation=told)


def _lenient(case: Case, response: Response, judge: Judge, nuggets: Sequence[Nugget]) -> Result:
    cannot = _cannot(case, response, nuggets)
    if cannot:
        return cannot
    total = 0.0
    for nugget in nuggets:
        if is_held(nugget, response.text):
            total += 1.0
        elif response.sentences:
            partly = bears_out(judge, response.text, nugget.text)
            if isinstance(partly, Unscored):
                return partly
            total += 0.5 * partly
    return Score(value=total / len(nuggets), explanation=f"{total:g} of {len(nuggets)}")


def _cannot(case: Case, response: Response, nuggets: Sequence[Nugget]) -> Unscored | None:
    cannot = not_answerable(case, response)
    if cannot is None and not nuggets:
        return Unscored(reason="the case names no such facts")
    return cannot


NUGGET_STRICT_VITAL = Metric(
    scorer=strict_vital, version=1, group="answer", title="Vital facts held, strict"
)
NUGGET_STRICT_ALL = Metric(scorer=strict_all, version=1, group="answer", title="Facts held, strict")
NUGGET_LENIENT_VITAL = Metric(
    scorer=lenient_vital, version=1, group="answer", title="Vital facts held, lenient", judged=True
)
NUGGET_LENIENT_ALL = Metric(
    scorer=lenient_all, version=1, group="answer", title="Facts held, lenient", judged=True
)
