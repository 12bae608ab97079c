"""Passages as the encoder and the indexes see them. Pure; knows no store and no index."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from assistant.embeddings import Input
from assistant.lexical import Entry
from assistant.store import IndexState
from sources.split import SPLITTER
from sources.types import Document, Passage

FOREVER = 99991231
_BATCH_PASSAGES = 512


def passage_input(document: Document, passage: Passage) -> Input:
    """Return what the encoder reads of a passage: title and heading, then the passage."""
    heading, _, _ = passage.locator.rpartition(", ¶")
    head = " — ".join(filter(None, [document.title[:60], heading[:40]]))
    start = len(head) + 1 - passage.start
    spans = tuple((a + start, b + start) for a, b in passage.sentences)
    return Input(f"{head}\n{passage.text}", spans)


def number(day: date) -> int:
    """Return a date as YYYYMMDD, so that it can be compared inside an index."""
    return day.year * 10_000 + day.month * 100 + day.day


def entry(document: Document, passage: Passage, state: IndexState) -> Entry:
    """Return a passage as both indexes see it."""
    published = f"{document.published:%d %B %Y}" if document.published else ""
    kind = document.kind.replace("_", " ")
    heading, _, _ = passage.locator.rpartition(", ¶")
    return Entry(
        id=passage.id,
        document=document.id,
        kind=document.kind,
        since=number(state.since),
        until=FOREVER if state.until is None else number(state.until),
        title=document.title,
        header=" ".join([kind, document.publisher, published, document.citation, heading]),
        body=passage.text,
        identifiers=passage.identifiers,
    )


def state_of(state: IndexState) -> str:
    """Return in one line what decides how a document is indexed; the store keeps it as a note."""
    return f"{state.kind} {state.since} {state.until} {state.passages} {SPLITTER}"


def batches(ids: Sequence[str], states: Mapping[str, IndexState]) -> Iterator[list[str]]:
    """Yield the documents in groups of about _BATCH_PASSAGES passages."""
    batch: list[str] = []
    size = 0
    for id in ids:
        batch.append(id)
        size += states[id].passages
        if size >= _BATCH_PASSAGES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
