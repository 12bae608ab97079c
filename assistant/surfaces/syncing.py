"""`assistant sync`: subscriptions brought up to date, with progress, and what it did. No source."""

import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.subscriptions import NAME, Subscription, read_subscriptions
from assistant.surfaces.terminal import complain, out, progress, say
from assistant.sync import Synced, sync
from sources.web import Web

_URL = re.compile(r"(https?://[^/?#\s]*)\S*")
_HEAD, _TAIL = 60, 40  # characters of a long one that are shown; its host is shown in any case


def run(assistant: Assistant, settings: Settings, wanted: Sequence[str]) -> bool:
    """Sync the subscriptions, then the indexes; returns whether all went well."""
    home = settings.home.expanduser().resolve()
    subscriptions = read_subscriptions(home, wanted)
    if not subscriptions:
        out.print(
            f"There is nothing to sync: {str(home / NAME)!r} names no subscription. Add a table "
            "for each source to follow, or delete the file: the next sync writes it anew.",
            markup=False,
            soft_wrap=True,
        )
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
        complain(_problem(subscription.name, where, why))
    out.print(_summary(done), markup=False, soft_wrap=True)
    return done.complete


def _problem(name: str, where: str, why: str) -> str:
    """Return what went wrong with an item, each name once: the reason may begin with one."""
    item = where.removeprefix(f"{name}: ")
    reason = why.removeprefix(f"{name}: ")
    at = [] if item == name or item in reason else [item]
    return _URL.sub(_shortened, ": ".join([name, *at, reason]))


def _shortened(url: re.Match[str]) -> str:
    head = max(_HEAD, len(url[1]))
    rest = url[0][head:]
    return url[0] if len(rest) <= _TAIL else f"{url[0][:head]}…{rest[-_TAIL:]}"


def _summary(done: Synced) -> str:
    stored = done.stored
    return (
        f"{done.name}: {done.offered} offered, {len(stored.new)} new, "
        f"{len(stored.new_versions)} new versions, {done.known + len(stored.unchanged)} unchanged, "
        f"{done.gone} gone, {done.refused} refused, {len(stored.problems) - done.refused} failed."
    )
