"""The document store: the truth that everything else is derived from. Owner of SQLAlchemy.

Holds every version of every document, its passages, what happened to it, cached vectors and every
answer given. Knows no index and no model. SQLite in WAL mode by default, PostgreSQL by URL.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy import update as sql_update

from assistant import meta, rows, tables, versions
from assistant.answers import Answers
from assistant.database import creation_lock, explained, open_engine, reading, writing
from assistant.errors import NotFound, StoreProblem
from assistant.history import History, history, is_instrument
from assistant.index_notes import IndexNotes, counter
from assistant.marks import Marks
from assistant.rows import StoredDocument
from assistant.vector_cache import VectorCache
from sources.starter import PREFIX as CURATED
from sources.text import presentable
from sources.types import Document, Event, Passage

Change = Literal["new", "new_version", "unchanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What `Store.add` did, and the id of the version that now holds the text."""

    change: Change
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """What decides how a version is indexed. A text without a date counts from when it was added;
    `until` is exclusive, None for a current version."""

    kind: str
    since: date
    until: date | None
    passages: int


class Store:
    """One open store. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.answers = Answers(engine)
        self.indexed = IndexNotes(engine)
        self.marks = Marks(engine)
        self.vectors = VectorCache(engine)

    def add(
        self,
        document: Document,
        split: Callable[[Document], Sequence[Passage]],
        happenings: Callable[[Document], Iterable[Event]] = lambda document: (),
    ) -> Added:
        """Store `document`, its passages and what it says happened to other texts, unless its
        current version says the same.

        Changed text or metadata makes a new version, whose id ends in "@2", "@3", ….
        """
        document = presentable(document)  # here, since every loader's documents come by
        digest = rows.content_hash(document)
        with writing(self._engine) as connection:
            known = connection.execute(
                select(tables.documents)
                .where(tables.documents.c.source == document.id)
                .order_by(tables.documents.c.version)
            ).all()
            plan = versions.plan(document, digest, known)
            for id, until in plan.replaced.items():
                connection.execute(
                    sql_update(tables.documents)
                    .where(tables.documents.c.id == id)
                    .values(replaced_on=until)
                )
            if plan.same is None:
                stored = replace(document, id=plan.id)
                row = rows.document_row(stored, document.id, plan, digest)
                connection.execute(insert(tables.documents).values(**row))
                _insert_passages(connection, split(stored))
                _forget_events(connection, document.id)
                _insert_events(connection, happenings(document))
            if plan.same is None or plan.replaced:
                meta.bump(connection, "sequence")
        if plan.same is not None:
            return Added(change="unchanged", id=plan.same)
        return Added(change="new" if plan.version == 1 else "new_version", id=plan.id)

    def find_text(self, document: Document) -> str | None:
        """Return the id of a current document with exactly this text, or None."""
        with reading(self._engine) as connection:
            return connection.execute(
                select(tables.documents.c.id).where(
                    tables.documents.c.text == document.text,
                    tables.documents.c.removed.is_(False),
                    tables.documents.c.replaced_on.is_(None),
                )
            ).scalar()

    def remove(self, id: str) -> tuple[str, ...]:
        """Remove a document with all its versions from answers; returns the ids removed.

        The text is kept, so that answers given earlier can still be checked. Raises NotFound.
        """
        with writing(self._engine) as connection:
            ids = tuple(
                connection.execute(
                    select(tables.documents.c.id).where(
                        (tables.documents.c.source == id) | (tables.documents.c.id == id),
                        tables.documents.c.removed.is_(False),
                    )
                ).scalars()
            )
            if not ids:
                raise NotFound(f"No document {id!r}. `assistant sources list` shows what there is.")
            connection.execute(
                sql_update(tables.documents)
                .where(tables.documents.c.id.in_(ids))
                .values(removed=True)
            )
            meta.bump(connection, "sequence")
        return ids

    def retire(self, sources: Sequence[str], on: date) -> int:
        """Let texts that their publisher withdrew count only before `on`; returns how many."""
        table = tables.documents
        with writing(self._engine) as connection:
            done = connection.execute(
                sql_update(table)
                .where(table.c.source.in_(sources), table.c.replaced_on.is_(None))
                .values(replaced_on=on)
            )
            meta.bump(connection, "sequence")
            return done.rowcount

    def removed(self) -> frozenset[str]:
        """Return the sources that a person removed."""
        table = tables.documents
        with reading(self._engine) as connection:
            gone = connection.execute(select(table.c.source).where(table.c.removed.is_(True)))
            here = connection.execute(select(table.c.source).where(table.c.removed.is_(False)))
            return frozenset(gone.scalars()) - frozenset(here.scalars())

    def current(self, source: str) -> Document | None:
        """Return the newest version of a source that has not been removed, or None."""
        table = tables.documents
        with reading(self._engine) as connection:
            row = connection.execute(
                select(table)
                .where(table.c.source == source, table.c.removed.is_(False))
                .order_by(table.c.replaced_on.is_(None).desc(), table.c.version.desc())
                .limit(1)
            ).first()
        return None if row is None else rows.stored(row).document

    def documents(self) -> tuple[StoredDocument, ...]:
        """Return every version that has not been removed, oldest publication first."""
        table = tables.documents
        with reading(self._engine) as connection:
            found = connection.execute(
                select(table)
                .where(table.c.removed.is_(False))
                .order_by(table.c.published, table.c.id)
            ).all()
        return tuple(rows.stored(row) for row in found)

    def document(self, id: str) -> StoredDocument:
        """Return one version, removed or not. Raises NotFound."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(tables.documents).where(tables.documents.c.id == id)
            ).first()
        if row is None:
            raise NotFound(f"No document {id!r}. `assistant sources list` shows what there is.")
        return rows.stored(row)

    def fetch(self, passage_ids: Sequence[str]) -> Mapping[str, tuple[Passage, Document]]:
        """Return the passages with these ids, each with its document; unknown ids are absent."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(tables.passages).where(tables.passages.c.id.in_(passage_ids))
            ).all()
            wanted = {row.document for row in found}
            documents = {
                row.id: rows.stored(row).document
                for row in connection.execute(
                    select(tables.documents).where(
                        tables.documents.c.id.in_(wanted), tables.documents.c.removed.is_(False)
                    )
                )
            }
        return {
            row.id: (rows.passage(row, documents[row.document].text), documents[row.document])
            for row in found
            if row.document in documents
        }

    def passages(self, document: Document) -> tuple[Passage, ...]:
        """Return the passages of one version, in order."""
        table = tables.passages
        with reading(self._engine) as connection:
            found = connection.execute(
                select(table).where(table.c.document == document.id).order_by(table.c.position)
            ).all()
        return tuple(rows.passage(row, document.text) for row in found)

    def replace_passages(self, document: Document, passages: Sequence[Passage]) -> None:
        """Give a version new passages, after a change of splitter."""
        with writing(self._engine) as connection:
            connection.execute(
                delete(tables.passages).where(tables.passages.c.document == document.id)
            )
            _insert_passages(connection, passages)

    def index_states(self) -> Mapping[str, IndexState]:
        """Return, for every version that has not been removed, what the indexes must hold."""
        table = tables.documents
        columns = (table.c.id, table.c.kind, table.c.published, table.c.added_at)
        with reading(self._engine) as connection:
            found = connection.execute(
                select(*columns, table.c.replaced_on, func.count(tables.passages.c.id).label("n"))
                .join_from(table, tables.passages, isouter=True)
                .where(table.c.removed.is_(False))
                .group_by(*columns, table.c.replaced_on)
            ).all()
        return {
            row.id: IndexState(
                kind=row.kind,
                since=row.published or row.added_at.date(),
                until=row.replaced_on,
                passages=row.n,
            )
            for row in found
        }

    def counts(self) -> tuple[int, int]:
        """Return how many versions and how many passages are searchable."""
        states = self.index_states().values()
        return len(states), sum(state.passages for state in states)

    def add_events(self, events: Iterable[Event]) -> None:
        """Store events; one already there is left alone."""
        with writing(self._engine) as connection:
            _insert_events(connection, events)
            meta.bump(connection, "sequence")

    def tell_anew(self, prefix: str, events: Iterable[Event]) -> None:
        """Store `events` in the place of all that concern instruments whose ids begin so."""
        table = tables.events
        with writing(self._engine) as connection:
            connection.execute(delete(table).where(table.c.instrument.startswith(prefix)))
            _insert_events(connection, events)
            meta.bump(connection, "sequence")

    def events(self) -> tuple[Event, ...]:
        """Return every event, oldest first."""
        with reading(self._engine) as connection:
            found = connection.execute(select(tables.events).order_by(tables.events.c.on)).all()
        return tuple(rows.event(row) for row in found)

    def history(self) -> History:
        """Return what happened to the texts, as those say that nobody removed."""
        removed = self.removed()
        told = (event for event in self.events() if event.by not in removed)
        return history(told, self.names(), self._tellers())

    def names(self) -> Mapping[str, tuple[str, str]]:
        """Return (citation, Federal Register document number) of every current instrument, by id.

        An article that bears a citation has only borrowed it.
        """
        table = tables.documents
        facts = (table.c.metadata["document_number"], table.c.metadata["of_kind"])
        with reading(self._engine) as connection:
            found = connection.execute(
                select(table.c.source, table.c.citation, table.c.kind, *facts).where(
                    table.c.removed.is_(False), table.c.replaced_on.is_(None)
                )
            )
            return {
                source: (citation, str(number or ""))
                for source, citation, kind, number, of_kind in found
                if is_instrument(kind, of_kind)
            }

    def _tellers(self) -> Mapping[str, tuple[str, str]]:
        """Return (kind, publisher) of every source, as in its last version."""
        table = tables.documents
        query = select(table.c.source, table.c.kind, table.c.publisher).order_by(table.c.version)
        with reading(self._engine) as connection:
            return {row[0]: (row[1], row[2]) for row in connection.execute(query)}

    def sequence(self, index: str) -> tuple[int, int]:
        """Return two numbers that grow: with documents and events, and with what `index` holds."""
        with reading(self._engine) as connection:
            return (
                int(meta.read(connection, "sequence") or 0),
                int(meta.read(connection, counter(index)) or 0),
            )

    def meta(self, key: str) -> str | None:
        """Return a stored fact about the store itself."""
        with reading(self._engine) as connection:
            return meta.read(connection, key)

    def synced(self) -> date | None:
        """Return the day of the last sync that went well."""
        found = self.meta("synced")
        return date.fromisoformat(found[:10]) if found else None

    def set_meta(self, key: str, value: str) -> None:
        """Store a fact about the store itself."""
        with writing(self._engine) as connection:
            meta.write(connection, key, value)

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()


def open_store(url: str) -> Store:
    """Open the store at an SQLAlchemy URL, creating it when it is not there.

    Raises HomeProblem if its folder cannot be written, StoreProblem if it is damaged or newer.
    """
    engine = open_engine(url)
    with explained(), creation_lock(engine), engine.begin() as connection:
        tables.metadata.create_all(connection)
        found = meta.read(connection, "schema")
        if found is None:
            meta.write(connection, "schema", str(tables.SCHEMA))
        elif int(found) > tables.SCHEMA:
            raise StoreProblem(
                f"The store at {engine.url.render_as_string()} has schema {found}, this program "
                f"knows {tables.SCHEMA}: it was written by a newer version. Update the program, or "
                "set ASSISTANT_HOME to another folder. Nothing was changed."
            )
    return Store(engine)


def _insert_passages(connection: Connection, passages: Sequence[Passage]) -> None:
    found = [rows.passage_row(passage, at) for at, passage in enumerate(passages)]
    if found:
        connection.execute(insert(tables.passages), found)


def _forget_events(connection: Connection, teller: str) -> None:
    """Drop what an earlier version said happened to other texts; curated events stay."""
    table = tables.events
    ours = table.c.instrument.startswith(CURATED)
    connection.execute(delete(table).where(table.c.by == teller, ~ours))


def _insert_events(connection: Connection, events: Iterable[Event]) -> None:
    told = list(events)
    if not told:
        return
    tellers = {event.by for event in told}
    query = select(tables.events).where(tables.events.c.by.in_(tellers))
    known = {rows.event(row) for row in connection.execute(query)}
    found = [rows.event_row(event) for event in dict.fromkeys(told) if event not in known]
    if found:
        connection.execute(insert(tables.events), found)
