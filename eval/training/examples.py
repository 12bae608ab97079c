"""A question with the sentences the product retrieves for it, and which of them are gold.

What the fit and the training of the answer model learn from. Knows no model of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from assistant import rank
from assistant.build import build
from assistant.features import Candidate, candidates, features
from assistant.library import Library
from assistant.pipeline import today
from assistant.question import Question, understand
from assistant.rank import Array, Linear, Ranked
from assistant.retrieve import EVIDENCE, Found, retrieve
from assistant.settings import Settings
from assistant.status import status_of
from assistant.types import Evidence
from eval.questions import Case
from sources.types import Document, Status


class Example:
    """A case with its candidates, their features and which of them are gold."""

    def __init__(
        self,
        case: Case,
        question: Question,
        found: Sequence[Candidate],
        rows: Array,
        rarity: Callable[[str], float],
        status_of: Callable[[Document], Status],
    ):
        self.case, self.question, self.found, self.rows = case, question, found, rows
        self.rarity, self.status_of = rarity, status_of
        self.gold = np.array([case.holds_answer(c.evidence.document, c.span) for c in found], float)

    def only(self, wanted: Callable[[Document], bool]) -> "Example":
        """The same question over a library of just the documents that are wanted."""
        places: dict[str, int] = {}
        kept = [c for c in self.found if wanted(c.evidence.document)]
        ranks = [places.setdefault(c.evidence.id, len(places)) for c in kept]
        pool = [replace(c, rank=rank) for c, rank in zip(kept, ranks, strict=True)]
        rows = features(self.question, pool, self.rarity, self.status_of)
        return Example(self.case, self.question, pool, rows, self.rarity, self.status_of)

    def variants(self) -> list[tuple["Example", float]]:
        """The question over libraries of several sizes, each with whether it can be answered."""
        if not self.case.answerable or self.case.type == "alone":
            return [(self, float(self.case.answerable))]
        wrong = [
            c.evidence.document for c in self.found if not self.case.is_gold(c.evidence.document)
        ]
        other = wrong[0].id if wrong else ""
        return [
            (self, 1.0),
            (self.only(self.case.is_gold), 1.0),
            (self.only(lambda document: not self.case.is_gold(document)), 0.0),
            (self.only(lambda document: document.id == other), 0.0),
        ]

    def ranked(self, sentences: Linear) -> tuple[Ranked, ...]:
        """The candidates, best first, by a sentence model."""
        if not len(self.rows):
            return ()
        scores = sentences(rank.widened(self.rows))
        return tuple(
            Ranked(candidate=self.found[at], row=self.rows[at], score=float(scores[at]))
            for at in np.argsort(-scores, kind="stable")
        )


def examples(cases: Sequence[Case], home: Path) -> list[Example]:
    """Return the examples of `cases` over the store in `home`."""
    assistant = build(Settings(home=home, starter_library=False), say=print)
    library = assistant.library
    rarity = lru_cache(maxsize=None)(library.rarity)
    made: list[Example] = []
    for case in cases:
        question = understand(
            case.question, history=case.history, as_of=case.as_of or today(), max_chars=2000
        )
        found = retrieve(library, question)
        if case.type == "alone":
            found = _alone(library, case, found)
        pairs = [(item.document, item.passage) for item in found.evidence]
        vectors = library.sentence_vectors(pairs)
        pool = candidates(found.evidence, vectors, found.vector, question.as_of)
        standing = partial(status_of, history=library.history(), on=question.as_of)
        rows = features(question, pool, rarity, standing)
        made.append(Example(case, question, pool, rows, rarity, standing))
    return made


def _alone(library: Library, case: Case, found: Found) -> Found:
    """Return all passages of the case's one document, as a library of just that would give them."""
    document = next(s.document for s in library.store.documents() if case.is_gold(s.document))
    passages = library.store.passages(document)
    vectors = library.sentence_vectors([(document, passage) for passage in passages])
    near = sorted(
        (
            (float(rows[0] @ found.vector), passage)
            for rows, passage in zip(vectors, passages, strict=True)
        ),
        key=lambda pair: -pair[0],
    )
    evidence = tuple(
        Evidence(
            id=passage.id,
            passage=passage,
            document=document,
            score=1 / (at + 20),
            dense=cosine,
            found_by=("dense",),
        )
        for at, (cosine, passage) in enumerate(near[:EVIDENCE])
    )
    return Found(evidence=evidence, vector=found.vector)
