"""Every answer that was given, kept as it was. Knows no question and no surface."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, func, insert, select

from assistant import tables
from assistant.database import reading, writing


class Answers:
    """The table `answers`. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, row: Mapping[str, Any]) -> None:
        """Keep an answer that was given; columns as in `tables.answers`."""
        with writing(self._engine) as connection:
            connection.execute(insert(tables.answers).values(**row))

    def all(self) -> tuple[Mapping[str, Any], ...]:
        """Return every answer given, oldest first."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(tables.answers).order_by(tables.answers.c.asked_at)
            ).mappings()
            return tuple(dict(row) for row in found)

    def count(self) -> int:
        """Return how many answers were given."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.count()).select_from(tables.answers)).scalar_one()
