import json
import re
import time
import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from loopback import Loopback, Reply, Request

from sources import pages
from sources.errors import BadMetadata, ParseProblem, Refused, SourceError, Unreachable
from sources.loaders import Found
from sources.page_facts import plain, without_tracking
from sources.pages import fetch_page, load_page
from sources.records import Given
from sources.text import normalise
from sources.types import Document
from sources.web import Page, Web

ADDRESS = "https://news.example.com/2024/widgets?id=7&utm_source=feed"
SENTENCES = [
    f"Rule {n} of the Office of Widget Trade changes how widgets may be exported to Freedonia."
    for n in range(1, 21)
]
STORY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def web() -> Iterator[Web]:
    with Web(pause_s=0, attempts=1) as client:
        yield client


def html(head: str = "", story: str = STORY, title: str = "Widget rules change") -> bytes:
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body>"
        '<nav><a href="/">Front page</a> <a href="/markets">Markets</a></nav>'
        f"<article><h1>{title}</h1>{story}</article>"
        "<aside>Most read: ten widgets that will amaze you</aside>"
        "<footer>Copyright 2024 Example News. All rights reserved.</footer></body></html>"
    ).encode()


def served(body: bytes, url: str = ADDRESS, content_type: str = "text/html", **more: str) -> Page:
    return Page(url=url, body=body, content_type=content_type, **more)


def load(body: bytes, url: str = ADDRESS, content_type: str = "text/html", **more: str) -> Document:
    return load_page(served(body, url, content_type, **more))


# One page


def test_a_page_becomes_a_document_without_what_surrounds_it() -> None:
    head = (
        '<link rel="canonical" href="/2024/widgets?utm_campaign=x#top">'
        '<meta name="author" content="Ann Example">'
        '<meta property="og:site_name" content="Example News">'
        '<meta property="article:published_time" content="2024-03-05T22:00:00-05:00">'
    )
    document = load(html(head))
    assert document.id == "page:https://news.example.com/2024/widgets"
    assert document.url == "https://news.example.com/2024/widgets"
    assert document.title == "Widget rules change"
    assert document.publisher == "Example News"
    assert document.published == date(2024, 3, 5)
    assert document.kind == "article"
    assert document.metadata["author"] == "Ann Example"
    assert document.text == "\n\n".join(["# Widget rules change", *SENTENCES])
    assert document.text == normalise(document.text)


def test_what_is_given_counts_before_what_the_page_says() -> None:
    given = Given(kind="guidance", publisher="Office", published=date(2020, 1, 2), title="Mine")
    document = load_page(served(html()), given)
    assert (document.kind, document.publisher, document.title) == ("guidance", "Office", "Mine")
    assert document.published == date(2020, 1, 2)


@pytest.mark.parametrize(
    "canonical",
    [
        "https://other.example.com/2024/widgets",
        "https://news.example.com:8443/2024/widgets",
        "https://news.example.com@other.example.com/",
        "file:///etc/hostname",
        "javascript:alert(1)",
        "https://news.example.com/",
        "http://[",
        "",
    ],
)
def test_a_canonical_address_that_is_not_the_page_s_own_is_not_believed(canonical: str) -> None:
    document = load(html(f'<link rel="canonical" href="{canonical}">'))
    assert document.id == "page:https://news.example.com/2024/widgets?id=7"


def test_an_address_keeps_all_but_what_counts_visitors() -> None:
    assert without_tracking("https://a.example/x?utm_source=b&q=1&fbclid=c&utm=2&gclid=#d") == (
        "https://a.example/x?q=1&utm=2"
    )
    assert without_tracking("https://a.example/x?q=%C3%A9;b") == "https://a.example/x?q=%C3%A9;b"


@pytest.mark.parametrize("host", ["www.example.gov", "www.example.com"])
def test_a_release_is_a_statement_on_a_government_host_only(host: str) -> None:
    story = (
        "<p>Bureau of Industry and Security</p><p>Office of Congressional and Public Affairs</p>"
        "<p>FOR IMMEDIATE RELEASE | Tuesday, March 5, 2024</p>" + STORY
    )
    document = load(html(story=story, title="Commerce Changes Widget Rules"), f"https://{host}/a")
    assert document.kind == ("statement" if host.endswith(".gov") else "article")
    assert document.published == date(2024, 3, 5)
    assert document.publisher == "Bureau of Industry and Security"


def test_the_author_may_stand_in_structured_data() -> None:
    record = {
        "@graph": [{"@type": "NewsArticle", "author": [{"name": "Ann"}, {"name": "Bo <b>X"}]}]
    }
    document = load(html(f'<script type="application/ld+json">{json.dumps(record)}</script>'))
    assert document.metadata["author"] == "Ann, Bo X"


def test_a_script_in_the_title_is_no_script() -> None:
    for title in (
        "&lt;script&gt;alert(1)&lt;/script&gt; Widgets &amp; more",
        "<script>alert(1)</script> Widgets &amp; more",
    ):
        document = load(html(title=title))
        assert "<" not in document.title
        assert document.title.endswith("Widgets & more")
    assert plain("<script>alert(1)</script>Under <em>5</em> nm") == "Under 5 nm"
    assert plain("Chips < 5 nm\n& more") == "Chips < 5 nm & more"


# Charsets


RUSSIAN = "Правила вывоза виджетов меняются со вторника, сообщило ведомство. " * 4


def test_the_header_s_charset_counts_where_the_page_names_none() -> None:
    page = html(story=f"<p>{RUSSIAN}</p>").decode().encode("windows-1251")
    assert RUSSIAN.strip() in load(page, charset="windows-1251").text
    declared = page.replace(b"<head>", b'<head><meta charset="windows-1251">')
    assert RUSSIAN.strip() in load(declared, charset="koi8-r").text
    text = RUSSIAN.encode("koi8-r")
    assert load(text, content_type="text/plain", charset="koi8-r").text == RUSSIAN.strip()


@pytest.mark.parametrize("charset", ["utf-16", "gb2312", "iso-8859-1", "punycode", "ascii", "zlib"])
def test_a_wrong_charset_in_the_header_does_no_harm(charset: str) -> None:
    story = "<p>Café rules for naïve exporters — new from Tuesday.</p>" * 5
    assert "Café rules for naïve exporters — new" in load(html(story=story), charset=charset).text


def test_a_few_damaged_characters_do_not_change_the_charset_of_the_others() -> None:
    page = html(story="<p>“Café” rules for “naïve” exporters — new from Tuesday.</p>" * 5)
    text = load(page.replace(b"Tuesday", b"Tues\xff\x81day", 1), charset="windows-1252").text
    assert text.count("“Café” rules for “naïve” exporters — new") >= 2


def test_bytes_that_are_in_no_charset_at_all_are_reported() -> None:
    story = html(story=STORY + "<p>\xff\xfe\x81 broken \x8d bytes</p>").decode().encode("latin-1")
    for charset in ("", "utf-8", "shift_jis", "big5", "gb2312"):
        with pytest.raises(ParseProblem, match=r"news\.example\.com.* unknown encoding"):
            load(story, charset=charset)


# Pages that cannot be used


def test_a_page_that_says_it_is_not_free_is_refused() -> None:
    for value, wall in ((False, True), ("False", True), (True, False), ("true", False)):
        record = json.dumps({"@type": "NewsArticle", "isAccessibleForFree": value})
        page = html(f'<script type="application/ld+json">[{record}]</script>')
        if wall:
            with pytest.raises(Refused, match="not free to read"):
                load(page)
        else:
            assert load(page)


@pytest.mark.parametrize(
    "sign",
    [
        "Subscribe to continue reading this article",
        "Sign in or create an account to read the full story",
        "This content is available only to subscribers",
        "To continue reading, please log in.",
    ],
)
def test_a_teaser_is_refused_and_a_whole_article_with_the_same_words_is_not(sign: str) -> None:
    teaser = f"<p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p>"
    with pytest.raises(Refused, match="only the beginning"):
        load(html(story=f"{teaser}<div class='offer'>{sign}</div>"))
    assert load(html(story=f"{STORY}<div class='offer'>{sign}</div>"))
    assert load(html(story=teaser))


@pytest.mark.parametrize(
    "page",
    [
        b"<html><body><div id=root></div><script src=a.js></script></body></html>",
        b"<html><noscript>You need to enable JavaScript to run this app.</noscript></html>",
        html(
            story="<p>Please enable JavaScript and cookies to continue. Checking your browser.</p>"
        ),
        b"",
        b"   ",
        b"<html></html>",
    ],
)
def test_a_page_without_text_is_refused_with_the_reason(page: bytes) -> None:
    with pytest.raises(Refused, match=r"(?i)^https://news\.example\.com.*(script|no text)"):
        load(page)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("application/rss+xml", b"<rss></rss>"),
        ("image/png", b"\x89PNG\r\n\x1a\n"),
        ("", b"\x00\x01\x02"),
    ],
)
def test_other_types_are_refused_by_name(content_type: str, body: bytes) -> None:
    with pytest.raises(Refused, match=re.escape(content_type or "unknown")):
        load(body, content_type=content_type)


def pdf(sentence: str) -> bytes:
    """A PDF of one page, small enough to be written by hand."""
    content = f"BT /F1 12 Tf 72 720 Td ({sentence}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj%b endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"xref\n0 6\n0000000000 65535 f \n%btrailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return data + end % (table, len(data))


@pytest.mark.parametrize(
    "content_type", ["application/pdf", "application/octet-stream", "text/html", ""]
)
def test_a_pdf_is_read_as_one_whatever_it_is_called(content_type: str) -> None:
    document = load(pdf(SENTENCES[0]), "https://www.example.gov/memo", content_type)
    assert document.text == SENTENCES[0]
    assert document.id == "page:https://www.example.gov/memo"
    assert document.publisher == "www.example.gov"


def test_a_damaged_pdf_is_reported_with_its_address() -> None:
    with pytest.raises(ParseProblem, match=r"news\.example\.com"):
        load(b"%PDF-1.4 and no more", content_type="application/pdf")


def test_what_no_type_was_given_for_is_known_by_its_content_or_name() -> None:
    assert load(html(), content_type="").text.startswith("# Widget rules change")
    assert load(html(), content_type="text/plain").text.startswith("# Widget rules change")
    text = load(b"# Notes\n\nWidgets.", "https://a.example/n.md", "application/octet-stream")
    assert text.title == "Notes"


def test_a_page_far_too_long_is_refused_at_once() -> None:
    began = time.monotonic()
    with pytest.raises(Refused, match="more than 5,000,000 bytes"):
        load(html(story=STORY * 4000))
    assert time.monotonic() - began < 2


def test_a_page_nested_without_end_is_refused_or_read() -> None:
    deep = html(story="<div>" * 50_000 + SENTENCES[0] * 3 + "</div>" * 50_000)
    with suppress(SourceError):
        assert load(deep).text


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
