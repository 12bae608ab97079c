"""A stand-in for the eCFR's versioner API, with the oddities of the real one.

    service = Ecfr()
    with Loopback(service.answer) as server:
        ... base_url = server.url

Title 15 is invented, as are its parties and dates; shapes, paths and limits are those of the
service as recorded. Between requests, `amend` adds versions, `today` lets time pass, and
`importing`, `failures`, `cut` and `limit` are what goes wrong.
"""

import html
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from loopback import Reply, Request

API = "/api/versioner/v1"
FIRST_TEXT = date(2017, 1, 1)
SUPPLEMENT = "Supplement No. 4 to Part 744"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One version of a section or supplement; without a `body` it is reserved."""

    part: str
    identifier: str
    head: str
    body: str
    amended: date
    issued: date
    removed: bool = False

    @property
    def type(self) -> str:
        return "appendix" if self.identifier.startswith("Supplement") else "section"


def text(
    identifier: str,
    body: str,
    amended: str = "2016-12-29",
    *,
    issued: str = "",
    head: str = "",
    removed: bool = False,
) -> Text:
    """Return a version of a section or supplement; its text is issued when amended by default."""
    part = identifier.rpartition(" ")[2] if " " in identifier else identifier.split(".")[0]
    dash = "—" if " " in identifier else " "
    name = head or ("Widgets." if body else "[Reserved]")
    return Text(
        part=part,
        identifier=identifier,
        head=f"{'' if ' ' in identifier else '§ '}{identifier}{dash}{name}",
        body=body,
        amended=date.fromisoformat(amended),
        issued=date.fromisoformat(issued or amended),
        removed=removed,
    )


def entity_list(*rows: Sequence[str]) -> str:
    """Return an Entity List as XML: (country, entity, requirement, policy, citation) each row."""
    heads = ("Country", "Entity", "License requirement", "License review policy")
    cells = "".join(f"<TH>{name}</TH>" for name in (*heads, "Federal Register citation"))
    body = "".join(
        f"<TR>{''.join(f'<TD>{cell}</TD>' if cell else '<TD/>' for cell in row)}</TR>"
        for row in rows
    )
    return (
        '<P>This supplement lists invented parties.</P><DIV width="100%">'
        f'<DIV class="gpotbl_div"><TABLE><THEAD><TR>{cells}</TR></THEAD>'
        f"<TBODY>{body}</TBODY></TABLE></DIV></DIV>"
    )


ACME = (
    "ATLANTIS",
    "Acme Widgets Co., Ltd., a.k.a., the following two aliases:"
    "<br/>—Acme; <I>and</I><br/>—Acme Trading.<br/>1 Sea Road, Port Atlantis.",
    "For all items subject to these rules. (See § 744.11).",
    "Presumption of denial",
    "84 FR 10001, 5/21/19.",
)
BETA = (
    "",
    "Beta Optics, 2 Sea Road.",
    "All items.",
    "Case-by-case review.",
    "86 FR 10003, 1/5/21.",
)
RESERVED = ("", "[Reserved]", "", "", "")
GAMMA = ("LEMURIA", "Gamma Foundry; and", "All items.", "Denial", "87 FR 10005, 2/3/22.")

TEXTS = (
    text("700.1", "<P>A part that nobody asked for.</P>"),
    text("744.1", "<P>(a) <I>Scope.</I> This part is about widgets.</P>", head="General."),
    text("744.2", ""),
    text("744.11", "<P>(a) A license is required.</P>", head="Listed entities."),
    text(
        "744.11",
        "<P>(a) A license is required, except for standards.</P>"
        '<CITA TYPE="N">[87 FR 10004, Sept. 9, 2022]</CITA>',
        "2022-09-09",
        issued="2022-09-12",
        head="Listed entities.",
    ),
    text("744.17", "<P>An old rule about chips.</P>", head="Old."),
    text("744.17", "", "2023-03-01", head="Old.", removed=True),
    text(SUPPLEMENT, entity_list(ACME), "2019-05-16", issued="2019-05-21", head="Entity List"),
    text(
        SUPPLEMENT,
        entity_list(ACME, BETA, RESERVED, GAMMA),
        "2022-02-03",
        head="Entity List",
    ),
    text("772.1", "<P><I>Widget.</I> A thing that turns.</P>", head="Definitions."),
)


@dataclass(slots=True)
class Ecfr:
    """The service on the day `today`; `failures` are given first, one status each request."""

    today: date = date(2024, 5, 17)
    texts: tuple[Text, ...] = TEXTS
    limit: int = 1000
    importing: bool = False
    failures: list[int] = field(default_factory=list[int])
    cut: int | None = None  # bytes of each XML body after which the connection is closed

    def amend(self, *texts: Text) -> None:
        """Add versions and let time pass to the last day of them."""
        self.texts = (*self.texts, *texts)
        self.today = max(self.today, *(text.issued for text in texts))

    def answer(self, request: Request) -> Reply:
        if self.failures:
            status = self.failures.pop(0)
            return Reply(status=status, body=b"<html><h1>nginx</h1></html>")  # no Retry-After
        path = request.path.removeprefix(API).strip("/").split("/")
        query = {name: values[0] for name, values in request.query.items()}
        match path:
            case ["titles.json"]:
                return _json(self._titles())
            case ["structure", day, "title-15.json"] if on := self._day(day):
                return _json(self._structure(on))
            case ["versions", "title-15.json"]:
                return _json(self._versions(query))
            case ["full", day, "title-15.xml"] if on := self._day(day):
                body = self._full(on, query)
                return (
                    Reply(body=body, cut=self.cut, headers={"Content-Type": "application/xml"})
                    if body
                    else Reply(status=404)
                )
            case _:  # also for "current", which is not a date here
                return Reply(status=404, body=b'{"error":"not found"}')

    def _day(self, day: str) -> date | None:
        try:
            on = date.fromisoformat(day)
        except ValueError:
            return None
        return on if FIRST_TEXT <= on <= self.today else None

    def _standing(self, on: date) -> list[Text]:
        """Return the version of each section that the service's text of a day holds."""
        latest: dict[str, Text] = {}
        for version in sorted(self.texts, key=lambda text: (text.issued, text.amended)):
            if version.issued <= on:
                latest[version.identifier] = version
        order = list(dict.fromkeys(version.identifier for version in self.texts))
        return sorted(
            (version for version in latest.values() if not version.removed),
            key=lambda version: (int(version.part), order.index(version.identifier)),
        )

    def _titles(self) -> object:
        latest = max(text.issued for text in self.texts if text.issued <= self.today)
        dates = {"latest_amended_on": latest.isoformat(), "latest_issue_date": latest.isoformat()}
        nothing = dict.fromkeys((*dates, "up_to_date_as_of"))
        own = {**dates, "up_to_date_as_of": self.today.isoformat(), "reserved": False}
        return {
            "titles": [
                {"number": 15, "name": "Widgets and Trade", **own},
                {"number": 35, "name": "Panama Canal", **nothing, "reserved": True},
            ],
            "meta": {"date": self.today.isoformat(), "import_in_progress": self.importing},
        }

    def _structure(self, on: date) -> object:
        parts: dict[str, list[Text]] = {}
        for version in self._standing(on):
            parts.setdefault(version.part, []).append(version)
        nodes = [
            _node("part", id, f"Part {id}—Invented Part {id}", [_leaf(text) for text in texts])
            for id, texts in parts.items()
        ]
        chapter = _node("chapter", "VII", " Chapter VII—Bureau of Widgets", [
            _node("subchapter", "C", "Subchapter C—Widget Rules", nodes)
        ])  # fmt: skip
        subtitle = _node("subtitle", "B", "Subtitle B—Regulations", [chapter])
        return _node("title", "15", "Title 15—Widgets and Trade", [subtitle])

    def _versions(self, query: dict[str, str]) -> object:
        rows = [
            {
                "date": text.amended.isoformat(),
                "amendment_date": text.amended.isoformat(),
                "issue_date": text.issued.isoformat(),
                "identifier": text.identifier,
                "name": text.head,
                "part": text.part,
                "substantive": True,
                "removed": text.removed,
                "subpart": None,
                "title": "15",
                "type": text.type,
            }
            for text in self.texts
            if text.issued <= self.today
            and query.get("part") in (None, text.part)
            and query.get("issue_date[gte]", "") <= text.issued.isoformat()
            and text.issued.isoformat() <= query.get("issue_date[lte]", "9")
        ][: self.limit]
        meta = {"title": "15", "result_count": str(len(rows)), "issue_date": {}}
        return {"content_versions": rows, "meta": meta}

    def _full(self, on: date, query: dict[str, str]) -> bytes:
        """Return the slice of a part or a section; for all other slices the whole title."""
        texts = self._standing(on)
        declared = '<?xml version="1.0"?>\n'
        if "section" in query:
            sections = [text for text in texts if text.identifier == query["section"]]
            return (declared + _unit(sections[0])).encode() if sections else b""
        if "part" in query:
            of_part = [text for text in texts if text.part == query["part"]]
            return (declared + _part(of_part)).encode() if of_part else b""
        numbers = dict.fromkeys(text.part for text in texts)
        parts = "".join(_part([text for text in texts if text.part == id]) for id in numbers)
        return (
            f'{declared}<ECFR><AMDDATE>May 1, 2024\n</AMDDATE><DIV1 N="15" TYPE="TITLE">'
            f"<HEAD>Title 15—Widgets and Trade</HEAD>{parts}</DIV1></ECFR>"
        ).encode()


def _json(value: object) -> Reply:
    return Reply(body=json.dumps(value).encode(), headers={"Content-Type": "application/json"})


def _node(kind: str, id: str, label: str, children: Iterable[Any]) -> dict[str, Any]:
    below = list(children)
    size = sum(child["size"] for child in below)
    level, _, description = label.partition("—")
    names = {"label": label, "label_level": level, "label_description": description}
    return {"identifier": id, **names, "reserved": False, "type": kind, "size": size,
            "children": below}  # fmt: skip


def _leaf(text: Text) -> dict[str, Any]:
    return {
        "identifier": text.identifier,
        "label": text.head,
        "label_level": f"§ {text.identifier}",
        "label_description": text.head,
        "reserved": not text.body,
        "type": text.type,
        "volumes": ["2"],
        "received_on": f"{text.issued}T00:00:00-0400",
        "size": len(text.body),
    }


def _unit(text: Text) -> str:
    div = "DIV9" if text.type == "appendix" else "DIV8"
    said = html.escape(json.dumps(_place(f"/title-15/{text.type}-{text.identifier}")))
    return (
        f'<{div} N="{text.identifier}" TYPE="{text.type.upper()}" hierarchy_metadata="{said}">\n'
        f"<HEAD>{text.head}\n</HEAD>\n{text.body}\n</{div}>\n"
    )


def _part(texts: Sequence[Text]) -> str:
    number = texts[0].part
    twice = html.escape(html.escape(json.dumps(_place(f"/title-15/part-{number}"))))
    return (
        f'<DIV5 N="{number}" TYPE="PART" VOLUME="2" hierarchy_metadata="{twice}">\n'
        f"<HEAD>PART {number}—INVENTED PART {number}\n</HEAD>\n"
        "<AUTH>\n<HED>Authority:</HED><PSPACE>1 U.S.C. 1.\n</PSPACE></AUTH>\n"
        f"{''.join(_unit(text) for text in texts)}</DIV5>\n"
    )


def _place(path: str) -> dict[str, str]:
    return {"path": f"/on/_SUBSTITUTE_DATE_{path}", "citation": "an invented one"}
