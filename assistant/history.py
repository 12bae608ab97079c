"""What happened to each text, found by any of its names. Pure; knows no store.

An event may name its instrument by the id of a document, by its citation ("90 FR 47201") or by its
Federal Register number; a summary and the rule that it summarises share those names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sources.identifiers import identifiers
from sources.types import Document, Event

Names = Mapping[str, tuple[str, str]]
"""(citation, Federal Register document number) of each source, by its id."""


@dataclass(frozen=True, slots=True)
class History:
    """Events by every name of their instrument, and by the id of the text that tells them."""

    events: Mapping[str, tuple[Event, ...]]
    told: Mapping[str, tuple[Event, ...]]
    ambiguous: frozenset[str]

    def of(self, document: Document) -> tuple[Event, ...]:
        """Return what happened to a document, oldest first, without what is told twice."""
        number = str(document.metadata.get("document_number") or "")
        names = names_of(document.id.split("@")[0], document.citation, number) - self.ambiguous
        found = {event for name in names for event in self.events.get(name, ())}
        return tuple(sorted(found, key=lambda event: (event.on, event.kind, event.by)))


def history(events: Iterable[Event], names: Names) -> History:
    """Return the history that `events` tell, for texts with these names."""
    sources = {source: names_of(source, *more) for source, more in names.items()}
    ambiguous = _ambiguous(sources)
    grouped: dict[str, list[Event]] = {}
    told: dict[str, list[Event]] = {}
    for event in events:
        told.setdefault(event.by, []).append(event)
        known = sources.get(event.instrument, frozenset({event.instrument}))
        for name in known - ambiguous:
            grouped.setdefault(name, []).append(event)
    return History(
        {name: tuple(items) for name, items in grouped.items()},
        {teller: tuple(items) for teller, items in told.items()},
        ambiguous,
    )


def names_of(source: str, citation: str, number: str) -> frozenset[str]:
    """Return the names of a source: its id, its citation and its number, in normal form."""
    found = {source, *identifiers(citation), *identifiers(number)}
    if source.startswith("fr:") and not source.startswith("fr:C"):  # a correction, "C1-2024-13148"
        found.update(identifiers(source.removeprefix("fr:")))
    return frozenset(name for name in found if name)


def _ambiguous(sources: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the citations that texts with different numbers share: two notices on one page."""
    numbers: dict[str, set[str]] = {}
    for names in sources.values():
        own = {name for name in names if name.startswith("FR Doc ")}
        for name in names - own:
            numbers.setdefault(name, set()).update(own)
    return frozenset(name for name, found in numbers.items() if len(found) > 1)
