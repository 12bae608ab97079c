"""The screening list as a subscription: one conditional request, and no half of a list."""

from typing import Any

import pytest
from csl_makers import TURBINE, found, one
from csl_service import PATH, ListService, as_csv, row

from sources.errors import BadMetadata, ParseProblem, Refused, Unreachable
from sources.loaders import Found
from sources.screening_list import screening_list
from sources.types import Document
from sources.web import Web


def keys(offered: list[Found]) -> list[str]:
    return [item.key for item in offered if item.load is not None]


def documents(offered: list[Found]) -> list[Document]:
    return [document for item in offered if item.load for document in item.load()]


def test_the_loader_offers_each_row_of_the_bis_lists_from_one_request() -> None:
    service = ListService(as_csv([TURBINE, row("SDN", "SEA KITE"), row("UVL", "Kite")]))
    offered, paths = found(service)
    assert paths == [PATH]
    assert [d.metadata["list"] for d in documents(offered)] == ["EL", "UVL"]
    assert keys(offered) == [document.id for document in documents(offered)]
    assert "path" not in documents(offered)[0].metadata
    assert documents(offered)[0].text == one(TURBINE).text
    end = offered[-1]
    assert end.load is None
    assert end.key.endswith(PATH)
    assert service.etag in end.mark


@pytest.mark.parametrize("etags", [True, False])
def test_an_unchanged_list_is_not_sent_again(etags: bool) -> None:
    service = ListService(as_csv([TURBINE]), etags=etags)
    with service.serve() as server, Web(pause_s=0, attempts=1) as web:
        options = {"url": server.url + PATH}
        known = {item.key: item.mark for item in screening_list(options, web, {})}
        assert list(screening_list(options, web, known)) == []
        other = {**options, "lists": ["EL"]}  # needs the file, though it has not changed
        assert len(list(screening_list(other, web, known))) == 2
        service.publish(as_csv([TURBINE, row("UVL", "Kite")]))
        changed = list(screening_list(options, web, known))
    fresh = [item for item in changed if known.get(item.key) != item.mark]
    assert [item.key for item in fresh] == [keys(changed)[1], options["url"]]


def test_the_mark_of_a_row_changes_with_the_row_only() -> None:
    before, _ = found(ListService(as_csv([TURBINE, row("UVL", "Kite")])))
    amended = dict(TURBINE, license_policy="Policy of denial")
    after, _ = found(ListService(as_csv([row("UVL", "Kite"), amended])))
    marks = {item.key: item.mark for item in before}
    assert [marks[item.key] == item.mark for item in after if item.load] == [True, False]


def test_lists_can_be_chosen() -> None:
    service = ListService(as_csv([TURBINE, row("SDN", "SEA KITE"), row("CAP", "KITE BANK")]))
    chosen, _ = found(service, lists=["SDN", "CAP"])
    assert [d.metadata["list"] for d in documents(chosen)] == ["SDN", "CAP"]
    everything, _ = found(service, lists="all")
    assert len(keys(everything)) == 3


@pytest.mark.parametrize(
    "options", [{"lists": ["XX"]}, {"lists": []}, {"url": "ftp://x.example"}, {"list": "EL"}]
)
def test_unusable_options_are_refused_before_anything_is_asked(options: dict[str, Any]) -> None:
    with Web() as web, pytest.raises(BadMetadata, match=f"{next(iter(options))!r}.*EL, UVL"):
        list(screening_list(options, web, {}))


@pytest.mark.parametrize(
    "body", [b"<!doctype html><p>Sorry", b'\xef\xbb\xbf {"message": "gone"}', b"[]", b" \n"]
)
def test_an_answer_that_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(Refused, match="not the list as CSV"):
        found(ListService(body))


def test_other_columns_are_refused_and_a_failing_server_is_unreachable() -> None:
    with pytest.raises(ParseProblem, match="no column source"):
        found(ListService(b"a,b\n1,2\n"))
    service = ListService(as_csv([TURBINE]))
    service.status = 503
    with pytest.raises(Unreachable):
        found(service)


def test_a_download_cut_short_never_counts_as_read() -> None:
    body = as_csv([TURBINE, row("UVL", "Kite")])
    service = ListService(body)
    service.cut = len(body) // 2
    with pytest.raises(Unreachable):
        found(service)
    offered, _ = found(ListService(body[:-20]))  # cut by whoever wrote the file
    *good, bad, end = offered
    assert [item.key for item in good] == [f"csl:EL-{TURBINE['_id']}"]
    assert end.load is None
    assert bad.load is not None
    assert bad.mark == ""
    with pytest.raises(ParseProblem, match="line 3: not CSV"):
        bad.load()
