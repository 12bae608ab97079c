"""Retrieval over short texts: the product's, its two halves, and LangChain's usual ensemble.

Each is a function from a question to the ids of texts, best first, each once. Knows no data set.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from assistant.build import build
from assistant.embeddings import encode_question
from assistant.encoder_export import bundled_weights
from assistant.ingest import add_documents
from assistant.library import Library
from assistant.question import Question, understand
from assistant.retrieve import SEARCH_DEPTH, retrieve
from assistant.settings import Settings
from eval.benches.okapi import Okapi
from eval.errors import EvalError
from sources.types import Document

Retriever = Callable[[str], Sequence[str]]
Tell = Callable[[int, int], None]
"""Called with (done, in all)."""

ENSEMBLE_DEPTH = 10  # k of both retrievers: who wants ten texts sets it to ten
_RANK_OFFSET = 60  # EnsembleRetriever's c
_CHUNKS = 256
_DOCUMENTS = 200
_LONG = 100_000


def stocked(
    home: Path, documents: Sequence[Document], say: Callable[[str], None], tell: Tell
) -> Library:
    """Return a library in `home` of exactly these documents, going on where it was stopped.

    Its indexes are to be brought up to it. Raises EvalError where `home` holds anything else: it
    would be searched too.
    """
    settings = Settings(home=home, database_url="", starter_library=False)
    library = build(settings, say).library
    held = {stored.document.id: stored.document.text for stored in library.store.documents()}
    other = held.items() - {document.id: document.text for document in documents}.items()
    if other:
        library.close()
        raise EvalError(
            f"The library in {str(home)!r} holds {len(other)} texts that are not of this data set, "
            f"{min(other)[0]!r} among them. Give --home a folder of its own."
        )
    todo = [document for document in documents if document.id not in held]
    for first in range(0, len(todo), _DOCUMENTS):
        tell(first, len(todo))
        add_documents(library, todo[first : first + _DOCUMENTS])
    return library


def product(library: Library, on: date) -> Retriever:
    """Return the product's own retrieval: what `assistant.retrieve` finds, documents once."""

    def retriever(text: str) -> Sequence[str]:
        found = retrieve(library, _asked(text, on))
        return _once(item.document.id for item in found.evidence)

    return retriever


def halves(library: Library, on: date) -> tuple[Retriever, Retriever]:
    """Return the product's lexical index alone (BM25 with stemming; no synonyms), and its vectors
    alone."""

    @lru_cache(maxsize=1)
    def both(text: str) -> tuple[Sequence[str], Sequence[str]]:
        question = _asked(text, on)
        dense, lexical = library.search(
            encode_question(library.encoder, question.standalone),
            dict.fromkeys(question.terms, 1.0),
            (*question.identifiers, *question.parties),
            on=on,
            kinds=(),
            limit=SEARCH_DEPTH,
        )
        stored = library.fetch([id for id, _ in (*dense, *lexical)])
        return (
            _once(stored[id][1].id for id, _ in lexical),
            _once(stored[id][1].id for id, _ in dense),
        )

    return (lambda text: both(text)[0]), (lambda text: both(text)[1])


def ensemble(texts: Mapping[str, str], folder: Path, tell: Tell) -> Retriever:
    """Return LangChain's usual ensemble over `texts` by id, vectors kept in `folder`.

    LangChain's own: RecursiveCharacterTextSplitter (1000, 200), HuggingFaceEmbeddings with the
    bundled weights, Chroma. Ours, since the packages are no dependencies: the formulas of
    BM25Retriever (rank_bm25, words divided at white space) and of EnsembleRetriever (weights .5
    and .5 over rank + 60). A text is where its best chunk is. Raises EvalError without LangChain.
    """
    try:
        from langchain_chroma import Chroma
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        raise EvalError(
            f"LangChain, which the product is compared with, is not installed ({error}). "
            "Run `make setup`."
        ) from error
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    parts = {id: splitter.split_text(text) for id, text in texts.items()}
    chunks = {f"{id}#{at}": part for id, found in parts.items() for at, part in enumerate(found)}
    embeddings = HuggingFaceEmbeddings(
        model_name=str(bundled_weights()), encode_kwargs={"normalize_embeddings": True}
    )
    store = Chroma("usual", embeddings, persist_directory=str(folder))
    held = set(store.get(include=[])["ids"])
    todo = [id for id in chunks if id not in held]
    for first in range(0, len(todo), _CHUNKS):
        tell(first, len(todo))
        names = todo[first : first + _CHUNKS]
        store.add_texts([chunks[id] for id in names], ids=names)
    names = list(chunks)
    bm25 = Okapi(chunk.split() for chunk in chunks.values())

    def retriever(text: str) -> Sequence[str]:
        dense = [str(found.id) for found in store.similarity_search(text, k=ENSEMBLE_DEPTH)]
        lexical = [names[at] for at in bm25.best(text.split(), ENSEMBLE_DEPTH)]
        return _once(id.rpartition("#")[0] for id in fused(lexical, dense))

    return retriever


def fused(*ranked: Sequence[str]) -> list[str]:
    """Return EnsembleRetriever's order of several rankings of equal weight.

    Example: ("a", "b") and ("c", "b") give b (1/62 + 1/62), then a and c (1/61).
    """
    scores: dict[str, float] = {}
    for names in ranked:
        for rank, name in enumerate(names, start=1):
            scores[name] = scores.get(name, 0.0) + 1 / len(ranked) / (rank + _RANK_OFFSET)
    return sorted(scores, key=lambda name: -scores[name])


def _asked(text: str, on: date) -> Question:
    return understand(text, history=(), as_of=on, max_chars=_LONG)


def _once(ids: Iterable[str]) -> Sequence[str]:
    return tuple(dict.fromkeys(ids))
