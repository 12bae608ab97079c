"""Train the cross-encoder that scores "does this sentence, in its context, answer this question".

    nice -n 19 .venv/bin/python eval/training/answer_sentences.py \
        --data ../shared/evaldata --out /tmp/w/ranker --seed 7 --minutes 30

Public sets → groups of one answering sentence and hard negatives → the bottom layers of the bundled
encoder, trained to rank within a group → ranker.onnx (int8), tokenizer.json, ranker.json (facts).
The number of steps follows from a speed trial; `--steps`, as in ranker.json, repeats a run exactly.
"""

import argparse
import importlib.metadata
import json
import random
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from assistant.encoder_export import BUNDLED, BUNDLED_SHA256, bundled_weights
from eval.training.answer_groups import CAPS, READERS, Collection, Group, groups

LAYERS, MAX_TOKENS, GROUPS_PER_BATCH = 4, 144, 8


Batch = list[Group]


class Ranker(torch.nn.Module):
    """Token ids of pairs → scores [batch]; mean pooling and one linear output."""

    def __init__(self, source: Path) -> None:
        from transformers import AutoModel

        super().__init__()
        self.inner = AutoModel.from_pretrained(
            str(source), num_hidden_layers=LAYERS, add_pooling_layer=False,
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        self.head = torch.nn.Linear(self.inner.config.hidden_size, 1)
        self.inner.embeddings.word_embeddings.weight.requires_grad_(False)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        """Return one score for each row."""
        rows = self.inner(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state  # fmt: skip
        weights = mask.unsqueeze(-1).to(rows.dtype)
        return self.head((rows * weights).sum(1) / weights.sum(1)).squeeze(-1)


class Pairs:
    """Text pairs → padded arrays for `Ranker` and for the exported model."""

    def __init__(self, source: Path) -> None:
        from tokenizers import Tokenizer

        self.tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
        self.tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        self.tokenizer.enable_padding()

    def arrays(self, batch: Batch) -> tuple[torch.Tensor, ...]:
        """Return ids, mask and types of all pairs of `batch`, in order."""
        found = self.tokenizer.encode_batch([(text, b) for text, bs in batch for b in bs])
        rows = ([e.ids for e in found], [e.attention_mask for e in found], [e.type_ids for e in found])  # fmt: skip
        return tuple(torch.tensor(part) for part in rows)


def batches(training: Sequence[Group], rng: random.Random) -> Iterator[Batch]:
    """Yield batches without end, each of groups of like length."""
    while True:
        order = rng.sample(list(training), len(training))
        for first in range(0, len(order), 512):
            chunk = sorted(order[first : first + 512], key=lambda g: max(map(len, g[1])) + len(g[0]))  # fmt: skip
            cut = [chunk[at : at + GROUPS_PER_BATCH] for at in range(0, len(chunk), GROUPS_PER_BATCH)]  # fmt: skip
            yield from rng.sample(cut, len(cut))


def loss_of(model: Ranker, pairs: Pairs, batch: Batch) -> torch.Tensor:
    """Return the softmax cross-entropy of the right sentence within its group."""
    scores = model(*pairs.arrays(batch)).view(len(batch), -1)
    return torch.nn.functional.cross_entropy(scores, torch.zeros(len(batch), dtype=torch.long))


def train(model: Ranker, pairs: Pairs, training: Sequence[Group], options: argparse.Namespace) -> dict[str, Any]:  # fmt: skip
    """Train in place for the steps that fit; return what was done. Saves every ten minutes."""
    rng = random.Random(options.seed)
    trial, began = 0, time.monotonic()
    for batch in batches(training, random.Random(0)):
        loss_of(model, pairs, batch).backward()
        model.zero_grad()
        trial += 1
        if time.monotonic() - began > (0 if options.steps else options.trial):
            break
    speed = trial / (time.monotonic() - began)
    steps = options.steps or int(0.93 * speed * 60 * options.minutes)
    width = GROUPS_PER_BATCH * len(training[0][1])
    print(f"{speed * width:.0f} pairs/s in the trial; {steps} steps, {steps * GROUPS_PER_BATCH / len(training):.2f} epochs", flush=True)  # fmt: skip
    body = [weight for weight in model.inner.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW([{"params": body, "lr": 5e-5}, {"params": model.head.parameters(), "lr": 1e-3}], weight_decay=0.01)  # fmt: skip
    warm = max(1, steps // 12)
    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda at: min((at + 1) / warm, max(0.0, (steps - at) / (steps - warm))))  # fmt: skip
    began = saved = time.monotonic()
    losses: list[float] = []
    for step, batch in enumerate(islice(batches(training, rng), steps), start=1):
        loss = loss_of(model, pairs, batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(body, 1.0)
        optimizer.step()
        plan.step()
        losses.append(float(loss.detach()))
        if step % 100 == 0:
            print(f"step {step} loss {np.mean(losses[-100:]):.3f} {(time.monotonic() - began) / 60:.1f} min", flush=True)  # fmt: skip
        if time.monotonic() - saved > 600:
            torch.save(model.state_dict(), options.out / "checkpoint.pt")
            saved = time.monotonic()
        if not options.steps and time.monotonic() - began > 66 * options.minutes:
            break  # the machine got slower: end a tenth late, with the learning rate not yet at zero
    torch.save(model.state_dict(), options.out / "checkpoint.pt")
    seconds = time.monotonic() - began
    return {"steps": len(losses), "planned_steps": steps, "seconds": round(seconds), "pairs_per_second": round(len(losses) * width / seconds, 1), "last_loss": round(float(np.mean(losses[-200:])), 4)}  # fmt: skip


def export(model: Ranker, pairs: Pairs, folder: Path) -> None:
    """Write fp32.onnx, ranker.onnx (dynamic int8, per channel) and tokenizer.json."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    axes = {0: "batch", 1: "tokens"}
    names = ["input_ids", "attention_mask", "token_type_ids"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(),
            tuple(torch.ones(2, 16, dtype=torch.long) for _ in names),
            str(folder / "fp32.onnx"),
            input_names=names,
            output_names=["score"],
            dynamic_axes={**dict.fromkeys(names, axes), "score": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
    quantize_dynamic(folder / "fp32.onnx", folder / "ranker.onnx", per_channel=True, weight_type=QuantType.QInt8)  # fmt: skip
    pairs.tokenizer.save(str(folder / "tokenizer.json"))


def scorer(file: Path, pairs: Pairs) -> Callable[[Group], np.ndarray]:
    """Return a function from a question with its contexts to their scores, by an exported model."""
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(str(file), settings, providers=["CPUExecutionProvider"])
    names = [item.name for item in session.get_inputs()]

    def score(group: Group) -> np.ndarray:
        arrays = [part.numpy() for part in pairs.arrays([group])]
        return session.run(None, dict(zip(names, arrays, strict=True)))[0]

    return score


def cosine(source: Path) -> Callable[[Group], np.ndarray]:
    """Return the same by cosine of the untrained bi-encoder."""
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(str(source), device="cpu")
    encode = partial(encoder.encode, normalize_embeddings=True, show_progress_bar=False)
    return lambda group: encode(list(group[1])) @ encode(group[0])


def quality(measured: Sequence[tuple[Group, int]], score: Callable[[Group], np.ndarray]) -> dict[str, float]:  # fmt: skip
    """Return hit@1 and mean reciprocal rank of the first right sentence."""
    ranks = []
    for group, right in measured:
        order = np.argsort(-score(group), kind="stable")
        ranks.append(1 + int(np.flatnonzero(order < right)[0]))
    return {"questions": len(ranks), "hit@1": round(float(np.mean([r == 1 for r in ranks])), 3), "mrr": round(float(np.mean([1 / r for r in ranks])), 3)}  # fmt: skip


def read(options: argparse.Namespace) -> tuple[list[Group], dict[str, list[tuple[Group, int]]], dict[str, Any]]:  # fmt: skip
    """Return all training groups, the held-out pools by set, and what the data were."""
    training: list[Group] = []
    measured: dict[str, list[tuple[Group, int]]] = {}
    facts: dict[str, Any] = {}
    for name in options.sets:
        collection = Collection([], [])
        READERS[name](options.data / name, collection)
        found, measured[name] = groups(collection, CAPS[name], options.negatives, random.Random(options.seed))  # fmt: skip
        training += found
        files = sorted(file for file in (options.data / name).glob("*.json*"))
        facts[name] = {
            "groups": len(found), "held_out": len(measured[name]), "questions": len(collection.asks),
            "sentences": len(collection.sentences),
            "sha256": {file.name: sha256(file.read_bytes()).hexdigest() for file in files},
        }  # fmt: skip
        print(name, {key: value for key, value in facts[name].items() if key != "sha256"}, flush=True)  # fmt: skip
    return training, measured, facts


def main() -> None:
    """Read, train, export, measure; write ranker.json last."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--minutes", type=float, default=30, help="time for training itself")
    parser.add_argument("--steps", type=int, help="exact number of steps, in place of --minutes")
    parser.add_argument("--trial", type=float, default=60, help="seconds of the speed trial")
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
    scorers = {"int8": scorer(options.out / "ranker.onnx", pairs), "cosine": cosine(source)}  # fmt: skip
    facts = {
        "weights": sha256((options.out / "ranker.onnx").read_bytes()).hexdigest(),
        "base": BUNDLED, "base_weights": BUNDLED_SHA256, "layers": LAYERS, "pooling": "mean",
        "max_tokens": MAX_TOKENS, "context": "{before[-120:]} | {sentence[:420]} | {title[:80]}",
        "seed": options.seed, "negatives": options.negatives, "threads": options.threads,
        "groups": len(training), "training": done, "data": data,
        "held_out": {name: {how: quality(pools, score) for how, score in scorers.items()} for name, pools in measured.items()},
        "versions": {name: importlib.metadata.version(name) for name in ("torch", "transformers", "tokenizers", "onnxruntime", "onnx", "scikit-learn", "nupunkt", "numpy")},
    }  # fmt: skip
    (options.out / "ranker.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(facts["held_out"], indent=1))


if __name__ == "__main__":
    main()
