"""Does the evidence bear out what the question takes for granted?

«Why did BIS take Cambodia out of D:1?» presupposes a removal. The sentences nearest to the question
either affirm that, or say the opposite, or negate it. Pure; the verbs are English, no fact is held.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from assistant.features import stems
from assistant.question import Question
from assistant.rank import Ranked
from assistant.synonyms import synonyms
from assistant.terms import terms

Direction = Literal["on", "off"]

_ON = frozenset(
    term
    for term in terms(
        "add adding added impose imposed put placed place list listed include included apply applied "
        "extend extended require required cover covered reach start started begin tighten expand ban "
        "banned restrict restricted prohibit introduce adopt adopted designate designated reimpose "
        "subject addition inclusion limit suspend authorize authorizes"
    )
)
_OFF = frozenset(
    term
    for term in terms(
        "remove removed removal removing lift lifted lifting drop dropped exempt exempted exclude "
        "excluded exclusion exclusions delete deleted delist delisted release released revoke revoked "
        "rescind rescinded repeal repealed waive waived ease eased relax relaxed withdraw withdrawn "
        "cancel cancelled end ended spare spared unblock unblocking free strike struck terminate"
    )
)
_NOT = re.compile(
    r"\b(?:not|no|nor|never|neither|without|cannot|nothing|unaffected|remains?|voluntary|continues? to|instead of|"
    r"rather than|does not|other than|except)\b|n't\b",
    re.I,
)
_PRESUPPOSES = re.compile(
    r"\bwhy\b|\bwhat (?:made|led|prompted|caused|drove)\b|\bfor what reason\b|\bon what grounds\b|\bhow come\b|"
    r"\bwhen (?:was|were|did|has|had)\b|\bwhat (?:terms|limits|conditions|happens|penalt\w+)\b|\bunder what\b|"
    r"\bhow (?:did|was|were)\b|\bsince when\b|\bon what date\b|\bwhat date\b",
    re.I,
)
_OUT_OF = re.compile(r"\b(?:took|take|taken|taking|left|leave)\b.{0,40}\b(?:out|off)\b", re.I)
_LEVEL = 0.85  # share of the best coverage from which a sentence speaks of the same thing


def contradicted(question: Question, ranked: Sequence[Ranked], rarity: Mapping[str, float]) -> tuple[Ranked, ...]:
    """Return the sentences that say otherwise than the question presupposes; empty if none do, or
    if the presupposition is affirmed as closely as it is denied."""
    asked = direction(question.text)
    if asked is None or not _PRESUPPOSES.search(question.text):
        return ()
    subject = {
        word: weight for word, weight in rarity.items() if word not in _ON and word not in _OFF
    }
    near = [(item, _cover(subject, item)) for item in ranked[:12]]
    best = max((cover for _, cover in near), default=0.0)
    if best < 0.35:
        return ()
    level = [item for item, cover in near if cover >= _LEVEL * best]
    affirmed = [item for item in level if says(item.candidate.text) == asked]
    denied = [item for item in level if says(item.candidate.text) not in (asked, None)]
    return tuple(denied) if denied and not affirmed else ()


def direction(text: str) -> Direction | None:
    """Return whether `text` speaks of putting under control ("on") or of releasing ("off")."""
    words = set(terms(text))
    if _OUT_OF.search(text):
        return "off"
    on, off = bool(words & _ON), bool(words & _OFF)
    if on == off:
        return None
    return "on" if on else "off"


def says(text: str) -> Direction | None:
    """Return the direction that a sentence asserts, its negations counted."""
    asserted = direction(text)
    if asserted is None:
        return None
    if _NOT.search(text):
        return "off" if asserted == "on" else "on"
    return asserted


def _cover(subject: Mapping[str, float], item: Ranked) -> float:
    have = stems(item.candidate.text)
    total = sum(subject.values()) or 1.0
    return (
        sum(
            weight
            for word, weight in subject.items()
            if word in have or synonyms().get(word, frozenset()) & have
        )
        / total
    )
