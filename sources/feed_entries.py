"""Bytes of an RSS or Atom feed → its entries. Fetches nothing and knows no pages."""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from sources.errors import ParseProblem, Refused
from sources.extracted import looks_like, reading
from sources.page_facts import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`link` is absolute, or "" if there is none on the web; `mark` changes with the entry."""

    link: str
    title: str
    mark: str
    published: date | None


def read_feed(data: bytes, url: str) -> list[Entry]:
    """Return the entries of the feed in `data`, which came from `url`, in its order.

    Raises ParseProblem for what is no feed, and Refused for one that declares XML entities: they
    serve only to read files or to fill the memory.
    """
    import feedparser

    if b"<!ENTITY" in data.replace(b"\0", b""):  # also in UTF-16
        raise Refused(f"{url} declares XML entities, which no feed needs; subscribe to another")
    with reading("feed"):
        # bytes given as such would be taken for the name of a file
        parsed: Any = feedparser.parse(BytesIO(data))
    if not parsed.get("version") and not parsed.entries:
        raise ParseProblem(
            f"{url} is no RSS or Atom feed{looks_like(data)}; give the address of the feed itself,"
            " or subscribe to it as a page"
        )
    return [_entry(entry, url) for entry in parsed.entries]


def _entry(entry: Any, url: str) -> Entry:
    name, link, title, summary = (
        str(entry.get(each, "")) for each in ("id", "link", "title", "summary")
    )
    # asking for "updated" where there is none would give "published", with a warning
    written = str(entry.get("published" if "published" in entry else "updated", ""))
    told = "\0".join((name, link, title, summary, written, str(dict.get(entry, "updated", ""))))
    return Entry(
        link=_absolute(link or name, url),
        title=plain(title),
        mark=f"entry:{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:32]}",
        published=_day(written),
    )


def _absolute(link: str, url: str) -> str:
    with suppress(ValueError):
        whole = urljoin(url, link) if link else ""
        return whole if whole.startswith(("http://", "https://")) else ""
    return ""


def _day(written: str) -> date | None:
    """Return the day as it is where it was written.

    Not feedparser's, which is in UTC: an evening in Washington would be the next day.
    """
    with suppress(ValueError, TypeError):
        if re.match(r"\d{4}-\d\d-\d\d", written):
            return date.fromisoformat(written[:10])
        return parsedate_to_datetime(written).date()
    return None
