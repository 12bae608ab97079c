"""The eCFR loader against a server that behaves as the service does."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from ecfr_service import Ecfr, text
from loopback import Loopback, Reply, Request

from sources import ecfr as module
from sources.ecfr import ecfr
from sources.errors import BadMetadata, ParseProblem, Refused, SourceError, Unreachable
from sources.loaders import Found
from sources.types import Document
from sources.web import Web

LISTED = [
    "ecfr:15/744.1",
    "ecfr:15/744.11",
    "ecfr:15/744/supplement-no-4-to-part-744",
    "ecfr:15/772.1",
]
LISTING = "ecfr:15/listing 730-774"

Documents = dict[str, Document]


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Loopback, list[Ecfr]]]:
    """A server for all tests (closing one takes half a second), and the service it is just now."""
    services = [Ecfr()]
    with Loopback(lambda request: services[-1].answer(request)) as server:
        yield server, services


@pytest.fixture
def service(running: tuple[Loopback, list[Ecfr]]) -> Ecfr:
    running[1].append(Ecfr())
    return running[1][-1]


@pytest.fixture
def server(running: tuple[Loopback, list[Ecfr]], service: Ecfr) -> Loopback:
    running[0].requests.clear()
    return running[0]


def offered(
    server: Loopback, known: Mapping[str, str] | None = None, **options: Any
) -> list[Found]:
    with Web(pause_s=0, sleep=lambda _: None) as web:
        return list(ecfr({"base_url": server.url, **options}, web, known or {}))


def loaded(server: Loopback, known: Mapping[str, str] | None = None, **options: Any) -> Documents:
    """Return what a sync would load: what is new or has another mark, by key."""
    with Web(pause_s=0, sleep=lambda _: None) as web:
        return {
            found.key: found.load()[0]
            for found in ecfr({"base_url": server.url, **options}, web, known or {})
            if found.load and (known or {}).get(found.key) != found.mark
        }


def marks(found: list[Found]) -> dict[str, str]:
    return {one.key: one.mark for one in found}


def asked(server: Loopback) -> list[str]:
    """Return what was asked of the server since the last time: "titles", "full" and so on."""
    kinds = [path.split("/")[4].removesuffix(".json") for path in server.paths()]
    server.requests.clear()
    return kinds


def test_sections_and_supplements_of_the_parts_are_offered_and_no_body_is_fetched(
    server: Loopback,
) -> None:
    found = offered(server)
    assert [one.key for one in found] == [*LISTED, LISTING]  # 700.1 is not asked for
    assert found[-1].load is None
    assert found[-1].whole
    assert found[1].mark.startswith("2022-09-09 2022-09-12 ")
    assert asked(server) == ["titles", "structure", "versions", "versions"]


def test_a_section_is_loaded_with_its_dates_and_its_link(server: Loopback) -> None:
    document = loaded(server)["ecfr:15/744.11"]
    assert document.id == "ecfr:15/744.11"
    assert document.title == "15 CFR § 744.11 Listed entities"
    assert document.text == "(a) A license is required, except for standards."
    assert document.published == date(2022, 9, 9)
    assert document.url == (
        "https://www.ecfr.gov/current/title-15/subtitle-B/chapter-VII/subchapter-C"
        "/part-744/section-744.11"
    )
    assert document.metadata["as_of"] == "2024-05-17"
    assert document.metadata["issue_date"] == "2022-09-12"
    assert document.metadata["hierarchy"] == [
        "Title 15—Widgets and Trade",
        "Subtitle B—Regulations",
        "Chapter VII—Bureau of Widgets",
        "Subchapter C—Widget Rules",
        "PART 744—INVENTED PART 744",
    ]


def test_the_entity_list_is_loaded_row_by_row(server: Loopback) -> None:
    document = loaded(server)["ecfr:15/744/supplement-no-4-to-part-744"]
    assert document.published == date(2022, 2, 3)
    assert [line for line in document.text.split("\n") if line.startswith("#")] == [
        "## ATLANTIS",
        "### Acme Widgets Co., Ltd",
        "### Beta Optics, 2 Sea Road",
        "## LEMURIA",
        "### Gamma Foundry",
    ]
    assert "Beta Optics, 2 Sea Road. Country: ATLANTIS." in document.text


def test_a_part_is_fetched_once_and_only_when_something_of_it_is_wanted(server: Loopback) -> None:
    assert len(loaded(server)) == len(LISTED)
    full = [request.query["part"] for request in server.requests if "/full/" in request.path]
    assert full == [["744"], ["772"]]
    server.requests.clear()
    known = marks(offered(server)) | {"ecfr:15/772.1": "2020-01-01 2020-01-01 1"}
    server.requests.clear()
    assert list(loaded(server, known)) == ["ecfr:15/772.1"]
    full = [request.query["part"] for request in server.requests if "/full/" in request.path]
    assert full == [["772"]]


def test_a_second_run_asks_for_titles_and_structure_only(service: Ecfr, server: Loopback) -> None:
    known = marks(offered(server))
    asked(server)
    assert loaded(server, known) == {}
    assert asked(server) == ["titles", "structure"]
    service.today += timedelta(days=3)  # days pass, nothing is amended
    assert marks(offered(server, known)) == known
    assert asked(server) == ["titles", "structure"]


def test_an_amended_section_alone_is_loaded_again(service: Ecfr, server: Loopback) -> None:
    known = marks(offered(server))
    service.amend(text("744.1", "<P>(a) Amended.</P>", "2024-06-03", issued="2024-06-04"))
    service.today = date(2024, 6, 10)
    documents = loaded(server, known)
    assert list(documents) == ["ecfr:15/744.1"]
    assert documents["ecfr:15/744.1"].published == date(2024, 6, 3)
    assert documents["ecfr:15/744.1"].metadata["as_of"] == "2024-06-10"


def test_an_amendment_of_the_same_size_is_seen(service: Ecfr, server: Loopback) -> None:
    known = marks(offered(server))
    service.amend(text("772.1", "<P><I>Widget.</I> A thing that burns.</P>", "2024-06-03"))
    assert list(loaded(server, known)) == ["ecfr:15/772.1"]


def test_a_text_of_another_size_is_looked_into_though_no_date_has_changed(
    service: Ecfr, server: Loopback
) -> None:
    known = marks(offered(server))
    service.texts = tuple(
        replace(version, body="<P>Corrected.</P>") if version.part == "772" else version
        for version in service.texts
    )
    asked(server)
    assert list(loaded(server, known)) == ["ecfr:15/772.1"]
    assert asked(server) == ["titles", "structure", "versions", "full"]


def test_a_removed_section_is_no_longer_offered_by_a_whole_listing(
    service: Ecfr, server: Loopback
) -> None:
    known = marks(offered(server))
    service.amend(text("744.1", "", "2024-06-03", removed=True))
    found = offered(server, known)
    assert known.keys() - marks(found).keys() == {"ecfr:15/744.1"}
    assert found[-1].whole


def test_a_removal_that_the_structure_does_not_show_yet_counts(
    service: Ecfr, server: Loopback
) -> None:
    service.amend(text("744.1", "", "2024-06-03", issued="2024-06-20", removed=True))
    assert "ecfr:15/744.1|2024-06-02" in marks(offered(server, dates=["2024-06-02"]))
    assert "ecfr:15/744.1|2024-06-10" not in marks(offered(server, dates=["2024-06-10"]))


# as of dates


def test_texts_as_of_dates_come_in_order_each_once(server: Loopback) -> None:
    documents = loaded(server, dates=["2019-06-01", "2022-10-01", "2024-01-01"], parts=[744])
    assert list(documents) == [
        "ecfr:15/744.1|2019-06-01",
        "ecfr:15/744.11|2019-06-01",
        "ecfr:15/744.17|2019-06-01",
        "ecfr:15/744/supplement-no-4-to-part-744|2019-06-01",
        "ecfr:15/744.11|2022-10-01",
        "ecfr:15/744/supplement-no-4-to-part-744|2022-10-01",
    ]
    earlier = documents["ecfr:15/744.11|2019-06-01"]
    later = documents["ecfr:15/744.11|2022-10-01"]
    assert earlier.id == later.id == "ecfr:15/744.11"
    assert (earlier.published, later.published) == (date(2016, 12, 29), date(2022, 9, 9))
    assert "standards" not in earlier.text
    assert "standards" in later.text
    assert "/on/2022-10-01/title-15/subtitle-B/" in later.url
    assert later.metadata["as_of"] == "2022-10-01"
    assert not offered(server, dates=["2019-06-01"])[-1].whole


def test_a_text_in_force_before_it_was_issued_is_fetched_at_its_issue_date(
    server: Loopback,
) -> None:
    documents = loaded(server, dates=["2022-09-10"], parts=[744])
    document = documents["ecfr:15/744.11|2022-09-10"]
    assert document.text == "(a) A license is required, except for standards."
    assert "/on/2022-09-12/" in document.url
    assert document.metadata["as_of"] == "2022-09-10"
    full = {request.path.split("/")[5] for request in server.requests if "/full/" in request.path}
    assert full == {"2022-09-10", "2022-09-12"}


# more versions than one answer holds


@pytest.mark.parametrize(("limit", "count"), [(3, 20), (1000, 1001)])
def test_versions_beyond_one_answer_are_asked_for_by_windows(
    service: Ecfr, server: Loopback, monkeypatch: pytest.MonkeyPatch, limit: int, count: int
) -> None:
    days = [date(2018, 1, 1) + timedelta(days=n) for n in range(count)]
    service.texts = tuple(
        text(f"744.{n}", "<P>One.</P>", day.isoformat()) for n, day in enumerate(days, 1)
    )
    service.limit = limit
    monkeypatch.setattr(module, "VERSIONS_LIMIT", limit)
    found = offered(server, parts=["744"])[:-1]
    assert [one.mark.split()[0] for one in found] == [day.isoformat() for day in days]
    assert asked(server).count("versions") > 2


def test_a_day_with_more_versions_than_one_answer_holds_is_not_passed_over(
    service: Ecfr, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.texts = tuple(text(f"744.{n}", "<P>One.</P>", "2018-01-01") for n in range(1, 5))
    service.limit = 3
    monkeypatch.setattr(module, "VERSIONS_LIMIT", 3)
    with pytest.raises(Unreachable, match="too many versions on 2018-01-01"):
        offered(server)


# what goes wrong


def test_nothing_is_read_while_the_service_imports(service: Ecfr, server: Loopback) -> None:
    service.importing = True
    with pytest.raises(Unreachable, match="import in progress"):
        offered(server)
    assert asked(server) == ["titles"]


def test_too_many_requests_and_time_outs_are_tried_again(service: Ecfr, server: Loopback) -> None:
    service.failures = [429, 429, 504]
    assert len(loaded(server)) == len(LISTED)
    service.failures = [504] * 20
    with pytest.raises(Unreachable):
        offered(server)


def test_a_body_that_is_cut_off_gives_nothing_and_is_asked_for_once_a_run(
    service: Ecfr, server: Loopback
) -> None:
    service.cut = 400
    with Web(pause_s=0, attempts=2, sleep=lambda _: None) as web:
        for found in ecfr({"base_url": server.url, "parts": [744]}, web, {}):
            if found.load:
                with pytest.raises(SourceError):
                    found.load()
    assert asked(server).count("full") == 2  # its attempts, not those of three sections


def test_xml_that_ends_early_is_no_text() -> None:
    service = Ecfr()

    def shortened(request: Request) -> Reply:
        reply = service.answer(request)
        return Reply(body=reply.body[:-20]) if "/full/" in request.path else reply

    with Loopback(shortened) as server, pytest.raises(ParseProblem, match="part=744: .*cut off"):
        loaded(server)


def test_a_section_that_the_xml_lacks_is_a_problem(service: Ecfr) -> None:
    def without(request: Request) -> Reply:
        reply = service.answer(request)
        return Reply(body=reply.body.replace(b'N="744.11"', b'N="744.12"'))

    with Loopback(without) as server, pytest.raises(ParseProblem, match="does not hold 744.11"):
        loaded(server)


def test_a_section_that_only_its_xml_says_is_reserved_gives_nothing(service: Ecfr) -> None:
    def unmarked(request: Request) -> Reply:
        reply = service.answer(request)
        return Reply(body=reply.body.replace(b'"reserved": true', b'"reserved": false'))

    with Loopback(unmarked) as server, Web(pause_s=0) as web:
        found = {one.key: one for one in ecfr({"base_url": server.url}, web, {})}
        load = found["ecfr:15/744.2"].load
        assert load is not None
        assert load() == ()


def test_an_answer_in_another_form_is_reported(service: Ecfr) -> None:
    def page(request: Request) -> Reply:
        if "/versions/" in request.path:
            return Reply(body=b"<html>Request access</html>")
        return service.answer(request)

    with Loopback(page) as server, pytest.raises(Unreachable, match="versions/title-15.json"):
        offered(server)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"title": 35}, "title 35 of the CFR is reserved"),
        ({"title": 99}, "title 99 of the CFR does not exist"),
        ({"parts": ["744 to 774"]}, "'730-774'"),
        ({"parts": [900]}, "nothing in the parts 900"),
        ({"dates": ["2016-12-31"]}, "no text as of 2016-12-31"),
        ({"dates": ["2031-01-01"]}, "from 2017-01-01 to 2024-05-17"),
        ({"dates": ["2020-01-01", "2019-01-01"]}, "ascend"),
        ({"dates": ["current"]}, "current"),
        ({"part": 744}, "part 744"),
        ({"base_url": "file:///x"}, "base_url"),
    ],
)
def test_unusable_options_are_named(server: Loopback, options: dict[str, Any], said: str) -> None:
    with pytest.raises(BadMetadata, match=said):
        offered(server, **options)


def test_parts_are_numbers_or_ranges(server: Loopback) -> None:
    def parts(*wanted: int | str) -> list[str]:
        return [key.split("/")[1] for key in marks(offered(server, parts=wanted))][:-1]

    assert parts(700) == ["700.1"]
    assert parts("772") == ["772.1"]
    assert parts(700, "770-774") == ["700.1", "772.1"]


def test_the_stand_in_has_the_oddities_of_the_service(server: Loopback) -> None:
    api = f"{server.url}/api/versioner/v1"
    with Web(pause_s=0) as web:
        for path in ("full/current/title-15.xml?part=744", "structure/2031-01-01/title-15.json"):
            with pytest.raises(Refused):
                web.get(f"{api}/{path}")
        whole = web.get(f"{api}/full/2024-05-17/title-15.xml?chapter=VII")
        section = web.get(f"{api}/full/2024-05-17/title-15.xml?section=744.11")
    assert whole is not None
    assert b"<DIV1" in whole.body
    assert b'N="700.1"' in whole.body
    assert section is not None
    assert section.body.count(b"<DIV") == 1
