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
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from assistant import rank
from assistant.features import FEATURES
from assistant.rank import ABOUT, Array, Linear
from eval.questions import read_cases
from eval.training.examples import Example, examples

Flags = npt.NDArray[np.bool_]
FOLDS = 8
SENTENCE_C, ANSWERABLE_C = 0.03, 0.3
_REAL_WEIGHT = {0.0: 3.0, 1.0: 1.0}  # real questions without an answer are few
_MADE_WEIGHT = 0.4


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
