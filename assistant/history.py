"""What happened to each text, found by any of its names. Pure; knows no store.

An event may name its instrument by the id of a document, by its citation ("90 FR 47201") or by its
Federal Register number; a summary and the rule that it summarises share those names. Only
instruments have such names: an article that bears the citation of a rule is still an article, and
what it tells of the rule changes nothing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sources.identifiers import identifiers
from sources.types import Document, Event

Names = Mapping[str, tuple[str, str]]
"""(citation, Federal Register document number) of each instrument, by its id."""

Tellers = Mapping[str, tuple[str, str]]
"""(kind, publisher) of each source, by its id."""

_INSTRUMENTS = ("regulation", "rule", "proposed_rule", "notice")
_HONORIFIC = re.compile(r"^(?:(?:on|the|U\.?S\.?|United States)\s+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class History:
    """Events by every name of their instrument, and by the id of the text that tells them."""

    events: Mapping[str, tuple[Event, ...]]
    told: Mapping[str, tuple[Event, ...]]
    ambiguous: frozenset[str]

    def of(self, document: Document) -> tuple[Event, ...]:
        """Return what happened to a document, oldest first, without what is told twice."""
        source = document.id.split("@")[0]
        names = frozenset({source})
        if is_instrument(document.kind, document.metadata.get("of_kind")):
            number = str(document.metadata.get("document_number") or "")
            names = names_of(source, document.citation, number) - self.ambiguous
        found = {event for name in names for event in self.events.get(name, ())}
        return tuple(sorted(found, key=lambda event: (event.on, event.kind, event.by)))


def history(events: Iterable[Event], names: Names, tellers: Tellers | None = None) -> History:
    """Return the history that `events` tell, for instruments with these names.

    An event counts as told by `tellers`; one told by a source that is not there is our own.
    """
    tellers = tellers or {}
    sources = {source: names_of(source, *more) for source, more in names.items()}
    ambiguous = _ambiguous(sources)
    holders: dict[str, set[str]] = {}
    for source, own in sources.items():
        for name in own:
            holders.setdefault(name, set()).add(source)
    grouped: dict[str, list[Event]] = {}
    told: dict[str, list[Event]] = {}
    for event in events:
        told.setdefault(event.by, []).append(event)
        known = sources.get(event.instrument, frozenset({event.instrument}))
        about = {source for name in known for source in holders.get(name, ())}
        if _counts(event, about, tellers):
            for name in known - ambiguous:
                grouped.setdefault(name, []).append(event)
    return History(
        {name: tuple(items) for name, items in grouped.items()},
        {teller: tuple(items) for teller, items in told.items()},
        ambiguous,
    )


def is_instrument(kind: str, of_kind: object) -> bool:
    """Whether a text is law, a proposal or a notice, or our summary of one (`of_kind`)."""
    return (of_kind if kind == "summary" else kind) in _INSTRUMENTS


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


def _counts(event: Event, about: Iterable[str], tellers: Tellers) -> bool:
    """Whether what is told may bear on a status: instruments act, their issuer announces, and no
    article does either."""
    kind, publisher = tellers.get(event.by, ("", ""))
    if kind in (*_INSTRUMENTS, "summary", ""):
        return True
    if kind == "article" or event.certainty != "announced":
        return False
    return any(_is_of(publisher, tellers.get(source, ("", ""))[1]) for source in about)


def _is_of(publisher: str, issuer: str) -> bool:
    """Whether both name one body, in full or one of them by initials: "BIS"."""
    one, other = _bodies(publisher), _bodies(issuer)
    return bool(one & (other | _initials(other)) or _initials(one) & other)


def _bodies(publisher: str) -> frozenset[str]:
    parts = (_HONORIFIC.sub("", part.strip()) for part in re.split(r"[,;/()]", publisher))
    return frozenset(part for part in parts if len(part) > 2) - {"Starter library"}


def _initials(bodies: Iterable[str]) -> frozenset[str]:
    return frozenset("".join(re.findall(r"\b[A-Z]", body)) for body in bodies)
