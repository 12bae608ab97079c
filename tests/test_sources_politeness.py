"""How politely the web client asks: robots, and the pause between requests."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import Loopback, Reply, Request
from web_calls import body, client, get, raw_server

from sources.errors import Refused, SourceError, Unreachable
from sources.politeness import Pace
from sources.web import Web


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


# Politeness


class Site:
    """A server whose robots.txt is what it is told."""

    def __init__(self, rules: bytes, status: int = 200) -> None:
        self.rules = Reply(body=rules, status=status)

    def __call__(self, request: Request) -> Reply:
        if request.path == "/moved":
            return Reply(status=302, headers={"Location": "/private/a"})
        return self.rules if request.path == "/robots.txt" else Reply(body=b"page")


def test_robots_are_respected_where_asked_for_and_read_once() -> None:
    site = Site(b"User-agent: *\nDisallow: /private\n")
    with Loopback(site) as server, client() as web:
        assert web.get(f"{server.url}/open/a", robots=True) is not None
        for path in ("/private/a", "/moved"):
            with pytest.raises(Refused, match=r"robots\.txt asks robots not to read it"):
                web.get(f"{server.url}{path}", robots=True)
        assert web.get(f"{server.url}/private/a") is not None
        assert server.paths() == ["/robots.txt", "/open/a", "/moved", "/private/a"]


def test_rules_for_this_product_count_before_those_for_all() -> None:
    site = Site(b"User-agent: export-policy-assistant\nDisallow: /\n\nUser-agent: *\nDisallow:\n")
    with Loopback(site) as server, pytest.raises(Refused, match="robots"):
        get(f"{server.url}/a", robots=True)


def test_without_robots_everything_may_be_read_and_with_broken_ones_nothing() -> None:
    with Loopback(Site(b"Disallow: /", status=404)) as server:
        assert body(f"{server.url}/a", robots=True) == b"page"
    with Loopback(Site(b"", status=503)) as server, client() as web:
        for _ in range(2):
            with pytest.raises(Unreachable, match=r"robots\.txt, which must be read first"):
                web.get(f"{server.url}/a", robots=True)
        assert server.paths() == ["/robots.txt"] * 4  # the attempts of one reading


def test_threads_share_one_reading_of_robots_and_one_pace() -> None:
    with Loopback(Site(b"User-agent: *\nDisallow: /private")) as server:
        with client(pause_s=0.05, sleep=time.sleep) as web:
            began = time.monotonic()
            threads = [
                threading.Thread(
                    target=web.get, args=(f"{server.url}/{n}",), kwargs={"robots": True}
                )
                for n in range(8)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert time.monotonic() - began > 8 * 0.05
        assert sorted(server.paths()) == sorted(["/robots.txt", *(f"/{n}" for n in range(8))])


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


def test_requests_to_one_host_keep_their_distance() -> None:
    clock = Clock()
    with Loopback(lambda _: Reply()) as server, Web(sleep=clock.sleep, clock=clock) as web:
        web.get(server.url)
        web.get(server.url)
        clock.now += 0.2
        web.get(server.url)
        clock.now += 5  # an idle time is not saved up
        web.get(server.url)
        web.get(server.url)
    assert clock.slept == [0.5, 0.3, 0.5]


def test_each_host_has_its_own_pace_and_a_hold_counts_for_all() -> None:
    clock = Clock()
    pace = Pace(0.5, sleep=clock.sleep, clock=clock)
    pace.wait("one.example.gov")
    pace.wait("two.example.gov")
    assert clock.slept == []
    pace.hold("one.example.gov", 30)
    pace.wait("two.example.gov")
    pace.wait("one.example.gov")
    assert clock.slept == [0.5, 29.5]


def test_only_errors_of_this_package_come_out() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"SSH-2.0-OpenSSH_9.6\r\n"

    with raw_server(pieces) as url, pytest.raises(SourceError):
        get(url)


def test_the_network_is_read_in_one_place() -> None:
    for path in (Path(__file__).parents[1] / "sources").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "httpx.get" not in text, path.name
        assert "httpx.Client(" not in text or path.name == "web.py", path.name
