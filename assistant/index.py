"""Dense search over passages. Owner of chromadb; derived from the store, rebuildable."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.embeddings import Vectors
from assistant.errors import IndexProblem
from assistant.lexical import Entry

# Chroma grows the graph of a small collection anew, by chance, each time it is opened: so many are
# looked at that the same are found every time (its default, 100, is not enough).
_SEARCHED = 400
_BATCH = 2000  # Chroma accepts at most 5461 rows at once
_NAME = "passages"


class VectorIndex:
    """One Chroma collection in one folder, embedded in this process."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings

        folder.mkdir(parents=True, exist_ok=True)
        SharedSystemClient.clear_system_cache()  # else a folder made anew is served by the old
        try:
            self._client = chromadb.PersistentClient(
                str(folder), settings=Settings(anonymized_telemetry=False)
            )
            self._passages: Any = self._client.get_or_create_collection(
                _NAME,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": _SEARCHED}},
            )
            self._passages.count()
        except Exception as error:  # chromadb raises many kinds, bare ones of its Rust core too
            raise IndexProblem(
                f"The vector index in {str(folder)!r} is damaged: {error}"
            ) from error

    def replace(self, gone: Sequence[str], entries: Sequence[Entry], vectors: Vectors) -> None:
        """Forget the passages of the documents `gone`, then add `entries` with their vectors."""
        for first in range(0, len(gone), 500):
            self._passages.delete(where={"document": {"$in": list(gone[first : first + 500])}})
        for first in range(0, len(entries), _BATCH):
            part = entries[first : first + _BATCH]
            self._passages.upsert(
                ids=[entry.id for entry in part],
                embeddings=vectors[first : first + _BATCH],
                metadatas=[
                    {
                        "document": entry.document,
                        "kind": entry.kind,
                        "since": entry.since,
                        "until": entry.until,
                    }
                    for entry in part
                ],
            )

    def search(
        self, vector: Vectors, *, on: int | None, kinds: Sequence[str], limit: int
    ) -> list[tuple[str, float]]:
        """Return (passage id, cosine), best first. `on` None: no date can exclude anything."""
        conditions: list[dict[str, Any]] = []
        if on is not None:
            conditions += [{"since": {"$lte": on}}, {"until": {"$gt": on}}]
        if kinds:
            conditions.append({"kind": {"$in": list(kinds)}})
        where = {"$and": conditions} if len(conditions) > 1 else next(iter(conditions), None)
        try:
            found = self._passages.query(
                query_embeddings=[np.asarray(vector, dtype=np.float32)],
                n_results=limit,
                where=where,
                include=["distances"],
            )
        except Exception as error:
            raise IndexProblem(f"The vector index cannot be searched: {error}") from error
        return [
            (id, 1.0 - distance)
            for id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def count(self) -> int:
        """Return the number of passages."""
        return int(self._passages.count())

    def close(self) -> None:
        """Let go of the files."""
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()
