import gzip
import random
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from loopback import Loopback, Reply, Request
from web_calls import body, client, get, in_turn, raw_server

from sources.errors import Refused, SourceError, Unreachable
from sources.web import MAX_WAIT_S, Page, Web


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


# What comes back


def test_a_page_says_where_it_came_from_and_what_it_is() -> None:
    reply = Reply(
        body=b"words", headers={"Content-Type": "Text/HTML; charset=koi8-r", "ETag": '"v1"'}
    )
    with Loopback(lambda _: reply) as server:
        page = get(f"{server.url}/a?b=c#part")
        assert page == Page(
            url=f"{server.url}/a?b=c",
            body=b"words",
            content_type="text/html",
            charset="koi8-r",
            validator='etag:"v1"',
        )


def test_the_user_agent_names_the_product_and_whom_to_ask() -> None:
    with Loopback(lambda _: Reply()) as server:
        with client(contact="ops@example.org\r\nX-Injected: 1") as web:
            web.get(server.url)
        get(server.url)
        named, plain = (request.headers["user-agent"] for request in server.requests)
        assert named.startswith("export-policy-assistant/")
        assert named.endswith("(+ops@example.orgX-Injected: 1)")
        assert "x-injected" not in server.requests[0].headers
        assert "(" not in plain


def test_an_unchanged_page_is_not_sent_again() -> None:
    day = "Tue, 16 Jun 2020 10:00:00 GMT"

    def answer(request: Request) -> Reply:
        same = request.headers.get("if-none-match") == '"v1"'
        return Reply(status=304 if same else 200, headers={"ETag": '"v1"', "Last-Modified": day})

    with Loopback(answer) as server:
        first = get(server.url)
        assert first is not None
        assert get(server.url, unless=first.validator) is None
        assert server.requests[-1].headers["if-modified-since"] == day
        assert get(server.url, unless="entry:0123") is not None  # a mark of another make
        assert "if-none-match" not in server.requests[-1].headers


def test_packed_bodies_are_unpacked() -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two " * 500_000)
    with Loopback(lambda _: Reply(body=packed, headers={"Content-Encoding": "gzip"})) as server:
        assert body(server.url) == b"one " + b"two " * 500_000
        assert server.requests[0].headers["accept-encoding"] == "gzip"


# Limits


def test_a_large_body_is_refused_before_it_is_read() -> None:
    """Its length is enough: it is never sent here."""

    def pieces() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n"
        time.sleep(1)

    with raw_server(pieces) as url, pytest.raises(Refused, match="more than 1,000,000 bytes"):
        get(url, max_bytes=1_000_000)


def test_a_large_body_of_unknown_length_is_refused_on_the_way() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        for _ in range(50):
            yield bytes(1_000_000)

    with raw_server(pieces) as url:
        with pytest.raises(Refused, match="more than 1,000,000 bytes"):
            get(url, max_bytes=1_000_000)
        assert len(body(url)) == 50_000_000  # the client's own limit is higher


def test_a_gzip_bomb_is_never_held_in_memory() -> None:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join(squeeze.compress(bytes(1_000_000)) for _ in range(300)) + squeeze.flush()
    assert len(bomb) < 400_000
    with (
        Loopback(lambda _: Reply(body=bomb, headers={"Content-Encoding": "gzip"})) as server,
        client() as web,
    ):
        tracemalloc.start()
        try:
            with pytest.raises(Refused, match="more than 3,000,000 bytes"):
                web.get(server.url, max_bytes=3_000_000)
            assert tracemalloc.get_traced_memory()[1] < 12_000_000
        finally:
            tracemalloc.stop()


def test_a_packing_that_was_not_asked_for_is_refused() -> None:
    with (
        Loopback(lambda _: Reply(body=b"?", headers={"Content-Encoding": "br"})) as server,
        pytest.raises(Refused, match="packed as 'br'"),
    ):
        get(server.url)


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", b""]
)
def test_what_drips_is_cut_off_at_the_total_limit(start: bytes) -> None:
    """Body without and with a length, and a head that never ends: each piece comes in time."""

    def pieces() -> Iterator[bytes]:
        yield start or b"HTTP/1.1 200 OK\r\nX-Long: "
        for _ in range(100):
            time.sleep(0.05)
            yield b"."

    with raw_server(pieces) as url, client(total_s=0.4, read_s=3) as web:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="did not arrive in full within 0.4 seconds"):
            web.get(url)
        assert time.monotonic() - began < 2


# Trying again


def test_a_body_cut_off_is_asked_for_again() -> None:
    whole = Reply(body=b"all of it")
    with Loopback(in_turn(Reply(body=b"all of it", cut=4), whole)) as server:
        assert body(server.url) == b"all of it"
        assert len(server.requests) == 2
    with Loopback(lambda _: Reply(body=b"all of it", cut=4)) as server:
        with pytest.raises(Unreachable, match="4 times in a row"):
            get(server.url)
        assert len(server.requests) == 4


def test_a_packed_body_cut_off_without_a_length_is_not_taken_for_whole() -> None:
    packed = gzip.compress(random.Random(1).randbytes(5000))

    def pieces() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + packed[:-9]

    with raw_server(pieces) as url, pytest.raises(Unreachable, match="cut off"):
        get(url)


def test_too_many_requests_without_advice_are_followed_by_a_longer_pause_each_time() -> None:
    waits: list[float] = []
    answer = in_turn(*[Reply(status=429)] * 3, Reply(body=b"ok"))
    with Loopback(answer) as server, client(waits) as web:
        page = web.get(server.url)
        assert page is not None
        assert page.body == b"ok"
    first, second, third = waits
    assert 0.4 < first <= 1 < second * 1.1 <= 2.2 < third * 1.2 <= 4.8


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_the_server_may_say_how_long_to_wait(form: str) -> None:
    waits: list[float] = []
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=31), usegmt=True)
    advice = {"Retry-After": "30" if form == "seconds" else later}
    with (
        Loopback(in_turn(Reply(status=429, headers=advice), Reply())) as server,
        client(waits) as web,
    ):
        web.get(server.url)
    assert 28 < waits[0] <= 31


def test_no_server_may_make_us_wait_for_ever() -> None:
    waits: list[float] = []
    advice = {"Retry-After": "9" * 400}
    with (
        Loopback(in_turn(Reply(status=503, headers=advice), Reply())) as server,
        client(waits) as web,
    ):
        web.get(server.url)
    assert waits[0] <= MAX_WAIT_S


def test_a_gateway_that_times_out_twice_is_asked_a_third_time() -> None:
    busy = Reply(status=504)
    with Loopback(in_turn(busy, busy, Reply(body=b"ok"))) as server:
        assert body(server.url) == b"ok"
        assert len(server.requests) == 3


def test_what_stays_broken_is_reported_as_such() -> None:
    with Loopback(lambda _: Reply(status=503)) as server:
        with pytest.raises(Unreachable, match=r"answered 503, 4 times in a row; try again later"):
            get(server.url)
        assert len(server.requests) == 4
    with pytest.raises(Unreachable, match="4 times"):  # nobody listens there any more
        get(server.url)


def test_a_host_that_stays_silent_is_given_up_at_once() -> None:
    waits: list[float] = []
    with Loopback(lambda _: Reply(status=503)) as server, client(waits) as web:
        for n in range(3):
            with pytest.raises(Unreachable, match="4 times in a row"):
                web.get(f"{server.url}/{n}")
        asked, slept = len(server.requests), len(waits)
        assert asked == 12
        told = r"/more was not asked for: 127\.0\.0\.1 did not answer three times in a row; try"
        for _ in range(2):
            with pytest.raises(Unreachable, match=told):
                web.get(f"{server.url}/more")
        assert (len(server.requests), len(waits)) == (asked, slept)
        elsewhere = server.url.replace("127.0.0.1", "localhost")  # another host is still asked
        with pytest.raises(Unreachable, match="4 times in a row"):
            web.get(elsewhere, named=elsewhere)
        with pytest.raises(Unreachable, match="4 times in a row"):
            get(server.url)  # and so is this one by the next client


@pytest.mark.parametrize("good", [Reply(), Reply(status=404), Reply(body=b"more than 9 bytes")])
def test_a_host_that_answers_in_between_is_not_given_up(good: Reply) -> None:
    with (
        Loopback(lambda request: good if request.path == "/good" else Reply(status=504)) as server,
        client(attempts=2, max_bytes=9) as web,
    ):
        for path in ("/a", "/b", "/good", "/c", "/d"):
            with suppress(SourceError):
                web.get(server.url + path)
        with pytest.raises(Unreachable, match="answered 504"):
            web.get(f"{server.url}/e")
        with pytest.raises(Unreachable, match="three times in a row"):
            web.get(f"{server.url}/good")


def test_threads_count_the_silence_of_a_host_together() -> None:
    def ask(web: Web, url: str) -> None:
        with suppress(Unreachable):
            web.get(url)

    with Loopback(lambda _: Reply(status=503)) as server, client(attempts=1) as web:
        threads = [threading.Thread(target=ask, args=(web, server.url)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with pytest.raises(Unreachable, match="three times in a row"):
            web.get(server.url)
        assert len(server.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 204, 501])
def test_what_trying_again_does_not_help_is_refused_at_once(status: int) -> None:
    with Loopback(lambda _: Reply(status=status)) as server:
        with pytest.raises(Refused, match=str(status)):
            get(server.url)
        assert len(server.requests) == 1
