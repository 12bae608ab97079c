"""Train the cross-encoder that scores "does this sentence, in its context, answer this question".

    nice -n 19 .venv/bin/python eval/training/answer_sentences.py \
        --data ../shared/evaldata --out /tmp/w/ranker --seed 7 --minutes 30

Public sets → groups of one answering sentence and hard negatives → the bottom layers of the bundled
encoder, trained to rank within a group → ranker.onnx (int8), tokenizer.json, ranker.json (facts).
The learning rate falls to zero as the minutes pass; `--steps`, as in ranker.json, repeats a run
(but for the order in which numbers are summed) on a machine of another speed.
"""

import argparse
import importlib.metadata
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from assistant.encoder_export import BUNDLED, BUNDLED_SHA256, bundled_weights
from eval.training.answer_groups import CAPS, READERS, Collection, Group, groups
from eval.training.answer_model import (
    LAYERS,
    MAX_TOKENS,
    Batch,
    Pairs,
    Ranker,
    cosine,
    export,
    quality,
    scorer,
)

GROUPS_PER_BATCH = 8
WARM_UP, SAVE_MINUTES = 80, 5


def batches(training: Sequence[Group], rng: random.Random) -> Iterator[Batch]:
    """Yield batches without end, each of groups of like length."""
    while True:
        order = rng.sample(list(training), len(training))
        for first in range(0, len(order), 512):
            chunk = sorted(
                order[first : first + 512], key=lambda g: max(map(len, g[1])) + len(g[0])
            )
            cut = [
                chunk[at : at + GROUPS_PER_BATCH] for at in range(0, len(chunk), GROUPS_PER_BATCH)
            ]
            yield from rng.sample(cut, len(cut))


class Pace:
    """How many threads are fastest now: where cores are shared, a second one can cost time.

    Both are tried for a few steps from time to time; the faster, per token, does the steps between.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._seconds = {count: [0.0, 0.0] for count in {1, most}}

    def threads(self, step: int) -> int:
        """Return the number of threads for `step`."""
        if step % 40 < 6:
            if step % 40 == 0:
                self._seconds = {count: [0.0, 0.0] for count in self._seconds}
            return 1 if step % 2 else self._most
        return min(
            self._seconds,
            key=lambda count: self._seconds[count][0] / max(1, self._seconds[count][1]),
        )

    def took(self, threads: int, seconds: float, tokens: int) -> None:
        """Note what a step took."""
        self._seconds[threads][0] += seconds
        self._seconds[threads][1] += tokens


def train(
    model: Ranker, pairs: Pairs, training: Sequence[Group], options: argparse.Namespace
) -> dict[str, Any]:
    """Train in place for the steps or minutes given; return what was done. Saves now and then."""
    width = GROUPS_PER_BATCH * len(training[0][1])
    body = [weight for weight in model.inner.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": 5e-5}, {"params": model.head.parameters(), "lr": 1e-3}],
        weight_decay=0.01,
    )
    top = [group["lr"] for group in optimizer.param_groups]
    pace, losses, threads = Pace(options.threads), [], []
    began = saved = time.monotonic()
    for step, batch in enumerate(batches(training, random.Random(options.seed))):
        now = time.monotonic()
        progress = step / options.steps if options.steps else (now - began) / 60 / options.minutes
        if progress >= 1:
            break
        for group, lr in zip(optimizer.param_groups, top, strict=True):
            group["lr"] = lr * min(1.0, (step + 1) / WARM_UP, (1 - progress) / 0.9)
        threads.append(pace.threads(step))
        torch.set_num_threads(threads[-1])
        arrays = pairs.arrays(batch)
        scores = model(*arrays).view(len(batch), -1)  # the right sentence is the first of its group
        loss = torch.nn.functional.cross_entropy(scores, torch.zeros(len(batch), dtype=torch.long))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(body, 1.0)
        optimizer.step()
        losses.append(float(loss.detach()))
        pace.took(threads[-1], time.monotonic() - now, arrays[0].numel())
        if step % 50 == 49:
            minutes = (time.monotonic() - began) / 60
            done = f"step {step + 1}: loss {np.mean(losses[-50:]):.3f}, {minutes:.1f} min"
            speed = f"{width * (step + 1) / minutes / 60:.1f} pairs/s"
            print(f"{done}, {speed}, {np.mean(threads[-50:]):.1f} threads", flush=True)
        if time.monotonic() - saved > 60 * SAVE_MINUTES:
            torch.save(model.state_dict(), options.out / "checkpoint.pt")
            saved = time.monotonic()
    torch.save(model.state_dict(), options.out / "checkpoint.pt")
    torch.set_num_threads(options.threads)
    seconds = time.monotonic() - began
    return {
        "steps": len(losses),
        "seconds": round(seconds),
        "epochs": round(len(losses) * GROUPS_PER_BATCH / len(training), 2),
        "pairs_per_second": round(len(losses) * width / seconds, 1),
        "last_loss": round(float(np.mean(losses[-100:])), 4),
    }


def read(
    options: argparse.Namespace,
) -> tuple[list[Group], dict[str, list[tuple[Group, int]]], dict[str, Any]]:
    """Return all training groups, the held-out pools by set, and what the data were."""
    training: list[Group] = []
    measured: dict[str, list[tuple[Group, int]]] = {}
    facts: dict[str, Any] = {}
    for name in options.sets:
        collection = Collection([], [])
        READERS[name](options.data / name, collection)
        found, measured[name] = groups(
            collection, CAPS[name], options.negatives, random.Random(options.seed)
        )
        training += found
        files = sorted(file for file in (options.data / name).glob("*.json*"))
        facts[name] = {
            "groups": len(found),
            "held_out": len(measured[name]),
            "questions": len(collection.asks),
            "sentences": len(collection.sentences),
            "sha256": {file.name: sha256(file.read_bytes()).hexdigest() for file in files},
        }
        print(
            name, {key: value for key, value in facts[name].items() if key != "sha256"}, flush=True
        )
    return training, measured, facts


def main() -> None:
    """Read, train, export, measure; write ranker.json last."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--minutes", type=float, default=30, help="time for training itself")
    parser.add_argument("--steps", type=int, help="exact number of steps, in place of --minutes")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--negatives", type=int, default=3)
    parser.add_argument("--sets", nargs="+", choices=sorted(READERS), default=list(READERS))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    source = bundled_weights()
    training, measured, data = read(options)
    model, pairs = Ranker(source), Pairs(source)
    done = train(model, pairs, training, options)
    export(model, pairs, options.out)
    scorers = {"int8": scorer(options.out / "ranker.onnx", pairs), "cosine": cosine(source)}
    facts = {
        "weights": sha256((options.out / "ranker.onnx").read_bytes()).hexdigest(),
        "base": BUNDLED,
        "base_weights": BUNDLED_SHA256,
        "layers": LAYERS,
        "pooling": "mean",
        "max_tokens": MAX_TOKENS,
        "context": "{before[-120:]} | {sentence[:420]} | {title[:80]}",
        "seed": options.seed,
        "negatives": options.negatives,
        "threads": options.threads,
        "groups": len(training),
        "training": done,
        "data": data,
        "held_out": {
            name: {how: quality(pools, score) for how, score in scorers.items()}
            for name, pools in measured.items()
        },
        "versions": {
            name: importlib.metadata.version(name)
            for name in (
                "torch",
                "transformers",
                "tokenizers",
                "onnxruntime",
                "onnx",
                "scikit-learn",
                "nupunkt",
                "numpy",
            )
        },
    }
    (options.out / "ranker.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(facts["held_out"], indent=1))


if __name__ == "__main__":
    main()
