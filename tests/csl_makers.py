"""What the tests of the screening list share: rows, and what is loaded of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from csl_service import PATH, ListService, Row, as_csv, row

from sources.loaders import Found
from sources.records import Given, Loaded
from sources.screening_list import load_screening_list, screening_list
from sources.split import split
from sources.types import Document
from sources.web import Web

SHARED = Path(__file__).parents[2] / "shared" / "corpus" / "csl"
LISTED = Path("listed.csv")
TURBINE = row(
    "EL",
    "Northwind  Turbine Co., Ltd. (Northwind) ",
    addresses="Mill Base, Harbour District, Dalian, 116000, CN;  5 Quay St., Moscow, RU",
    federal_register_notice="84 FR 22963, 84 FR 43495;  85 F.R. 29853 6/1/2020, 84 FR 22963 ",
    start_date="2019-05-21",
    license_requirement="For all items subject to the EAR.  (See §744.11 of the EAR)",
    license_policy="Presumption of denial",
    source_list_url="http://list.example/el",
    alt_names="Nord Wind Turbine; and NWT Tech",
)


def load(*rows: Row, given: Given | None = None) -> Loaded:
    return load_screening_list(as_csv(rows), LISTED, given or Given())


def one(listed: Row, given: Given | None = None) -> Document:
    loaded = load(listed, given=given)
    assert loaded.problems == ()
    (document,) = loaded.documents
    return document


def sentences(document: Document) -> list[str]:
    found: list[str] = []
    for passage in split(document):
        assert document.text[passage.start : passage.end] == passage.text
        found.extend(document.text[start:end] for start, end in passage.sentences)
    return found


# The download


def found(
    service: ListService, known: Mapping[str, str] | None = None, **options: Any
) -> tuple[list[Found], list[str]]:
    """Return what the loader offers, and the paths that were asked for."""
    with service.serve() as server, Web(pause_s=0, attempts=1) as web:
        listed = screening_list({"url": server.url + PATH, **options}, web, known or {})
        offered = list(listed)
        for item in offered:
            assert item.load is None or item.mark == "" or item.load()
        return offered, server.paths()
