"""What every loader of a subscription shares: the seam, and the registry. Knows no store.

A loader lists what there is without fetching bodies; whoever syncs decides what to load.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sources.types import Document
from sources.web import Web


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that a service offers.

    `key` names it for good within its subscription; `mark` changes when its text may have changed
    ("" says that this cannot be known beforehand). `load` fetches and parses it. A listing that was
    read to its end is a Found without `load`: it counts as read only when all before it loaded. It
    is `whole` when it offered all there is, so that what was loaded before and is no longer offered
    (a delisted party, a removed section) is gone; keys are then ids of documents.
    """

    key: str
    mark: str
    load: Callable[[], Sequence[Document]] | None = None
    whole: bool = False


class Loader(Protocol):
    """The seam: subscription options, a client, and the marks of last time → what is offered."""

    def __call__(
        self, options: Mapping[str, Any], web: Web, known: Mapping[str, str]
    ) -> Iterator[Found]:
        """Yield what there is, listing lazily; `known` holds the mark of each key loaded before.

        Raises SourceError: BadMetadata for unusable options, Unreachable or Refused for a service.
        """
        ...
