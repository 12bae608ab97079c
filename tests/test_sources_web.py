import gzip
import random
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from loopback import Loopback, Reply, Request

from sources.addresses import checked, is_public
from sources.errors import Refused, SourceError, Unreachable
from sources.politeness import Pace
from sources.web import MAX_WAIT_S, Page, Web

Answer = Callable[[Request], Reply]
ELSEWHERE = "https://feeds.example.com/"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def client(waits: list[float] | None = None, **options: object) -> Web:
    slept = [] if waits is None else waits
    return Web(**{"pause_s": 0.0, "sleep": slept.append, **options})  # type: ignore[arg-type]


def get(url: str, **options: object) -> Page | None:
    with client() as web:
        return web.get(url, **options)  # type: ignore[arg-type]


def body(url: str, **options: object) -> bytes:
    page = get(url, **options)
    assert page is not None
    return page.body


@contextmanager
def raw_server(pieces: Callable[[], Iterator[bytes]]) -> Iterator[str]:
    """Sends `pieces` to whoever connects and hangs up: what no HTTP library would send."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.recv(65536)
                    for piece in pieces():
                        connection.sendall(piece)
                except OSError:
                    pass

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def in_turn(*replies: Reply) -> Answer:
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


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


# Redirects and private networks


def leads_to(target: str) -> Answer:
    def answer(request: Request) -> Reply:
        if request.path == "/end":
            return Reply(body=b"here")
        return Reply(status=302, headers={"Location": target})

    return answer


def test_redirects_are_followed_on_the_host_that_was_named() -> None:
    with Loopback(leads_to("/end#x")) as server:
        page = get(f"{server.url}/start")
        assert page is not None
        assert (page.url, page.body) == (f"{server.url}/end", b"here")


def test_a_chain_of_redirects_ends() -> None:
    def answer(request: Request) -> Reply:
        left = int(request.path[1:])
        return Reply(status=301 if left else 200, headers={"Location": f"/{left - 1}"})

    with Loopback(answer) as server:
        assert get(f"{server.url}/5") is not None
        with pytest.raises(Refused, match="more than 5 times"):
            get(f"{server.url}/6")
        with pytest.raises(Refused, match="more than 5 times"):
            get(f"{server.url}/1000000")


def test_a_redirect_in_a_circle_is_seen() -> None:
    def answer(request: Request) -> Reply:
        return Reply(status=307, headers={"Location": {"/a": "/b", "/b": "/a"}[request.path]})

    with Loopback(answer) as server:
        with pytest.raises(Refused, match="circle"):
            get(f"{server.url}/a")
        assert server.paths() == ["/a", "/b"]


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/hostname",
        "ftp://example.com/",
        "javascript:alert(1)",
        "//u:p@example.com/",
        "//[",
        "http://h:x/",
    ],
)
def test_redirects_lead_only_to_web_addresses(target: str) -> None:
    with (
        Loopback(leads_to(target)) as server,
        pytest.raises(Refused, match="leads to an address that is not followed"),
    ):
        get(server.url)


@pytest.mark.parametrize(
    "host",
    ["10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "[fe80::1]", "[::ffff:127.0.0.1]"]
    + ["0.0.0.0", "100.64.0.1", "224.0.0.1", "localhost", "a.localhost", "localhost."],
)
def test_redirects_to_private_addresses_are_refused(host: str) -> None:
    with (
        Loopback(leads_to(f"http://{host}:9/end")) as server,
        pytest.raises(Refused, match="private network"),
    ):
        get(server.url)


@pytest.fixture
def inside_name(monkeypatch: pytest.MonkeyPatch) -> str:
    """A name that says nothing of the private address that it stands for."""
    resolve = socket.getaddrinfo

    def getaddrinfo(name: str, *rest: object, **options: object) -> object:
        name = "127.0.0.1" if name == "inside.example.com" else name
        return resolve(name, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return "inside.example.com"


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "inside.example.com"])
def test_nothing_is_sent_to_a_private_address_however_it_is_written(
    host: str, inside_name: str
) -> None:
    with Loopback(lambda _: Reply(body=b"secret")) as inside:
        port = inside.url.rpartition(":")[2]
        with (
            Loopback(leads_to(f"http://{host}:{port}/end")) as server,
            pytest.raises(Refused, match=r"private network \(127\.0\.0\.1\)"),
        ):
            get(server.url)
        assert inside.requests == []


def test_a_link_found_in_a_page_reaches_a_private_host_only_if_that_was_named() -> None:
    with Loopback(lambda _: Reply(body=b"ok")) as server:
        with pytest.raises(Refused, match="nobody asked for that host"):
            get(f"{server.url}/item", named=ELSEWHERE)
        assert server.requests == []
        assert body(f"{server.url}/item", named=f"{server.url}/feed.xml") == b"ok"


def test_a_connection_that_was_allowed_is_not_lent_to_a_link_that_is_not(inside_name: str) -> None:
    with Loopback(lambda _: Reply(body=b"ok")) as server, client() as web:
        url = server.url.replace("127.0.0.1", inside_name)
        assert web.get(url) is not None
        with pytest.raises(Refused, match="private network"):
            web.get(url, named=ELSEWHERE)
        assert len(server.requests) == 1


def test_through_a_proxy_the_proxy_decides_what_it_reaches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Loopback(lambda request: Reply(body=request.url.encode())) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        assert body("http://outside.example.com/a", named=ELSEWHERE).endswith(b"/a")
        with pytest.raises(Refused, match="private network"):
            get("http://10.0.0.1/", named=ELSEWHERE)
        assert len(proxy.requests) == 1


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.8.8.8", False),
        ("172.16.0.1", False),
        ("255.255.255.255", False),
        ("192.0.2.1", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),  # 6to4 of 127.0.0.1
        ("64:ff9b::a00:1", False),  # NAT64 of 10.0.0.1
        ("64:ff9b::808:808", True),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "file:///etc/hostname",
        "http://",
        "http:///x",
        "http://a b/",
        "http://h:x/",
    ]
    + [
        "http://h:99999/",
        "http://" + "a" * 64 + ".com/",
        "http://a..b/",
        "http://h/\na",
        "http://[/",
    ]
    + ["http://\ud83d.com/", "http://h/\ud83d"],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        checked(url)


def test_a_password_in_an_address_is_neither_sent_nor_shown() -> None:
    with pytest.raises(Refused, match="user name or password") as caught:
        get("https://someone:hunter2@example.com/")
    assert "hunter2" not in str(caught.value)


def test_a_proxy_that_cannot_be_used_is_named_as_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy.example.com")
    with pytest.raises(Unreachable, match="HTTPS_PROXY"):
        Web()


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
