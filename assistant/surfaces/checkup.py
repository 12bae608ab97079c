"""`assistant doctor`: what is configured, usable and out of date. Prints no secret."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rich.text import Text
from sqlalchemy.engine import make_url

from assistant.build import build, store_url
from assistant.errors import AssistantError
from assistant.pipeline import Assistant, today
from assistant.settings import Settings
from assistant.store import Store
from assistant.subscriptions import NAME, read_subscriptions
from assistant.surfaces.terminal import out, say
from assistant.sync import SYNCED

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
        findings += _subscriptions(home, assistant.library.store, settings.stale_after_days)
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


def _subscriptions(home: Path, store: Store, stale_after_days: int) -> Iterator[Finding]:
    """Yield when each subscription was last synced well; nothing where there is no file of them."""
    if not (home / NAME).exists():
        return  # reading it would write it
    try:
        subscriptions = read_subscriptions(home)
    except AssistantError as error:
        yield False, "sync", str(error)
        return
    for subscription in subscriptions:
        name = subscription.name
        synced = store.meta(f"{SYNCED}:{name}")
        if synced is None:
            yield False, "sync", f"{name}: never; `assistant sync` does it"
            continue
        on = date.fromisoformat(synced[:10])
        age = (today() - on).days
        yield age <= stale_after_days, "sync", f"{name}: {on}, {age} days ago"
