"""Subscriptions → the store: asks each source what there is and loads what is new or changed.

Knows no site and no format: loaders list and load, this decides what to fetch, stores it, and notes
the mark of what was stored, so that a run that was stopped goes on where it was. Touches no index.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from assistant.ingest import Report, add_documents, joined
from assistant.library import Library
from assistant.subscriptions import Subscription
from sources.errors import Refused, SourceError
from sources.loaders import Found
from sources.registry import LOADERS
from sources.web import Web

SYNCED = "synced"
"""Key in the store's meta of since when all is up to date; with ":name" added, a subscription."""

_AT_ONCE = 50  # items whose marks are noted together; after a crash they are only compared again

Progress = Callable[[int, str], None]
"""Called with (items seen so far, the one at hand)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What one subscription brought: `offered` items, of which `known` were not fetched again.

    It is `complete` when nothing failed that another try may bring; a refused page stays refused.
    """

    name: str
    offered: int
    known: int
    gone: int
    refused: int
    stored: Report
    complete: bool


def sync(library: Library, subscription: Subscription, web: Web, progress: Progress) -> Synced:
    """Bring one subscription up to date. What fails is in the report; the rest is stored."""
    run = _Run(library, subscription.name)
    try:
        loader = LOADERS[subscription.source]
        for found in loader(subscription.options, web, run.known):
            progress(len(run.offered), found.key)
            run.take(found)
    except SourceError as error:
        run.failed(subscription.name, error)
    finally:
        run.note()
    if run.complete:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        library.store.set_meta(f"{SYNCED}:{subscription.name}", now)
    return Synced(
        name=subscription.name,
        offered=len(run.offered),
        known=run.unchanged,
        gone=run.gone,
        refused=run.refused,
        complete=run.complete,
        stored=run.report,
    )


def note_synced(library: Library, subscriptions: Sequence[Subscription]) -> None:
    """Note since when all subscriptions are known to be up to date: as the one longest ago."""
    times = [library.store.meta(f"{SYNCED}:{item.name}") for item in subscriptions]
    known = [time for time in times if time]
    if known and len(known) == len(times):
        library.store.set_meta(SYNCED, min(known))


@dataclass(slots=True)
class _Run:
    """The one mutable thing here: how far a subscription has come."""

    library: Library
    name: str
    known: Mapping[str, str] = field(init=False)
    report: Report = Report()
    offered: set[str] = field(default_factory=set[str])
    unchanged: int = 0
    gone: int = 0
    refused: int = 0
    fresh: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.known = self.library.store.marks.of(self.name)

    @property
    def complete(self) -> bool:
        """Whether nothing failed so far but what was refused."""
        return len(self.report.problems) == self.refused

    def take(self, found: Found) -> None:
        """Load one item, unless its mark says that it is stored as it is."""
        if found.load is None:
            self._listed(found)
            return
        self.offered.add(found.key)
        if found.mark and self.known.get(found.key) == found.mark:
            self.unchanged += 1
            return
        try:
            documents = found.load()
        except SourceError as error:
            self.failed(found.key, error)
            self.refused += isinstance(error, Refused)
            return
        self.report = joined(self.report, add_documents(self.library, documents))
        self.fresh[found.key] = found.mark
        if len(self.fresh) >= _AT_ONCE:
            self.note()

    def failed(self, where: str, error: SourceError) -> None:
        """Keep what went wrong with an item or with the whole listing."""
        problem = (f"{self.name}: {where}", str(error))
        self.report = replace(self.report, problems=(*self.report.problems, problem))

    def note(self) -> None:
        """Note the marks of what is stored."""
        self.library.store.marks.save(self.name, self.fresh)
        self.fresh = {}

    def _listed(self, found: Found) -> None:
        if not self.complete:
            return  # the listing is read again next time, and with it what failed
        gone = sorted(self.known.keys() - self.offered - {found.key}) if found.whole else []
        if gone and found.key in self.known:
            with self.library.write_lock():
                self.gone = self.library.store.retire(gone, datetime.now(UTC).date())
        # under another key it is another selection: what it leaves out is no longer followed
        self.library.store.marks.forget(self.name, gone)
        self.fresh[found.key] = found.mark  # last: one that is noted is not read again
