"""Noise sensitivity of RAGChecker: claims beside the point that retrieval led the answer to.

A claim is correct if it is entailed by the reference: here, an accepted form of a nugget matches
it, it holds a gold quote, or the gold quotes bear it out. So "incorrect" is "not in the reference",
not "false"; a long answer with true asides has some.
"""

from eval.metrics.common import bears_out, not_answerable, nothing_to_read, share
from eval.metrics.context import is_relevant
from eval.metrics.nuggets import is_held
from eval.questions import Case
from eval.types import Judge, Metric, Response, Result, Sentence, Source, Unscored
from sources.text import collapse


def noise_relevant(case: Case, response: Response, judge: Judge) -> Result:
    """Claims that are incorrect and entailed by a relevant passage / claims.

    Example: four claims, one of them off the point and from the gold document: 0.25.
    """
    return _noise(case, response, judge, relevant=True)


def noise_irrelevant(case: Case, response: Response, judge: Judge) -> Result:
    """Claims that are incorrect and entailed by irrelevant passages only / claims.

    Example: four claims, one of them off the point and from an unrelated notice: 0.25.
    """
    return _noise(case, response, judge, relevant=False)


def _noise(case: Case, response: Response, judge: Judge, *, relevant: bool) -> Result:
    cannot = not_answerable(case, response) or nothing_to_read(response)
    if cannot:
        return cannot
    if not case.gold_quotes or not response.retrieved:
        return Unscored(reason="no gold quotes in the case, or no retrieved passages are given")
    good = [source for source in response.retrieved if is_relevant(case, source)]
    other = [source for source in response.retrieved if source not in good]
    count = 0
    for sentence in response.sentences:
        correct = _correct(case, sentence, judge)
        if isinstance(correct, Unscored):
            return correct
        if correct:
            continue
        led = _entailed(sentence, good, judge)
        if led is False and not relevant:
            led = _entailed(sentence, other, judge)
        elif led is True and not relevant:
            led = False
        if isinstance(led, Unscored):
            return led
        count += led
    kind = "a relevant passage" if relevant else "irrelevant passages"
    return share(count, len(response.sentences), f"claims off the point, from {kind}")


def _correct(case: Case, sentence: Sentence, judge: Judge) -> bool | Unscored:
    said = collapse(sentence.text)
    if any(is_held(nugget, said) for nugget in case.nuggets):
        return True
    if any(collapse(quote) in said for quote in case.gold_quotes):
        return True
    heads = [cited.source.head for cited in sentence.cited if cited.source]
    return bears_out(judge, "\n".join([*heads, *case.gold_quotes]), sentence.text)


def _entailed(sentence: Sentence, passages: list[Source], judge: Judge) -> bool | Unscored:
    """Return whether one of the passages bears the sentence out, those it cites asked first."""
    own = {cited.source.id for cited in sentence.cited if cited.source}
    for source in sorted(passages, key=lambda source: source.id not in own):
        found = bears_out(judge, source.premise, sentence.text)
        if isinstance(found, Unscored) or found:
            return found
    return False


NOISE_RELEVANT = Metric(
    scorer=noise_relevant,
    version=1,
    group="support",
    title="Noise from relevant passages",
    better="lower",
    judged=True,
)
NOISE_IRRELEVANT = Metric(
    scorer=noise_irrelevant,
    version=1,
    group="support",
    title="Noise from irrelevant passages",
    better="lower",
    judged=True,
)
