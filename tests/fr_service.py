"""A stand-in for the Federal Register's API and its texts, with the oddities of the real one.

    service = FederalRegister([entry("2031-00001", "2031-03-04")])
    with Loopback(service.answer) as server:
        ... base_url = server.url + "/api/v1"

All documents are invented; shapes, paths and limits are those of the service as recorded.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from urllib.parse import urlencode

from loopback import Reply, Request

AGENCIES = ("commerce-department", "industry-and-security-bureau")
TYPES = {
    "RULE": "Rule",
    "PRORULE": "Proposed Rule",
    "NOTICE": "Notice",
    "PRESDOCU": "Presidential Document",
}
DEFAULT_FIELDS = [
    *("title", "type", "abstract", "document_number", "html_url", "pdf_url", "agencies"),
    *("public_inspection_pdf_url", "publication_date", "excerpts"),
]
FIELDS = frozenset(DEFAULT_FIELDS) | {
    *("action", "body_html_url", "cfr_references", "citation", "comments_close_on", "volume"),
    *("correction_of", "corrections", "dates", "docket_ids", "effective_on", "end_page", "topics"),
    *("full_text_xml_url", "json_url", "page_length", "page_views", "raw_text_url", "toc_doc"),
    *("regulation_id_numbers", "signing_date", "significant", "start_page", "subtype"),
}
CONDITIONS = frozenset(
    {"conditions[agencies][]", "conditions[type][]", "conditions[term]", "conditions[cfr][title]"}
    | {"conditions[cfr][part]", "conditions[docket_id]", "conditions[regulation_id_number]"}
    | {f"conditions[{name}_date][{how}]" for name in ("publication", "effective")
       for how in ("is", "gte", "lte", "year")}
)  # fmt: skip
OTHERS = frozenset({"fields[]", "order", "per_page", "page", "format", "metadata_only"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document: the fields of the API, and its text in the forms that there are."""

    fields: Mapping[str, Any]
    texts: Mapping[str, bytes]  # by form: xml, html, text
    missing: frozenset[str] = field(default_factory=frozenset[str])  # fields left out entirely


def entry(
    number: str,
    published: str,
    *,
    type: str = "RULE",  # noqa: A002
    forms: Iterable[str] = ("xml", "html", "text"),
    missing: Iterable[str] = (),
    **changes: Any,
) -> Entry:
    """Return an invented document; `changes` replace fields, `forms` are those with a text."""
    place = f"{published.replace('-', '/')}/{number}"
    subject = changes.get("title") or f"Controls on Item {number}"
    fields = {
        "document_number": number,
        "title": subject,
        "type": TYPES[type],
        "publication_date": published,
        "abstract": f"This rule adds item {number} to the list of controlled examples.",
        "action": "Final rule.",
        "dates": "This rule is effective March 10, 2031.",
        "effective_on": "2031-03-10",
        "comments_close_on": None,
        "signing_date": None,
        "citation": "96 FR 1201",
        "volume": 96,
        "start_page": 1201,
        "end_page": 1203,
        "docket_ids": ["Docket No. 310224-0007"],
        "regulation_id_numbers": ["0694-ZZ09"],
        "cfr_references": [{"title": 15, "part": 744, "chapter": None, "citation_url": None}],
        "corrections": [],
        "correction_of": None,
        "agencies": [
            {"raw_name": "DEPARTMENT OF COMMERCE", "name": "Commerce Department", "id": 54,
             "parent_id": None, "slug": "commerce-department"},
            {"raw_name": "Bureau of Industry and Security", "id": 241, "parent_id": 54,
             "name": "Industry and Security Bureau", "slug": "industry-and-security-bureau"},
        ],
        "html_url": f"https://www.federalregister.gov/documents/{place}/controls-on-item",
        "pdf_url": f"https://www.govinfo.gov/content/pkg/FR-{published}/pdf/{number}.pdf",
        "full_text_xml_url": f"/documents/full_text/xml/{place}.xml",
        "body_html_url": f"/documents/full_text/html/{place}.html",
        "raw_text_url": f"/documents/full_text/text/{place}.txt",
        "page_views": {"count": 3, "last_updated": None},
        "topics": ["Exports"],
    }  # fmt: skip
    makers = {"xml": _xml, "html": _html, "text": _plain}
    return Entry(
        fields={**fields, **changes},
        texts={form: makers[form](number, subject) for form in forms},
        missing=frozenset(missing),
    )


def _xml(number: str, subject: str) -> bytes:
    dashed = number.replace("-", "\u2013")  # as GPO wrote them until March 2024
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<RULE>
  <PREAMB>
    <PRTPAGE P="1201"/>
    <AGENCY TYPE="N">DEPARTMENT OF COMMERCE</AGENCY>
    <SUBAGY>Bureau of Industry and Security</SUBAGY>
    <CFR>15 CFR Part 744</CFR>
    <DEPDOC>[Docket No. 310224\u20130007]</DEPDOC>
    <RIN>RIN 0694\u2013ZZ09</RIN>
    <SUBJECT>{subject}</SUBJECT>
    <AGY><HD SOURCE="HED">AGENCY:</HD><P>Bureau of Industry and Security, Commerce.</P></AGY>
    <SUM><HD SOURCE="HED">SUMMARY:</HD><P>The Bureau controls item {dashed} as of now.</P></SUM>
    <EFFDATE><HD SOURCE="HED">DATES:</HD><P>This rule is effective March 10, 2031.</P></EFFDATE>
  </PREAMB>
  <SUPLINF>
    <HD SOURCE="HED">SUPPLEMENTARY INFORMATION:</HD>
    <HD SOURCE="HD1">Background</HD>
    <P>A firm in Zembla asked for <PRTPAGE P="1202"/>item {number} twice.<SU>1</SU><FTREF/> It
      was refused.</P>
    <FTNT><P><SU>1</SU> 96 FR 18.</P></FTNT>
  </SUPLINF>
  <FRDOC>[FR Doc. {dashed} Filed 3\u20133\u201331; 8:45 am]</FRDOC>
  <BILCOD>BILLING CODE 3510\u201333\u2013P</BILCOD>
</RULE>
""".encode()


def _html(number: str, subject: str) -> bytes:
    mark = (
        '<span class="unprinted-element-wrapper"><span class="unprinted-element">{}</span></span>'
    )
    return f"""<div class="body-column">
<div class="preamble">{mark.format("Start Preamble")}
<p>Document headings vary by document type but may contain the following: the agency or agencies
that issued and signed a document. See the Document Drafting Handbook for more details.</p>
<h1>{subject}</h1>
<p>The Bureau of Industry and Security controls item {number} from the day of this rule, because
the makers of that item sell it to a firm in Zembla.<sup>[<a href="#footnote-1">1</a>]</sup> They
may ask for a licence.</p>{mark.format("End Preamble")}</div>
<h2>Background</h2>
<p>A firm in Zembla asked for
<span class="printed-page-inline" id="page-1202">( printed page 1202)</span>
item {number} twice, and each time the Bureau refused it after it had heard the agencies.</p>
</div>
""".encode()


def _plain(number: str, subject: str) -> bytes:
    return f"""<html>
<head><title>Federal Register, Volume 96 Issue 43</title></head>
<body><pre>
[Federal Register Volume 96, Number 43 (Tuesday, March 4, 2031)]
[Rules and Regulations]
[Pages 1201-1203]
From the Federal Register Online via the Government Publishing Office [<a href="http://www.gpo.gov">www.gpo.gov</a>]
[FR Doc No: {number}]


-----------------------------------------------------------------------

DEPARTMENT OF COMMERCE

Bureau of Industry and Security

{subject}

AGENCY: Bureau of Industry and Security, Commerce.

SUMMARY: The Bureau of Industry and Security controls item {number} because
makers &amp; sellers of it ``know'' a firm in Zembla.
    A firm in Zembla asked for item {number} and was told in the course

[[Page 1202]]

of that year that it would not get it.\\1\\ The firm did not appeal.
---------------------------------------------------------------------------

    \\1\\ 96 FR 18.
---------------------------------------------------------------------------

    There was no second request.

[FR Doc. {number} Filed 3-3-31; 8:45 am]
BILLING CODE 3510-33-P


</pre></body>
</html>
""".encode()


class FederalRegister:
    """The service; change `entries` between two runs, and make it fail with `fail`."""

    def __init__(
        self, entries: Iterable[Entry], *, most: int = 10_000, endless: bool = False
    ) -> None:
        self.entries = list(entries)
        self.most = most
        self.endless = endless  # always names a next page
        self._failures: list[tuple[str, Reply | None]] = []

    def fail(self, path: str, reply: Reply | None, times: int = 1) -> None:
        """Answer the next requests whose path contains `path` so; None cuts the true body off."""
        self._failures.extend([(path, reply)] * times)

    def answer(self, request: Request) -> Reply:
        for failure in self._failures:
            if failure[0] in request.path:
                self._failures.remove(failure)
                reply = failure[1]
                if reply is not None:
                    return reply
                whole = self._answer(request)
                return Reply(body=whole.body, headers=whole.headers, cut=len(whole.body) // 2)
        return self._answer(request)

    def _answer(self, request: Request) -> Reply:
        if request.path in ("/api/v1/documents.json", "/api/v1/documents"):
            return self._search(request)
        for item in self.entries:
            for form, suffix in (("xml", "xml"), ("html", "html"), ("text", "txt")):
                place = f"/{item.fields['document_number']}.{suffix}"
                if form in item.texts and request.path.endswith(f"/{form}/{_day(item)}{place}"):
                    return Reply(body=item.texts[form])
        return Reply(status=404, body=b"not found")

    def _search(self, request: Request) -> Reply:
        query = request.query
        if errors := _errors(query):
            return _json({"errors": errors}, 400)
        found = sorted(
            (item for item in self.entries if _matches(item, query)),
            key=lambda item: item.fields["publication_date"],
            reverse=query.get("order") != ["oldest"],
        )
        count = min(len(found), self.most)
        body: dict[str, Any] = {"count": count, "description": "Documents"}
        if not count:
            return _json(body)
        per_page = int(query.get("per_page", ["20"])[0])
        per_page = per_page if 2 <= per_page <= 2000 else 20
        page = int(query.get("page", ["1"])[0])
        page = 1 if page > 50 or page * per_page > self.most else page
        pages = min(ceil(count / per_page), 50)
        host = f"http://{request.headers['host']}"
        shown = found[: self.most][(page - 1) * per_page : page * per_page]
        body["total_pages"] = pages
        if page < pages or self.endless:
            asked = int(query.get("page", ["1"])[0])
            again = {**query, "format": ["json"], "page": [str(asked + 1)]}
            body["next_page_url"] = f"{host}/api/v1/documents?{urlencode(again, doseq=True)}"
        names = query.get("fields[]", DEFAULT_FIELDS)
        body["results"] = [_shown(item, names, host) for item in shown]
        return _json(body)


def _day(item: Entry) -> str:
    return str(item.fields["publication_date"]).replace("-", "/")


def _json(body: object, status: int = 200) -> Reply:
    return Reply(
        body=json.dumps(body).encode(),
        status=status,
        headers={"Content-Type": "application/json; charset=utf-8"},
    )


def _errors(query: Mapping[str, list[str]]) -> dict[str, str]:
    unknown = [name for name in query if name not in CONDITIONS | OTHERS]
    unknown += [name for name in query.get("fields[]", []) if name not in FIELDS]
    unknown += [name for name in query.get("conditions[agencies][]", []) if name not in AGENCIES]
    return dict.fromkeys(unknown, "is not a valid field")


def _matches(item: Entry, query: Mapping[str, list[str]]) -> bool:
    codes = query.get("conditions[type][]", list(TYPES))
    published = str(item.fields["publication_date"])
    terms = " ".join(query.get("conditions[term]", [])).lower()
    return (
        item.fields["type"] in [TYPES[code] for code in codes]
        and query.get("conditions[publication_date][gte]", ["0"])[0] <= published
        and published <= query.get("conditions[publication_date][lte]", ["9"])[0]
        and terms in str(item.fields["title"]).lower()
    )


def _shown(item: Entry, names: Iterable[str], host: str) -> dict[str, Any]:
    shown = {
        name: item.fields[name]
        for name in names
        if name in item.fields and name not in item.missing
    }
    for name in ("full_text_xml_url", "body_html_url", "raw_text_url"):
        if isinstance(shown.get(name), str) and shown[name].startswith("/"):
            shown[name] = host + shown[name]
    return shown
