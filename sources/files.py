"""Paths → Documents: which files there are, whether each can be used, and what is in it.

The only place that turns a file into a Document, and so the only place that decides its id, its
address and which of several dates and titles counts. Knows no format itself, no store, no network.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from sources import heading
from sources.bundles import BUNDLES, PACKED, unpack
from sources.errors import EmptySource, FileProblem, ParseProblem, SourceError
from sources.extracted import Extracted
from sources.readers import READERS
from sources.records import NOTHING_GIVEN, Given, Loaded, Problem, shown
from sources.text import collapse, normalise
from sources.types import Document

__all__ = ["SUFFIXES", "Given", "Loaded", "Problem", "discover", "load_file"]

SUFFIXES: tuple[str, ...] = (*READERS, *BUNDLES, *(suffix + PACKED for suffix in BUNDLES))


def discover(paths: Sequence[Path]) -> list[Path]:
    """Return the files to load: those given as they are, and the readable ones in given folders.

    A folder's files come sorted, hidden ones left out; no file comes twice.
    """
    found: dict[str, Path] = {}
    for path in paths:
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except (OSError, ValueError) as error:
            raise _refusal(path, error) from error
        files = sorted(_in_folder(path)) if is_folder else [path]
        if not files:
            raise EmptySource(
                f"{shown(path)}: nothing readable in this folder; put in files that end "
                f"in one of {', '.join(SUFFIXES)}"
            )
        for file in files:
            found.setdefault(os.path.realpath(file), file)
    return list(found.values())


def _in_folder(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise _refusal(Path(error.filename or folder), error) from error

    seen: set[str] = set()  # real paths: links to folders are followed, but no folder twice
    for root, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        here = os.path.realpath(root)
        if here in seen:
            folders.clear()
            continue
        seen.add(here)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(root, name)
            if not name.startswith(".") and _suffix(path) in SUFFIXES and path.is_file():
                yield path


def load_file(path: Path, *, max_bytes: int, given: Given = NOTHING_GIVEN) -> Loaded:
    """Return the documents in the file at `path`: one, or all good ones of a bundle.

    What is `given` counts before what the file says of itself; in files of many documents it only
    fills gaps.
    """
    data = _read(path, max_bytes)
    try:
        suffix = _suffix(path)
        if suffix.endswith(PACKED):
            suffix, data = suffix.removesuffix(PACKED), unpack(data, max_bytes)
        if suffix in BUNDLES:
            return BUNDLES[suffix](data, path, given)
        return Loaded(documents=(_document(path, READERS[suffix](data), given),))
    except SourceError as error:
        raise type(error)(f"{shown(path)}: {error}") from error


def _suffix(path: Path) -> str:
    """Return ".xml", or ".xml.gz" for a packed file."""
    last = path.suffix.lower()
    return "".join(path.suffixes[-2:]).lower() if last == PACKED else last


def _read(path: Path, max_bytes: int) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise FileProblem(f"{shown(path)} is a folder; give the files in it")
        if not stat.S_ISREG(status.st_mode):
            raise FileProblem(
                f"{shown(path)} is a device or a pipe, not a file; copy its text to a file"
            )
        if _suffix(path) not in SUFFIXES:
            raise ParseProblem(
                f"{shown(path)}: files that end in {_suffix(path)!r} cannot be read; "
                f"use one of {', '.join(SUFFIXES)}"
            )
        if status.st_size > max_bytes:
            raise _too_large(path, status.st_size, max_bytes)
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from error
    if len(data) > max_bytes:  # it grew after it was measured
        raise _too_large(path, len(data), max_bytes)
    return data


def _too_large(path: Path, size: int, limit: int) -> FileProblem:
    return FileProblem(
        f"{shown(path)} has {size:,} bytes, over the limit of {limit:,}; split it or raise that"
    )


def _refusal(path: Path, error: OSError | ValueError) -> FileProblem:
    reason = error.strerror if isinstance(error, OSError) else str(error)  # a NUL in the path
    if isinstance(error, FileNotFoundError):
        reason = "no such file or folder"
    return FileProblem(f"{shown(path)} cannot be read: {reason}; check its name and permissions")


def _document(path: Path, extracted: Extracted, given: Given) -> Document:
    text = normalise(extracted.text)
    if not text:
        raise EmptySource("there is no text in it; add a file that has some")
    facts = heading.from_text(text)
    host = urlsplit(extracted.url).hostname or ""
    return Document(
        id=f"file:{shown(path.name)}",
        title=collapse(given.title or extracted.title) or facts.title or shown(path.stem),
        kind=given.kind or ("statement" if facts.release else "article"),
        text=text,
        publisher=given.publisher or extracted.publisher or facts.publisher or host,
        published=given.published or extracted.published or facts.published or _made(extracted),
        url=given.url or extracted.url or path.absolute().as_uri(),
        metadata={"path": shown(path.absolute()), **extracted.metadata},
    )


def _made(extracted: Extracted) -> date | None:
    created = extracted.metadata.get("created")
    return date.fromisoformat(created) if isinstance(created, str) else None
