"""Claim support and contradiction: three classes, contradiction looked for first."""

from eval.metrics.common import bears_out, nothing_to_read, share
from eval.questions import Case
from eval.types import Judge, Metric, Response, Result, Sentence, Source, Unscored


def claim_support(case: Case, response: Response, judge: Judge) -> Result:
    """Claims borne out by what they cite together, or by one retrieved passage / claims.

    Strict: "not mentioned" does not count (`faithfulness_strict`, reference 3.3); the document
    score is the highest over passages, as in MiniCheck and RAGChecker. A claim that its own
    citations contradict is not supported.

    Example: of three claims one is borne out, one contradicted, one not mentioned: 1/3.
    """
    nothing = _nothing(response)
    if nothing:
        return nothing
    good = 0
    for sentence in response.sentences:
        supported = _supported(sentence, response.retrieved or (), judge)
        if isinstance(supported, Unscored):
            return supported
        good += supported
    return share(good, len(response.sentences), "claims supported")


def contradiction_rate(case: Case, response: Response, judge: Judge) -> Result:
    """Claims contradicted by what they cite / claims (reference 3.3).

    Example: of three claims one is borne out, one contradicted, one not mentioned: 1/3.
    """
    nothing = _nothing(response)
    if nothing:
        return nothing
    bad = 0
    for sentence in response.sentences:
        if sentence.premise:
            said = judge.judge(sentence.premise, sentence.text)
            if isinstance(said, Unscored):
                return said
            bad += said.verdict == "contradicted"
    return share(bad, len(response.sentences), "claims contradicted by what they cite")


def _nothing(response: Response) -> Unscored | None:
    nothing = nothing_to_read(response)
    if nothing is None and not (response.retrieved or any(s.premise for s in response.sentences)):
        return Unscored(reason="no cited or retrieved text is given")
    return nothing


def _supported(sentence: Sentence, retrieved: tuple[Source, ...], judge: Judge) -> bool | Unscored:
    if sentence.premise:
        said = judge.judge(sentence.premise, sentence.text)
        if isinstance(said, Unscored):
            return said
        if said.verdict != "unsupported":
            return said.verdict == "supported"
    for source in retrieved:
        found = bears_out(judge, source.premise, sentence.text)
        if isinstance(found, Unscored) or found:
            return found
    return False


CLAIM_SUPPORT = Metric(
    scorer=claim_support, version=1, group="support", title="Claims supported", judged=True
)
CONTRADICTION_RATE = Metric(
    scorer=contradiction_rate,
    version=1,
    group="support",
    title="Claims contradicted",
    better="lower",
    judged=True,
)
