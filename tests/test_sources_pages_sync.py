"""Pages and feeds as subscriptions: what is offered, what is sent again, what is refused."""

import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from loopback import Loopback, Reply, Request
from page_makers import html

from sources import pages
from sources.errors import BadMetadata, ParseProblem, Refused, SourceError, Unreachable
from sources.loaders import Found
from sources.pages import fetch_page
from sources.records import Given
from sources.types import Document
from sources.web import Web


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def web() -> Iterator[Web]:
    with Web(pause_s=0, attempts=1) as client:
        yield client


# Over the network


def test_add_reads_a_page_and_respects_robots(web: Web) -> None:
    def answer(request: Request) -> Reply:
        if request.path == "/robots.txt":
            return Reply(body=b"User-agent: *\nDisallow: /private")
        return Reply(body=html(), headers={"Content-Type": "text/html"})

    with Loopback(answer) as server:
        document = fetch_page(f"{server.url}/a?fbclid=1", web, Given(kind="notice"))
        assert (document.id, document.kind) == (f"page:{server.url}/a", "notice")
        with pytest.raises(Refused, match="robots"):
            fetch_page(f"{server.url}/private", web)


def test_a_page_of_50_megabytes_is_refused(web: Web) -> None:
    with (
        Loopback(lambda _: Reply(body=bytes(50_000_000))) as server,
        pytest.raises(Refused, match="more than"),
    ):
        fetch_page(f"{server.url}/a", web)


class Site:
    """A site with a feed and pages that notes which bodies it sends; `etags` have validators."""

    def __init__(self, *, etags: tuple[str, ...] = ("/feed", "/a", "/b")) -> None:
        self.etags = etags
        self.pages = {path: html(title=f"Story {path}") for path in ("/a", "/b", "/c")}
        self.items = [("/a", "Tue, 05 Mar 2024 21:00:00 -0500"), ("/b", "")]
        self.sent: list[str] = []
        self.broken: dict[str, Reply] = {}

    def feed(self) -> bytes:
        items = "".join(
            f"<item><title>Story {path}</title><link>{path}?utm_source=rss</link>"
            + (f"<pubDate>{day}</pubDate>" if day else "")
            + "</item>"
            for path, day in self.items
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()

    def __call__(self, request: Request) -> Reply:
        if request.path == "/robots.txt":
            return Reply(status=404)
        if request.path in self.broken:
            return self.broken[request.path]
        body = self.feed() if request.path == "/feed" else self.pages[request.path]
        etag = f'"{hash(body)}"' if request.path in self.etags else ""
        if etag and request.headers.get("if-none-match") == etag:
            return Reply(status=304)
        self.sent.append(request.path)
        kind = "application/rss+xml" if request.path == "/feed" else "text/html"
        return Reply(body=body, headers={"Content-Type": kind} | ({"ETag": etag} if etag else {}))


def sync(
    found: Iterator[Found], known: Mapping[str, str]
) -> tuple[dict[str, str], list[Document], list[SourceError]]:
    """Do what a syncing program does: return the marks to keep, what was loaded and what failed."""
    marks, documents, problems = dict(known), list[Document](), list[SourceError]()
    for each in found:
        if each.load is not None and each.mark and known.get(each.key) == each.mark:
            continue
        try:
            documents += each.load() if each.load is not None else []
        except SourceError as error:
            problems.append(error)
            continue
        if each.load is not None or not problems:
            marks[each.key] = each.mark
    return marks, documents, problems


def titles(documents: Sequence[Document]) -> list[str]:
    return [document.title for document in documents]


def test_pages_are_offered_and_sent_again_only_when_they_changed(web: Web) -> None:
    site = Site(etags=("/a",))
    with Loopback(site) as server:
        options = {"urls": [f"{server.url}/a", f"{server.url}/b"], "publisher": "Example"}
        marks, documents, _ = sync(pages.page(options, web, {}), {})
        assert titles(documents) == ["Story /a", "Story /b"]
        assert {document.publisher for document in documents} == {"Example"}
        site.sent.clear()
        again, documents, _ = sync(pages.page(options, web, marks), marks)
        assert (again, documents) == (marks, [])
        assert site.sent == ["/b"]  # it has no validator, so it has to come to be compared
        site.pages["/b"] = html(title="Story /b, corrected")
        _, documents, _ = sync(pages.page(options, web, marks), marks)
        assert titles(documents) == ["Story /b, corrected"]


def test_a_page_that_fails_does_not_stop_the_others(web: Web) -> None:
    site = Site()
    site.broken["/a"] = Reply(status=403)
    with Loopback(site) as server:
        urls = [f"{server.url}/a", "not an address", f"{server.url}/b"]
        marks, documents, problems = sync(pages.page({"urls": urls}, web, {}), {})
        assert titles(documents) == ["Story /b"]
        assert [type(problem) for problem in problems] == [Refused, Refused]
        assert list(marks) == [f"{server.url}/b"]


def test_an_unchanged_page_can_still_be_loaded(web: Web) -> None:
    with Loopback(Site()) as server:
        options = {"urls": [f"{server.url}/a"]}
        marks, _, _ = sync(pages.page(options, web, {}), {})
        (found,) = pages.page(options, web, marks)
        assert found.load is not None
        assert titles(found.load()) == ["Story /a"]


def test_a_feed_offers_its_pages_and_itself_last(web: Web) -> None:
    with Loopback(Site()) as server:
        options = {"url": f"{server.url}/feed", "kind": "notice"}
        found = list(pages.feed(options, web, {}))
        assert [each.key for each in found] == [f"{server.url}{p}" for p in ("/a", "/b", "/feed")]
        assert found[-1].load is None
        assert found[-1].mark
        _, documents, _ = sync(iter(found), {})
        assert [document.published for document in documents] == [date(2024, 3, 5), None]
        assert {document.kind for document in documents} == {"notice"}


@pytest.mark.parametrize("etags", [("/feed", "/a", "/b", "/c"), (), ("/feed",), ("/a",)])
def test_a_second_run_with_nothing_new_fetches_no_pages(web: Web, etags: tuple[str, ...]) -> None:
    site = Site(etags=etags)
    with Loopback(site) as server:
        options = {"url": f"{server.url}/feed"}
        marks, documents, _ = sync(pages.feed(options, web, {}), {})
        assert len(documents) == 2
        site.sent.clear()
        before = len(server.requests)
        again, documents, _ = sync(pages.feed(options, web, marks), marks)
        assert (again, documents) == (marks, [])
        assert server.paths()[before:] == ["/feed"]
        assert site.sent == ([] if "/feed" in etags else ["/feed"])

        site.items.insert(0, ("/c", ""))  # one new page: only that is sent
        site.sent.clear()
        marks, documents, _ = sync(pages.feed(options, web, marks), marks)
        assert titles(documents) == ["Story /c"]
        assert site.sent == ["/feed", "/c"]


def test_a_changed_page_of_a_changed_feed_is_seen(web: Web) -> None:
    site = Site(etags=("/a",))
    with Loopback(site) as server:
        options = {"url": f"{server.url}/feed"}
        marks, _, _ = sync(pages.feed(options, web, {}), {})
        site.pages |= {path: html(title=f"New {path}") for path in ("/a", "/b")}
        site.items = [("/a", ""), ("/b", "Wed, 06 Mar 2024 09:00:00 -0500")]
        _, documents, _ = sync(pages.feed(options, web, marks), marks)
        assert titles(documents) == ["New /a", "New /b"]


def test_a_refused_item_stops_no_other_and_is_tried_again(web: Web) -> None:
    site = Site()
    site.broken["/a"] = Reply(status=503)
    with Loopback(site) as server:
        options = {"url": f"{server.url}/feed"}
        marks, documents, problems = sync(pages.feed(options, web, {}), {})
        assert titles(documents) == ["Story /b"]
        assert [type(problem) for problem in problems] == [Unreachable]
        assert list(marks) == [f"{server.url}/b"]
        site.broken.clear()
        marks, documents, problems = sync(pages.feed(options, web, marks), marks)
        assert (titles(documents), problems) == (["Story /a"], [])
        assert f"{server.url}/feed" in marks


def test_the_limit_takes_the_first_entries(web: Web) -> None:
    with Loopback(Site()) as server:
        found = list(pages.feed({"url": f"{server.url}/feed", "limit": 1}, web, {}))
        assert [each.key for each in found] == [f"{server.url}/a", f"{server.url}/feed"]


def feed_of(items: str, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    )


def offered(body: bytes, web: Web) -> list[Found]:
    """Return what the feed in `body` offers; pages are nowhere, so each fails when loaded."""

    def answer(request: Request) -> Reply:
        return Reply(body=body) if request.path == "/feed" else Reply(status=404)

    with Loopback(answer) as server:
        return list(pages.feed({"url": f"{server.url}/feed"}, web, {}))[:-1]


def test_an_entry_without_a_page_is_reported(web: Web) -> None:
    items = (
        "<item><title>No link</title></item>"
        "<item><title>Script</title><link>javascript:alert(1)</link></item>"
        "<item><title>File</title><link>file:///etc/hostname</link></item>"
    )
    found = offered(feed_of(items * 2), web)
    assert len(found) == 3
    for each, title in zip(found, ["No link", "Script", "File"], strict=True):
        assert each.load is not None
        with pytest.raises(Refused, match=f"{title}' links to no page"):
            each.load()


def test_an_entry_cannot_reach_a_private_network(web: Web) -> None:
    with Loopback(lambda _: Reply(body=html())) as inside:
        (found,) = offered(feed_of(f"<item><link>{inside.url}/admin</link></item>"), web)
        assert found.load is not None
        with pytest.raises(Refused, match="private network"):
            found.load()
        assert inside.requests == []


def test_atom_is_read_with_the_day_as_written(web: Web) -> None:
    def answer(request: Request) -> Reply:
        atom = (
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><link href="/a"/>'
            "<updated>2024-03-05T22:30:00-05:00</updated></entry></feed>"
        )
        return Reply(
            body=atom.encode() if request.path == "/feed" else html(),
            headers={"Content-Type": "text/html"},
        )

    with Loopback(answer) as server:
        found, _ = pages.feed({"url": f"{server.url}/feed"}, web, {})
        assert found.load is not None
        assert found.load()[0].published == date(2024, 3, 5)


@pytest.mark.parametrize(
    "body", [html(), b"", b"{}", b"/etc/hostname", b"\x89PNG\r\n\x1a\n", b"<a>"]
)
def test_what_is_no_feed_is_said_to_be_none(body: bytes, web: Web) -> None:
    with pytest.raises(ParseProblem, match="no RSS or Atom feed"):
        offered(body, web)


def test_a_feed_that_is_the_name_of_a_file_is_none(web: Web, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(feed_of("<item><title>Of the machine</title><link>/a</link></item>"))
    with pytest.raises(ParseProblem, match="no RSS or Atom feed"):
        offered(str(file).encode(), web)


def test_a_feed_without_entries_is_a_feed(web: Web) -> None:
    assert offered(feed_of(""), web) == []


ENTITY = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(("before", "name"), [(ENTITY, "x"), (LAUGHS, "m")])
def test_entities_in_a_feed_open_no_file_and_fill_no_memory(
    before: str, name: str, encoding: str, web: Web
) -> None:
    item = f"<item><title>&{name};</title><link>/a</link></item>"
    body = feed_of(item, before).decode().encode(encoding)
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="declares XML entities"):
            offered(body, web)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("loader", "options", "named"),
    [
        (pages.page, {}, "urls"),
        (pages.page, {"urls": []}, "urls"),
        (pages.page, {"urls": "https://a.example/"}, "urls"),
        (pages.page, {"urls": ["https://a.example/"], "kind": "news"}, "kind"),
        (pages.feed, {}, "url"),
        (pages.feed, {"url": ""}, "url"),
        (pages.feed, {"url": "https://a.example/", "limit": 0}, "limit"),
        (pages.feed, {"url": "https://a.example/", "publsher": "x"}, "publsher"),
    ],
)
def test_unusable_options_are_named_before_anything_is_asked(
    loader: object, options: dict[str, object], named: str, web: Web
) -> None:
    assert callable(loader)
    with pytest.raises(BadMetadata, match=f"option '{named}'"):
        loader(options, web, {})


def test_a_feed_that_cannot_be_read_says_so(web: Web) -> None:
    with (
        Loopback(lambda _: Reply(status=500)) as server,
        pytest.raises(Unreachable, match="500"),
    ):
        list(pages.feed({"url": f"{server.url}/feed"}, web, {}))
