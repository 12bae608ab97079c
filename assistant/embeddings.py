"""Text → vectors, through onnxruntime. Owner of the encoder; importing it loads nothing.

One pass over a passage gives its vector and, by pooling over each sentence's own tokens, the
vectors of its sentences in context ("late chunking", Günther et al. 2024). torch and
sentence-transformers are needed once, to export the model; never to ask.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from assistant.errors import EncoderProblem
from sources.types import Span

Vectors = npt.NDArray[np.float32]
"""Shape [n, dimensions], rows of length 1."""

Precision = Literal["int8", "fp32"]
_FILES: dict[Precision, str] = {"int8": "model-int8.onnx", "fp32": "model.onnx"}
_BATCH: dict[Precision, int] = {
    "int8": 1,  # its scales follow the batch: one text at a time always gives the same vector
    "fp32": 4,  # fastest of 1, 2, 4, 8, 32 on two cores: longer batches pad more
}


@dataclass(frozen=True, slots=True)
class Input:
    """A text to encode and the character spans in it that want vectors of their own."""

    text: str
    spans: tuple[Span, ...] = ()

    def key(self, fingerprint: str) -> str:
        """Return the cache key of what encoding this gives."""
        return sha256(f"{fingerprint}\0{self.spans}\0{self.text}".encode()).hexdigest()


class Encoder(Protocol):
    """Anything that turns texts into vectors; `fingerprint` names weights and pooling."""

    fingerprint: str
    dimensions: int

    def encode(self, inputs: Sequence[Input]) -> Iterator[tuple[int, Vectors]]:
        """Yield (position in `inputs`, [1 + spans, dimensions]); row 0 is the whole text."""
        ...


class OnnxEncoder:
    """The exported model in one folder."""

    def __init__(self, folder: Path, precision: Precision) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        facts = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        name = f"{facts['name']}/{facts['pooling']}/{facts['weights'][:12]}"
        self.fingerprint = f"{name}/{precision}"
        self.dimensions: int = facts["dimensions"]
        self._pooling: str = facts["pooling"]
        self._pad: int = facts["pad"]
        self._batch = _BATCH[precision]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(facts["max_tokens"])
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / _FILES[precision]), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, inputs: Sequence[Input]) -> Iterator[tuple[int, Vectors]]:
        """Yield the vectors of each input, shortest first, so that little is spent on padding."""
        encodings = self._tokenizer.encode_batch([item.text for item in inputs])
        order = sorted(range(len(inputs)), key=lambda at: len(encodings[at].ids))
        for first in range(0, len(order), self._batch):
            batch = order[first : first + self._batch]
            tokens = self._run([encodings[at].ids for at in batch])
            for row, at in enumerate(batch):
                yield at, self._pool(tokens[row], encodings[at].offsets, inputs[at].spans)

    def _run(self, rows: Sequence[Sequence[int]]) -> Vectors:
        width = max(len(row) for row in rows)
        ids = np.full((len(rows), width), self._pad, dtype=np.int64)
        mask = np.zeros((len(rows), width), dtype=np.int64)
        for at, row in enumerate(rows):
            ids[at, : len(row)] = row
            mask[at, : len(row)] = 1
        result: Any = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return result[0]

    def _pool(self, tokens: Vectors, offsets: Sequence[Span], spans: Sequence[Span]) -> Vectors:
        count = len(offsets)
        sums = np.vstack([np.zeros_like(tokens[:1]), np.cumsum(tokens[:count], axis=0)])
        whole = tokens[0] if self._pooling == "cls" else sums[count] / count
        # Special tokens have the offsets (0, 0): the first is skipped, the last is not looked at.
        ends = [end for _, end in offsets[1 : count - 1]]
        starts = [start for start, _ in offsets[1 : count - 1]]
        rows = [whole]
        for start, end in spans:
            first, last = bisect_right(ends, start) + 1, bisect_left(starts, end) + 1
            rows.append((sums[last] - sums[first]) / (last - first) if last > first else whole)
        vectors = np.stack(rows)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def load_encoder(name: str, home: Path, precision: Precision = "int8") -> OnnxEncoder:
    """Return the encoder `name`, exporting it into `home` when that was not done yet.

    Raises EncoderProblem if it cannot be exported or the exported files are damaged.
    """
    folder = home / "encoders" / sha256(name.encode()).hexdigest()[:12]
    if not (folder / "encoder.json").exists():
        from assistant.encoder_export import export

        export(name, folder)
    try:
        return OnnxEncoder(folder, precision)
    except Exception as error:  # onnxruntime and tokenizers raise bare exceptions
        raise EncoderProblem(
            f"The exported encoder in {str(folder)!r} cannot be read ({error}). "
            "Delete that folder; it is made again at the next start."
        ) from error


def encode_question(encoder: Encoder, text: str) -> Vectors:
    """Return the vector of one question, shape [dimensions]."""
    return next(iter(encoder.encode([Input(text)])))[1][0]
