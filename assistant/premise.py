"""Does the evidence bear out what the question takes for granted?

«Why did BIS take Cambodia out of D:1?» presupposes a removal. A clause that speaks of the same
things either affirms that or says the opposite («will remain designated in D:1»); or a sentence
gives another particular for it. Pure; knows neither index nor answer.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.assertions import Direction, assertions, clauses, says
from assistant.features import stems
from assistant.particulars import Reading, covers, day_in, readings, values
from assistant.presuppositions import Matter, bare, matter, spoken_of, taken_for_granted
from assistant.question import Question
from assistant.rank import Ranked
from assistant.terms import terms

Rarity = Callable[[str], float]

_BINDS = re.compile(
    r"\bbinding\b|\bin force\b|\beffective\b|\b(?:take|took|taken) effect\b|\bin effect\b|"
    r"\bappl(?:y|ied|ies)\b|\bmust (?:we|i|they)\b",
    re.I,
)
_PROPOSED = re.compile(r"\bpropos|\bwould\b|\bdraft\b|\bplanned\b", re.I)
_LOOKED_AT = 40
_GENERIC = frozenset(terms("bis rule us united states commerce list group country entity license"))

# How much of what is presupposed a clause must speak of to gainsay it, and by how much more than
# any clause that affirms it: set so that none of the true questions of the evaluation is gainsaid.
_CORRECTED = (0.7, 0.03)  # a clause that says "not", "remains", "still"
_NAMED = (0.7, 0.05)  # a clause with the names asked about
_ALONE = (0.85, 0.3)  # a clause that merely tells of the opposite, where nothing affirms


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    """How far a clause speaks of the matter, and of its names alone, and what it asserts of it."""

    item: Ranked
    affirms: bool
    corrects: bool
    spoken: float
    named: float


def contradicted(
    question: Question, ranked: Sequence[Ranked], rarity: Rarity
) -> tuple[Ranked, ...]:
    """Return the sentences that say otherwise than the question presupposes, the clearest first;
    none if an affirmation speaks of the same as clearly. `rarity` of a term."""
    for clause in taken_for_granted(question.text):
        found = _opposed(clause, ranked[:_LOOKED_AT], rarity)
        found = found or _otherwise(clause, ranked[:_LOOKED_AT], rarity)
        if found:
            return found
    return ()


def takes_proposal_for_law(question: Question, ranked: Sequence[Ranked]) -> bool:
    """Whether the question asks since when or whether something binds that is only proposed."""
    if not ranked or not _BINDS.search(question.text) or _PROPOSED.search(question.text):
        return False
    document = ranked[0].candidate.evidence.document
    return "proposed_rule" in (document.kind, document.metadata.get("of_kind"))


def direction(question: str) -> Direction | None:
    """Return the one direction that a question asks about, its opening words left out."""
    return says(bare(question))


def _opposed(clause: str, ranked: Sequence[Ranked], rarity: Rarity) -> tuple[Ranked, ...]:
    """Return the sentences that assert the opposite of what is presupposed."""
    asked, about = direction(clause), matter(clause, rarity)
    if asked is None:
        return ()
    weighed = list(_weighed(asked, about, _on_the_day(clause, ranked)))
    affirmed = max((each.spoken for each in weighed if each.affirms), default=0.0)
    named = max((each.named for each in weighed if each.affirms), default=0.0)

    def gainsays(each: _Weighed) -> bool:
        return not each.affirms and (
            (each.corrects and each.spoken >= max(_CORRECTED[0], affirmed + _CORRECTED[1]))
            or each.named >= max(_NAMED[0], named + _NAMED[1])
            or (about.telling and each.spoken >= max(_ALONE[0], affirmed + _ALONE[1]))
        )

    against = [each for each in weighed if gainsays(each)]
    best_first = sorted(against, key=lambda each: (-each.corrects, -each.spoken))
    return tuple(dict.fromkeys(each.item for each in best_first))


def _weighed(asked: Direction, about: Matter, ranked: Sequence[Ranked]) -> Iterator[_Weighed]:
    """Yield what the clauses affirm and what they oppose. A clause that corrects affirms nothing by
    its other verbs."""
    names = _telling_names(about)
    for item in ranked:
        sentence, title = item.candidate.text, item.candidate.evidence.document.title
        for clause in clauses(sentence):
            said = assertions(clause)
            opposing = [each for each in said if each.direction != asked]
            corrects = any(each.corrects for each in opposing)
            affirming = len(opposing) < len(said) and not corrects
            spoken = spoken_of(about, clause, sentence, title) if said else 0.0
            if affirming:
                named = _share(names, sentence)
                yield _Weighed(item=item, affirms=True, corrects=False, spoken=spoken, named=named)
            if opposing:
                named = _share(names, clause)
                yield _Weighed(
                    item=item, affirms=False, corrects=corrects, spoken=spoken, named=named
                )


def _on_the_day(clause: str, ranked: Sequence[Ranked]) -> Sequence[Ranked]:
    """Return the sentences that tell of the day named in a clause, if it names one and any do."""
    day = day_in(clause)
    told = [item for item in ranked if day is not None and covers(item.candidate.text, day)]
    return told or ranked


def _telling_names(about: Matter) -> Mapping[str, float]:
    """Return the names and numbers of a matter; those that every text has, only with few others;
    none if one stands alone: it would be gainsaid by whatever mentions it."""
    named = {
        **about.names,
        **{word: each for word, each in about.others.items() if any(c.isdigit() for c in word)},
    }
    special = {word: each for word, each in named.items() if word not in _GENERIC}
    found = special if len(special) > 1 else named
    return found if len(found) > 1 else {}


def _share(weights: Mapping[str, float], text: str) -> float:
    have = stems(text)
    total = sum(weights.values())
    return sum(each for word, each in weights.items() if word in have) / total if total else 0.0


def _otherwise(clause: str, ranked: Sequence[Ranked], rarity: Rarity) -> tuple[Ranked, ...]:
    """Return the sentences that give another particular for what is presupposed."""
    for reading in readings():
        for key, asked in values(reading.asked, clause).items():
            if len(asked) == 1:
                about = matter(_around(reading.asked, clause), rarity)
                found = _with_another(reading, key, asked, about, direction(clause), ranked)
                if found:
                    return found
    return ()


def _around(particular: re.Pattern[str], clause: str) -> str:
    """Return a clause without its particular and what a comma sets apart after it."""
    match = particular.search(clause)
    if match is None:
        return clause
    return f"{clause[: match.start()]} {clause[match.end() :].partition(', ')[0]}"


def _with_another(
    reading: Reading,
    key: str,
    asked: frozenset[str],
    about: Matter,
    wanted: Direction | None,
    ranked: Sequence[Ranked],
) -> tuple[Ranked, ...]:
    if not about.telling:
        return ()
    same, other = 0.0, list[tuple[float, Ranked]]()
    for item in ranked:
        text, title = item.candidate.text, item.candidate.evidence.document.title
        directions = {each.direction for each in assertions(text)}
        if wanted and directions and wanted not in directions:
            continue  # "adds by majority vote" says nothing of how one is removed
        spoken = spoken_of(about, text, text, title)
        if asked <= values(reading.named, text).get(key, frozenset()):
            same = max(same, spoken)
        elif key in values(reading.said, text):
            other.append((spoken, item))
    enough = max(reading.enough, same + reading.clearly)
    best_first = sorted(other, key=lambda pair: -pair[0])
    return tuple(item for spoken, item in best_first if spoken >= enough)
