"""The only module that reads the network: polite, bounded GET requests. Knows no site, no format.

Every response is read piece by piece against a limit on its unpacked size and on its time; what may
pass is tried again, what will not is refused, a host that stays silent is given up. Proxies are
taken from the environment (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY); see `sources.addresses`
for what that means for private networks.
"""

import random
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urljoin

import httpx

from sources.addresses import Guard, checked, same_place
from sources.errors import Refused, Unreachable
from sources.politeness import Pace, Robots, Silence
from sources.response import Reply, TryAgain, conditions, read, set_location_aside, validator

PRODUCT = "export-policy-assistant"
MAX_BYTES = 100_000_000
MAX_REDIRECTS = 5
MAX_WAIT_S = 60.0  # a server that wants a longer pause is asked again another day
_ROBOTS_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One response: the address it came from in the end, its bytes, and what was said of them.

    `content_type` is in lower case and without parameters; `charset` is the header's, if known to
    Python. `validator` is what to send as `unless` next time ("" when the server gives none).
    """

    url: str
    body: bytes
    content_type: str = ""
    charset: str = ""
    validator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What holds for one `get`, from its first address to that of the last redirect."""

    named: str
    headers: Mapping[str, str]
    max_bytes: int
    robots: bool


class Web:
    """A client for one run, for any number of threads; close it, or use it in a `with`.

    `contact` (an e-mail or web address) tells operators whom to ask. `connect_s` and `read_s` limit
    each wait, `total_s` one whole response. `pause_s` lies between two requests to one host.
    `attempts` counts the first one too; a host that left three requests in a row unanswered, in all
    their attempts, is not asked again. `sleep` and `clock` (in seconds) are for tests.
    """

    def __init__(
        self,
        *,
        contact: str = "",
        max_bytes: int = MAX_BYTES,
        connect_s: float = 10.0,
        read_s: float = 60.0,
        total_s: float = 300.0,
        pause_s: float = 0.5,
        attempts: int = 4,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_bytes = max_bytes
        self._total_s = total_s
        self._attempts = attempts
        self._pace = Pace(pause_s, sleep=sleep, clock=clock)
        self._silence = Silence()
        self._robots = Robots(PRODUCT)
        try:
            self._client = httpx.Client(
                headers={
                    "User-Agent": _agent(contact),
                    "Accept": "*/*",
                    "Accept-Encoding": "gzip",  # the one that is unpacked here, within the limit
                    "Connection": "close",
                },
                timeout=httpx.Timeout(read_s, connect=connect_s),
                # a Guard must see every connection, and can cut off only one of its own
                limits=httpx.Limits(max_keepalive_connections=0),
                follow_redirects=False,
                event_hooks={"response": [set_location_aside]},
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise Unreachable(
                f"the proxy that the environment names cannot be used: {error};"
                " check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY"
            ) from error

    def __enter__(self) -> "Web":
        """Return this client, which is closed at the end of the `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the client."""
        self.close()

    def close(self) -> None:
        """Close what is open; the client cannot be used again."""
        self._client.close()

    def get(
        self,
        url: str,
        *,
        unless: str = "",
        robots: bool = False,
        named: str = "",
        max_bytes: int | None = None,
    ) -> Page | None:
        """Return the page at `url`, or None when it is still the one that `unless` stands for.

        `unless` is the `validator` of an earlier page; a mark of another make is not sent. With
        `robots`, robots.txt is respected. An address that no person wrote (a link found in a page)
        needs `named`, the one that a person did: a private network may be reached only on its
        host and port (without it, on those of `url`). `max_bytes` (unpacked) replaces the limit.
        Raises Unreachable when trying again later may help, Refused when not.
        """
        url = checked(url)
        if_changed = conditions(unless)
        rules = _Rules(
            named=checked(named) if named else url,
            headers=if_changed,
            max_bytes=self._max_bytes if max_bytes is None else max_bytes,
            robots=robots,
        )
        final, reply = self._follow(url, rules)
        if reply.status == 304 and if_changed:
            return None
        if reply.status not in (200, 203):
            raise _refusal(final, reply.status)
        return Page(
            url=final,
            body=reply.body,
            content_type=reply.headers.get("Content-Type", "").split(";")[0].strip().lower(),
            charset=reply.charset,
            validator=validator(reply.headers),
        )

    def _follow(self, url: str, rules: _Rules) -> tuple[str, Reply]:
        """Return the reply to `url` after all redirects, and the address that gave it."""
        seen: list[str] = []
        while True:
            if rules.robots:
                self._robots.obey(url, lambda file: self._robots_file(file, rules))
            reply = self._persist(url, rules)
            if not reply.location:
                return url, reply
            seen.append(url)
            try:
                url = checked(urljoin(url, reply.location))
            except (Refused, ValueError) as error:
                raise Refused(f"{url} leads to an address that is not followed: {error}") from error
            if url in seen:
                raise Refused(f"{seen[0]} leads in a circle back to {url}; try it in a browser")
            if len(seen) > MAX_REDIRECTS:
                raise Refused(
                    f"{seen[0]} leads on more than {MAX_REDIRECTS} times, last to {url};"
                    " find its final address in a browser and add that"
                )

    def _robots_file(self, url: str, rules: _Rules) -> bytes:
        _, reply = self._follow(
            url, _Rules(named=rules.named, headers={}, max_bytes=_ROBOTS_BYTES, robots=False)
        )
        return reply.body

    def _persist(self, url: str, rules: _Rules) -> Reply:
        host = httpx.URL(url).host
        self._silence.check(url, host)
        answered = True  # also with what is refused
        try:
            return self._try(url, host, rules)
        except Unreachable:
            answered = False
            raise
        finally:
            self._silence.note(host, answered=answered)

    def _try(self, url: str, host: str, rules: _Rules) -> Reply:
        problem = ""
        for attempt in range(self._attempts):
            self._pace.wait(host)
            try:
                return self._ask(url, rules)
            except TryAgain as error:
                problem = str(error)
                backoff = random.uniform(0.5, 1.0) * 2**attempt
                self._pace.hold(host, min(max(error.wait_s, backoff), MAX_WAIT_S))
        raise Unreachable(f"{url}: {problem}, {self._attempts} times in a row; try again later")

    def _ask(self, url: str, rules: _Rules) -> Reply:
        guard = Guard(url, public_only=not same_place(url, rules.named))
        limit = threading.Timer(self._total_s, guard.cut)
        limit.daemon = True
        limit.start()
        try:
            with self._client.stream(
                "GET", url, headers=rules.headers, extensions={"trace": guard}
            ) as response:
                reply = read(url, response, rules.max_bytes)
        except (httpx.TransportError, zlib.error, TryAgain) as error:
            if not guard.was_cut:
                raise TryAgain(_reason(error), getattr(error, "wait_s", 0.0)) from error
        else:
            if not guard.was_cut:  # a body without a stated length ends where it was cut
                return reply
        finally:
            limit.cancel()
        raise Unreachable(
            f"{url} did not arrive in full within {self._total_s:g} seconds; try again later"
        )


def _refusal(url: str, status: int) -> Refused:
    advice = {
        401: "it wants a log-in; save the page in a browser and add the file",
        403: "it is forbidden to programs; save the page in a browser and add the file",
        404: "there is no such page; check the address",
        410: "the page is gone; check the address",
    }.get(status, "see it in a browser")
    return Refused(f"{url}: the server answered {status}; {advice}")


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "the server did not answer in time"
    if isinstance(error, zlib.error):
        return f"the packed content is damaged ({error})"
    return str(error) or type(error).__name__


def _agent(contact: str) -> str:
    try:
        release = version(PRODUCT)
    except PackageNotFoundError:  # run from a checkout that is not installed
        release = "0"
    whom = "".join(letter for letter in contact if letter.isascii() and letter.isprintable())
    return f"{PRODUCT}/{release}" + (f" (+{whom})" if whom else "")
