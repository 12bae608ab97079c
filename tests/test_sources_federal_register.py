"""The Federal Register loader against a stand-in for the service, with every documented oddity."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fr_service import Entry, FederalRegister, entry
from loopback import Loopback, Reply, Request

from sources import fr_api
from sources.errors import BadMetadata, EmptySource, Refused, SourceError, Unreachable
from sources.federal_register import federal_register
from sources.fr_fallback import html_text, plain_text
from sources.loaders import Found
from sources.split import split
from sources.types import Document
from sources.web import Web

SAMPLES = Path(__file__).parents[2] / "shared" / "corpus" / "api_samples"
DAY = "2031-03-04"
MARCH = {"since": "2031-01-01", "until": "2031-12-31"}


class Asked:
    """A loader that is asked; `paths` are those that the service was asked for."""

    def __init__(self, server: Loopback, web: Web) -> None:
        self._server, self._web = server, web

    def __call__(self, **options: Any) -> list[Found]:
        base = {"base_url": f"{self._server.url}/api/v1", **MARCH}
        return list(federal_register({**base, **options}, self._web, {}))

    def load(self, **options: Any) -> list[Document]:
        return [one for found in self(**options) if found.load for one in found.load()]

    @property
    def requests(self) -> list[Request]:
        return self._server.requests


_answering: list[Callable[[Request], Reply]] = []
_servers: list[Loopback] = []


@pytest.fixture(scope="module", autouse=True)
def one_server() -> Iterator[None]:
    """Run one server for all tests: closing one takes half a second."""
    with Loopback(lambda request: _answering[-1](request)) as server:
        _servers.append(server)
        yield
        _servers.clear()


@contextmanager
def serving(answer: Callable[[Request], Reply]) -> Iterator[Asked]:
    _answering.append(answer)
    _servers[0].requests.clear()
    with Web(pause_s=0, sleep=lambda _: None) as web:
        yield Asked(_servers[0], web)


def many(number: int, *, days: int) -> list[Entry]:
    """Return `number` documents, more of them on earlier days, without texts of their own."""
    first = date(2031, 1, 1)
    return [
        entry(f"2031-{n:05}", str(first + timedelta(days=n * n * days // number**2)), forms=())
        for n in range(number)
    ]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """Return the limit of results, made small here as in the service that stands in."""
    monkeypatch.setattr(fr_api, "MOST", 40)
    monkeypatch.setattr(fr_api, "PER_PAGE", 10)
    return 40


def test_the_list_asks_for_what_was_wanted_and_fetches_no_document() -> None:
    service = FederalRegister([entry("2031-00001", DAY), entry("2031-00002", DAY, type="NOTICE")])
    with serving(service.answer) as ask:
        found = ask(types=["RULE"], term="item", cfr_title=15, cfr_part="730-774")
        (request,) = ask.requests
    assert [one.key for one in found] == ["fr:2031-00001"]
    query = request.query
    assert query["conditions[agencies][]"] == ["industry-and-security-bureau"]
    assert query["conditions[type][]"] == ["RULE"]
    assert (query["conditions[cfr][title]"], query["conditions[cfr][part]"]) == (
        ["15"],
        ["730-774"],
    )
    assert (query["order"], query["per_page"]) == (["oldest"], ["1000"])
    assert {"full_text_xml_url", "effective_on", "corrections", "dates"} <= set(query["fields[]"])


def test_a_document_has_its_facts_and_its_text() -> None:
    with serving(FederalRegister([entry("2031-00017", DAY, corrections=["u"])]).answer) as ask:
        (document,) = ask.load()
    assert (document.id, document.kind) == ("fr:2031-00017", "rule")
    assert document.title == "Controls on Item 2031-00017"
    assert document.publisher == "Bureau of Industry and Security"
    assert (document.published, document.effective) == (date(2031, 3, 4), date(2031, 3, 10))
    assert document.citation == "96 FR 1201"
    assert document.url.startswith(
        "https://www.federalregister.gov/documents/2031/03/04/2031-00017"
    )
    expected = {
        "type": "Rule", "action": "Final rule.", "corrections": ["u"], "extent": "full",
        "dates": "This rule is effective March 10, 2031.", "text_from": "xml",
        "docket_ids": ["Docket No. 310224-0007"], "regulation_id_numbers": ["0694-ZZ09"],
        "start_page": 1201, "end_page": 1203, "document_number": "2031-00017",
    }  # fmt: skip
    assert expected.items() <= document.metadata.items()
    json.dumps(dict(document.metadata))  # can be stored
    assert "A firm in Zembla asked for item 2031-00017 twice. It was refused." in document.text
    assert "item 2031\u201300017 as of now" in document.text  # the text as it was printed
    for passage in split(document):
        assert passage.text == document.text[passage.start : passage.end]


@pytest.mark.parametrize("documents", [39, 40, 41, 163])
def test_nothing_is_lost_at_the_limit_of_results(documents: int, small: int) -> None:
    entries = many(documents, days=300)
    with serving(FederalRegister(entries, most=small).answer) as ask:
        found = ask()
        asked = len(ask.requests)
    assert sorted(one.key for one in found) == [
        f"fr:{item.fields['document_number']}" for item in entries
    ]
    assert asked <= 6 + documents  # halving a year ends soon


def test_a_day_with_too_many_documents_is_refused(small: int) -> None:
    entries = [entry(f"2031-{n:05}", DAY, forms=()) for n in range(small)]
    with (
        serving(FederalRegister(entries, most=small).answer) as ask,
        pytest.raises(Refused, match="2031-03-04 alone has as many"),
    ):
        ask()


def test_a_list_that_begins_again_does_not_go_on_for_ever(small: int) -> None:
    service = FederalRegister(many(30, days=9), most=small, endless=True)
    with serving(service.answer) as ask:
        with pytest.raises(Unreachable, match="lists again"):
            ask()
        assert len(ask.requests) < 10


def test_a_list_that_goes_in_a_circle_ends(small: int) -> None:
    service = FederalRegister(many(30, days=9), most=small)

    def circling(request: Request) -> Reply:
        body = json.loads(service.answer(request).body)
        body["results"] = [dict(row, title=str(len(asked))) for row in body["results"]]
        asked.append(request.url)
        body["next_page_url"] = f"http://{request.headers['host']}{asked[0]}"
        return Reply(body=json.dumps(body).encode())

    asked: list[str] = []
    with serving(circling) as ask, pytest.raises(Unreachable, match="circle"):
        ask()


@pytest.mark.parametrize("elsewhere", ["http://127.0.0.1:9/next", "https://{host}/next"])
def test_the_list_is_not_followed_to_another_host_or_scheme(elsewhere: str) -> None:
    def answer(request: Request) -> Reply:
        row = {"document_number": "2031-1", "publication_date": DAY}
        address = elsewhere.format(host=request.headers["host"])
        body = {"count": 9, "results": [row], "next_page_url": address}
        return Reply(body=json.dumps(body).encode())

    with serving(answer) as ask, pytest.raises(Refused, match="not on http"):
        ask()


def test_a_list_that_is_short_is_not_taken_for_whole() -> None:
    row = {"document_number": "2031-1", "publication_date": DAY}
    body = json.dumps({"count": 3, "results": [row]}).encode()
    with serving(lambda _: Reply(body=body)) as ask, pytest.raises(Unreachable, match="after 1"):
        ask()


def test_no_hits_are_no_documents() -> None:
    with serving(FederalRegister([]).answer) as ask:
        assert ask() == []


def test_a_document_that_is_listed_twice_comes_once_and_old_numbers_with_their_date() -> None:
    twice = entry("05-17", "2005-03-04", forms=())
    service = FederalRegister([twice, twice, entry("05-17", "2005-03-09", forms=())])
    with serving(service.answer) as ask:
        found = ask(since="2005-01-01", until="2005-12-31")
    assert [one.key for one in found] == ["fr:05-17:2005-03-04", "fr:05-17:2005-03-09"]


def test_marks_change_with_the_entry_and_only_with_it() -> None:
    entries = [entry("2031-00001", DAY), entry("2031-00002", DAY)]
    service = FederalRegister(entries)
    with serving(service.answer) as ask:
        first, again = ({one.key: one.mark for one in ask()} for _ in range(2))
        viewed = entry("2031-00001", DAY, page_views={"count": 99, "last_updated": "2031"})
        service.entries = [viewed, entry("2031-00002", DAY, corrections=["/documents/C1-2031-2"])]
        later = {one.key: one.mark for one in ask()}
    assert first == again and all(first.values())
    assert later["fr:2031-00001"] == first["fr:2031-00001"]
    assert later["fr:2031-00002"] != first["fr:2031-00002"]


def test_without_xml_the_text_comes_from_html() -> None:
    with serving(FederalRegister([entry("2031-00002", DAY, forms=("html", "text"))]).answer) as ask:
        (document,) = ask.load()
    assert document.metadata["text_from"] == "html"
    assert document.text == (
        "# Controls on Item 2031-00002\n\nThe Bureau of Industry and Security controls item"
        " 2031-00002 from the day of this rule, because the makers of that item sell it to a firm"
        " in Zembla. They may ask for a licence.\n\n## Background\n\nA firm in Zembla asked for"
        " item 2031-00002 twice, and each time the Bureau refused it after it had heard the"
        " agencies."
    )


def test_without_html_the_text_comes_from_plain_text() -> None:
    with serving(FederalRegister([entry("2031-00003", DAY, forms=("text",))]).answer) as ask:
        (document,) = ask.load()
    assert document.metadata["text_from"] == "text"
    assert document.text.split("\n\n") == [
        "DEPARTMENT OF COMMERCE",
        "Bureau of Industry and Security",
        "Controls on Item 2031-00003",
        "AGENCY: Bureau of Industry and Security, Commerce.",
        "SUMMARY: The Bureau of Industry and Security controls item 2031-00003 because makers &"
        " sellers of it \u201cknow\u201d a firm in Zembla.",
        "A firm in Zembla asked for item 2031-00003 and was told in the course of that year that it"
        " would not get it. The firm did not appeal.",
        "[1] 96 FR 18.",
        "There was no second request.",
    ]


def test_without_any_text_the_abstract_is_taken_and_said_to_be_one() -> None:
    with serving(FederalRegister([entry("2031-00004", DAY, forms=())]).answer) as ask:
        (document,) = ask.load()
    assert document.metadata["extent"] == "abstract"
    assert document.text == "This rule adds item 2031-00004 to the list of controlled examples."


def test_without_text_and_abstract_there_is_nothing() -> None:
    service = FederalRegister([entry("2031-00005", DAY, forms=(), abstract=None)])
    with serving(service.answer) as ask, pytest.raises(EmptySource, match="2031-00005.*404"):
        ask.load()


def test_damaged_xml_gives_way_to_html() -> None:
    service = FederalRegister([entry("2031-00006", DAY)])
    service.fail("/xml/", Reply(body=b"<RULE><PREAMB><SUM><P>It is cut"))
    with serving(service.answer) as ask:
        (document,) = ask.load()
    assert document.metadata["text_from"] == "html"


@pytest.mark.parametrize(
    "failure", [Reply(status=429), Reply(status=504), None], ids=["429", "504", "cut off"]
)
@pytest.mark.parametrize("path", ["documents.json", "/xml/"])
def test_what_passes_is_tried_again(path: str, failure: Reply | None) -> None:
    service = FederalRegister([entry("2031-00007", DAY)])
    service.fail(path, failure, times=2)
    with serving(service.answer) as ask:
        (document,) = ask.load()
    assert document.metadata["text_from"] == "xml"


def test_a_text_that_cannot_be_reached_now_is_not_replaced_by_a_poorer_one() -> None:
    service = FederalRegister([entry("2031-00008", DAY)])
    service.fail("/xml/", Reply(status=504), times=50)
    with serving(service.answer) as ask, pytest.raises(Unreachable):
        ask.load()


@pytest.mark.parametrize(
    "names",
    [
        ("abstract", "action", "dates", "effective_on", "citation"),
        ("agencies", "docket_ids", "cfr_references", "corrections"),
        ("title", "html_url", "start_page", "comments_close_on"),
    ],
)
@pytest.mark.parametrize("how", ["missing", "null", "the word"])
def test_fields_may_be_missing_or_null_or_the_word_null(names: tuple[str, ...], how: str) -> None:
    changes = dict.fromkeys(names, None if how == "null" else "null")
    item = (
        entry("2031-00009", DAY, missing=names)
        if how == "missing"
        else entry("2031-00009", DAY, **changes)
    )
    with serving(FederalRegister([item]).answer) as ask:
        (document,) = ask.load()
    assert document.title and "null" not in document.title + document.publisher + document.citation
    assert (document.effective is None) == ("effective_on" in names)
    assert not set(names) & set(document.metadata)


def test_agencies_without_an_id_and_a_rule_without_its_date() -> None:
    agencies = [
        {"raw_name": "DEPARTMENT OF STATE"},
        {"raw_name": "DEPARTMENT OF COMMERCE", "name": "Commerce Department", "id": 54},
        {"name": "Industry and Security Bureau", "id": 241, "parent_id": 54, "new": {"x": 1}},
    ]
    item = entry("2031-00010", DAY, agencies=agencies, effective_on=None, citation=None)
    with serving(FederalRegister([item]).answer) as ask:
        (document,) = ask.load()
    assert document.publisher == "Department of State; Industry and Security Bureau"
    assert document.effective == date(2031, 3, 10)  # from "dates", which state just one
    assert document.citation == "96 FR 1201"


def test_an_unusable_entry_is_reported_and_the_rest_is_loaded() -> None:
    rows: list[dict[str, Any]] = [
        {"document_number": "2031-1", "publication_date": None},
        {"document_number": "2031-2", "publication_date": DAY, "abstract": "It is known."},
    ]
    body = json.dumps({"count": 2, "results": rows}).encode()
    with serving(lambda _: Reply(body=body)) as ask:
        bad, good = ask()
    assert bad.load and good.load
    with pytest.raises(BadMetadata, match="2031-1 None is unusable: publication_date"):
        bad.load()
    assert good.load()[0].id == "fr:2031-2"


def test_a_search_that_the_service_does_not_know_is_named() -> None:
    with (
        serving(FederalRegister([]).answer) as ask,
        pytest.raises(Refused, match="bureau-of-industry-and-security.*goes by its slug.*400"),
    ):
        ask(agencies=["bureau-of-industry-and-security"])
    body = json.dumps({"errors": {"toc_subject": "is not a valid field"}}).encode()
    with (
        serving(lambda _: Reply(body=body)) as ask,
        pytest.raises(BadMetadata, match="toc_subject is not a valid field"),
    ):
        ask()


@pytest.mark.parametrize("body", [b"<html>Sorry</html>", b'{"count": 2, "resul', b"[]", b"\xff"])
def test_an_answer_that_is_no_list_is_no_empty_list(body: bytes) -> None:
    with serving(lambda _: Reply(body=body)) as ask, pytest.raises(Unreachable, match="in JSON"):
        ask()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"agency": ["x"]}, "agency"),
        ({"types": ["RULES"]}, "RULES"),
        ({"types": []}, "types"),
        ({"since": "yesterday"}, "yesterday"),
        ({"since": "2031-02-01", "until": "2031-01-01"}, "lies before"),
        ({"cfr_part": "part 744"}, "part 744"),
        ({"base_url": "file:///etc"}, "base_url"),
    ],
)
def test_unusable_options_are_named(options: dict[str, Any], message: str) -> None:
    with (
        serving(FederalRegister([]).answer) as ask,
        pytest.raises(BadMetadata, match=message),
    ):
        ask(**options)


def test_the_text_of_a_table_keeps_its_lines() -> None:
    page = b"<pre>The table:\n\nItem       Number        Note\n  Chip     1.........    x\n</pre>"
    assert plain_text(page).split("\n\n")[1] == "Item | Number | Note\nChip | 1......... | x"
    with pytest.raises(EmptySource):
        plain_text(b"<html><pre>\n\n</pre></html>")
    with pytest.raises(SourceError):
        html_text(b"<div></div>")


@pytest.mark.parametrize(
    "name", ["fr_document_single.REAL.2025-05887", "fr_document_single.RECONSTRUCTED.2020-10856"]
)
def test_a_recorded_document_is_understood(name: str) -> None:
    path = SAMPLES / f"{name}.json"
    if not path.exists():
        pytest.skip(f"the recorded {name} is not on this machine")
    row = json.loads(path.read_bytes())
    found = fr_api.result_of(row)
    assert found.document_number == row["document_number"] and found.title == row["title"]
    assert str(found.effective_on) == str(row["effective_on"])
    assert found.full_text_xml_url == row["full_text_xml_url"] and len(found.agencies) == 2
