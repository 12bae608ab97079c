"""The store with its two derived indexes, kept in step. Knows nothing of questions.

The store is committed first; `sync` brings the indexes up to it, idempotently, so a crash at any
point is repaired by the next `sync`. An index that is missing, damaged or was made by another
encoder or splitter is made anew from the store, and `say` hears why.
"""

import json
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from assistant.embeddings import Encoder, Input, Vectors
from assistant.entries import batches, entry, number, passage_input, state_of
from assistant.errors import HomeProblem, IndexProblem
from assistant.history import History
from assistant.index import VectorIndex
from assistant.lexical import LexicalIndex
from assistant.store import Store
from sources.split import SPLITTER, split
from sources.types import Document, Passage

FORMAT = 1
"""Changes when entries of an unchanged passage would change."""

_LOCK_SECONDS = 600
_FEW = 1000

Progress = Callable[[int, int], None]
"""Called with (passages done, passages in all)."""


class Library:
    """An open store with its indexes and encoder."""

    def __init__(
        self, home: Path, store: Store, encoder: Encoder, say: Callable[[str], None]
    ) -> None:
        self.store = store
        self.encoder = encoder
        self._home = home
        self._folder = home / "index"
        self._say = say
        self._files: Mapping[Path, int] = {}
        self._seen: tuple[int, int] | None = None
        self._told: tuple[int, History] | None = None
        self._id = ""
        self._guard = threading.RLock()
        self._lock = FileLock(home / "write.lock", timeout=_LOCK_SECONDS)  # one thread may nest it
        self._open()

    @property
    def index_name(self) -> str:
        """The identity of the indexes: format, splitter and encoder."""
        return f"{FORMAT}/{SPLITTER}/{self.encoder.fingerprint}"

    def sync(self, progress: Progress = lambda done, total: None) -> None:
        """Bring both indexes up to the store; does nothing when they are."""
        with self._guard:
            if not self.pending():
                return
            with self.write_lock():
                if self.store.meta("splitter") != SPLITTER:
                    self._split_again()
                while self.pending():  # what another process stores meanwhile is taken along
                    self._apply(progress)
            self._remember()

    def rebuild(self, progress: Progress = lambda done, total: None) -> None:
        """Make both indexes anew from the store; vectors come from the cache where they can."""
        with self._guard, self.write_lock():
            self._discard()
            self._open()
            self._apply(progress)
            self._remember()

    def search(
        self,
        vector: Vectors,
        words: Mapping[str, float],
        identifiers: Sequence[str],
        *,
        on: date,
        kinds: Sequence[str],
        limit: int,
    ) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        """Return (passage id, score) lists of the dense and of the lexical retriever.

        Repairs the indexes first when another process changed them or they were damaged.
        """
        day = number(on)
        with self._guard:  # another thread may be reopening what this one would search
            self._refresh()
            try:
                return self._search(vector, words, identifiers, day, kinds, limit)
            except IndexProblem as problem:
                self._say(f"{problem} Making the indexes anew from the store.")
                self.rebuild()
                return self._search(vector, words, identifiers, day, kinds, limit)

    def _search(
        self,
        vector: Vectors,
        words: Mapping[str, float],
        identifiers: Sequence[str],
        day: int,
        kinds: Sequence[str],
        limit: int,
    ) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        exact = day if self._dates_matter(day) else None
        dense = self._vectors.search(vector, on=exact, kinds=kinds, limit=limit)
        lexical = self._words.search(words, identifiers, on=day, kinds=kinds, limit=limit)
        return dense, lexical

    def history(self) -> History:
        """Return what happened to the texts of the store, read anew after every change."""
        seen = self.store.sequence(self._id)[0]
        if self._told is None or self._told[0] != seen:
            self._told = (seen, self.store.history())
        return self._told[1]

    def fetch(self, ids: Sequence[str]) -> Mapping[str, tuple[Passage, Document]]:
        """Return the passages with these ids, each with its document; unknown ids are absent."""
        return self.store.fetch(ids)

    def rarity(self, word: str) -> float:
        """Return the inverse document frequency of a term among passages, about 0 to 10.

        A library of few passages is counted as one of _FEW: its words are not all common.
        """
        total = max(_FEW, self._words.count())
        seen = self._words.frequency(word)
        return float(np.log(1 + (total - seen + 0.5) / (seen + 0.5)))

    def sentence_vectors(self, passages: Sequence[tuple[Document, Passage]]) -> list[Vectors]:
        """Return [1 + sentences, dimensions] for each passage, from the cache where possible."""
        return self._encode([passage_input(*pair) for pair in passages], lambda done: None)

    @contextmanager
    def write_lock(self) -> Generator[None]:
        """Hold the one right to write; waits for another process. Raises HomeProblem."""
        try:
            with self._lock:
                yield
        except Timeout as error:
            raise HomeProblem(
                f"Another process has been writing to {str(self._home)!r} for {_LOCK_SECONDS} "
                "seconds. Wait for it to end, or end it, and try again."
            ) from error
        except PermissionError as error:
            raise HomeProblem(
                f"Cannot write in {str(self._home)!r}. Set ASSISTANT_HOME to a folder that can be "
                "written."
            ) from error

    def close(self) -> None:
        """Let go of the files."""
        self._vectors.close()
        self.store.close()

    # -- keeping in step -------------------------------------------------------------------------

    def _open(self) -> None:
        problem = self._tried()
        if problem is not None:
            with self.write_lock():  # another process may just have been making them
                problem = self._tried()
                if problem is not None:
                    if problem:
                        self._say(f"{problem} Making the indexes anew from the store.")
                    self._id = self._create()["id"]
                    self._vectors = VectorIndex(self._folder / "vectors")
                    self._words = LexicalIndex(self._folder / "words")
        self._remember()

    def _tried(self) -> str | None:
        """Open both indexes; returns None, or why they cannot be used ("": there are none yet)."""
        manifest = self._manifest()
        if manifest is None:
            return ""
        if manifest["made_by"] != self.index_name:
            return f"The indexes were made by {manifest['made_by']}, this is {self.index_name}."
        self._id = manifest["id"]
        if manifest["indexed"] != str(self.store.sequence(self._id)[1]):
            return "The indexes are not those that the store last wrote."
        try:
            self._vectors = VectorIndex(self._folder / "vectors")
            self._words = LexicalIndex(self._folder / "words")
            self._check()
        except IndexProblem as problem:
            return str(problem)
        return None

    def _manifest(self) -> dict[str, str] | None:
        try:
            found = json.loads((self._folder / "manifest.json").read_text(encoding="utf-8"))
            return {key: str(found[key]) for key in ("id", "made_by", "indexed")}
        except (OSError, ValueError, KeyError):
            return None

    def _create(self) -> dict[str, str]:
        self._discard()
        try:
            self._folder.mkdir(parents=True)
            return self._write_manifest(uuid.uuid4().hex)
        except OSError as error:
            raise HomeProblem(
                f"Cannot write {str(self._folder)!r}: {error.strerror}. "
                "Set ASSISTANT_HOME to a folder that can be written."
            ) from error

    def _write_manifest(self, id: str) -> dict[str, str]:
        """Write which indexes these are and up to which change, replacing the file as a whole."""
        indexed = str(self.store.sequence(id)[1])
        manifest = {"id": id, "made_by": self.index_name, "indexed": indexed}
        scratch = self._folder / "manifest.part"
        scratch.write_text(json.dumps(manifest), encoding="utf-8")
        os.replace(scratch, self._folder / "manifest.json")
        return manifest

    def _discard(self) -> None:
        if self._id:
            self.store.indexed.forget(self._id)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _check(self) -> None:
        """Raise IndexProblem unless both indexes hold what the store says they hold."""
        states = self.store.index_states()
        held = self.store.indexed.held(self._id)
        if any(document not in states for document in held):
            return  # removals are pending: `sync` comes first
        wanted = sum(states[document].passages for document in held)
        found = (self._vectors.count(), self._words.count())
        if not self.pending() and found != (wanted, wanted):
            raise IndexProblem(f"The indexes hold {found} passages where the store has {wanted}.")

    def _remember(self) -> None:
        seen = self.store.sequence(self._id)
        self._states = self.store.index_states()
        self._seen = None if self.pending() else seen  # what came in between is looked at again
        self._files = {
            path: path.stat().st_size for path in self._folder.rglob("*") if path.is_file()
        }

    def _refresh(self) -> None:
        """Before a search: reopen after another process's change, rebuild what was damaged."""
        if self._seen == self.store.sequence(self._id) and self._intact():
            return
        self._open()
        self.sync()

    def _intact(self) -> bool:
        # A truncated file that is mapped into memory kills the process when it is read, so the
        # sizes are looked at first. Logs and locks come and go.
        for path, size in self._files.items():
            if path.suffix in (".lock", ".log") or path.name.endswith(("-wal", "-shm", "-journal")):
                continue
            try:
                if path.stat().st_size < size:
                    return False
            except OSError:
                return False
        return True

    def pending(self) -> bool:
        """Whether the indexes lag behind the store."""
        states = {id: state_of(state) for id, state in self.store.index_states().items()}
        return states != self.store.indexed.held(self._id)

    def _apply(self, progress: Progress) -> None:
        wanted = {id: state_of(state) for id, state in self.store.index_states().items()}
        held = self.store.indexed.held(self._id)
        gone = [id for id in held if id not in wanted]
        if gone:
            self._words.replace(gone, [])
            self._vectors.replace(gone, [], np.empty((0, self.encoder.dimensions), np.float32))
            self._mark(gone, {})
        todo = [id for id in wanted if wanted[id] != held.get(id)]
        states = self.store.index_states()
        total, done = sum(states[id].passages for id in todo), 0
        for batch in batches(todo, states):
            pairs = [
                (document, passage)
                for document in (self.store.document(id).document for id in batch)
                for passage in self.store.passages(document)
            ]
            base = done
            vectors = self._encode(
                [passage_input(*pair) for pair in pairs],
                lambda count, base=base: progress(base + count, total),
            )
            entries = [entry(document, p, states[document.id]) for document, p in pairs]
            self._words.replace(batch, entries)
            rows = [vector[0] for vector in vectors]
            self._vectors.replace(batch, entries, np.array(rows, dtype=np.float32))
            self._mark([], {id: wanted[id] for id in batch})
            done += len(pairs)
            progress(done, total)

    def _mark(self, gone: Sequence[str], states: Mapping[str, str]) -> None:
        self.store.indexed.mark(self._id, gone, states)
        self._write_manifest(self._id)

    def _encode(self, inputs: Sequence[Input], progress: Callable[[int], None]) -> list[Vectors]:
        """Return the vectors of `inputs`; those not cached are computed and cached as it goes."""
        keys = [item.key(self.encoder.fingerprint) for item in inputs]
        cached = dict(self.store.vectors.find(keys))
        missing = [at for at, key in enumerate(keys) if key not in cached]
        fresh: dict[str, bytes] = {}
        for count, (at, rows) in enumerate(
            self.encoder.encode([inputs[at] for at in missing]), start=1
        ):
            fresh[keys[missing[at]]] = rows.astype(np.float16).tobytes()
            if len(fresh) == 64:
                self.store.vectors.save(fresh)
                cached.update(fresh)
                fresh = {}
            progress(len(inputs) - len(missing) + count)
        self.store.vectors.save(fresh)
        cached.update(fresh)
        shape = (-1, self.encoder.dimensions)
        return [
            np.frombuffer(cached[key], np.float16).reshape(shape).astype(np.float32) for key in keys
        ]

    def _split_again(self) -> None:
        """Give every document new passages, when the splitter is not the one that made them."""
        if self.store.meta("splitter") is not None:
            self._say(f"The passages were made by another splitter: splitting with {SPLITTER}.")
            for stored in self.store.documents():
                self.store.replace_passages(stored.document, split(stored.document))
        self.store.set_meta("splitter", SPLITTER)

    def _dates_matter(self, day: int) -> bool:
        return any(
            number(state.since) > day or (state.until is not None and number(state.until) <= day)
            for state in self._states.values()
        )
