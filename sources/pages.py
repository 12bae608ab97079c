"""Web pages and feeds → Documents: what `assistant add URL` and two kinds of subscription read.

Decides the id, address and kind of a page; how HTML, PDF and the rest become text is the readers'
business, and what may be asked of a server that of `sources.web`. Knows no store and no site.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import PurePosixPath
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sources import heading
from sources.errors import BadMetadata, EmptySource, Refused, SourceError, Unreachable
from sources.extracted import Extracted, decode, looks_like
from sources.feed_entries import Entry, read_feed
from sources.loaders import Found
from sources.page_facts import PageFacts, from_html, plain, without_tracking
from sources.readers import READERS
from sources.records import NOTHING_GIVEN, Given
from sources.text import collapse, normalise
from sources.types import Document, Kind
from sources.web import Page, Web

PAGE_BYTES = 20_000_000
_HTML_BYTES = 5_000_000  # finding the article takes half a minute here, and far more beyond
_FEED_BYTES = 2_000_000  # a badly damaged one takes minutes here, and far more beyond

_FORMATS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_HTML = (".html", ".htm")
_UNSAID = ("", "application/octet-stream", "binary/octet-stream", "application/force-download")
_WEB_PAGE = re.compile(rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html)\b", re.I | re.S)
_DECLARES = re.compile(rb"<meta[^>]{0,200}?charset=", re.I)
# of those that Python knows: no Latin-1, which is mostly a server's wrong guess, and none that are
# slow or no charsets at all
_CHARSET = re.compile(r"(?:windows-|cp125|iso-8859-(?!1$)|gb|big5|euc|shift|koi8|utf-16)", re.I)


class _PageOptions(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    urls: tuple[str, ...] = Field(min_length=1)
    kind: Kind | None = None
    publisher: str = ""


class _FeedOptions(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(min_length=1)
    limit: int = Field(default=200, ge=1)
    kind: Kind | None = None
    publisher: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A page to offer. `named` is the address that a person wrote, if it is not `url`.

    `mark` serves where the server gives no validator, `published` where the page has no date.
    """

    url: str
    given: Given
    named: str = ""
    mark: str = ""
    published: date | None = None


def page(options: Mapping[str, Any], web: Web, known: Mapping[str, str]) -> Iterator[Found]:
    """Offer the pages at `urls`; options `kind` and `publisher` count before what a page says.

    A page is asked for while it is listed, conditionally: only the answer holds its mark. One whose
    server gives no validator has to come whole each time; its mark is the digest of its bytes.
    """
    chosen = _options(_PageOptions, options)
    given = Given(kind=chosen.kind, publisher=chosen.publisher)
    return (
        _found(_Wanted(url=url, given=given), web, known.get(url, ""))
        for url in dict.fromkeys(chosen.urls)
    )


def feed(options: Mapping[str, Any], web: Web, known: Mapping[str, str]) -> Iterator[Found]:
    """Offer the pages that the first `limit` entries of the RSS or Atom feed at `url` link to.

    An unchanged feed offers only itself. In a changed one, new pages are asked for, and known ones
    conditionally; one whose server gives no validator is asked for when its entry has changed.
    """
    return _feed(_options(_FeedOptions, options), web, known)


def fetch_page(url: str, web: Web, given: Given = NOTHING_GIVEN) -> Document:
    """Return the document at `url`, an address that a person named. Raises SourceError."""
    return load_page(_get(_Wanted(url=url, given=given), web), given)


def load_page(page: Page, given: Given = NOTHING_GIVEN) -> Document:
    """Return the document in `page`; what is `given` counts before what the page says of itself.

    Raises Refused for a page behind a wall, without text, or of a type that is not read, and
    ParseProblem for a damaged one.
    """
    try:
        suffix = _format(page)
        if suffix in _HTML and len(page.body) > _HTML_BYTES:
            raise Refused(
                f"a web page with more than {_HTML_BYTES:,} bytes; add its text or its PDF"
            )
        body = page.body if suffix in (".pdf", ".docx") else _in_utf8(page)
        extracted, empty = _extracted(suffix, body)
        facts = PageFacts(address=without_tracking(page.url))
        if suffix in _HTML and body.strip():
            facts = from_html(body, page.url, extracted.text)
        if facts.wall:
            raise Refused(f"{facts.wall}; if you may read it, save its text and add the file")
        if empty:
            raise Refused(empty)
        return _document(extracted, facts, given)
    except SourceError as error:
        raise type(error)(f"{page.url}: {error}") from error


def _extracted(suffix: str, body: bytes) -> tuple[Extracted, str]:
    """Return what the reader finds, or why it finds nothing: a wall would be a better reason."""
    try:
        return READERS[suffix](body), ""
    except EmptySource as error:
        return Extracted(text=""), str(error)


def _format(page: Page) -> str:
    """Return the suffix of the files that the content is like; the content itself counts first."""
    if page.body.startswith(b"%PDF-"):
        return ".pdf"
    textual = page.content_type in _UNSAID or page.content_type.startswith("text/")
    if textual and _WEB_PAGE.match(page.body):
        return ".html"
    suffix = PurePosixPath(urlsplit(page.url).path).suffix.lower()
    if page.content_type in _UNSAID and suffix in READERS:
        return suffix
    if page.content_type in _FORMATS:
        return _FORMATS[page.content_type]
    if re.search(r"\b(?:rss|atom|xml)\b", page.content_type):
        raise Refused(
            f"{page.content_type} is for programs to read; if it is a feed, subscribe to it as one"
        )
    raise Refused(
        f"content of the type {page.content_type or 'unknown'!r} cannot be read"
        f"{looks_like(page.body)}; give a web page, a PDF, a Word document or plain text"
    )


def _in_utf8(page: Page) -> bytes:
    """Return the body in UTF-8 if only the header tells its charset, else as it is.

    What reads as UTF-8 but for a few damaged characters is that, whatever the header says.
    """
    text = page.body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    if not damaged or damaged * 10 < sum(character > "\x7f" for character in text):
        return text.encode() if damaged else page.body
    if not _CHARSET.match(page.charset) or _DECLARES.search(page.body[:4096]):
        return page.body
    text, _ = decode(page.body, page.charset)
    return text.encode("utf-8", "replace")


def _document(extracted: Extracted, facts: PageFacts, given: Given) -> Document:
    text = normalise(extracted.text)
    said = heading.from_text(text)
    host = urlsplit(facts.address).hostname or ""
    release = said.release and host.endswith(".gov")
    created = extracted.metadata.get("created")
    made = date.fromisoformat(created) if isinstance(created, str) else None
    author = {"author": facts.author} if facts.author else {}
    return Document(
        id=f"page:{facts.address}",
        title=collapse(given.title) or plain(extracted.title) or said.title or facts.address,
        kind=given.kind or ("statement" if release else "article"),
        text=text,
        publisher=given.publisher or plain(extracted.publisher) or said.publisher or host,
        published=given.published or extracted.published or said.published or made,
        url=given.url or facts.address,
        metadata={**author, **extracted.metadata},
    )


def _found(wanted: _Wanted, web: Web, old: str) -> Found:
    """Ask for the page unless `old`, its last mark, still holds; `load` fails if asking did."""
    if old and old == wanted.mark:
        return Found(key=wanted.url, mark=old, load=lambda: _load(wanted, _get(wanted, web)))
    try:
        page = _ask(wanted, web, unless=old)
    except SourceError as error:
        return Found(key=wanted.url, mark="", load=partial(_fail, error))
    if page is None:
        return Found(key=wanted.url, mark=old, load=lambda: _load(wanted, _get(wanted, web)))
    mark = page.validator or wanted.mark or _digest(page.body)
    return Found(key=wanted.url, mark=mark, load=partial(_load, wanted, page))


def _ask(wanted: _Wanted, web: Web, *, unless: str = "") -> Page | None:
    return web.get(wanted.url, unless=unless, robots=True, named=wanted.named, max_bytes=PAGE_BYTES)


def _get(wanted: _Wanted, web: Web) -> Page:
    page = _ask(wanted, web)
    if page is None:
        raise Unreachable(f"{wanted.url}: the server sent no page; try again later")
    return page


def _load(wanted: _Wanted, page: Page) -> Sequence[Document]:
    document = load_page(page, wanted.given)
    return [replace(document, published=document.published or wanted.published)]


def _fail(error: SourceError) -> NoReturn:
    raise error


def _feed(chosen: _FeedOptions, web: Web, known: Mapping[str, str]) -> Iterator[Found]:
    old = known.get(chosen.url, "")
    page = web.get(chosen.url, unless=old, max_bytes=_FEED_BYTES)
    mark = old if page is None else page.validator or _digest(page.body)
    if page is not None and mark != old:
        given = Given(kind=chosen.kind, publisher=chosen.publisher)
        seen = {chosen.url, page.url}
        for entry in read_feed(page.body, page.url)[: chosen.limit]:
            key = without_tracking(entry.link) or entry.mark
            if key not in seen:
                seen.add(key)
                yield _entry_found(key, entry, chosen.url, given, web, known.get(key, ""))
    yield Found(key=chosen.url, mark=mark)


def _entry_found(key: str, entry: Entry, named: str, given: Given, web: Web, old: str) -> Found:
    if not entry.link:
        error = Refused(f"{named}: the entry {entry.title[:100]!r} links to no page; leave it out")
        return Found(key=key, mark="", load=partial(_fail, error))
    wanted = _Wanted(url=key, given=given, named=named, mark=entry.mark, published=entry.published)
    return _found(wanted, web, old)


def _digest(body: bytes) -> str:
    return f"body:{hashlib.sha256(body).hexdigest()[:32]}"


_Options = TypeVar("_Options", bound=BaseModel)


def _options(model: type[_Options], options: Mapping[str, Any]) -> _Options:
    try:
        return model.model_validate(dict(options))
    except ValidationError as error:
        wrong = "; ".join(map(_why, error.errors()))
        names = ", ".join(model.model_fields)
        raise BadMetadata(f"{wrong}; the options are {names}") from error


def _why(wrong: Mapping[str, Any]) -> str:
    name = ".".join(map(str, wrong["loc"]))
    return f"option {name!r} is {str(wrong['input'])[:60]!r}: {wrong['msg']}"
