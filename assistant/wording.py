"""Every sentence the assistant says in its own voice, once. No legal fact stands here."""

from datetime import date

from assistant.types import Notice
from sources.text import collapse
from sources.types import Document, Event, Kind, Status

KIND_NAMES: dict[Kind, str] = {
    "regulation": "regulation",
    "rule": "rule",
    "proposed_rule": "proposed rule",
    "notice": "notice",
    "guidance": "guidance",
    "statement": "statement",
    "article": "news article",
    "summary": "summary written for this library",
}
STATUS_NAMES: dict[Status, str] = {
    "in_force": "in force",
    "not_yet_effective": "not yet effective",
    "suspended": "suspended",
    "superseded": "superseded",
    "rescinded": "rescinded",
    "expired": "expired",
    "proposed": "proposed, not law",
    "informational": "informational",
    "unknown": "status not known",
}
NOT_IN_SOURCES = "My sources do not answer this question."
NOT_SCREENING = "looked up here, which is not a screening of the party"
NO_SOURCES = (
    "There was no source to search: there are none of that day or before, or none of the kinds "
    "asked for. `assistant sources` lists what there is, `assistant add PATH` adds some."
)
PREMISE = (
    "My sources do not bear out what the question takes for granted. What they say on it is below."
)
SECONDARY_ONLY = (
    "Only news reports support this; no regulation, rule or official statement among the sources "
    "confirms it."
)


def day(on: date) -> str:
    """Return a date as people write it: 18 July 2024."""
    return f"{on.day} {on:%B %Y}"


def introduce(document: Document, status: Status, *, again: bool) -> str:
    """Return who said it and when, to stand before a quote."""
    kind = KIND_NAMES[document.kind]
    if again:
        return f"The same {kind.split(' written')[0]} says:"
    who = collapse(document.publisher)
    title = collapse(document.title).rstrip(".")
    name = f"the {kind} “{shorten(title, 110)}”" if title else f"a {kind}"
    dated = f" of {day(document.published)}" if document.published else " (undated)"
    source = f"{who}, in {name}{dated}" if who else f"{name[0].upper()}{name[1:]}{dated}"
    if "list" in document.metadata:  # a row of a screening list
        source = f"{source} ({NOT_SCREENING})"
    mark = f" [{STATUS_NAMES[status]}]" if status not in ("informational", "in_force") else ""
    return f"{source}{mark}:"


def shorten(text: str, limit: int) -> str:
    """Return `text` cut at a word, with an ellipsis, when it is longer than `limit`."""
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def stale(newest: date, synced: date | None, as_of: date) -> Notice:
    """The newest relevant source is old, and so is the last sync."""
    last = f" The last sync was on {day(synced)}." if synced else ""
    return Notice(
        kind="stale",
        text=f"The newest source used is of {day(newest)}, {(as_of - newest).days} days before "
        f"{day(as_of)}: later changes are not known here.{last}",
    )


def lapsed(document: Document, suspension: Event) -> Notice:
    """A cited text was suspended until a day that has passed, and nothing says what followed."""
    name = shorten(collapse(document.title), 90)
    end = day(suspension.until) if suspension.until else "a day not stated"
    return Notice(
        kind="suspended",
        text=f"“{name}” was suspended from {day(suspension.on)}; the suspension ran to {end}, and "
        "my sources do not say what followed.",
    )


def not_yet_published(document: Document, as_of: date) -> Notice:
    """Only a text of a later date answers. News tells of a law and never takes effect itself."""
    name = shorten(collapse(document.title), 90)
    published = day(document.published) if document.published else "a later day"
    if "article" in (document.kind, document.metadata.get("of_kind")):
        return Notice(
            kind="not_yet_effective",
            text=f"“{name}” was published on {published}, after {day(as_of)}. Ask as of a later "
            "date to read it.",
        )
    begins = f", effective {day(document.effective)}" if document.effective else ""
    return Notice(
        kind="not_yet_effective",
        text=f"“{name}” was published on {published}{begins}: it was not yet in effect on "
        f"{day(as_of)}. Ask as of a later date to read it.",
    )


def doubtful(document: Document, end: Event, by: Document | None) -> Notice:
    """A cited text whose end was only announced, or inferred from another text."""
    name = shorten(collapse(document.title), 90)
    source = _named(by) if by is not None else end.by
    how = "announced" if end.certainty == "announced" else "inferred and not stated"
    return Notice(
        kind="superseded",
        text=f"That “{name}” was {end.kind} on {day(end.on)} is {how}, by {source}. No rule among "
        "my sources says so; check the original before relying on either.",
    )


def not_in_force(
    document: Document, status: Status, as_of: date, by: Document | None
) -> Notice | None:
    """A cited text that is not law on the date asked about; `by` is what ended it, if known."""
    name = shorten(collapse(document.title), 90)
    cause = f", by {_named(by)}" if by is not None and by.id != document.id else ""
    match status:
        case "suspended" | "not_yet_effective":
            words = STATUS_NAMES[status]
            return Notice(kind=status, text=f"“{name}” is {words} on {day(as_of)}{cause}.")
        case "superseded" | "rescinded" | "expired":
            words = STATUS_NAMES[status]
            return Notice(kind="superseded", text=f"“{name}” is {words} on {day(as_of)}{cause}.")
        case _:
            return None


def status_as_known(status: Status, as_of: date, known_on: date | None) -> str:
    """Return a status, with the day up to which it is known when that lies before the date asked.

    A text that merely informs has no status that could change.
    """
    name = STATUS_NAMES[status]
    if status in ("informational", "unknown") or known_on is None or known_on >= as_of:
        return name
    return f"{name} as known on {day(known_on)}"


def known_on(document: Document, synced: date | None) -> date | None:
    """Return the last day on which the status of `document` is known: when it was published, when
    a summary was made, or when the sources were last synced. None if there is no such day."""
    days = (document.published, _made(document), synced)
    return max((each for each in days if each is not None), default=None)


def _made(document: Document) -> date | None:
    try:
        return date.fromisoformat(str(document.metadata.get("made")))
    except ValueError:  # a record may carry anything under that name
        return None


def _named(document: Document) -> str:
    title = shorten(collapse(document.title), 90)
    details = [day(document.published) if document.published else "", document.citation]
    more = ", ".join(filter(None, details))
    return f"“{title}” ({more})" if more else f"“{title}”"
