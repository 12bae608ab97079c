"""Vectors by content hash, kept in the database so that nothing is encoded twice. Knows no text."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, insert, select

from assistant import tables
from assistant.database import reading, writing

_AT_ONCE = 500


class VectorCache:
    """The table `vectors`. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the cached vectors of these keys; absent ones are missing from the result."""
        cached: dict[str, bytes] = {}
        with reading(self._engine) as connection:
            for at in range(0, len(keys), _AT_ONCE):
                found = connection.execute(
                    select(tables.vectors).where(tables.vectors.c.key.in_(keys[at : at + _AT_ONCE]))
                )
                cached.update({row.key: row.vector for row in found})
        return cached

    def save(self, vectors: Mapping[str, bytes]) -> None:
        """Cache vectors by key; keys already there are left alone."""
        missing = vectors.keys() - self.find(list(vectors)).keys()
        if missing:
            with writing(self._engine) as connection:
                found = [{"key": key, "vector": vectors[key]} for key in missing]
                connection.execute(insert(tables.vectors), found)
