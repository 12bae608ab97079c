"""What a web page says of itself beside its text: its address, its author, whether it is whole.

Reads the head, the JSON-LD (schema.org) and the words of a page. Fetches nothing.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from sources.extracted import reading
from sources.text import collapse

_TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|twclid|yclid|igshid"
    r"|mc_[ce]id|_hs(?:enc|mi)|mkt_tok|ref_src|cmpid|ncid|s_cid)(?:=|$)",
    re.IGNORECASE,
)
_SHORT = 1500  # characters; what is longer is more than a teaser
_TEASER = re.compile(
    r"(?:subscribe|sign (?:in|up)|log ?in|register|become a (?:member|subscriber))"
    r"(?: now| today| or \w+(?: \w+){0,3})?"
    r" to (?:continue|keep|finish|read|unlock|access|get full)\b"
    r"|to (?:continue|keep) reading,? (?:please )?(?:subscribe|sign|log|register|become|start)"
    r"|(?:only (?:available )?(?:to|for)|reserved for|exclusive (?:to|for)|available (?:only )?to)"
    r" (?:our |paying |registered )?(?:subscribers|members)\b"
    r"|(?:rest|remainder) of this (?:article|story|content)",
    re.IGNORECASE,
)
_GATE = re.compile(
    r"(?:enable|turn on|activate|requires?|without|needs?) (?:\w+ ){0,3}java ?script"
    r"|java ?script (?:is|to be|must be|has been) (?:\w+ )?(?:disabled|enabled|required|turned)"
    r"|checking (?:if the site connection|your browser)|verify (?:that )?you are (?:a )?human"
    r"|are you a robot|complete the captcha|access (?:to this page has been )?denied"
    r"|programmatic access to these sites is limited",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """`address` identifies the page; `wall` says why what it shows is not its whole text, or ""."""

    address: str
    author: str = ""
    wall: str = ""


def from_html(data: bytes, url: str, text: str) -> PageFacts:
    """Return what the page in `data`, which came from `url` and holds the article `text`, says."""
    from lxml import html

    with suppress(UnicodeDecodeError):
        data.decode("utf-8")
        return _facts(html.HTMLParser(encoding="utf-8", remove_comments=True), data, url, text)
    return _facts(html.HTMLParser(remove_comments=True), data, url, text)


def _facts(parser: Any, data: bytes, url: str, text: str) -> PageFacts:
    from lxml import html

    with reading("web page"):
        page: Any = html.document_fromstring(data, parser=parser)
        records = list(_records(page))
        words = " ".join(page.xpath("//body//text()[not(parent::script or parent::style)]"))
    return PageFacts(
        address=_address(page, url),
        author=_author(page, records),
        wall=_wall(records, collapse(words), text),
    )


def without_tracking(url: str) -> str:
    """Return `url` without its fragment and what is in it only to count visitors."""
    parts = urlsplit(url)
    kept = "&".join(each for each in parts.query.split("&") if not _TRACKING.match(each))
    return parts._replace(query=kept, fragment="").geturl()


def plain(text: str) -> str:
    """Return `text`, which may hold markup, as words on one line; scripts are left out."""
    from lxml import html

    if "<" not in text:
        return collapse(text)
    with suppress(Exception):  # what cannot be parsed at all has no words either
        fragment: Any = html.fragment_fromstring(text, create_parent=True)
        for element in fragment.xpath("//script | //style"):
            element.drop_tree()
        return collapse(fragment.text_content())
    return ""


def _address(page: Any, url: str) -> str:
    """Return the canonical address if it is on the page's own host and not just its front page."""
    for link in page.xpath("//link[@href]"):
        if "canonical" not in (link.get("rel") or "").lower().split():
            continue
        with suppress(ValueError):
            chosen, here = urlsplit(urljoin(url, link.get("href").strip())), urlsplit(url)
            front = chosen.path in ("", "/") and not chosen.query and here.path not in ("", "/")
            web = chosen.scheme in ("http", "https") and "@" not in chosen.netloc
            if web and chosen.netloc.lower() == here.netloc.lower() and not front:
                return without_tracking(chosen.geturl())
    return without_tracking(url)


def _records(page: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the top-level JSON-LD objects of the page: those that are about the page itself."""
    for script in page.xpath("//script[@type]"):
        if script.get("type").strip().lower() != "application/ld+json":
            continue
        with suppress(ValueError, RecursionError):
            found: Any = json.loads(script.text_content())
            for record in found if isinstance(found, list) else [found]:
                if isinstance(record, dict):
                    graph: Any = record.get("@graph")
                    nodes: list[Any] = graph if isinstance(graph, list) else []
                    yield record
                    yield from (node for node in nodes if isinstance(node, dict))


def _author(page: Any, records: list[Mapping[str, Any]]) -> str:
    for meta in page.xpath("//meta[@content]"):
        if (meta.get("name") or meta.get("property") or "").lower() in ("author", "article:author"):
            name = plain(meta.get("content"))
            if name and "://" not in name:
                return name[:200]
    for record in records:
        authors: Any = record.get("author")
        names = [_name(each) for each in (authors if isinstance(authors, list) else [authors])]
        if any(names):
            return ", ".join(filter(None, names))[:200]
    return ""


def _name(author: Any) -> str:
    name: Any = author.get("name") if isinstance(author, dict) else author
    return plain(name) if isinstance(name, str) else ""


def _wall(records: list[Mapping[str, Any]], words: str, text: str) -> str:
    if any(str(record.get("isAccessibleForFree")).lower() == "false" for record in records):
        return "the page says that it is not free to read, so its text may not be whole"
    if len(text) < _SHORT and (sign := _TEASER.search(words)):
        return f"only the beginning of it is free to read ({sign[0]!r})"
    if len(text) < _SHORT // 2 and (sign := _GATE.search(text or words)):
        return f"it shows itself only to a browser ({sign[0]!r})"
    return ""
