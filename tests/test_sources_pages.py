import json
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest
from page_makers import SENTENCES, STORY, html, load, served

from sources.errors import ParseProblem, Refused, SourceError
from sources.page_facts import plain, without_tracking
from sources.pages import load_page
from sources.records import Given
from sources.text import normalise
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
