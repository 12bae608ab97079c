"""Opening a database, its transactions and its failures in plain words. Knows no table."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, SQLAlchemyError

from assistant.errors import HomeProblem, StoreProblem


def open_engine(url: str) -> Engine:
    """Return an engine for an SQLAlchemy URL; SQLite in WAL mode, its folder made when missing.

    Raises HomeProblem if the folder cannot be made, StoreProblem if the URL cannot be read.
    """
    try:
        parsed = make_url(url)
        engine = create_engine(parsed)
    except (ArgumentError, ImportError) as error:
        raise StoreProblem(
            f"ASSISTANT_DATABASE_URL cannot be used: {error}. Leave it empty for SQLite."
        ) from error
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            _make_folder(Path(parsed.database).parent)
        event.listen(engine, "connect", _sqlite_pragmas)
    return engine


def _sqlite_pragmas(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=30000")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HomeProblem(
            f"Cannot create {str(folder)!r}: {error.strerror}. "
            "Set ASSISTANT_HOME to a folder that can be written."
        ) from error


def creation_lock(engine: Engine) -> AbstractContextManager[object]:
    """Return a lock to hold while tables are made: two processes may start on a new home at once.

    PostgreSQL needs none: its `create table` waits for the other's transaction.
    """
    database = engine.url.database
    if engine.url.get_backend_name() != "sqlite" or not database:
        return nullcontext()
    return FileLock(f"{database}.lock")


@contextmanager
def explained() -> Generator[None]:
    """Turn what a database raises into HomeProblem or StoreProblem with what to do."""
    try:
        yield
    except DatabaseError as error:
        reason = str(error.orig).lower()
        if "readonly" in reason or "unable to open" in reason or "full" in reason:
            raise HomeProblem(
                f"The store cannot be written ({error.orig}). Free some space or set "
                "ASSISTANT_HOME to a folder that can be written. What was stored before is intact."
            ) from error
        raise StoreProblem(
            f"The store cannot be used: {error.orig}. `assistant doctor` says where it is; restore "
            "it from a backup, or set ASSISTANT_HOME to a new folder and add the sources again."
        ) from error
    except OSError as error:
        raise HomeProblem(
            f"The store's folder cannot be written ({error}). "
            "Set ASSISTANT_HOME to a folder that can be written."
        ) from error
    except SQLAlchemyError as error:
        raise StoreProblem(f"The store cannot be used: {error}.") from error


@contextmanager
def reading(engine: Engine) -> Generator[Connection]:
    """Give a connection to read from."""
    with explained(), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Generator[Connection]:
    """Give a connection whose one transaction is committed when the block ends well."""
    with explained(), engine.begin() as connection:
        yield connection
