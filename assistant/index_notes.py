"""Notes of what each index holds, so that what it lacks is known. Knows no index."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Engine, delete, insert, select

from assistant import meta, tables
from assistant.database import reading, writing


class IndexNotes:
    """The table `indexed`. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def held(self, index: str) -> Mapping[str, str]:
        """Return the state in which each document was last given to the index with this id."""
        table = tables.indexed
        with reading(self._engine) as connection:
            found = connection.execute(select(table).where(table.c.index == index)).all()
        return {row.document: row.state for row in found}

    def mark(self, index: str, gone: Iterable[str], states: Mapping[str, str]) -> None:
        """Note that the index forgot the documents `gone` and holds `states`; the rest of the notes
        stays."""
        table = tables.indexed
        changed = [*gone, *states]
        with writing(self._engine) as connection:
            connection.execute(
                delete(table).where(table.c.index == index, table.c.document.in_(changed))
            )
            found = [{"index": index, "document": d, "state": s} for d, s in states.items()]
            if found:
                connection.execute(insert(table), found)
            meta.bump(connection, counter(index))

    def forget(self, index: str) -> None:
        """Drop the notes of what an index holds, before it is made anew."""
        with writing(self._engine) as connection:
            connection.execute(delete(tables.indexed).where(tables.indexed.c.index == index))


def counter(index: str) -> str:
    """Return the key of the counter that grows with what an index holds."""
    return f"indexed {index}"
