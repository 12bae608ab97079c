"""Loader of the Federal Register: what an agency or a search has published there, with its text.

The text comes from XML where there is some, else HTML, else GPO's plain text, else it is only the
abstract, and the metadata say so. How lists are read is in `fr_api`, what XML means in `fr_xml`.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sources.errors import BadMetadata, EmptySource, ParseProblem, Refused
from sources.fr_api import Result, listed, result_of
from sources.fr_facts import KINDS, TYPES, document_id, publisher, stated_effective
from sources.fr_fallback import html_text, plain_text
from sources.fr_xml import read_document
from sources.loaders import Found
from sources.text import collapse, normalise
from sources.types import Document
from sources.web import Web


class _Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    agencies: tuple[str, ...] = ("industry-and-security-bureau",)
    types: tuple[Literal["RULE", "PRORULE", "NOTICE", "PRESDOCU"], ...] = Field(
        default=("RULE", "PRORULE", "NOTICE"), min_length=1
    )
    term: str = ""
    cfr_title: int | None = Field(default=None, ge=1, le=50)
    cfr_part: str = Field(default="", pattern=r"^(\d+(-\d+)?)?$", coerce_numbers_to_str=True)
    since: date = date(2018, 1, 1)
    until: date | None = None
    base_url: str = Field(
        default="https://www.federalregister.gov/api/v1", pattern=r"^https?://[^/]+"
    )


def federal_register(
    options: Mapping[str, Any], web: Web, known: Mapping[str, str]
) -> Iterator[Found]:
    """Yield a Found per document that the Federal Register lists for a search, oldest first.

    Options: `agencies` (slugs), `types` (RULE, PRORULE, NOTICE, PRESDOCU), `term`, `cfr_title` and
    `cfr_part` ("744" or "730-774"), `since` and `until` (publication dates, today if not given),
    `base_url`. A mark changes with the entry of its document: dates, corrections, addresses, title.
    Raises BadMetadata, Refused, Unreachable.
    """
    del known  # the list is short and tells of corrections, so it is read in full each time
    search = _options(options)
    until = search.until or date.today()
    for row in listed(web, search.base_url, _conditions(search), search.since, until):
        yield _found(row, search.base_url, web)


def _options(options: Mapping[str, Any]) -> _Options:
    try:
        search = _Options.model_validate(dict(options))
    except ValidationError as error:
        what = "; ".join(
            f"{'.'.join(map(str, detail['loc']))} {detail['input']!r}: {detail['msg']}"
            for detail in error.errors()
        )
        raise BadMetadata(f"unusable options for the Federal Register: {what}") from error
    if search.until and search.until < search.since:
        raise BadMetadata(
            f"until {search.until} lies before since {search.since}; swap or remove one of them"
        )
    return search


def _conditions(search: _Options) -> list[tuple[str, str]]:
    one = {
        "term": search.term,
        "cfr][title": str(search.cfr_title or ""),
        "cfr][part": search.cfr_part,
    }
    return [
        *(("conditions[agencies][]", slug) for slug in search.agencies),
        *(("conditions[type][]", code) for code in search.types),
        *((f"conditions[{name}]", value) for name, value in one.items() if value),
    ]


def _found(row: dict[str, Any], base_url: str, web: Web) -> Found:
    try:
        result = result_of(row)
    except BadMetadata as error:
        return Found(key=f"fr:{row.get('document_number')}", mark="", load=partial(_fail, error))
    return Found(
        key=document_id(result.document_number, result.publication_date),
        mark=_mark(result),
        load=partial(_load, result, base_url, web),
    )


def _fail(error: BadMetadata) -> Sequence[Document]:
    raise error


def _mark(result: Result) -> str:
    facts = json.dumps(result.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()[:32]


def _load(result: Result, base_url: str, web: Web) -> tuple[Document, ...]:
    """Return the document with the best text there is; raises Unreachable, EmptySource."""
    forms: tuple[tuple[str, str, Callable[[bytes], str]], ...] = (
        ("xml", result.full_text_xml_url, lambda data: read_document(data).text),
        ("html", result.body_html_url, html_text),
        ("text", result.raw_text_url, plain_text),
    )
    problems: list[str] = []
    for form, address, read in forms:
        if not address:
            continue
        try:
            page = web.get(address, named=base_url)
            if page and (text := normalise(read(page.body))):
                return (_document(result, text, extent="full", text_from=form),)
            problems.append(f"{address}: there is no text in it")
        except (Refused, ParseProblem, EmptySource) as error:
            problems.append(f"{address}: {error}")
    if text := normalise(result.abstract):
        return (_document(result, text, extent="abstract", text_from="abstract"),)
    raise EmptySource(
        f"{result.document_number}: there is neither text nor abstract; see {result.html_url}"
        + "".join(f" ({problem})" for problem in problems)
    )


def _document(result: Result, text: str, *, extent: str, text_from: str) -> Document:
    kind = KINDS.get(TYPES.get(result.type, result.type), "notice")
    stated = stated_effective(result.dates) if kind == "rule" else None
    own = {"document_number", "title", "publication_date", "effective_on", "html_url", "agencies"}
    addresses = {"full_text_xml_url", "body_html_url", "raw_text_url", "volume", "citation"}
    facts = result.model_dump(mode="json", exclude=own | addresses)
    start = f"{result.volume} FR {result.start_page}"
    return Document(
        id=document_id(result.document_number, result.publication_date),
        title=collapse(result.title) or result.document_number,
        kind=kind,
        text=text,
        publisher=_publisher(result),
        published=result.publication_date,
        effective=result.effective_on or stated,
        url=result.html_url,
        citation=result.citation or (start if result.volume and result.start_page else ""),
        metadata={
            **{name: value for name, value in facts.items() if value},
            "document_number": result.document_number,
            "extent": extent,
            "text_from": text_from,
        },
    )


def _publisher(result: Result) -> str:
    """Return the agencies that speak: a department is left out where its bureau is named."""
    names = {agency.id: agency.raw_name or agency.name for agency in result.agencies}
    parents = {agency.parent_id for agency in result.agencies if agency.parent_id is not None}
    return publisher(
        (
            names.get(agency.parent_id, "") if agency.parent_id is not None else "",
            agency.raw_name or agency.name,
        )
        for agency in result.agencies
        if agency.id not in parents
    )
