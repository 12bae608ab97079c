"""Which addresses the web client reaches: redirects, private networks, proxies."""

import socket

import pytest
from loopback import Loopback, Reply, Request
from web_calls import ELSEWHERE, Answer, body, client, get

from sources.addresses import checked, is_public
from sources.errors import Refused, Unreachable
from sources.web import Web


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


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
