"""PolicyQA: of the sentences of a paragraph, does the product choose the one that answers?

Each paragraph is a library of its own, the name of its website the title, and the product's own
steps answer from it. What is compared is words (exact match, token F1 as SQuAD counts them) with
spans that people marked, often of a few words. The product quotes whole sentences and so cannot
reach 1: the best sentence, chosen knowing the span, is the bound, and how often the span stands in
the answer is shown beside. Systems choose among the same sentences, the product's own.

Ahmad, Chi, Tian, Chang 2020, Findings of EMNLP; paragraphs of privacy policies.
"""

import re
import string
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click
from pydantic import BaseModel, TypeAdapter

from assistant.decide import decide
from assistant.embeddings import Encoder, Input, encode_question, load_encoder
from assistant.ingest import add_documents
from assistant.library import Library
from assistant.pipeline import today
from assistant.question import understand
from assistant.rank import rank, to_the_point
from assistant.retrieve import retrieve
from assistant.settings import Settings
from assistant.store import open_store
from assistant.terms import terms
from assistant.write import choose
from eval.benches.okapi import Okapi
from eval.benches.public_data import read_json, sample, write_json
from eval.benches.side_by_side import as_json, side_by_side, table
from eval.errors import CasesError, EvalError
from eval.failures import failures
from sources.split import split
from sources.text import collapse, normalise
from sources.types import Document

BEST, ANSWER = "assistant, best sentence", "assistant, answer"


class Span(BaseModel):
    """Words that answer, as people marked them."""

    text: str


class Asked(BaseModel):
    """A question on a paragraph; any of the answers is right."""

    id: str
    question: str
    answers: tuple[Span, ...]


class Paragraph(BaseModel):
    """A paragraph with the questions on it."""

    context: str
    qas: tuple[Asked, ...]


class Website(BaseModel):
    """A privacy policy."""

    title: str
    paragraphs: tuple[Paragraph, ...]


class DataSet(BaseModel):
    """The file, in the shape of SQuAD."""

    data: tuple[Website, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A paragraph as the product stores it, its sentences in order, and what is asked of it."""

    document: Document
    sentences: tuple[str, ...]
    questions: tuple[Asked, ...]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--limit", type=click.IntRange(1), help="Only so many, drawn, always alike.")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the encoder; default: ASSISTANT_HOME.",
)
@click.option(
    "--json",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the figures here too.",
)
def policyqa(folder: Path, limit: int | None, home: Path | None, out: Path | None) -> None:
    """Choosing the sentence that answers: PolicyQA, in FOLDER (dev.json)."""
    from assistant.surfaces.terminal import progress

    with failures():
        path, settings = folder / "dev.json", Settings()
        every = tasks_of(read_json(path, TypeAdapter(DataSet)), path)
        tasks = drawn(every, limit)
        where = (home or settings.home).expanduser().resolve()
        encoder = load_encoder(settings.encoder, where, settings.encoder_precision)
        try:
            with progress("Answering") as bar:
                said = list(answered(tasks, encoder, today(), bar))
        except KeyboardInterrupt as stop:
            raise EvalError("Interrupted; nothing is kept. --limit asks fewer questions.") from stop
        values: dict[str, dict[str, list[float]]] = {}
        for _, asked, texts in said:
            for system, text in texts.items():
                for name, figure in FIGURES.items():
                    best = max(figure(text, span.text) for span in asked.answers)
                    values.setdefault(system, {}).setdefault(name, []).append(best)
        made = side_by_side(values, [task.document.title for task, _, _ in said])
        held_back = sum(not texts[ANSWER] for _, _, texts in said)
        questions = sum(len(task.questions) for task in every)
        click.echo(
            f"PolicyQA, {path.name}: {len(said)} of {questions} questions on {len(tasks)} "
            f"paragraphs, {encoder.fingerprint}\n\n{table(made)}\n\n"
            f"An answer has up to four quotes. The product answered {len(said) - held_back} of "
            f"{len(said)} questions and abstained on {held_back}, which count 0 in «{ANSWER}»."
        )
        if out is not None:
            facts = {"benchmark": "PolicyQA", "questions": len(said), "of": questions}
            write_json(out, {**facts, "not_answered": held_back, **as_json(made)})


def tasks_of(data: DataSet, path: Path) -> tuple[Task, ...]:
    """Return the paragraphs with their questions. Raises CasesError for one without an answer."""
    tasks: list[Task] = []
    for site in data.data:
        for paragraph in site.paragraphs:
            without = [asked.id for asked in paragraph.qas if not asked.answers]
            if without:
                raise CasesError(f"{str(path)!r}: question {without[0]!r} has no answer.")
            document = Document(
                id=f"policyqa:{len(tasks)}",
                title=site.title,
                kind="article",
                text=normalise(paragraph.context),
            )
            sentences = tuple(
                document.text[a:b] for passage in split(document) for a, b in passage.sentences
            )
            tasks.append(Task(document=document, sentences=sentences, questions=paragraph.qas))
    if not any(task.questions for task in tasks):
        raise CasesError(f"{str(path)!r} holds no question.")
    return tuple(tasks)


def drawn(tasks: Sequence[Task], limit: int | None) -> tuple[Task, ...]:
    """Return the paragraphs of `limit` questions drawn from all, each with those drawn of it."""
    places = [(at, n) for at, task in enumerate(tasks) for n in range(len(task.questions))]
    kept: dict[int, list[Asked]] = {}
    for at, n in sample(places, limit):
        kept.setdefault(at, []).append(tasks[at].questions[n])
    return tuple(replace(tasks[at], questions=tuple(asked)) for at, asked in kept.items())


def answered(
    tasks: Sequence[Task], encoder: Encoder, on: date, tell: Callable[[int, int], None]
) -> Iterator[tuple[Task, Asked, dict[str, str]]]:
    """Yield each question with what each system answers, "" for nothing."""
    bm25 = Okapi(terms(sentence) for task in tasks for sentence in task.sentences)
    first = 0
    for at, task in enumerate(tasks):
        tell(at, len(tasks))
        last = first + len(task.sentences)
        rows = dict(encoder.encode([Input(sentence) for sentence in task.sentences]))
        with _library(task.document, encoder) as library:
            for asked in task.questions:
                vector = encode_question(encoder, asked.question)
                cosines = [float(rows[n][0] @ vector) for n in range(len(rows))]
                scores = bm25.scores(terms(asked.question))[first:last]
                texts = {
                    **_ours(library, asked.question, on),
                    "MiniLM sentence": _best(task.sentences, cosines),
                    "BM25 sentence": _best(task.sentences, scores.tolist()),
                    "first sentence": task.sentences[0],
                    "best possible sentence": _bound(task.sentences, asked),
                }
                yield task, asked, texts
        first = last


def exact(answer: str, span: str) -> float:
    """Return 1 where both are the same words; case, punctuation and articles do not count."""
    return float(_words(answer) == _words(span))


def token_f1(answer: str, span: str) -> float:
    """Return the harmonic mean of precision and recall of words, as SQuAD's script counts them.

    Example: "We keep the logs" and "keep logs for a year": 2 of 3 and 2 of 4 words, F1 4/7.
    """
    said, right = Counter(_words(answer)), Counter(_words(span))
    if not said or not right:
        return float(said == right)
    common = (said & right).total()
    return 2 * common / (said.total() + right.total())


def holds(answer: str, span: str) -> float:
    """Return 1 where the span stands in the answer, word for word."""
    return float(f" {' '.join(_words(span))} " in f" {' '.join(_words(answer))} ")


FIGURES: Mapping[str, Callable[[str, str], float]] = {
    "exact match": exact,
    "token F1": token_f1,
    "holds the span": holds,
}


def _words(text: str) -> list[str]:
    bare = "".join(c for c in text.lower() if c not in string.punctuation)
    return re.sub(r"\b(?:a|an|the)\b", " ", bare).split()


@contextmanager
def _library(document: Document, encoder: Encoder) -> Generator[Library]:
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        store = open_store(f"sqlite:///{home / 'store.sqlite'}")
        library = Library(home, store, encoder, lambda message: None)
        try:
            add_documents(library, [document])
            library.sync()
            yield library
        finally:
            library.close()


def _ours(library: Library, text: str, on: date) -> dict[str, str]:
    """Return the product's best sentence, and what it would answer: "" where it abstains."""
    question = understand(text, history=(), as_of=on, max_chars=100_000)
    ranked = rank(question, retrieve(library, question), library)
    _, quotes = decide(question, ranked, library)
    unasked = choose(to_the_point(question, ranked))
    return {
        BEST: collapse(ranked[0].candidate.text) if ranked else "",
        ANSWER: " ".join(collapse(quote.text) for quote in quotes),
        "assistant, never abstaining": " ".join(collapse(quote.text) for quote in unasked),
    }


def _best(sentences: Sequence[str], scores: Sequence[float]) -> str:
    return sentences[max(range(len(sentences)), key=lambda at: scores[at])]


def _bound(sentences: Sequence[str], asked: Asked) -> str:
    """Return the sentence with the highest F1: what no choice of one sentence goes beyond."""
    return max(sentences, key=lambda s: max(token_f1(s, span.text) for span in asked.answers))
