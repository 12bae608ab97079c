"""Speed, as ratios measured in one run: adding documents, a cold question, a warm question.

Adding is measured beside the same work done the usual way: LangChain's recursive splitter,
HuggingFaceEmbeddings and Chroma's `from_documents`, on the same texts, with the same encoder
weights and the same number of threads. Loading the encoder is left out of both.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from assistant.build import build
from assistant.encoder_export import bundled_weights
from assistant.ingest import add_documents
from assistant.pipeline import Assistant
from assistant.settings import Settings
from sources import starter
from sources.files import discover, load_file
from sources.types import Document

COLD_RUNS = 5
WARM_ROUNDS = 3
QUESTIONS = (
    "Which list is Huawei on and since when?",
    "Why was Kaspersky put on the Entity List?",
    "When does the suspension of the affiliates rule end?",
    "May American companies share technology with Huawei in a standards body?",
    "What ownership share makes a company subject to Entity List restrictions?",
    "What did the Commerce Secretary say about leadership in innovation?",
    "Which chipmakers lost their validated end user status in 2025?",
    "How many years must export records be kept?",
    "What is the fee for a licence application?",
    "Is the AI diffusion rule in force?",
)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True))
def speed(files: tuple[Path, ...]) -> None:
    """Adding, a cold and a warm question, as ratios of one run, over FILES or the library."""
    documents = _documents(files)
    size = sum(len(document.text) for document in documents)
    print(f"{len(documents)} documents, {size:,} characters, {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        assistant = build(Settings(home=home, starter_library=False), say=lambda message: None)
        _adding(assistant, documents, size, Path(scratch) / "usual")
        _warm(assistant)
        assistant.library.close()
        _cold(home)


def _documents(paths: Sequence[Path]) -> list[Document]:
    if not paths:
        return list(starter.documents())
    files = discover(paths)
    return [d for f in files for d in load_file(f, max_bytes=1_000_000_000).documents]


def _adding(assistant: Assistant, documents: list[Document], size: int, folder: Path) -> None:
    start = time.perf_counter()
    add_documents(assistant.library, documents)
    assistant.library.sync()
    ours = time.perf_counter() - start
    _, passages = assistant.library.store.counts()
    theirs, chunks = _usual_way(documents, folder)
    print("Adding              seconds   passages   passages/s   characters/s")
    for name, seconds, count in (("assistant", ours, passages), ("usual way", theirs, chunks)):
        rates = f"{count / seconds:12.1f} {size / seconds:14,.0f}"
        print(f"  {name:<16} {seconds:8.1f} {count:10} {rates}")
    ratio = passages / ours / (chunks / theirs)
    print(f"  ratio {ratio:.2f} in passages/s, {theirs / ours:.2f} in time\n")


def _usual_way(documents: list[Document], folder: Path) -> tuple[float, int]:
    """Return seconds and passages of the same work with LangChain's parts."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document as LangChainDocument
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    embeddings = HuggingFaceEmbeddings(
        model_name=str(bundled_weights()), encode_kwargs={"normalize_embeddings": True}
    )
    embeddings.embed_query("warm up")
    start = time.perf_counter()
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = splitter.split_documents(
        [LangChainDocument(page_content=d.text, metadata={"id": d.id}) for d in documents]
    )
    # `from_documents` refuses more rows than Chroma takes at once, so the usual loop stands here.
    store = Chroma.from_documents(chunks[:5000], embeddings, persist_directory=str(folder))
    for first in range(5000, len(chunks), 5000):
        store.add_documents(chunks[first : first + 5000])
    return time.perf_counter() - start, len(chunks)


def _warm(assistant: Assistant) -> None:
    assistant.ask(QUESTIONS[0])
    laps: dict[str, list[float]] = {}
    for question in QUESTIONS * WARM_ROUNDS:
        for name, seconds in assistant.ask(question).provenance.seconds:
            laps.setdefault(name, []).append(seconds)
    medians = {name: statistics.median(values) for name, values in laps.items()}
    total = medians.pop("total")
    print(f"Warm question, median of {len(QUESTIONS) * WARM_ROUNDS}: {total * 1000:.0f} ms")
    for name, seconds in medians.items():
        print(f"  {name:<16} {seconds * 1000:8.1f} ms {seconds / total:6.0%}")
    print()


def _cold(home: Path) -> None:
    command = [str(Path(sys.executable).with_name("assistant")), "ask", QUESTIONS[0]]
    seconds: list[float] = []
    for _ in range(COLD_RUNS):
        start = time.perf_counter()
        subprocess.run(
            command,
            env={**os.environ, "ASSISTANT_HOME": str(home)},
            check=True,
            capture_output=True,
        )
        seconds.append(time.perf_counter() - start)
    print(
        f"Cold `assistant ask`, {COLD_RUNS} runs: median {statistics.median(seconds):.2f} s, "
        f"slowest {max(seconds):.2f} s"
    )
