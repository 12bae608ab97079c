"""Evidence → ranked sentences: linear models over `features`, fitted by `eval.training`.

The weights are data (`data/ranking.json`), measured and not typed in.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from assistant.features import FEATURES, Candidate, candidates, context, coverage, features
from assistant.library import Library
from assistant.question import Question
from assistant.retrieve import Found
from assistant.status import status_of
from assistant.synonyms import synonyms
from assistant.terms import term
from sources.types import Document

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Linear:
    """weights · (x − mean) / scale + bias, a log-odds."""

    mean: Array
    scale: Array
    weights: Array
    bias: float

    def __call__(self, rows: Array) -> Array:
        """Return one log-odds per row."""
        return (rows - self.mean) / self.scale @ self.weights + self.bias


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranked:
    """A candidate with its row of features and the log-odds that it belongs to the answer."""

    candidate: Candidate
    row: Array
    score: float


def rank(question: Question, found: Found, library: Library) -> tuple[Ranked, ...]:
    """Return the sentences of the evidence, best first; ties in order of retrieval."""
    pairs = [(item.document, item.passage) for item in found.evidence]
    vectors = library.sentence_vectors(pairs)
    pool = candidates(found.evidence, vectors, found.vector, question.as_of)
    if not pool:
        return ()
    past = library.history()
    rows = features(
        question,
        pool,
        lru_cache(maxsize=None)(library.rarity),
        lambda document: status_of(document, past, question.as_of),
    )
    scores = model("sentences")(widened(rows))
    order = np.argsort(-scores, kind="stable")
    return tuple(Ranked(candidate=pool[at], row=rows[at], score=float(scores[at])) for at in order)


def widened(rows: Array) -> Array:
    """Return each row with its standing among the question's candidates (z-scores) beside it."""
    spread = (rows - rows.mean(axis=0)) / (rows.std(axis=0) + 1e-6)
    return np.hstack([rows, spread])


ABOUT = ("top", "second", "tenth", "cosine", "passage_cosine", "coverage", "coverage_focus",
         "coverage_context", "coverage_document", "names_context", "numbers", "out_of_time",
         "in_time", "terms", "names_absent", "coverage_first", "coverage_typed",
         "coverage_union", "pool", "typed_first")  # fmt: skip
"""What the answerability model sees of a question and its ranked candidates."""


_STEP = 2.0  # log-odds below which a candidate is as good as none: small libraries have no more


def about(question: Question, ranked: Sequence[Ranked], rarity: Callable[[str], float]) -> Array:
    """Return the row ABOUT for a question; all zeros when nothing was found."""
    if not ranked:
        return np.zeros(len(ABOUT))
    weights = {word: rarity(word) for word in question.terms}
    best = np.array([item.row for item in ranked[:4]])
    column = {name: best[:, FEATURES.index(name)] for name in ABOUT if name in FEATURES}
    scores = [item.score for item in ranked]
    return np.array(
        [
            scores[0],
            max(scores[min(1, len(scores) - 1)], scores[0] - _STEP),
            max(scores[min(9, len(scores) - 1)], scores[0] - 2 * _STEP),
            *(column[name].max() for name in ABOUT[3:10]),
            column["numbers"].max(),
            column["out_of_time"].min(),
            column["in_time"].max(),
            min(len(question.terms), 20) / 20,
            _names_absent(question, ranked[:4]),
            ranked[0].row[FEATURES.index("coverage")],
            max(
                (
                    item.row[FEATURES.index("coverage")]
                    for item in ranked[:4]
                    if _of_type(question, item)
                ),
                default=0.0,
            ),
            coverage(
                weights,
                frozenset().union(*(context(item.candidate) for item in ranked[:4])),
            ),
            min(len(ranked), 100) / 100,
            float(_of_type(question, ranked[0])),
        ]
    )


def _of_type(question: Question, item: Ranked) -> bool:
    """Whether a sentence holds a date or a number where one is asked for."""
    for want, feature in (("date", "date_wanted"), ("number", "number_wanted")):
        if want in question.wants:
            return bool(item.row[FEATURES.index(feature)] > 0)
    return True


def _names_absent(question: Question, best: Sequence[Ranked]) -> float:
    """Return the share of the question's name words that stand in none of the documents."""
    documents = {item.candidate.evidence.document.id: item for item in best}
    found: set[str] = set()
    for item in documents.values():
        found |= _names_in(question, item.candidate.evidence.document)
    return 1 - len(found) / max(1, len(question.name_words)) if question.name_words else 0.0


def _names_in(question: Question, document: Document) -> frozenset[str]:
    """Return the name words of the question that a document mentions, itself or by a synonym."""
    text = f"{document.title} {document.publisher} {document.text}".lower()
    return frozenset(
        word
        for word in question.name_words
        if word.rstrip("s") in text
        or any(other.rstrip("i") in text for other in synonyms().get(term(word), ()))
    )


def to_the_point(question: Question, ranked: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """Leave out documents that mention fewer of the names asked about than the best one does."""
    if not ranked or not question.name_words:
        return tuple(ranked)
    documents = {item.candidate.evidence.document.id: item for item in reversed(ranked)}
    named = {
        id: _names_in(question, item.candidate.evidence.document) for id, item in documents.items()
    }
    best = named[ranked[0].candidate.evidence.document.id]
    return tuple(item for item in ranked if not named[item.candidate.evidence.document.id] < best)


def answerable(
    question: Question, ranked: Sequence[Ranked], rarity: Callable[[str], float]
) -> float:
    """Return the log-odds that the candidates answer, less the calibrated threshold."""
    row = about(question, ranked, rarity)
    score = float(model("answerable")(row[None, :])[0])
    if ranked and row[ABOUT.index("names_absent")] > 0:
        return min(score, -1.0)  # a name that no quoted text mentions: not what was asked about
    documents = {item.candidate.evidence.document.id for item in ranked}
    if question.vague and len(documents) > 1:
        return min(score, -1.0)  # "the measure", and several texts that it may mean
    return score + _ALONE if len(documents) == 1 else score


_ALONE = 0.75  # log-odds: where there is one text, there is no other that a question may mean


@lru_cache(maxsize=4)
def model(name: str) -> Linear:
    """Return a fitted model by name; the threshold of "answerable" is in its bias."""
    data = json.loads(files("assistant").joinpath("data/ranking.json").read_text(encoding="utf-8"))
    part = data[name]
    return Linear(
        np.array(part["mean"]), np.array(part["scale"]), np.array(part["weights"]), part["bias"]
    )
