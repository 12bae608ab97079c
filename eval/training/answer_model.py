"""The cross-encoder: layers, input, export to int8 and quality on held-out pools."""

import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch

from eval.training.answer_groups import Group

LAYERS, MAX_TOKENS = 4, 144

Batch = list[Group]


class Ranker(torch.nn.Module):
    """Token ids of pairs → scores [batch]; mean pooling and one linear output."""

    def __init__(self, source: Path) -> None:
        from transformers import AutoModel

        super().__init__()
        self.inner = AutoModel.from_pretrained(
            str(source),
            num_hidden_layers=LAYERS,
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.head = torch.nn.Linear(self.inner.config.hidden_size, 1)
        self.inner.embeddings.word_embeddings.weight.requires_grad_(False)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        """Return one score for each row."""
        rows = self.inner(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state
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
        rows = (
            [e.ids for e in found],
            [e.attention_mask for e in found],
            [e.type_ids for e in found],
        )
        return tuple(torch.tensor(part) for part in rows)


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
    quantize_dynamic(
        folder / "fp32.onnx", folder / "ranker.onnx", per_channel=True, weight_type=QuantType.QInt8
    )
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
        return np.asarray(session.run(None, dict(zip(names, arrays, strict=True)))[0])

    return score


def cosine(source: Path) -> Callable[[Group], np.ndarray]:
    """Return the same by cosine of the untrained bi-encoder."""
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(str(source), device="cpu")
    encode = partial(encoder.encode, normalize_embeddings=True, show_progress_bar=False)
    return lambda group: encode(list(group[1])) @ encode(group[0])


def quality(
    measured: Sequence[tuple[Group, int]], score: Callable[[Group], np.ndarray]
) -> dict[str, float]:
    """Return hit@1 and mean reciprocal rank of the first right sentence."""
    ranks = []
    for group, right in measured:
        order = np.argsort(-score(group), kind="stable")
        ranks.append(1 + int(np.flatnonzero(order < right)[0]))
    return {
        "questions": len(ranks),
        "hit@1": round(float(np.mean([r == 1 for r in ranks])), 3),
        "mrr": round(float(np.mean([1 / r for r in ranks])), 3),
    }
