"""What the tests of pages and feeds share: pages that were made up."""

from sources.pages import load_page
from sources.types import Document
from sources.web import Page

ADDRESS = "https://news.example.com/2024/widgets?id=7&utm_source=feed"
SENTENCES = [
    f"Rule {n} of the Office of Widget Trade changes how widgets may be exported to Freedonia."
    for n in range(1, 21)
]
STORY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


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
