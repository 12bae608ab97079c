"""`assistant sync`: subscriptions brought up to date, with progress, and what it did. No source."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.subscriptions import Subscription, read_subscriptions
from assistant.surfaces.terminal import complain, out, progress, say
from assistant.sync import Synced, sync
from sources.web import Web


def run(assistant: Assistant, settings: Settings, wanted: Sequence[str]) -> bool:
    """Sync the subscriptions, then the indexes; returns whether all went well."""
    subscriptions = read_subscriptions(settings.home.expanduser().resolve(), wanted)
    well = True
    with Web(contact=settings.contact, max_bytes=settings.max_file_mb * 1_000_000) as web:
        for subscription in subscriptions:
            well = _one(assistant, subscription, web) and well
    if assistant.library.pending():
        with progress("Indexing") as bar:
            assistant.library.sync(bar)
    return well


def wait(every: timedelta) -> None:
    """Wait until the next round."""
    then = datetime.now(UTC) + every
    say(f"Next sync at {then:%Y-%m-%d %H:%M} UTC; Ctrl-C ends.")
    time.sleep(every.total_seconds())


def _one(assistant: Assistant, subscription: Subscription, web: Web) -> bool:
    with progress(subscription.name) as bar:
        done = sync(assistant.library, subscription, web, lambda seen, key: bar(seen, None, key))
    for where, why in done.stored.problems:
        complain(f"{where}: {why}")
    out.print(_summary(done), markup=False)
    return done.complete


def _summary(done: Synced) -> str:
    stored = done.stored
    return (
        f"{done.name}: {done.offered} offered, {len(stored.new)} new, "
        f"{len(stored.new_versions)} new versions, {done.known + len(stored.unchanged)} unchanged, "
        f"{done.gone} gone, {done.refused} refused, {len(stored.problems) - done.refused} failed."
    )
