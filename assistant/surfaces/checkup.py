"""`assistant doctor`: what is configured, usable and out of date. Prints no secret."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from rich.text import Text
from sqlalchemy.engine import make_url

from assistant.build import build, store_url
from assistant.errors import AssistantError
from assistant.pipeline import Assistant, today
from assistant.settings import Settings
from assistant.surfaces.terminal import out, say

_LOW_SPACE = 500_000_000

Finding = tuple[bool, str, str]
"""Whether it is well, what was looked at, what was found."""


def run(settings: Settings) -> bool:
    """Print every finding; returns whether all is well."""
    home = settings.home.expanduser().resolve()
    findings = [_home(home), (True, "store", make_url(store_url(settings)).render_as_string())]
    try:
        assistant = build(settings, say)
        findings += _library(assistant)
        assistant.library.close()
    except AssistantError as error:
        findings.append((False, "start", str(error)))
    for well, name, found in findings:
        mark = ("ok  ", "green") if well else ("look", "bold red")
        out.print(Text.assemble(mark, f"  {name:<10} {found}"))
    return all(well for well, _, _ in findings)


def _home(home: Path) -> Finding:
    parent = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(parent).free
    room = f"{free / 1e9:.1f} GB free"
    if free < _LOW_SPACE:
        return False, "home", f"{home} ({room}: too little, free some)"
    return True, "home", f"{home} ({room})"


def _library(assistant: Assistant) -> Iterator[Finding]:
    library = assistant.library
    documents, passages = library.store.counts()
    yield (
        documents > 0,
        "sources",
        (
            f"{documents} documents, {passages} passages"
            if documents
            else "none yet; `assistant add PATH` or `assistant serve`"
        ),
    )
    yield True, "encoder", library.encoder.fingerprint
    lag = library.pending()
    yield (
        not lag,
        "index",
        library.index_name + (" (behind the store; the next command repairs it)" if lag else ""),
    )
    newest = max(
        (s.document.published for s in library.store.documents() if s.document.published),
        default=None,
    )
    if newest is not None:
        yield True, "newest", f"{newest}, {(today() - newest).days} days ago"
    yield True, "answers", f"{library.store.answers.count()} recorded"
