"""`assistant sources`: what is in the store, with dates and status. Reads the store only."""

from collections.abc import Sequence
from datetime import date

from rich.table import Table
from rich.text import Text

from assistant import wording
from assistant.links import refers_to
from assistant.pipeline import today
from assistant.status import status_of
from assistant.store import Store, StoredDocument
from assistant.surfaces.terminal import out
from sources.text import collapse


def list_documents(store: Store) -> None:
    """Print a table of all documents."""
    stored = store.documents()
    if not stored:
        out.print(wording.NO_SOURCES)
        return
    told, last = store.history(), _last(stored)
    table = Table(box=None, pad_edge=False)
    for name in ("id", "kind", "published", "status", "title"):
        table.add_column(name, overflow="fold" if name in ("id", "title") else "ellipsis")
    for item in stored:
        document = item.document
        status = wording.STATUS_NAMES[status_of(document, told, today())]
        if item.replaced_on:
            status = "withdrawn" if document.id in last else "replaced"
        table.add_row(
            Text(document.id),
            document.kind,
            str(document.published or "—"),
            status,
            Text(wording.shorten(collapse(document.title), 80)),
        )
    out.print(table)
    out.print(f"{len(stored)} documents.")


def show_document(store: Store, id: str) -> None:
    """Print one document: what is known of it, what happened to it, and its text."""
    stored = store.document(id)
    document = stored.document
    told = store.history()
    status = status_of(document, told, today())
    known_on = wording.known_on(document, store.synced())
    out.print(Text(collapse(document.title), style="bold"))
    facts = {
        "id": document.id,
        "kind": wording.KIND_NAMES[document.kind],
        "publisher": collapse(document.publisher),
        "published": str(document.published or ""),
        "effective": str(document.effective or ""),
        "citation": document.citation,
        "link": document.url,
        "status": wording.status_as_known(status, today(), known_on),
        "version": f"{stored.version}, added {stored.added_at:%Y-%m-%d}",
    }
    for name, value in facts.items():
        if value:
            out.print(Text(f"{name:>10}  {value}"))
    for event in told.of(document):
        until = f" until {wording.day(event.until)}" if event.until else ""
        note = f"({event.certainty}, by {event.by}) {event.note}"
        out.print(Text(f"{wording.day(event.on):>18}  {event.kind}{until} {note}"))
    if linked := refers_to(document, store.names()):
        out.print(Text(f" refers to  {', '.join(linked)}"))
    out.print()
    out.print(Text(document.text))


def _last(stored: Sequence[StoredDocument]) -> frozenset[str]:
    """Return the ids of the versions that no other follows: current ones, and withdrawn ones.

    Not those with the highest number: past texts of a regulation may be loaded after today's.
    """
    last: dict[str, StoredDocument] = {}
    for item in stored:
        last[item.source] = max(last.get(item.source, item), item, key=_end)
    return frozenset(item.document.id for item in last.values())


def _end(item: StoredDocument) -> tuple[date, int]:
    return item.replaced_on or date.max, item.version
