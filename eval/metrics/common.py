"""What several metrics ask first: is there an answer, and does a premise bear out a sentence."""

from collections.abc import Sequence

from eval.questions import Case
from eval.types import Cited, Judge, Response, Score, Source, Unscored, premise_of
from sources.text import collapse

ABSTAINED = "the system abstained"


def nothing_to_read(response: Response) -> Unscored | None:
    """Return why what an answer says cannot be judged, or None if it says something."""
    if response.error:
        return Unscored(reason=response.error)
    if response.abstained:
        return Unscored(reason=ABSTAINED)
    if not response.sentences:
        return Unscored(reason="the answer is empty")
    return None


def not_answerable(case: Case, response: Response) -> Unscored | None:
    """Return why a case has no right answer to compare with, or None if it has."""
    if response.error:
        return Unscored(reason=response.error)
    if not case.answerable:
        return Unscored(reason="nothing answers this case")
    return None


def bears_out(judge: Judge, premise: str, claim: str) -> bool | Unscored:
    """Return φ(premise, claim), or why it could not be judged."""
    said = judge.judge(premise, claim)
    return said if isinstance(said, Unscored) else said.verdict == "supported"


def cited_bear_out(judge: Judge, cited: Sequence[Cited], claim: str) -> bool | Unscored:
    """Return φ(concat(R), claim); False when R is empty or names something that is not there."""
    if not cited or any(c.source is None for c in cited):
        return False
    return bears_out(judge, premise_of(tuple(cited)), claim)


def share(good: int, of: int, what: str) -> Score:
    """Return the score good / of, saying what was counted."""
    return Score(value=good / of, explanation=f"{good} of {of} {what}")


def gold_held(case: Case, source: Source) -> frozenset[int]:
    """Return which of the case's gold passages (`gold_count`) this passage holds."""
    if not case.is_gold(source.document):
        return frozenset()
    end = source.start + len(source.text)
    if case.gold_spans:
        return frozenset(
            at
            for at, (name, a, b) in enumerate(case.gold_spans)
            if name == source.document.id and source.start < b and a < end
        )
    text = collapse(source.text)
    return frozenset(
        at for at, quote in enumerate(case.gold_quotes) if text and _holds(text, collapse(quote))
    )


def gold_count(case: Case) -> int:
    """Return how many gold passages the case names."""
    return len(case.gold_spans or case.gold_quotes)


def _holds(text: str, quote: str) -> bool:
    return quote in text or (len(text) > 12 and text in quote)
