"""Fit the linear models of `assistant.rank` to questions over a store: one reproducible command.

    python -m eval.training.fit_ranking --on HOME eval/data/corpus.jsonl … --on HOME …

Each HOME is an ASSISTANT_HOME to which the documents of its question files were added. Sentences:
logistic regression, 1 for a gold sentence. Answerability: logistic regression over
`assistant.rank.about`, on the questions themselves and on the same questions with their gold
documents taken away; its threshold is the one that holds back the wanted share of questions that
nothing answers.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from assistant import rank
from assistant.build import build
from assistant.features import FEATURES, Candidate, candidates, features
from assistant.library import Library
from assistant.pipeline import today
from assistant.question import Question, understand
from assistant.rank import ABOUT, Array, Linear, Ranked
from assistant.retrieve import EVIDENCE, Found, retrieve
from assistant.settings import Settings
from assistant.status import status_of
from assistant.types import Evidence
from eval.questions import Case, read_cases
from sources.types import Document, Status

Flags = npt.NDArray[np.bool_]
FOLDS = 8
SENTENCE_C, ANSWERABLE_C = 0.03, 0.3
_REAL_WEIGHT = {0.0: 3.0, 1.0: 1.0}  # real questions without an answer are few
_MADE_WEIGHT = 0.4


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


def fit(rows: Array, labels: Array, c: float, weights: Array | None = None) -> Linear:
    """Return a standardised logistic regression as plain numbers."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(scale < 1e-6, 1.0, scale)  # a feature that never varies weighs nothing
    model: Any = LogisticRegression(C=c, max_iter=5000)
    model.fit((rows - mean) / scale, labels, sample_weight=weights)
    return Linear(mean, scale, model.coef_[0], float(model.intercept_[0]))


def fit_sentences(made: Sequence[Example]) -> Linear:
    """Return the sentence model."""
    alone = [item.only(item.case.is_gold) for item in made]
    use = [item for item in (*made, *alone) if item.gold.any()]
    rows = np.vstack([rank.widened(item.rows) for item in use])
    return fit(rows, np.concatenate([item.gold for item in use]), SENTENCE_C)


@dataclass(frozen=True, slots=True)
class Abouts:
    """Rows of `rank.about` with their labels, weights and whether they are real questions over the
    whole library, not made from one by taking documents away."""

    rows: Array
    labels: Array
    weights: Array
    real: Flags


def abouts(made: Sequence[Example], sentences: Linear) -> Abouts:
    """Return what the answerability model is fitted to and measured on."""
    rows: list[Array] = []
    labels: list[float] = []
    weights: list[float] = []
    real: list[bool] = []
    for item in made:
        if item.case.type == "false_premise":
            continue
        for number, (variant, label) in enumerate(item.variants()):
            rows.append(rank.about(item.question, variant.ranked(sentences), item.rarity))
            labels.append(label)
            real.append(number == 0)
            weights.append(_REAL_WEIGHT[label] if number == 0 else _MADE_WEIGHT)
    return Abouts(np.array(rows), np.array(labels), np.array(weights), np.array(real))


def fit_answerable(data: Abouts) -> Linear:
    """Return the answerability model, its threshold still at even odds."""
    return fit(data.rows, data.labels, ANSWERABLE_C, data.weights)


def folds(made: Sequence[Example]) -> list[tuple[list[Example], list[Example]]]:
    """Return (train, test) splits by question, from a fixed seed."""
    order = np.random.default_rng(7).permutation(len(made))
    parts = [set(order[at::FOLDS].tolist()) for at in range(FOLDS)]
    return [
        (
            [item for at, item in enumerate(made) if at not in part],
            [item for at, item in enumerate(made) if at in part],
        )
        for part in parts
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit both models, print cross-validated figures, write the data file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", type=Path, nargs="+", action="append", required=True)
    parser.add_argument("--hold-back", type=float, default=0.85)
    parser.add_argument("-o", "--out", type=Path, default=Path("assistant/data/ranking.json"))
    given = parser.parse_args(arguments)
    sets: list[tuple[Path, list[Path]]] = [(home, files) for home, *files in given.on]
    made = [
        example
        for home, files in sets
        for example in examples([case for path in files for case in read_cases(path)], home)
    ]
    in_four: list[bool] = []
    parts: list[tuple[Array, Abouts]] = []
    for train, test in folds(made):
        sentences = fit_sentences(train)
        model = fit_answerable(abouts(train, sentences))
        data = abouts(test, sentences)
        parts.append((model(data.rows), data))
        in_four += [_gold_in_four(item, sentences) for item in test if item.gold.any()]
    scores = np.concatenate([scores for scores, _ in parts])
    labels = np.concatenate([data.labels for _, data in parts])
    real = np.concatenate([data.real for _, data in parts])
    threshold = float(np.quantile(scores[real & (labels == 0)], given.hold_back))
    print(f"a gold sentence among four, cross-validated: {np.mean(in_four):.3f} of {len(in_four)}")
    for name, rows in (
        ("held back, of questions that nothing answers", real & (labels == 0)),
        ("held back, of questions whose answers were taken away", ~real & (labels == 0)),
        ("answered, of questions over the whole library", real & (labels == 1)),
        ("answered, of questions over the answering document alone", ~real & (labels == 1)),
    ):
        good = (scores[rows] >= threshold) == (labels[rows] == 1)
        print(f"{name}: {good.mean():.3f} of {len(good)}")
    sentences = fit_sentences(made)
    model = fit_answerable(abouts(made, sentences))
    shifted = Linear(model.mean, model.scale, model.weights, model.bias - threshold)
    _write(given.out, [path for _, files in sets for path in files], sentences, shifted)


def _gold_in_four(item: Example, sentences: Linear) -> bool:
    best = [ranked.candidate for ranked in item.ranked(sentences)[:4]]
    return any(item.case.holds_answer(c.evidence.document, c.span) for c in best)


def _write(out: Path, questions: Sequence[Path], sentences: Linear, about: Linear) -> None:
    data: dict[str, Any] = {
        "made_by": "python -m eval.training.fit_ranking",
        "questions": {p.name: sha256(p.read_bytes()).hexdigest() for p in questions},
        "features": list(FEATURES),
        "about": list(ABOUT),
        "sentences": _plain(sentences),
        "answerable": _plain(about),
    }
    out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _plain(model: Linear) -> dict[str, Any]:
    return {
        "mean": np.round(model.mean, 6).tolist(),
        "scale": np.round(model.scale, 6).tolist(),
        "weights": np.round(model.weights, 6).tolist(),
        "bias": round(model.bias, 6),
    }


if __name__ == "__main__":
    main()
