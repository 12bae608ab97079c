"""Files and pages → the store, each document with what it says happened to other texts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from assistant.library import Library
from sources.errors import SourceError
from sources.files import Given, discover, load_file
from sources.happenings import happenings
from sources.pages import fetch_page
from sources.split import split
from sources.types import Document
from sources.web import Web


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What adding did: ids by what happened to them, and (where, why) of what could not be read."""

    new: tuple[str, ...] = ()
    new_versions: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


def add_files(
    library: Library,
    paths: Sequence[Path],
    given: Given,
    *,
    max_bytes: int,
    progress: Callable[[int, int, str], None] = lambda done, total, name: None,
) -> Report:
    """Store every document under `paths`; a file that cannot be read is reported, the rest is kept.

    Each document is committed by itself, so that an interrupted run resumes where it stopped.
    Raises FileProblem or EmptySource when a path itself is not usable. Does not touch the indexes:
    call `Library.sync` after.
    """
    files = discover(paths)
    report = Report()
    with library.write_lock():
        for at, path in enumerate(files):
            progress(at, len(files), path.name)
            try:
                loaded = load_file(path, max_bytes=max_bytes, given=given)
            except SourceError as error:
                report = replace(report, problems=(*report.problems, (str(path), str(error))))
                continue
            for document in loaded.documents:
                report = _stored(library, report, document)
            lines = tuple((problem.where, problem.why) for problem in loaded.problems)
            report = replace(report, problems=(*report.problems, *lines))
        progress(len(files), len(files), "")
    return report


def add_pages(
    library: Library,
    urls: Sequence[str],
    given: Given,
    web: Web,
    *,
    progress: Callable[[int, int, str], None] = lambda done, total, name: None,
) -> Report:
    """Store the pages at `urls`; one that cannot be had is reported, the rest is kept."""
    report = Report()
    for at, url in enumerate(urls):
        progress(at, len(urls), url)
        try:
            report = joined(report, add_documents(library, [fetch_page(url, web, given)]))
        except SourceError as error:
            report = replace(report, problems=(*report.problems, (url, str(error))))
    return report


def joined(report: Report, other: Report) -> Report:
    """Return both reports as one."""
    return Report(
        new=(*report.new, *other.new),
        new_versions=(*report.new_versions, *other.new_versions),
        unchanged=(*report.unchanged, *other.unchanged),
        problems=(*report.problems, *other.problems),
    )


def add_documents(library: Library, documents: Sequence[Document]) -> Report:
    """Store documents that are already in hand, as the starter library's are."""
    report = Report()
    with library.write_lock():
        for document in documents:
            report = _stored(library, report, document)
    return report


def _stored(library: Library, report: Report, document: Document) -> Report:
    store = library.store
    if document.id.startswith("file:"):
        twin = store.find_text(document)
        if twin is not None and twin.split("@")[0] != document.id:
            return replace(report, unchanged=(*report.unchanged, twin))
        known = store.current(document.id)
        if known is not None and known.metadata.get("path") != document.metadata.get("path"):
            if twin is not None:
                return replace(report, unchanged=(*report.unchanged, twin))
            mark = sha256(str(document.metadata.get("path")).encode()).hexdigest()[:6]
            document = replace(document, id=f"{document.id}~{mark}")
    added = store.add(document, split, happenings)
    match added.change:
        case "new":
            return replace(report, new=(*report.new, added.id))
        case "new_version":
            return replace(report, new_versions=(*report.new_versions, added.id))
        case "unchanged":
            return replace(report, unchanged=(*report.unchanged, added.id))
