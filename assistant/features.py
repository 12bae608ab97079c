"""How well a sentence, in its context, answers a question: the numbers that `rank.py` weighs.

Pure: values in, an array out. Every feature is defined here once, by name, in FEATURES.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

import numpy as np

from assistant.addressed import addressed
from assistant.embeddings import Vectors
from assistant.hindsight import tells_later
from assistant.question import MONTHS, Question
from assistant.retrieve import in_time
from assistant.synonyms import synonyms
from assistant.terms import terms, words
from assistant.types import Evidence
from sources.types import Document, Span, Status

_T = TypeVar("_T")

FEATURES = (
    "cosine",
    "cosine_gap",
    "passage_cosine",
    "passage_rank",
    "coverage",
    "coverage_focus",
    "coverage_context",
    "coverage_title",
    "coverage_document",
    "exact",
    "pairs",
    "names",
    "names_context",
    "identifiers",
    "numbers",
    "in_time",
    "out_of_time",
    "date_wanted",
    "number_wanted",
    "reason_wanted",
    "list_wanted",
    "definition_wanted",
    "party_wanted",
    "effective_wanted",
    "length",
    "very_short",
    "very_long",
    "position",
    "opening",
    "boilerplate",
    "amendment",
    "novelty",
    "leans_back",
    "authority",
    "age",
    "age_now",
    "out_of_force",
)

_AUTHORITY: Mapping[str, float] = {
    "regulation": 1.0,
    "rule": 0.9,
    "notice": 0.7,
    "guidance": 0.6,
    "statement": 0.5,
    "proposed_rule": 0.4,
    "article": 0.1,
}
"""Regulation > rule > guidance > statement > article; a summary has that of its original."""

_ENDED: tuple[Status, ...] = ("superseded", "rescinded", "expired", "suspended")

_DATE = re.compile(
    rf"\b(?:{'|'.join(MONTHS)})\s+\d{{1,2}},?\s+\d{{4}}\b|\b\d\d/\d\d/\d{{4}}\b", re.I
)
_MONTH = re.compile(
    rf"\b(?:{'|'.join(MONTHS)})\b|\b(?:19|20)\d\d\b|\b(?:days?|months?|years?)\b", re.I
)
NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred percent"
)
_ADDRESS_WORDS = ("section", "sections", "part", "parts", "title", r"no\.", "act of", "footnote")
_COUNT = re.compile(
    "".join(rf"(?<!\b{word} )" for word in _ADDRESS_WORDS)
    + r"(?<![\d§.(\-])\b\d[\d,]*(?:\.\d+)?\b(?!\s*(?:CFR|FR|U\.S\.C)\b)(?![(.]\w)|"
    rf"\b(?:{NUMBER_WORDS.replace(' ', '|')})\b",
    re.I,
)
_CAUSE = re.compile(
    r"\bbecause\b|\bdue to\b|\bbased on\b|\bin order to\b|\bas a result\b|"
    r"\bin (?:light|view|response)\b|"
    r"\bso that\b|\bintended to\b|\bdesigned to\b|\b(?:purpose|objective|aim|goal)s?\b|"
    r"\bfor (?:their|its|"
    r"his|her|acting|having|the)\b|"
    r"\bto (?:ensure|prevent|protect|address|avoid|reflect|support|reduce|encourage|"
    r"facilitate|implement)\b|"
    r"\bsince\b|\breasons?\b|\bgrounds\b|\bconcerns?\b|\bcontrary to\b|"
    r"\bdetermined that\b|\bpursuant to a\b",
    re.I,
)
_DEFINES = re.compile(
    r"\bmeans\b|\bis defined\b|\bdefined as\b|\brefers to\b|\bconsists? of\b|"
    r"\bis an?\b|\bare those\b|\bdefinition\b",
    re.I,
)
_SAYS_WHAT = re.compile(r"(?:An? |The )?([^,;:]{2,70}?) (?:is|are|means?|names?)\b(?! not\b| no\b)")
_SERIES = re.compile(r"[^,;]+[,;][^,;]+(?:[,;]|\band\b|\bor\b)|\binclud", re.I)
_EFFECTIVE = re.compile(
    r"\beffective\b|\btakes? effect\b|\bin force\b|\bcompliance date\b|\bdelayed\b|"
    r"\bsuspen|\bexpire",
    re.I,
)
_ASKS_EFFECTIVE = re.compile(
    r"\beffect\b|\beffective\b|\bin force\b|\bappl(?:y|ied|ies)\b|\bstart", re.I
)
_PROPER = re.compile(r"(?<!^)\b[A-Z][a-zA-Z&.'-]+(?:\s+[A-Z][a-zA-Z&.'-]+)*")
_LEANS_BACK = re.compile(
    r"(?:\(?[a-z0-9]{1,3}[).]\s*)?(?:These|This|Those|Such|They|It|He|She|That|Both|Specifically|"
    r"The (?:addition|same|company|companies|entit|change|court|new date|suspension)|Accordingly|"
    r"In addition|Therefore|As a result|For example|However)\b"
)
_BOILERPLATE = re.compile(
    r"paperwork reduction|for further information|regulatory flexibility|"
    r"executive order 1(?:2866|3563|3132|4192)|"
    r"\bOMB\b|control number|congressional review|notice and comment|administrative procedure act|"
    r"filed \d|billing code|see the addresses|regulations\.gov|e-mail|telephone|"
    r"phone:|@|is found at|"
    r"is amended (?:by|to read)|authority citation|continues to read|parts? \d+ (?:is|are) amended",
    re.I,
)
_AMENDMENT = re.compile(
    r"^(?:\d+\.|[a-z]\.|\(?[ivx]+\))?\s*(?:section|supplement|part|paragraph|"
    r"add(?:ing)?|revis(?:e|ing)|"
    r"remov(?:e|ing)|redesignat)\b|\* \* \*|^\W*[a-z]{0,2}\.?\d*\.[\w.]*\s",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One sentence of one evidence. `rank` is the evidence's place, `at` the sentence's in it."""

    evidence: Evidence
    rank: int
    at: int
    span: Span
    cosine: float

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.evidence.document.text[self.span[0] : self.span[1]]


def candidates(
    evidence: Sequence[Evidence], vectors: Sequence[Vectors], question: Vectors, as_of: date
) -> tuple[Candidate, ...]:
    """Return the sentences of `evidence`; `vectors` as `Library.sentence_vectors` gives them.

    Those of summaries that tell what came after the as-of date are left out, and passages that
    speak to an assistant.
    """
    pairs = [p for p in zip(evidence, vectors, strict=True) if not addressed(p[0].passage.text)]
    found = (
        Candidate(evidence=item, rank=rank, at=at, span=span, cosine=float(rows[at + 1] @ question))
        for rank, (item, rows) in enumerate(pairs)
        for at, span in enumerate(item.passage.sentences)
    )
    return tuple(
        item
        for item in found
        if item.evidence.document.kind != "summary" or not tells_later(item.text, as_of)
    )


def features(
    question: Question,
    found: Sequence[Candidate],
    rarity: Callable[[str], float],
    status_of: Callable[[Document], Status],
) -> np.ndarray:
    """Return an array [candidates, FEATURES]; `rarity` is a term's inverse document frequency,
    `status_of` that of a document on the date asked about.
    """
    weights = {word: rarity(word) for word in question.terms}
    focus = {word: weights.get(word, 1.0) for word in question.focus}
    best = max((item.cosine for item in found), default=0.0)
    by_document: dict[str, set[str]] = {}
    documents = {item.evidence.document.id: item.evidence.document for item in found}
    standing = {id: _standing(question, d, status_of(d)) for id, d in documents.items()}
    for item in found:
        by_document.setdefault(item.evidence.document.id, set()).update(stems(item.text))
    rows = [
        [
            *_row(question, item, weights, focus, best, by_document[item.evidence.document.id]),
            *standing[item.evidence.document.id],
        ]
        for item in found
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, len(FEATURES))


def _row(
    question: Question,
    item: Candidate,
    weights: Mapping[str, float],
    focus: Mapping[str, float],
    best: float,
    document_terms: set[str],
) -> list[float]:
    text = item.text
    named = set(item.evidence.passage.identifiers)
    own, own_words = stems(text), frozenset(words(text))
    document = item.evidence.document
    title = stems(document.title)
    around = context(item)
    wants = question.wants
    dated = question.times and document.published is not None
    timely = bool(question.times) and in_time(question.times, document)
    length = len(text)
    return [
        item.cosine,
        best - item.cosine,
        item.evidence.dense,
        1.0 / (5 + item.rank),
        _covered(weights, focus, own, document_terms | title),
        coverage(focus, own),
        _covered(weights, focus, around, document_terms | title),
        coverage(weights, title),
        coverage(weights, document_terms | title),
        _share(question.words, lambda word: word in own_words),
        _pairs(question.terms, text),
        _names(question.names, own),
        _names(question.names, around | document_terms),
        float(bool(named & {*question.identifiers, *question.parties})),
        _share(question.numbers, lambda n: n in own),
        float(timely),
        float(bool(dated) and not timely),
        float("date" in wants and bool(_DATE.search(text)))
        + 0.4 * float("date" in wants and bool(_MONTH.search(text))),
        float("number" in wants and bool(_new_count(question, text))),
        float("reason" in wants and bool(_CAUSE.search(text))),
        float("list" in wants and bool(_SERIES.search(text))),
        _defines(question, text) if "definition" in wants else 0.0,
        float("party" in wants and bool(_PROPER.search(text))),
        float(bool(_ASKS_EFFECTIVE.search(question.text)) and bool(_EFFECTIVE.search(text))),
        math.log(max(length, 1)) / 7,
        float(length < 45),
        float(length > 700),
        1.0 / (1 + item.span[0] / 1500),
        float(item.span[0] < 1200),
        float(bool(_BOILERPLATE.search(text))),
        float(bool(_AMENDMENT.search(text))),
        _novelty(own, question.terms),
        float(leans_back(text)),
    ]


def _defines(question: Question, text: str) -> float:
    """Return 1 for "EAR99 is the designation of …", less for other signs of a definition."""
    opening = _SAYS_WHAT.match(text)
    if opening is not None and stems(opening[1]) & set(question.focus):
        return 1.0
    return 0.4 * bool(_DEFINES.search(text))


def _standing(question: Question, document: Document, status: Status) -> tuple[float, ...]:
    """Return authority, age (log of years, 0 to about 1), age where the present state is asked for,
    and whether the text has ended."""
    kind = str(document.metadata.get("of_kind") or document.kind)
    days = (question.as_of - document.published).days if document.published else 365
    age = math.log1p(max(days, 0) / 365) / 2.5
    asks_now = question.about_now and not question.times
    return (
        _AUTHORITY.get(kind, 0.5),
        age,
        age if asks_now else 0.0,
        float(status in _ENDED),
    )


def leans_back(text: str) -> bool:
    """Whether a sentence makes little sense without the one before it."""
    return bool(_LEANS_BACK.match(text))


@lru_cache(maxsize=50_000)
def stems(text: str) -> frozenset[str]:
    """Return the set of terms of `text`."""
    return frozenset(terms(text))


def coverage(weights: Mapping[str, float], have: Iterable[str]) -> float:
    """Return the share of the question's weight that `have` covers; a synonym counts 0.7."""
    have = have if isinstance(have, (set, frozenset)) else set(have)
    total = sum(weights.values())
    if not total:
        return 0.0
    got = sum(
        weight * (1.0 if word in have else 0.7 if synonyms().get(word, frozenset()) & have else 0.0)
        for word, weight in weights.items()
    )
    return got / total


def _covered(
    weights: Mapping[str, float],
    focus: Mapping[str, float],
    near: Iterable[str],
    document: Iterable[str],
) -> float:
    """Return the coverage of the question: its own words in `near`, and those carried over from an
    earlier question in `near` or anywhere in the document."""
    carried = {word: weight for word, weight in weights.items() if word not in focus}
    own, rest = sum(focus.values()), sum(carried.values())
    if not own + rest:
        return 0.0
    return (own * coverage(focus, near) + rest * coverage(carried, {*near, *document})) / (
        own + rest
    )


def context(item: Candidate) -> frozenset[str]:
    """Return the terms of a sentence, its neighbours, its heading and its document's title."""
    spans = item.evidence.passage.sentences
    near = spans[max(0, item.at - 1) : item.at + 2]
    text = item.evidence.document.text
    above = stems(item.evidence.passage.locator) | stems(item.evidence.document.title)
    return frozenset().union(above, *(stems(text[a:b]) for a, b in near))


def _pairs(words: Sequence[str], text: str) -> float:
    """Return the share of the question's neighbouring term pairs that neighbour in `text` too."""
    if len(words) < 2:
        return 0.0
    sequence = terms(text)
    near = {(a, b) for i, a in enumerate(sequence) for b in sequence[i + 1 : i + 4]}
    pairs = list(zip(words, words[1:], strict=False))
    return sum(pair in near or pair[::-1] in near for pair in pairs) / len(pairs)


def _names(names: Sequence[tuple[str, ...]], have: Iterable[str]) -> float:
    have = set(have)
    return _share(names, lambda name: sum(part in have for part in name) / len(name))


def _share(items: Sequence[_T], score: Callable[[_T], float]) -> float:
    return sum(score(item) for item in items) / len(items) if items else 0.5


def _new_count(question: Question, text: str) -> bool:
    asked = set(question.numbers) | {str(when.year) for when in question.times}
    found = {match.replace(",", "").lower() for match in _COUNT.findall(text)}
    return any(not (n.isdigit() and 1900 < int(n) < 2100) for n in found - asked)


def _novelty(own: frozenset[str], words: Sequence[str]) -> float:
    return min(1.0, len(own - set(words)) / 20)
