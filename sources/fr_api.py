"""The lists of the Federal Register's API v1: what a result holds, and how to get all of them.

Defends against the service's oddities: it counts and lists 10,000 results at most, then begins
again with page 1 without saying so, and leaves out what is empty. Fetches no document.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, cast
from urllib.parse import urlencode, urljoin, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sources.errors import BadMetadata, Refused, Unreachable
from sources.text import collapse
from sources.web import Web

PER_PAGE = 1000  # the service takes 2 to 2000; what it does not take silently becomes 20
MOST = 10_000  # results that one search counts and lists, at most


def _text(value: object) -> object:
    if isinstance(value, list):
        return " ".join(map(str, cast(list[object], value)))
    return "" if value is None or value == "null" else str(value)


def _number(value: object) -> object:
    return value if isinstance(value, int) or str(value).isdigit() else None


def _day(value: object) -> object:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:  # null, "null", "0000-00-00"
        return None


def _items(value: object) -> object:
    items = cast(list[object], value) if isinstance(value, list) else []
    return [item for item in items if item is not None and item != "null"]


_Text = Annotated[str, BeforeValidator(_text)]
_Number = Annotated[int | None, BeforeValidator(_number)]
_Day = Annotated[date | None, BeforeValidator(_day)]
_Texts = Annotated[tuple[str, ...], BeforeValidator(_items)]


class Agency(BaseModel):
    """An agency of a document; `id` and `parent_id` may be missing."""

    model_config = ConfigDict(frozen=True)

    raw_name: _Text = ""
    name: _Text = ""
    id: _Number = None
    parent_id: _Number = None


class Result(BaseModel):
    """One document of a list, with the fields that are asked for; only its name is sure."""

    model_config = ConfigDict(frozen=True)

    document_number: str = Field(min_length=1)
    publication_date: date
    title: _Text = ""
    type: _Text = ""
    action: _Text = ""
    dates: _Text = ""
    abstract: _Text = ""
    citation: _Text = ""
    agencies: Annotated[tuple[Agency, ...], BeforeValidator(_items)] = ()
    effective_on: _Day = None
    comments_close_on: _Day = None
    signing_date: _Day = None
    correction_of: _Text = ""
    corrections: _Texts = ()
    docket_ids: _Texts = ()
    regulation_id_numbers: _Texts = ()
    cfr_references: Annotated[tuple[dict[str, Any], ...], BeforeValidator(_items)] = ()
    volume: _Number = None
    start_page: _Number = None
    end_page: _Number = None
    html_url: _Text = ""
    pdf_url: _Text = ""
    full_text_xml_url: _Text = ""
    body_html_url: _Text = ""
    raw_text_url: _Text = ""


class _Page(BaseModel):
    """A page of a list; without hits there is only `count`."""

    model_config = ConfigDict(frozen=True)

    count: int = 0
    results: tuple[dict[str, Any], ...] = ()
    next_page_url: str | None = None
    errors: Any = None


def listed(
    web: Web, base_url: str, conditions: Sequence[tuple[str, str]], since: date, until: date
) -> Iterator[dict[str, Any]]:
    """Yield every document published from `since` to `until` under `conditions`, oldest first.

    `conditions` are pairs such as ("conditions[type][]", "RULE"). No document comes twice. Raises
    BadMetadata for a search that the service does not understand, Unreachable if its list is not
    complete, Refused.
    """
    seen: set[tuple[str, str]] = set()
    for row in _window(web, base_url, conditions, since, until):
        key = _key(row)
        if key not in seen:
            seen.add(key)
            yield row


def _window(
    web: Web, base_url: str, conditions: Sequence[tuple[str, str]], since: date, until: date
) -> Iterator[dict[str, Any]]:
    """Yield what was published from `since` to `until`, halving the window until all of it fits."""
    query = [
        *conditions,
        ("conditions[publication_date][gte]", since.isoformat()),
        ("conditions[publication_date][lte]", until.isoformat()),
        ("order", "oldest"),
        ("per_page", str(PER_PAGE)),
        *(("fields[]", name) for name in Result.model_fields),
    ]
    address = f"{base_url.rstrip('/')}/documents.json?{urlencode(query)}"
    try:
        first = _page(web, base_url, address)
    except Refused as error:
        asked = ", ".join(f"{name} = {value!r}" for name, value in conditions)
        raise Refused(
            f"the Federal Register refuses the search with {asked}: an agency goes by its slug,"
            f" such as industry-and-security-bureau; see federalregister.gov/agencies"
            f" ({str(error).removeprefix(address).strip(': ')})"
        ) from error
    if first.count < MOST:
        yield from _pages(web, base_url, address, first)
    elif since == until:
        raise Refused(
            f"the Federal Register lists no more than {MOST:,} documents of one search, and"
            f" {since} alone has as many; name fewer agencies or types"
        )
    else:
        middle = since + (until - since) // 2
        yield from _window(web, base_url, conditions, since, middle)
        yield from _window(web, base_url, conditions, middle + timedelta(days=1), until)


def _pages(web: Web, base_url: str, address: str, first: _Page) -> Iterator[dict[str, Any]]:
    """Yield the results of `first`, which came from `address`, and of all pages after it."""
    page, asked, read, received = first, {address}, set[tuple[object, ...]](), 0
    while True:
        keys = tuple(map(_key, page.results))
        if keys and keys in read:
            raise Unreachable(f"{address} lists again what an earlier page listed; try again later")
        read.add(keys)
        received += len(keys)
        yield from page.results
        if not page.next_page_url:
            break
        address = _checked(urljoin(address, page.next_page_url), base_url)
        if address in asked:
            raise Unreachable(f"the list goes in a circle back to {address}; try again later")
        asked.add(address)
        page = _page(web, base_url, address)
    if received < first.count:
        raise Unreachable(
            f"{address} ends a list of {first.count} documents after {received}; try again later"
        )


def _checked(address: str, base_url: str) -> str:
    """Return `address` if it is on the service itself: nothing else may say where to go next."""
    if urlsplit(address)[:2] != urlsplit(base_url)[:2]:
        raise Refused(
            f"the list goes on at {address}, which is not on {base_url}; check the base_url"
        )
    return address


def _page(web: Web, base_url: str, address: str) -> _Page:
    answer = web.get(address, named=base_url)
    try:
        page = _Page.model_validate(json.loads(answer.body if answer else b""))
    except (ValueError, RecursionError) as error:
        raise Unreachable(
            f"{address} did not answer with a list in JSON; try again later"
        ) from error
    if page.errors:
        raise BadMetadata(
            f"the Federal Register does not understand the search: {_why(page.errors)}"
        )
    return page


def _why(errors: object) -> str:
    if not isinstance(errors, dict):
        return collapse(str(errors))
    named = cast(dict[object, object], errors).items()
    return "; ".join(f"{name!s} {collapse(str(why))}" for name, why in named)


def _key(row: dict[str, Any]) -> tuple[str, str]:
    """Return what names a document: before 2016 its number alone does not."""
    return str(row.get("document_number")), str(row.get("publication_date"))


def result_of(row: dict[str, Any]) -> Result:
    """Return `row` as a Result; raises BadMetadata if it does not even name a document."""
    try:
        return Result.model_validate(row)
    except ValidationError as error:
        named = " ".join(_key(row))
        what = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise BadMetadata(
            f"the Federal Register's entry for {named} is unusable: {what}"
        ) from error
