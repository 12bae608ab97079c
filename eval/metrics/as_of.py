"""As-of correctness: nothing from after the date asked about, and statuses as they were then."""

from eval.metrics.common import nothing_to_read
from eval.questions import Case
from eval.types import Judge, Metric, Response, Result, Score, Unscored


def as_of_correctness(case: Case, response: Response, judge: Judge) -> Result:
    """1 if no cited document was published after as_of and each status is the case's, else 0.

    Ours. Statuses are compared for the documents that the case's `statuses` names (by part of id or
    address); a document that is cited without a date cannot break the rule.

    Example: asked as of 2020-01-01, citing a rule published 2020-06-18: 0.
    """
    nothing = nothing_to_read(response)
    if nothing:
        return nothing
    cited = [(c, c.source.document) for c in response.citations if c.source]
    asked = case.as_of or response.as_of  # what was asked counts, not what the answer says it was
    if asked is None:
        return Unscored(reason="neither case nor answer has an as-of date")
    dated = [document for _, document in cited if document.published]
    named = [
        (part, status, c.status)
        for part, status in case.statuses.items()
        for c, document in cited
        if part in document.id or part in document.url
    ]
    if not dated and not named:
        return Unscored(reason="nothing that is cited has a date")
    for document in dated:
        if document.published and document.published > asked:
            told = f"{document.id} is of {document.published}, after {asked}"
            return Score(value=0.0, explanation=told)
    for part, right, shown in named:
        if shown is None:
            return Unscored(reason="the answer shows no status")
        if shown != right:
            return Score(value=0.0, explanation=f"{part} is shown as {shown}, it was {right}")
    return Score(value=1.0, explanation=f"{len(dated)} dates, {len(named)} statuses")


AS_OF_CORRECTNESS = Metric(
    scorer=as_of_correctness, version=2, group="hard", title="As-of date kept"
)
