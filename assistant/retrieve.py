"""Question → Evidence: dense and lexical search, fused by rank, filtered before ranking.

Knows the library and the question; knows nothing of answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.embeddings import Vectors, encode_question
from assistant.library import Library
from assistant.question import Question, When
from assistant.synonyms import synonyms
from assistant.types import Evidence, Retriever
from sources.types import Document, Kind, Passage

SEARCH_DEPTH = 60
EVIDENCE = 20
_RANK_OFFSET = 20  # reciprocal rank fusion, Cormack et al. 2009; 20 suits lists this short
_OPENED = 3  # documents whose opening is always read
_SYNONYM_WEIGHT = 0.35
_TIME_FACTOR = 2.0  # a document published at the time that the question names


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The evidence for a question, best first, and the question's vector."""

    evidence: tuple[Evidence, ...]
    vector: Vectors


def retrieve(library: Library, question: Question, kinds: Sequence[Kind] = ()) -> Found:
    """Return at most EVIDENCE passages published by the question's as-of date."""
    vector = encode_question(library.encoder, question.standalone)
    dense, lexical = library.search(
        vector,
        _weighted(question.terms),
        (*question.identifiers, *question.parties),
        on=question.as_of,
        kinds=kinds,
        limit=SEARCH_DEPTH,
    )
    scores: dict[str, float] = {}
    found_by: dict[str, list[Retriever]] = {}
    names: tuple[tuple[Retriever, list[tuple[str, float]]], ...] = (
        ("dense", dense),
        ("lexical", lexical),
    )
    for name, ranked in names:
        for rank, (id, _) in enumerate(ranked):
            scores[id] = scores.get(id, 0.0) + 1.0 / (_RANK_OFFSET + rank + 1)
            found_by.setdefault(id, []).append(name)
    stored = library.fetch(list(scores))
    for id, (_, document) in stored.items():
        if in_time(question.times, document):
            scores[id] *= _TIME_FACTOR
    cosines = dict(dense)
    stored = _of_named_parties(question, stored)
    best = sorted(stored, key=lambda id: (-scores[id], id))[:EVIDENCE]
    for id, pair in _openings(library, [stored[id] for id in best]).items():
        if id not in best:
            stored = {**stored, id: pair}
            scores.setdefault(id, 0.0)
            best.append(id)
    evidence = tuple(
        Evidence(
            id=f"e-{id.removeprefix('p-')[:10]}",
            passage=stored[id][0],
            document=stored[id][1],
            score=scores[id],
            dense=cosines.get(id, 0.0),
            found_by=tuple(found_by.get(id, ["opening"])),
        )
        for id in best
    )
    return Found(evidence=evidence, vector=vector)


def _of_named_parties(
    question: Question, found: Mapping[str, tuple[Passage, Document]]
) -> Mapping[str, tuple[Passage, Document]]:
    """Leave out the list entries of other parties where that of the party asked about is found.

    The longest name counts: "Huawei Device" is not "Huawei".
    """
    matched = {
        id: max((len(n) for n in passage.identifiers if n in question.parties), default=0)
        for id, (passage, document) in found.items()
        if "list" in document.metadata
    }
    longest = max(matched.values(), default=0)
    return {id: pair for id, pair in found.items() if matched.get(id, longest) == longest}


def _openings(
    library: Library, pairs: Sequence[tuple[Passage, Document]]
) -> dict[str, tuple[Passage, Document]]:
    """Return the first passage of each of the best documents: there stand its dates and summary."""
    documents = list({document.id: document for _, document in pairs}.values())[:_OPENED]
    return {
        passage.id: (passage, document)
        for document in documents
        for passage in library.store.passages(document)[:1]
    }


def in_time(times: Sequence[When], document: Document) -> bool:
    """Whether the document was published or took effect at a time that the question names."""
    days: list[date] = [d for d in (document.published, document.effective) if d is not None]
    return any(when.matches(day) for when in times for day in days)


def _weighted(words: Sequence[str]) -> dict[str, float]:
    """Return the words and their synonyms with weights; a word of the question keeps weight 1."""
    weights: dict[str, float] = {}
    for word in words:
        for other in synonyms().get(word, ()):
            weights[other] = max(weights.get(other, 0.0), _SYNONYM_WEIGHT)
    weights.update(dict.fromkeys(words, 1.0))
    return weights
