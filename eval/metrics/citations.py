"""Citation recall and precision of ALCE (Gao et al. 2023), with the judge as φ."""

from eval.metrics.common import cited_bear_out, nothing_to_read, share
from eval.questions import Case
from eval.types import Judge, Metric, Response, Result, Sentence, Unscored


def citation_recall(case: Case, response: Response, judge: Judge) -> Result:
    """Mean over all sentences of: 0 if R_i is empty or names no source, else φ(concat(R_i), s_i).

    Example: three sentences, one borne out by what it cites, one not, one citing nothing: 1/3.
    """
    nothing = nothing_to_read(response)
    if nothing:
        return nothing
    good = 0
    for sentence in response.sentences:
        recalled = cited_bear_out(judge, sentence.cited, sentence.text)
        if isinstance(recalled, Unscored):
            return recalled
        good += recalled
    return share(good, len(response.sentences), "sentences borne out by what they cite")


def citation_precision(case: Case, response: Response, judge: Judge) -> Result:
    """Citations that help / citations; 0 if none is cited.

    One citation r of a sentence helps iff the sentence has recall 1 and not (φ(r, s) = 0 and
    φ(concat(R without r), s) = 1). A single citation has the recall of its sentence.

    Example: a sentence citing [1], which bears it out, and [2], which does not: 1 of 2.
    """
    nothing = nothing_to_read(response)
    if nothing:
        return nothing
    good = 0
    for sentence in response.sentences:
        helping = _helping(sentence, judge)
        if isinstance(helping, Unscored):
            return helping
        good += helping
    count = len(response.citations)
    return share(good, max(1, count), "citations needed" if count else "citations: none is cited")


def _helping(sentence: Sentence, judge: Judge) -> int | Unscored:
    """Return how many citations of a sentence help it."""
    recalled = cited_bear_out(judge, sentence.cited, sentence.text)
    if isinstance(recalled, Unscored):
        return recalled
    if not recalled or len(sentence.cited) == 1:
        return len(sentence.cited) if recalled else 0
    helping = 0
    for at, one in enumerate(sentence.cited):
        alone = cited_bear_out(judge, (one,), sentence.text)
        rest = (*sentence.cited[:at], *sentence.cited[at + 1 :])
        without = cited_bear_out(judge, rest, sentence.text)
        if isinstance(alone, Unscored):
            return alone
        if isinstance(without, Unscored):
            return without
        helping += alone or not without
    return helping


CITATION_RECALL = Metric(
    scorer=citation_recall, version=1, group="support", title="Citation recall (ALCE)", judged=True
)
CITATION_PRECISION = Metric(
    scorer=citation_precision,
    version=1,
    group="support",
    title="Citation precision (ALCE)",
    judged=True,
)
