"""Facts about the store itself, by key: schema, counters, when it was synced."""

from sqlalchemy import Connection, delete, insert, select

from assistant import tables


def read(connection: Connection, key: str) -> str | None:
    """Return a fact, or None."""
    return connection.execute(select(tables.meta.c.value).where(tables.meta.c.key == key)).scalar()


def write(connection: Connection, key: str, value: str) -> None:
    """Store a fact in the place of the one before."""
    connection.execute(delete(tables.meta).where(tables.meta.c.key == key))
    connection.execute(insert(tables.meta).values(key=key, value=value))


def bump(connection: Connection, counter: str) -> None:
    """Let a counter grow by one."""
    write(connection, counter, str(int(read(connection, counter) or 0) + 1))
