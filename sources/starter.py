"""The starter library that ships with the product: our own summaries, and what happened to each.

A summary is Markdown with TOML front matter between "+++" lines; events are TOML tables. Knows no
store.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

from sources.errors import ParseProblem
from sources.text import normalise
from sources.types import Document, Event

_FENCE = "+++\n"
PREFIX = "lib:"
"""How the ids of our summaries begin."""

_OURS = "Starter library"
_OWN_FIELDS = ("id", "title", "published", "effective", "citation", "url")


def documents() -> Iterator[Document]:
    """Yield every summary, by file name. Raises ParseProblem naming a damaged file."""
    for file in sorted(files("sources").joinpath("library").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".md"):
            yield _document(file.name, file.read_text(encoding="utf-8"))


def events() -> Iterator[Event]:
    """Yield every curated event, and the stated ends of instruments as extensions to that day."""
    for file in sorted(files("sources").joinpath("library").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            for table in tomllib.loads(file.read_text(encoding="utf-8")).get("event", []):
                yield _event(table)
    for document in documents():
        until = document.metadata.get("until")
        if until is not None and document.effective is not None:
            yield Event(
                instrument=document.id,
                kind="effective",
                on=document.effective,
                by=document.id,
                until=date.fromisoformat(str(until)),
                note="The instrument states its own end.",
            )


def _document(name: str, text: str) -> Document:
    if not text.startswith(_FENCE) or text.count(_FENCE) < 2:
        raise ParseProblem(f"{name} has no front matter between '+++' lines; reinstall the program")
    _, front, body = text.split(_FENCE, 2)
    facts: dict[str, Any] = tomllib.loads(front)
    return Document(
        id=facts["id"],
        title=facts["title"],
        kind="summary",
        text=normalise(body),
        publisher=f"{_OURS}, on {facts['issuer']}" if facts.get("issuer") else _OURS,
        published=facts.get("published"),
        effective=facts.get("effective"),
        url=facts.get("url", ""),
        citation=facts.get("citation", ""),
        metadata={k: _plain(value) for k, value in facts.items() if k not in _OWN_FIELDS},
    )


def _plain(value: object) -> object:
    """Return a TOML value as JSON knows it: dates become ISO text."""
    return value.isoformat() if isinstance(value, date) else value


def _event(table: dict[str, Any]) -> Event:
    return Event(
        instrument=table["instrument"],
        kind=table["kind"],
        on=table["on"],
        by=table["by"],
        until=table.get("until"),
        certainty=table.get("certainty", "stated"),
        note=table.get("note", ""),
    )
