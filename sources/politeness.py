"""When a host may be asked again, and what it lets robots read. Opens no connection itself."""

import threading
from collections.abc import Callable
from urllib.robotparser import RobotFileParser

from sources.addresses import origin
from sources.errors import Refused, SourceError, Unreachable

Fetch = Callable[[str], bytes]
"""Address → the file there, empty if there is none (4xx); raises SourceError."""

_MOST_SILENCES = 3


class Pace:
    """Gives each host's requests their turn, `pause_s` apart; for any number of threads."""

    def __init__(
        self, pause_s: float, *, sleep: Callable[[float], None], clock: Callable[[], float]
    ) -> None:
        self._pause = pause_s
        self._sleep = sleep
        self._clock = clock
        self._lock = threading.Lock()
        self._free: dict[str, float] = {}  # host → when its next turn begins

    def wait(self, host: str) -> None:
        """Return when it is the caller's turn to ask `host`."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._free.get(host, now))
            self._free[host] = turn + self._pause
        if turn > now:
            self._sleep(turn - now)

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask `host` for that long."""
        with self._lock:
            until = self._clock() + seconds
            self._free[host] = max(until, self._free.get(host, until))


class Silence:
    """Counts the requests in a row that a host left unanswered; for any number of threads.

    Each request that fails was tried several times, with pauses: for the hundreds of texts of a
    service that is down, that would take hours.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unanswered: dict[str, int] = {}  # host → requests since it last answered

    def check(self, url: str, host: str) -> None:
        """Return if `host` may still answer. Raises Unreachable."""
        with self._lock:
            unanswered = self._unanswered.get(host, 0)
        if unanswered >= _MOST_SILENCES:
            raise Unreachable(
                f"{url} was not asked for: {host} did not answer three times in a row;"
                " try again later"
            )

    def note(self, host: str, *, answered: bool) -> None:
        """Take note of how a request to `host` ended, after all its attempts."""
        with self._lock:
            self._unanswered[host] = 0 if answered else self._unanswered.get(host, 0) + 1


class Robots:
    """Obeys robots.txt, read once for each scheme, host and port (RFC 9309)."""

    def __init__(self, agent: str) -> None:
        self._agent = agent
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._rules: dict[str, RobotFileParser | SourceError] = {}

    def obey(self, url: str, fetch: Fetch) -> None:
        """Return if `url` may be read. Raises Refused, or what kept robots.txt from being read."""
        site = origin(url)
        with self._lock:
            lock = self._locks.setdefault(site, threading.Lock())
        with lock:  # one thread reads it, others for the same site wait
            if site not in self._rules:
                self._rules[site] = _rules(f"{site}/robots.txt", fetch)
            rules = self._rules[site]
        if isinstance(rules, SourceError):
            raise type(rules)(f"{url} was not asked for: {rules}") from rules
        if not rules.can_fetch(self._agent, url):
            raise Refused(
                f"{url}: {site}/robots.txt asks robots not to read it; save the page, add the file"
            )


def _rules(url: str, fetch: Fetch) -> RobotFileParser | SourceError:
    """Return the rules at `url`: a missing file allows all, one that cannot be read forbids all."""
    try:
        body = fetch(url)
    except SourceError as error:
        return type(error)(f"its robots.txt, which must be read first, cannot be: {error}")
    rules = RobotFileParser(url)
    rules.parse(body.decode("utf-8", "replace").splitlines())
    return rules
