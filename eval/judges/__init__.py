"""Who judges whether a text bears out a claim: one line for each judge.

A judge is anything with `name` and `judge` (`eval.types.Judge`). The embedded one is called what it
is: similarity of sentences with rules, not entailment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eval.errors import EvalError
from eval.types import Judge, Judgement, Unscored


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a judge may be made from: a home folder with the encoder, a file of human labels.

    `model` is a chat model as LangChain names it, `url` the base address of an OpenAI-compatible
    server that has it; "" for the provider's own.
    """

    home: Path
    labels: Path | None = None
    model: str = ""
    url: str = ""


class NoJudge:
    """Judges nothing, so that only what needs no judge is scored."""

    name = "none"

    def judge(self, premise: str, claim: str) -> Judgement | Unscored:
        """Return that nothing was judged."""
        return Unscored(reason="no judge was asked")


def _similarity(means: Means) -> Judge:
    from assistant.embeddings import load_encoder
    from eval.judges.similarity import Similarity

    return Similarity(load_encoder("all-MiniLM-L6-v2", means.home))


def _human(means: Means) -> Judge:
    from eval.judges.human import read_labels

    if means.labels is None:
        raise EvalError("The judge 'human' reads labels from a file: give it with --labels.")
    return read_labels(means.labels)


def _chat(means: Means) -> Judge:
    from eval.judges.chat import load_chat

    return load_chat(means.model, means.url)


def _none(means: Means) -> Judge:
    return NoJudge()


JUDGES: dict[str, Callable[[Means], Judge]] = {
    "similarity": _similarity,
    "chat": _chat,
    "human": _human,
    "none": _none,
}
