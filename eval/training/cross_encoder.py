"""A cross-encoder on the bundled encoder's lower layers: model, input, steps, export to int8.

What its outputs mean is the business of whoever trains it. sentence-transformers' own trainer needs
`datasets` and `accelerate`, takes one loss over rows of one shape, and has no bfloat16 on a
processor; a loop of thirty lines does.
"""

import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from assistant.encoder_export import bundled_weights, quantise

WARM_UP = 0.06  # of the steps
Pair = tuple[str, str]


class CrossEncoder(torch.nn.Module):
    """Token ids of pairs [n, tokens] → outputs [n, width]; mean pooling and one linear layer."""

    def __init__(self, layers: int, width: int) -> None:
        from transformers import AutoModel
        from transformers.utils import logging

        super().__init__()
        logging.set_verbosity_error()  # layers left out are no accident
        self.inner: Any = AutoModel.from_pretrained(
            str(bundled_weights()),
            num_hidden_layers=layers,
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.head = torch.nn.Linear(self.inner.config.hidden_size, width)
        self.inner.embeddings.word_embeddings.weight.requires_grad_(False)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        """Return the outputs of each row."""
        rows = self.inner(input_ids=ids, attention_mask=mask, token_type_ids=types)
        weights = mask.unsqueeze(-1).to(rows.last_hidden_state.dtype)
        return self.head((rows.last_hidden_state * weights).sum(1) / weights.sum(1))


class Pairs:
    """Text pairs → padded arrays [n, tokens] of ids, mask and types."""

    def __init__(self, max_tokens: int) -> None:
        from tokenizers import Tokenizer

        self.tokenizer: Any = Tokenizer.from_file(str(bundled_weights() / "tokenizer.json"))
        self.tokenizer.enable_truncation(max_tokens, strategy="longest_first")
        self.tokenizer.enable_padding()

    def arrays(self, pairs: Sequence[Pair]) -> tuple[torch.Tensor, ...]:
        """Return ids, mask and types of the pairs, in order."""
        found = self.tokenizer.encode_batch(list(pairs))
        return (
            torch.tensor([e.ids for e in found]),
            torch.tensor([e.attention_mask for e in found]),
            torch.tensor([e.type_ids for e in found]),
        )


def optimise(
    model: CrossEncoder,
    batches: Sequence[Any],
    loss_of: Callable[[Any], torch.Tensor],
    rate: float,
) -> dict[str, Any]:
    """Train in place on the batches; return what it took. The rate rises, then falls to 0."""
    steps = len(batches)
    body = [weight for weight in model.inner.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": model.head.parameters(), "lr": 10 * rate}],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda at: min(1.0, (at + 1) / (WARM_UP * steps)) * (1 - at / steps)
    )
    losses: list[float] = []
    began = time.monotonic()
    for step, batch in enumerate(batches, start=1):
        # bfloat16 is three times as fast on processors that know it, and no worse here
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(body, 1.0)
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if step % 100 == 0:
            minutes = (time.monotonic() - began) / 60
            mean = np.mean(losses[-100:])
            print(f"step {step} of {steps}: loss {mean:.3f}, {minutes:.1f} min", flush=True)
    return {
        "steps": steps,
        "seconds": round(time.monotonic() - began),
        "last_loss": round(float(np.mean(losses[-100:])), 4),
    }


def export(model: CrossEncoder, pairs: Pairs, folder: Path) -> None:
    """Write fp32.onnx, model.onnx (int8, a scale for each channel) and tokenizer.json."""
    axes = {0: "batch", 1: "tokens"}
    names = ["input_ids", "attention_mask", "token_type_ids"]
    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(),
            tuple(torch.ones(2, 16, dtype=torch.long) for _ in names),
            str(folder / "fp32.onnx"),
            input_names=names,
            output_names=["outputs"],
            dynamic_axes={**dict.fromkeys(names, axes), "outputs": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
    quantise(folder / "fp32.onnx", folder / "model.onnx")
    pairs.tokenizer.save(str(folder / "tokenizer.json"))


def outputs(
    model: CrossEncoder, pairs: Pairs, asked: Sequence[Pair], size: int = 32
) -> npt.NDArray[np.float32]:
    """Return the outputs [n, width] of many pairs, in order."""
    order = sorted(range(len(asked)), key=lambda at: len(asked[at][0]) + len(asked[at][1]))
    rows: dict[int, npt.NDArray[np.float32]] = {}
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for first in range(0, len(order), size):
            some = order[first : first + size]
            found = model(*pairs.arrays([asked[at] for at in some])).float().numpy()
            rows.update(zip(some, found, strict=True))
    return np.stack([rows[at] for at in range(len(asked))])
