"""`assistant sources`: what is in the store, with dates and status. Reads the store only."""

from rich.table import Table
from rich.text import Text

from assistant import wording
from assistant.history import history
from assistant.pipeline import today
from assistant.status import status_of
from assistant.store import Store
from assistant.surfaces.terminal import out
from sources.text import collapse


def list_documents(store: Store) -> None:
    """Print a table of all documents."""
    stored = store.documents()
    if not stored:
        out.print(wording.NO_SOURCES)
        return
    told = history(store.events(), store.names())
    table = Table(box=None, pad_edge=False)
    for name in ("id", "kind", "published", "status", "title"):
        table.add_column(name, overflow="fold" if name in ("id", "title") else "ellipsis")
    for item in stored:
        document = item.document
        status = wording.STATUS_NAMES[status_of(document, told, today())]
        table.add_row(
            Text(document.id),
            document.kind,
            str(document.published or "—"),
            "replaced" if item.replaced_on else status,
            Text(wording.shorten(collapse(document.title), 80)),
        )
    out.print(table)
    out.print(f"{len(stored)} documents.")


def show_document(store: Store, id: str) -> None:
    """Print one document: what is known of it, what happened to it, and its text."""
    stored = store.document(id)
    document = stored.document
    told = history(store.events(), store.names())
    status = status_of(document, told, today())
    out.print(Text(collapse(document.title), style="bold"))
    facts = {
        "id": document.id,
        "kind": wording.KIND_NAMES[document.kind],
        "publisher": collapse(document.publisher),
        "published": str(document.published or ""),
        "effective": str(document.effective or ""),
        "citation": document.citation,
        "link": document.url,
        "status": f"{wording.STATUS_NAMES[status]} as known on {wording.day(today())}",
        "version": f"{stored.version}, added {stored.added_at:%Y-%m-%d}",
    }
    for name, value in facts.items():
        if value:
            out.print(Text(f"{name:>10}  {value}"))
    for event in told.of(document):
        until = f" until {wording.day(event.until)}" if event.until else ""
        note = f"({event.certainty}, by {event.by}) {event.note}"
        out.print(Text(f"{wording.day(event.on):>18}  {event.kind}{until} {note}"))
    out.print()
    out.print(Text(document.text))
