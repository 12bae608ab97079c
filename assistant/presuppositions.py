"""Question → what it takes for granted, and what that is about.

«Since X was struck from the list, which …?» presupposes that X was struck, «Why did Y …?» that Y
did. Pure; holds the words of English that open such clauses, no fact about the law.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.assertions import without_verbs
from assistant.features import coverage, stems
from assistant.question import MONTHS
from assistant.terms import terms

_GRANTED = re.compile(
    r"(?:^|[,;.?] )(?:since|now that|after|given that|seeing that|because|as)\s+(?!when\b)(.+?),\s",
    re.I,
)
_TAG = re.compile(
    r"(?:^|[.?] )([^.?]+?),?\s+(?:right|correct|(?:is|was|did|has|have|does|do|are|were)(?:n't)? "
    r"(?:it|they|he|she|that))\s*\?",
    re.I,
)
_ASKED = re.compile(
    r"\bwhy\b|\b(?:for what|what) reasons?\b|\bon what grounds\b|\bhow come\b|\bsince when\b|"
    r"\bwhat (?:made|led|prompted|caused|drove|terms|limits|conditions|happens|penalt\w+)\b|"
    r"\bwhen (?:was|were|did|has|had)\b|\bhow (?:did|was|were)\b|\bunder (?:what|which)\b|"
    r"\b(?:what|which) (?:date|issue)\b|"
    r"\b(?:what|which|who|how (?:many|much|long))\b.{0,90}\b(?:did|was|were|had)\b",
    re.I,
)
_YES_NO = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|may|must|should|will|would)\b", re.I
)
_ASIDE = re.compile(r"(?<=.{20}) (?:when|while|although|even though) .*$", re.I)
_FRAME = re.compile(
    r"(?:\b(?:for|on|under|in|since) )?\b(?:why|what|which|when|how|whom?)\b(?: (?:reasons?|"
    r"grounds|made|led|prompted|caused|drove|come|came|terms|limits|conditions|happens?|day|date))?|"
    r"\bcome to\b|\b(?:want|start|wait|justify|became|become|began|already)\b|"
    r"\bfederal register (?:document|issue|rule)?|\brule\b",
    re.I,
)
_UNSAID = frozenset(terms(" ".join(("bis commerce department bureau united states us", *MONTHS))))
_NAME = re.compile(r"\b[A-Z][\w&.'-]*")
_DATE = re.compile(r"(?:19|20)\d\d|\d{1,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a clause is about: the terms of its names and its other terms, each with its rarity."""

    names: Mapping[str, float]
    others: Mapping[str, float]

    @property
    def telling(self) -> bool:
        """Whether there are terms enough to know it by."""
        return len(self.names) + len(self.others) > 1


def taken_for_granted(question: str) -> tuple[str, ...]:
    """Return the clauses that a question presupposes; none for a question of yes or no."""
    found = [match[1] for match in (*_GRANTED.finditer(question), *_TAG.finditer(question))]
    rest = _TAG.sub(" ", _GRANTED.sub(" ", question))
    asked = (
        part
        for part in re.split(r"(?<=[?.]) ", rest)
        if _ASKED.search(part) and not _YES_NO.match(part)
    )
    return (*found, *(_ASIDE.sub("", part) for part in asked))


def bare(clause: str) -> str:
    """Return a clause without the words that ask."""
    return _FRAME.sub(" ", clause)


def matter(clause: str, rarity: Callable[[str], float]) -> Matter:
    """Return what a clause is about, apart from who rules, when, and the direction of its verbs."""
    text = without_verbs(bare(clause))
    named = set(terms(" ".join(_NAME.findall(text))))
    weights = {
        word: rarity(word)
        for word in dict.fromkeys(terms(text))
        if word not in _UNSAID and not _DATE.fullmatch(word)
    }
    proper = {word for word in weights if word in named and word.isalpha()}
    return Matter(
        names={word: weight for word, weight in weights.items() if word in proper},
        others={word: weight for word, weight in weights.items() if word not in proper},
    )


def spoken_of(about: Matter, clause: str, sentence: str, title: str) -> float:
    """Return how far a clause speaks of a matter, from 0 to 1: half the names, which may stand
    elsewhere in its sentence or in the title, half what else is said, which may not."""
    shares: list[float] = []
    if about.names:
        shares.append(coverage(about.names, stems(sentence) | stems(title)))
    if about.others:
        shares.append(coverage(about.others, stems(clause)))
    return sum(shares) / len(shares) if shares else 0.0
