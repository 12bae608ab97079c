"""Does the evidence bear out what the question takes for granted?

«Why did BIS take Cambodia out of D:1?» presupposes a removal. A clause that speaks of the same
things either affirms that or says the opposite («will remain designated in D:1»). Pure; the verbs
are English, no fact is held.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

from assistant.features import coverage, stems
from assistant.question import Question
from assistant.rank import Ranked
from assistant.terms import terms

Direction = Literal["on", "off"]

_ON = frozenset(
    terms(
        "add adding added addition impose imposed imposing put placed place include "
        "included apply applied "
        "applies extend extended require required requiring cover covered covers reach "
        "begin tighten expand "
        "ban banned restrict restricted prohibit prohibited introduce adopt adopted "
        "adopting designate "
        "designated available eligible authorize authorizes remain remains continue "
        "continues compulsory "
        "mandatory keep kept retain subject inclusion compel"
    )
)
_OFF = frozenset(
    terms(
        "remove removed removal removing lift lifted lifting drop dropped exempt "
        "exempted delete deleted "
        "delist revoke revoked rescind rescinded repeal repealed waive waived ease eased "
        "withdraw withdrawn cancel cancelled spare spared unblock unblocking free "
        "strike struck terminate "
        "terminated voluntary optional"
    )
)
_SETTLES = re.compile(r"\b(?:exclusions?|exemptions?|excluded?)\b", re.I)  # "adds an exclusion"
_NOT = re.compile(
    r"\b(?:not|no(?!\.?\s*\d)|nor|never|neither|without|cannot|nothing|instead of|"
    r"rather than)\b|n't\b",
    re.I,
)
_PRESUPPOSES = re.compile(
    r"\bwhy\b|\bwhat (?:made|led|prompted|caused|drove)\b|\b(?:for what|"
    r"what) reasons?\b|\bon what grounds\b|"
    r"\bhow come\b|\bwhen (?:was|were|did|has|had)\b|\bwhat (?:terms|limits|"
    r"conditions|happens|penalt\w+)\b|"
    r"\bunder what\b|\bhow (?:did|was|were)\b|\bsince when\b|\b(?:on )?(?:what|which) date\b",
    re.I,
)
_OUT_OF = re.compile(r"\b(?:took|take|taken|taking|left|leave)\b.{0,40}\b(?:out|off)\b", re.I)
_BINDS = re.compile(
    r"\bbinding\b|\bin force\b|\beffective\b|\b(?:take|took|taken) effect\b|\bin effect\b|"
    r"\bappl(?:y|ied|ies)\b|\bmust (?:we|i|they)\b",
    re.I,
)
_PROPOSED = re.compile(r"\bpropos|\bwould\b|\bdraft\b|\bplanned\b", re.I)
_CLAUSE = re.compile(
    r"[;]|:(?!\w)|,? (?:but|while|whereas|although|which)\b|,? and (?=\w+(?:ing|s|ed) )", re.I
)
_GENERIC = frozenset(terms("bis rule us united states commerce list group country entity license"))
_LOOKED_AT = 40
_ENOUGH = 0.55  # share of the weight of the question's names that a denial must speak of
_CLEARLY = 0.05  # by how much it must speak of them more than any affirmation does


def contradicted(
    question: Question, ranked: Sequence[Ranked], rarity: Callable[[str], float]
) -> tuple[Ranked, ...]:
    """Return the sentences that say otherwise than the question presupposes; empty if none do, or
    if an affirmation speaks of the same names. `rarity` of the question's terms."""
    asked = direction(question.text)
    if asked is None or not _PRESUPPOSES.search(question.text):
        return ()
    anchors = {word: rarity(word) for word in _anchors(question)}
    if not anchors:
        return ()
    few = len(anchors.keys() - _GENERIC) < 2
    affirmed = 0.0
    denied: list[tuple[float, Ranked]] = []
    for item in ranked[:_LOOKED_AT]:
        text = item.candidate.text
        clauses = [(says(c), coverage(anchors, stems(c))) for c in _CLAUSE.split(text)]
        exact = few or {said for said, _ in clauses} >= {"on", "off"}
        for said, own in clauses:
            if said == asked and own:  # unless it says both, all of its sentence counts for it
                affirmed = max(affirmed, own if exact else coverage(anchors, stems(text)))
            elif said not in (asked, None):
                denied.append((own, item))
    close = [(c, item) for c, item in denied if c >= max(_ENOUGH, affirmed + _CLEARLY)]
    best_first = sorted(close, key=lambda pair: -pair[0])
    return tuple(dict.fromkeys(item for _, item in best_first))


def takes_proposal_for_law(question: Question, ranked: Sequence[Ranked]) -> bool:
    """Whether the question asks since when or whether something binds that is only proposed."""
    if not ranked or not _BINDS.search(question.text) or _PROPOSED.search(question.text):
        return False
    document = ranked[0].candidate.evidence.document
    return "proposed_rule" in (document.kind, document.metadata.get("of_kind"))


def _anchors(question: Question) -> frozenset[str]:
    """Return the terms that name what the question is about: its proper names and designations."""
    named = {part for name in question.names for part in name}
    coded = {word for word in question.terms if any(c.isdigit() for c in word)}
    words = {word for word in (named | coded) - _ON - _OFF if len(word) > 1}
    special = words - _GENERIC
    return frozenset(special if len(special) > 1 else words)


@lru_cache(maxsize=20_000)
def direction(text: str) -> Direction | None:
    """Return whether `text` speaks of putting under control ("on") or of releasing ("off")."""
    words = set(terms(text))
    if _OUT_OF.search(text) or _SETTLES.search(text):
        return "off"
    on, off = bool(words & _ON), bool(words & _OFF)
    if on == off:
        return None
    return "on" if on else "off"


@lru_cache(maxsize=20_000)
def says(clause: str) -> Direction | None:
    """Return the direction that a clause asserts, its negation counted."""
    asserted = direction(clause)
    if asserted is None:
        return None
    if _NOT.search(clause):
        return "off" if asserted == "on" else "on"
    return asserted
