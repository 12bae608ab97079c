"""What each subscription has loaded: the mark of every item, so that nothing is fetched twice."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, delete, insert, select

from assistant import tables
from assistant.database import reading, writing

_AT_ONCE = 500


class Marks:
    """The table `marks`. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, subscription: str) -> Mapping[str, str]:
        """Return the mark of every item that the subscription has loaded, by key."""
        table = tables.marks
        with reading(self._engine) as connection:
            found = connection.execute(select(table).where(table.c.subscription == subscription))
            return {row.key: row.mark for row in found}

    def save(self, subscription: str, marks: Mapping[str, str]) -> None:
        """Note the marks of items whose documents are stored."""
        table, keys = tables.marks, list(marks)
        with writing(self._engine) as connection:
            for at in range(0, len(keys), _AT_ONCE):
                some = keys[at : at + _AT_ONCE]
                connection.execute(
                    delete(table).where(table.c.subscription == subscription, table.c.key.in_(some))
                )
                rows = [{"subscription": subscription, "key": k, "mark": marks[k]} for k in some]
                connection.execute(insert(table), rows)

    def forget(self, subscription: str, keys: Sequence[str]) -> None:
        """Drop the marks of items that are gone."""
        table = tables.marks
        with writing(self._engine) as connection:
            for at in range(0, len(keys), _AT_ONCE):
                connection.execute(
                    delete(table).where(
                        table.c.subscription == subscription,
                        table.c.key.in_(keys[at : at + _AT_ONCE]),
                    )
                )
