"""Ranked sentences → outcome and what to quote: answer, correct a false premise, or abstain."""

from collections.abc import Sequence

from assistant.kind_of_answer import cites_unknown, names_body, of_kind
from assistant.library import Library
from assistant.premise import contradicted, takes_proposal_for_law
from assistant.question import Question
from assistant.rank import Ranked, answerable, to_the_point
from assistant.types import Outcome
from assistant.write import Quote, choose


def decide(
    question: Question, ranked: Sequence[Ranked], library: Library
) -> tuple[Outcome, tuple[Quote, ...]]:
    """Return the outcome and the quotes; "partly_answered" says that the premise failed."""
    against = contradicted(question, ranked, library.rarity)
    if against:
        return "partly_answered", choose(against, limit=2)
    if answerable(question, ranked, library.rarity) < 0 or cites_unknown(question, ranked):
        return "not_in_sources", ()
    quotes = choose(to_the_point(question, ranked))
    if not (of_kind(question, quotes) and names_body(question, quotes)):
        return "not_in_sources", ()
    return ("partly_answered" if takes_proposal_for_law(question, ranked) else "answered"), quotes
