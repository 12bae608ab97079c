"""The services that subscriptions name, behind one server, as they stand at the beginning.

    services = Services()
    with Loopback(services.answer) as server:
        subscribe(home, server.url)
        ... `assistant sync`; then services.sent lists the bodies that were sent

Everything is invented. `register`, `code`, `parties` and `site` can be changed between two syncs.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from csl_service import PATH, ListService, as_csv, row
from ecfr_service import Ecfr
from fr_service import Entry, FederalRegister, entry
from loopback import Reply, Request

from assistant.library import Library
from assistant.subscriptions import read_subscriptions
from assistant.sync import Synced, sync
from sources.web import Web

NO_STARTER = {"ASSISTANT_STARTER_LIBRARY": "false"}

ACME = row(
    "EL",
    "Acme Widgets Co., Ltd.",
    alt_names="Acme; Acme Trading",
    addresses="1 Sea Road, Port Atlantis, CN",
    federal_register_notice="84 FR 10001",
    start_date="2019-05-21",
    license_requirement="For all items subject to the EAR (See § 744.11 of the EAR)",
    license_policy="Presumption of denial",
)
KITE = row("EL", "Kite Optics", start_date="2022-02-03", license_policy="Case-by-case review")
MILL = row("UVL", "Mill Harbor Trading", start_date="2021-03-04", addresses="2 Quay, LU")
PARTIES = (ACME, KITE, MILL, row("SDN", "SEA KITE"))
RULES: tuple[Mapping[str, Any], ...] = (
    {"number": "2024-00101", "published": "2024-03-04"},
    {"number": "2024-00102", "published": "2024-03-05", "type": "PRORULE", "forms": ("html",),
     "effective_on": "null", "citation": "null", "dates": "null", "docket_ids": ["null", None],
     "full_text_xml_url": None},
    {"number": "2024-00103", "published": "2024-03-06", "type": "NOTICE", "forms": ("text",),
     "effective_on": None, "full_text_xml_url": "null", "missing": ("body_html_url", "topics")},
)  # fmt: skip

KINDS = {
    "fr:2024-00101": "rule",
    "fr:2024-00102": "proposed_rule",
    "fr:2024-00103": "notice",
    "ecfr:15/744.1": "regulation",
    "ecfr:15/744.11": "regulation",
    "ecfr:15/744/supplement-no-4-to-part-744": "regulation",
    "ecfr:15/772.1": "regulation",
    f"csl:EL-{ACME['_id']}": "notice",
    f"csl:EL-{KITE['_id']}": "notice",
    f"csl:UVL-{MILL['_id']}": "notice",
    "page:/news/lathes": "article",
}
"""What there is to load, at the beginning; an address is shown without its server."""

COUNTS = {"rules": 3, "ear": 4, "parties": 3, "news": 1}
"""How many of them each subscription of `subscribe` brings."""


def rule(number: str, published: str, **changes: Any) -> Entry:
    """Return a document of the Federal Register that has taken effect."""
    given = {"effective_on": "2024-03-10", "dates": "This rule is effective March 10, 2024."}
    return entry(number, published, **{"citation": f"89 FR {number[-3:]}", **given, **changes})


class Site:
    """A newspaper with a feed; the second article is not free to read. Nothing has a validator but
    what `etags` names."""

    def __init__(self) -> None:
        self.articles = {"/news/lathes": True, "/news/secret": False}
        self.etags = ("/feed", "/news/lathes")

    def answer(self, request: Request) -> Reply:
        if request.path == "/feed":
            body, kind = self._feed(), "application/rss+xml"
        elif request.path in self.articles:
            body, kind = _story(request.path, self.articles[request.path]), "text/html"
        else:
            return Reply(status=404)
        etag = f'"{len(body)}"'
        headers = {"Content-Type": kind}
        if request.path in self.etags:
            headers["ETag"] = etag
            if request.headers.get("if-none-match") == etag:
                return Reply(status=304, headers=headers)
        return Reply(body=body, headers=headers)

    def _feed(self) -> bytes:
        items = "".join(
            f"<item><title>Story {path}</title><link>{path}</link>"
            "<pubDate>Tue, 05 Mar 2024 21:00:00 -0500</pubDate></item>"
            for path in self.articles
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def _story(path: str, free: bool) -> bytes:
    record = json.dumps({"@type": "NewsArticle", "isAccessibleForFree": free})
    name = path.rpartition("/")[2].title()
    sentences = "".join(
        f"<p>{name} were sold {n} times to Freedonia before the Office of Widget Trade wrote its "
        f"rule number {n} about them.</p>"
        for n in range(1, 12)
    )
    return (
        f"<!doctype html><html><head><title>{name} for Freedonia</title>"
        f'<script type="application/ld+json">{record}</script></head>'
        f"<body><article><h1>{name} for Freedonia</h1>{sentences}</article></body></html>"
    ).encode()


class Services:
    """All of them; `sent` lists the paths whose body was sent, in order."""

    def __init__(self) -> None:
        self.register = FederalRegister([rule(**given) for given in RULES])
        self.code = Ecfr()
        self.parties = ListService(as_csv(PARTIES))
        self.site = Site()
        self.sent: list[str] = []
        self._failures: list[tuple[str, Reply | None]] = []
        self._down: dict[str, Reply | None] = {}

    def fail(self, path: str, reply: Reply | None, times: int) -> None:
        """Answer the next requests with `path` in their address so; None cuts the true body."""
        self._failures.extend([(path, reply)] * times)

    def down(self, path: str, reply: Reply | None) -> None:
        """Answer all requests with `path` in their address so, until `recover`."""
        self._down[path] = reply

    def recover(self) -> None:
        self._down.clear()
        self._failures.clear()

    def left(self) -> int:
        """Return how many failures nobody has met."""
        return len(self._failures)

    def answer(self, request: Request) -> Reply:
        for path, reply in self._down.items():
            if path in request.url:
                return reply or self._cut(request)
        for failure in self._failures:
            if failure[0] in request.url:
                self._failures.remove(failure)
                return failure[1] or self._cut(request)
        reply = self._answer(request)
        if reply.status == 200:
            self.sent.append(request.path)
        return reply

    def _cut(self, request: Request) -> Reply:
        whole = self._answer(request)
        return replace(whole, cut=len(whole.body) // 2)

    def _answer(self, request: Request) -> Reply:
        if request.path == PATH:
            return self.parties.answer(request)
        if request.path.startswith("/api/versioner/"):
            return self.code.answer(request)
        if request.path.startswith(("/api/v1/", "/documents/")):
            return self.register.answer(request)
        return self.site.answer(request)


def bodies(sent: Sequence[str]) -> list[str]:
    """Return those of the paths that are texts of documents, not lists of what there is."""
    return [p for p in sent if p == PATH or p.startswith("/news/") or "/full" in p]


def tables(url: str) -> dict[str, dict[str, Any]]:
    """Return what `subscribe` writes: a subscription to each service."""
    span = {"since": "2024-01-01", "until": "2024-12-31"}
    return {
        "rules": {"source": "federal_register", **span, "base_url": f"{url}/api/v1"},
        "ear": {"source": "ecfr", "title": 15, "parts": ["744", 772], "base_url": url},
        "parties": {"source": "screening_list", "url": url + PATH},
        "news": {"source": "feed", "url": f"{url}/feed"},
    }


def subscribe(home: Path, url: str, *names: str, **changes: Mapping[str, Any]) -> None:
    """Write subscriptions.toml with a table for each service, or those named; `changes` add to
    one."""
    found = tables(url)
    text = ""
    for name in names or found:
        values = {**found[name], **changes.get(name, {})}
        lines = (f"{key} = {json.dumps(value)}\n" for key, value in values.items())
        text += f"[{name}]\n{''.join(lines)}\n"
    home.mkdir(parents=True, exist_ok=True)
    (home / "subscriptions.toml").write_text(text, encoding="utf-8")


def bring(
    library: Library, home: Path, *names: str, sleep: Callable[[float], None] = lambda seconds: None
) -> dict[str, Synced]:
    """Sync what the home subscribes to, in this process and without pauses; by name."""
    with Web(pause_s=0, sleep=sleep) as web:
        return {
            each.name: sync(library, each, web, lambda seen, key: None)
            for each in read_subscriptions(home, names)
        }


def kinds(library: Library) -> dict[str, str]:
    """Return the kind of every version in the store, by id without the address of the server."""
    stored = (each.document for each in library.store.documents())
    return {f"page:{_path(d.id)}" if d.id.startswith("page:") else d.id: d.kind for d in stored}


def _path(id: str) -> str:
    return "/" + id.split("/", 3)[3]
