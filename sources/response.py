"""What is made of one HTTP response: its body within limits, or how to go on. Asks for nothing."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO

import httpx

from sources.errors import Refused

_PASSING = frozenset({429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_PIECE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response that was read to its end: `body` if it has a page, `location` if it leads on."""

    status: int
    headers: httpx.Headers
    location: str
    charset: str
    body: bytes


class TryAgain(Exception):
    """What went wrong may pass; `wait_s` is how long the server asked to wait."""

    def __init__(self, what: str, wait_s: float = 0.0) -> None:
        super().__init__(what)
        self.wait_s = wait_s


def set_location_aside(response: httpx.Response) -> None:
    """Keep httpx from judging a redirect that it is not to follow; `read` finds it again."""
    response.extensions["location"] = response.headers.pop("Location", "")


def read(url: str, response: httpx.Response, max_bytes: int) -> Reply:
    """Return the reply with as much of a body as is of use. Raises TryAgain and Refused."""
    status = response.status_code
    if status in _PASSING:
        raise TryAgain(f"the server answered {status}", _asked_to_wait(response.headers))
    body = BytesIO()
    if status in (200, 203):
        size = response.headers.get("Content-Length", "")
        if size.isdecimal() and int(size) > max_bytes:
            raise _too_large(url, max_bytes)
        for piece in _unpacked(url, response):
            body.write(piece)
            if body.tell() > max_bytes:
                raise _too_large(url, max_bytes)
    return Reply(
        status=status,
        headers=response.headers,
        location=response.extensions["location"] if status in _MOVED else "",
        charset=response.charset_encoding or "",
        body=body.getvalue(),
    )


def _unpacked(url: str, response: httpx.Response) -> Iterator[bytes]:
    """Yield the body, unpacked, in pieces of limited length.

    Not left to httpx, which unpacks each piece whole: a few kilobytes can unpack to gigabytes.
    """
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        yield from response.iter_raw()
        return
    if encoding not in ("gzip", "x-gzip"):
        raise Refused(f"{url} comes packed as {encoding[:60]!r}, which was not asked for")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for piece in response.iter_raw():
        while piece:
            if unpack.eof:  # gzip allows several members in a row
                unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield unpack.decompress(piece, _PIECE)
            piece = unpack.unconsumed_tail or unpack.unused_data
    if not unpack.eof:
        raise TryAgain("the packed content was cut off")


def _too_large(url: str, max_bytes: int) -> Refused:
    return Refused(f"{url} has more than {max_bytes:,} bytes, the limit; save and split it by hand")


def _asked_to_wait(headers: httpx.Headers) -> float:
    """Return the seconds in Retry-After, which are a number or a date (RFC 9110, 10.2.3)."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):  # absent, no date, or one without a time zone
        return 0.0


def validator(headers: httpx.Headers) -> str:
    """Return what stands for this version of a page, on one line for each header that names it."""
    lines = [("etag", headers.get("ETag")), ("modified", headers.get("Last-Modified"))]
    return "\n".join(f"{name}:{value}" for name, value in lines if value and value.isprintable())


def conditions(mark: str) -> dict[str, str]:
    """Return the headers that ask for a page only if `mark`, a validator, no longer stands for it.

    A mark that is no validator asks for nothing.
    """
    names = {"etag": "If-None-Match", "modified": "If-Modified-Since"}
    lines = [line.partition(":") for line in mark.splitlines()]
    return {names[name]: value for name, _, value in lines if name in names and value.isascii()}
