"""Bytes of a file → its text, one function per format, and the dict that says which.

A reader keeps the words as they are written: no emphasis marks, no links, no escapes; headings
become "#" lines, list items "- " lines, table rows cells joined by " | ". Every failure is a
SourceError that says what to do. Knows nothing of paths, sizes, document ids or kinds.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, cast

from sources.errors import BadMetadata, EmptySource, ParseProblem
from sources.extracted import Extracted, Reader, decode, joined, reading
from sources.heading import parse_date
from sources.office import read_docx, read_pdf
from sources.text import collapse

__all__ = ["READERS", "Extracted", "Reader", "read_docx", "read_html", "read_pdf", "read_text"]

_MIN_PAGE = 80  # a page with fewer characters is a notice about a page
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype html|html)\b", re.IGNORECASE)
# Latin-1 and ASCII are left to the fallback on Windows-1252, as browsers do
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset=[\"'\s]*"
    rb"((?:windows-|iso-(?!8859-1\b)|gb|big5|euc-|shift|koi8)[\w-]*)",
    re.IGNORECASE,
)
_SCRIPT_ONLY = re.compile(r"<script\b|<noscript\b|javascript", re.IGNORECASE)
_INLINE = frozenset({"hi", "ref", "lb", "del", "code", "graphic"})


def read_text(data: bytes) -> Extracted:
    """Read plain text or Markdown: UTF-8, UTF-16 or UTF-32 with its mark, else Windows-1252."""
    if _WEB_PAGE.match(data):
        raise ParseProblem("the content looks like a web page: rename it to .html")
    text, encoding = decode(data)
    if not text.strip():
        raise EmptySource("there is no text in it; add a file that has some")
    return Extracted(text=text, metadata={} if encoding == "utf-8" else {"encoding": encoding})


def read_html(data: bytes) -> Extracted:
    """Read the article of a web page, without menus, links and comments."""
    declared = _CHARSET.search(data[:4096])
    page, _ = decode(data, declared[1].decode("ascii") if declared else "")
    with reading("web page"):
        found = _extract(page)
        text = joined(_html_blocks(found.body)) if found is not None else ""
    if found is None or len(collapse(text)) < _MIN_PAGE:
        raise EmptySource(_why_empty(page, collapse(text)))
    url, site = str(found.url or ""), str(found.sitename or "")
    return Extracted(
        text=text,
        title=collapse(found.title or ""),
        publisher="" if site == found.hostname else site,
        published=_day(found.date or ""),
        url=url if re.match(r"https?://", url) else "",
    )


def _extract(page: str) -> Any:
    from trafilatura import bare_extraction

    return cast(
        Any,
        bare_extraction(
            _unwrapped(page),
            include_comments=False,
            include_links=False,
            include_formatting=True,  # only so that superscripts and struck-out words show
            with_metadata=True,
            # the thorough search takes copyright years and dates out of sentences
            date_extraction_params={"extensive_search": False, "original_date": True},
        ),
    )


def _unwrapped(page: str) -> str:
    """Return `page` with line ends only where they show: in <pre>; what <br> makes comes later."""
    page = re.sub(r"\A\s*<\?xml[^>]*>", "", page)  # lxml refuses text that declares an encoding
    parts = re.split(r"(<pre\b(?:(?!<pre\b).)*?</pre\b)", page, flags=re.IGNORECASE | re.DOTALL)
    parts[::2] = [re.sub(r"[\r\n]+", " ", part) for part in parts[::2]]
    return "".join(parts)


def _html_blocks(node: Any) -> Iterator[str]:
    line = node.text or ""
    for child in node:
        if child.tag in _INLINE:
            line += _html_inline(child)
        else:
            yield _spaced(line, node)
            yield from _html_block(child)
            line = ""
        line += child.tail or ""
    yield _spaced(line, node)


def _spaced(line: str, node: Any) -> str:
    """Return `line` with single spaces, except in what was <pre>, where spaces align columns."""
    return line if node.tag == "quote" else re.sub(r" ?\n ?", "\n", re.sub(r"[ \t]+", " ", line))


def _html_block(node: Any) -> list[str]:
    if node.tag == "row":
        cells = [[block for block in _html_blocks(cell) if block.strip()] for cell in node]
        if len(cells) == 1:  # a table used for layout
            return cells[0]
        return [" | ".join(collapse(" ".join(cell)) for cell in cells)] if any(cells) else []
    blocks = [block for block in _html_blocks(node) if block.strip()]
    if node.tag == "table":
        return ["\n".join(blocks)]
    if node.tag == "head":
        level = re.search(r"\d", node.get("rend") or "")
        return ["#" * (int(level[0]) if level else 2) + " " + collapse(" ".join(blocks))]
    if node.tag == "item" and blocks:
        return ["- " + blocks[0].strip().removeprefix("- "), *blocks[1:]]
    return blocks


def _html_inline(node: Any) -> str:
    if node.tag in {"lb", "del", "graphic"}:
        return "\n" if node.tag == "lb" else ""
    inner = (node.text or "") + "".join(_html_inline(child) + (child.tail or "") for child in node)
    # a raised number must not run into the one before it: "744.11" with note 1 is not "744.111"
    return f"^{inner}" if node.get("rend") == "#sup" and inner.strip().isdigit() else inner


def _why_empty(page: str, text: str) -> str:
    shown = f" beyond {text!r}" if text else ""
    if _SCRIPT_ONLY.search(page):
        return (
            f"no text in the page{shown}, which a script fills in; open it in a browser, save it"
            " once its text shows and add that, or add the text itself"
        )
    return f"no text of an article in the page{shown}; save the text itself as .txt and add that"


def _day(written: str) -> date | None:
    with suppress(BadMetadata):
        return parse_date(written)
    return None


READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_text,
    ".markdown": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
