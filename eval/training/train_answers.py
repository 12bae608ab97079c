"""Train a model of «does this sentence, in its context, answer this question?»

    python -m eval.training.train_answers SETS --own HOME eval/data/training.jsonl --out OUT

Public sets, then, at the end, our questions over the library in HOME that are marked as taught →
groups of one answering sentence and hard negatives → the bottom layers of the bundled encoder,
trained to rank within a group and to say by the sign whether a sentence answers at all →
model.onnx (int8), tokenizer.json, facts.json.
"""

import argparse
import importlib.metadata
import json
import random
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from assistant.encoder_export import BUNDLED, BUNDLED_SHA256
from eval.questions import read_cases
from eval.training.answer_groups import CAPS, READERS, Collection, Group, groups
from eval.training.cross_encoder import CrossEncoder, Pairs, export, optimise, outputs
from eval.training.examples import examples
from eval.training.own_groups import own_groups, taught

MAX_TOKENS = 112
LAYERS, GROUPS_PER_BATCH, NEGATIVES, RATE = 4, 8, 3, 8e-5


def batches(training: Sequence[Group], rng: random.Random) -> Iterator[list[Group]]:
    """Yield batches without end, each of groups of like length."""
    while True:
        order = rng.sample(list(training), len(training))
        for first in range(0, len(order), 512):
            chunk = sorted(order[first : first + 512], key=lambda g: sum(map(len, g.contexts)))
            cut = [
                chunk[at : at + GROUPS_PER_BATCH] for at in range(0, len(chunk), GROUPS_PER_BATCH)
            ]
            yield from rng.sample(cut, len(cut))


def loss_of(model: CrossEncoder, pairs: Pairs, batch: Sequence[Group]) -> torch.Tensor:
    """Return cross-entropy within each group that has an answer, and half of that of each pair."""
    scores = model(*pairs.arrays([pair for group in batch for pair in group.pairs]))[:, 0].float()
    parts = scores.split([len(group.contexts) for group in batch])
    ranking = [
        torch.logsumexp(part, 0) - part[0]
        for part, group in zip(parts, batch, strict=True)
        if group.right
    ]
    right = torch.cat([torch.arange(len(group.contexts)) < group.right for group in batch]).float()
    single = torch.nn.functional.binary_cross_entropy_with_logits(
        scores, right, pos_weight=torch.tensor(2.0)
    )
    return (torch.stack(ranking).mean() if ranking else 0.0) + 0.5 * single


def quality(model: CrossEncoder, pairs: Pairs, measured: Sequence[Group]) -> dict[str, float]:
    """Return how often a right context stands first, among four, and the mean reciprocal rank."""
    ranks: list[int] = []
    for group in measured:
        order = np.argsort(-outputs(model, pairs, group.pairs)[:, 0], kind="stable")
        ranks.append(1 + int(np.flatnonzero(order < group.right)[0]))
    return {
        "questions": len(ranks),
        "first": round(float(np.mean([rank == 1 for rank in ranks])), 3),
        "among_four": round(float(np.mean([rank <= 4 for rank in ranks])), 3),
        "mrr": round(float(np.mean([1 / rank for rank in ranks])), 3),
    }


def read_public(
    data: Path, seed: int
) -> tuple[list[Group], dict[str, list[Group]], dict[str, Any]]:
    """Return all training groups of the public sets, the held-out pools by set, and their facts."""
    training: list[Group] = []
    measured: dict[str, list[Group]] = {}
    facts: dict[str, Any] = {}
    for name, reader in READERS.items():
        collection = Collection([], [])
        reader(data / name, collection)
        found, measured[name] = groups(collection, CAPS[name], NEGATIVES, random.Random(seed))
        training += found
        used = sorted((data / name).glob("*.json*"))
        facts[name] = {
            "groups": len(found),
            "sha256": {file.name: sha256(file.read_bytes()).hexdigest() for file in used},
        }
        print(name, len(found), "groups", flush=True)
    return training, measured, facts


def read_own(home: Path, file: Path, seed: int) -> tuple[list[Group], dict[str, Any]]:
    """Return the groups of our own questions that are marked as taught, and their facts."""
    cases = [case for case in read_cases(file) if taught(case)]
    found = own_groups(examples(cases, home), NEGATIVES, random.Random(seed))
    digest = sha256(file.read_bytes()).hexdigest()
    print(file.name, len(found), "groups of", len(cases), "questions", flush=True)
    return found, {file.name: {"groups": len(found), "sha256": {file.name: digest}}}


def in_turn(
    public: Sequence[Group], own: Sequence[Group], epochs: float, own_epochs: float, seed: int
) -> list[list[Group]]:
    """Return the batches: the public sets, our own spread over the last third of them and after."""
    rng = random.Random(seed)
    first = list(islice(batches(public, rng), int(epochs * len(public) / GROUPS_PER_BATCH)))
    last = list(islice(batches(own, rng), int(own_epochs * len(own) / GROUPS_PER_BATCH)))
    at = len(first) * 2 // 3
    return [*first[:at], *rng.sample([*first[at:], *last], len(first) - at + len(last))]


def main() -> None:
    """Read, train, export, measure; write facts.json last."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("data", type=Path, help="folder of the public sets")
    parser.add_argument("--own", type=Path, nargs=2, required=True, metavar=("HOME", "FILE"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--own-epochs", type=float, default=3.0)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(given.threads)
    public, measured, facts = read_public(given.data, given.seed)
    home, questions = given.own
    own, own_facts = read_own(home, questions, given.seed)
    turns = in_turn(public, own, given.epochs, given.own_epochs, given.seed)
    model, pairs = CrossEncoder(LAYERS, 1), Pairs(MAX_TOKENS)
    done = optimise(model, turns, lambda batch: loss_of(model, pairs, batch), RATE)
    held = {name: quality(model, pairs, some) for name, some in measured.items()}
    print(json.dumps(held, indent=1))
    export(model, pairs, given.out)
    _write_facts(
        given.out,
        {"seed": given.seed, "data": facts | own_facts, "training": done, "held_out": held},
    )


def _write_facts(out: Path, found: dict[str, Any]) -> None:
    libraries = ("torch", "transformers", "tokenizers", "onnxruntime", "onnx", "numpy")
    facts = {
        "weights": sha256((out / "model.onnx").read_bytes()).hexdigest(),
        "base": BUNDLED,
        "base_weights": BUNDLED_SHA256,
        "layers": LAYERS,
        "max_tokens": MAX_TOKENS,
        **found,
        "versions": {name: importlib.metadata.version(name) for name in libraries},
    }
    (out / "facts.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
