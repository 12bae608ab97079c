"""Rows of the store ↔ values. Only `store.py` uses it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row

from assistant import tables
from assistant.versions import Plan
from sources.types import Document, Event, Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document with its place among its versions. `replaced_on` is None for the current one."""

    document: Document
    source: str
    version: int
    replaced_on: date | None
    added_at: datetime


def content_hash(document: Document) -> str:
    """Return the sha256 of all that a version is: text and metadata, but not where a file lies."""
    parts = (
        document.title,
        document.kind,
        document.publisher,
        document.published,
        document.effective,
        "" if document.url.startswith("file:") else document.url,
        document.citation,
        document.text,
        *filter(None, [document.metadata.get("corrections")]),  # these change what it is worth
    )
    return sha256("\0".join(str(part) for part in parts).encode()).hexdigest()


def document_row(document: Document, source: str, plan: Plan, digest: str) -> dict[str, Any]:
    """Return the row of a version that is stored now."""
    own = ("id", "title", "kind", "publisher", "published", "effective", "url", "citation", "text")
    return {
        **{name: getattr(document, name) for name in own},
        "source": source,
        "version": plan.version,
        "replaced_on": plan.until,
        "metadata": dict(document.metadata),
        "sha256": digest,
        "added_at": datetime.now(UTC),
        "removed": False,
    }


def stored(row: Row[Any]) -> StoredDocument:
    """Return the document of a row of `documents`."""
    document = Document(
        id=row.id,
        title=row.title,
        kind=row.kind,
        text=row.text,
        publisher=row.publisher,
        published=row.published,
        effective=row.effective,
        url=row.url,
        citation=row.citation,
        metadata=row.metadata,
    )
    return StoredDocument(
        document=document,
        source=row.source,
        version=row.version,
        replaced_on=row.replaced_on,
        added_at=row.added_at,
    )


def passage_row(passage: Passage, position: int) -> dict[str, Any]:
    """Return the row of a passage."""
    return {
        "id": passage.id,
        "document": passage.document,
        "position": position,
        "start": passage.start,
        "end": passage.end,
        "locator": passage.locator,
        "sentences": [list(span) for span in passage.sentences],
        "identifiers": list(passage.identifiers),
    }


def passage(row: Row[Any], text: str) -> Passage:
    """Return the passage of a row, given its document's text."""
    return Passage(
        id=row.id,
        document=row.document,
        start=row.start,
        end=row.end,
        text=text[row.start : row.end],
        locator=row.locator,
        sentences=tuple((start, end) for start, end in row.sentences),
        identifiers=tuple(row.identifiers),
    )


def event_row(item: Event) -> dict[str, Any]:
    """Return the row of an event."""
    return {name: getattr(item, name) for name in tables.EVENT_COLUMNS}


def event(row: Row[Any]) -> Event:
    """Return the event of a row."""
    return Event(**{name: getattr(row, name) for name in tables.EVENT_COLUMNS})
