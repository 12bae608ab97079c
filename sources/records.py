"""`.jsonl` records → Documents; a bad line is reported with its number and the rest is loaded.

What a caller gives fills only what a record leaves open. Reads no file, knows no format but this
one.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from sources import heading
from sources.errors import BadMetadata, EmptySource
from sources.text import collapse, normalise, unseen
from sources.types import KINDS, Document, Kind

_COPY = 150  # a title as long as this that repeats the text's beginning is no title
_NO_TITLE = re.compile(r"\[?Federal Register Volume|FOR IMMEDIATE RELEASE|.{0,5}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person said about a source when adding it; None and "" mean "not said"."""

    kind: Kind | None = None
    publisher: str = ""
    published: date | None = None
    title: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist: it may come from a command line."""
        if self.kind is not None and self.kind not in KINDS:
            raise BadMetadata(f"{self.kind!r} is not a kind; use one of {', '.join(KINDS)}")


NOTHING_GIVEN = Given()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One part of a source that could not be loaded: `where` is "file.jsonl line 7"."""

    where: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The documents of one source, and what in it could not be loaded."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...] = ()


def _date_of(value: object) -> date | None:
    if value is None or value == "":
        return None
    try:
        return heading.parse_date(value if isinstance(value, str) else repr(value))
    except BadMetadata as error:
        raise ValueError(str(error)) from error


def _word_of(value: object) -> object:
    """Treat null as absent, as producers of records do."""
    return "" if value is None else value


_Date = Annotated[date | None, BeforeValidator(_date_of)]
_Words = Annotated[str, BeforeValidator(_word_of)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    id: str
    text: str
    title: _Words = ""
    publisher: _Words = ""
    kind: Kind | None = None
    published: _Date = None
    effective: _Date = None
    url: _Words = ""
    citation: _Words = ""


def shown(path: Path | str) -> str:
    """Return `path` as text that can be stored and printed, whatever bytes the name has."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return text.translate(dict.fromkeys(map(ord, unseen(text)), "\ufffd"))


def load_records(data: bytes, path: Path, given: Given = NOTHING_GIVEN) -> Loaded:
    """Return the documents of the JSON lines `data`; `path` only names them."""
    documents: dict[str, Document] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            document = _document(_record(line), path, given)
            if document.id in lines:
                first = lines[document.id]
                raise ValueError(f"the id {document.id!r} is already used on line {first}")
            documents[document.id] = document
            lines[document.id] = number
        except (ValueError, RecursionError) as error:
            problems.append(Problem(where=f"{shown(path.name)} line {number}", why=_why(error)))
    if not documents and not problems:
        raise EmptySource("there are no records in it; add one JSON object a line")
    return Loaded(documents=tuple(documents.values()), problems=tuple(problems))


def _record(line: bytes) -> _Record:
    value: object = json.loads(line.decode("utf-8"))
    if not isinstance(value, dict):
        raise ValueError(
            f"not an object but a JSON {type(value).__name__}; write {{…}} on each line"
        )
    # neither half a surrogate pair nor NaN could be stored
    json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    record = _Record.model_validate(cast(dict[str, Any], value))
    for name, text in (("id", record.id), ("text", normalise(record.text))):
        if not text.strip():
            raise ValueError(f"{name!r} is empty; every record needs one")
    for name, text in (("id", record.id), ("url", record.url)):
        if found := ", ".join(f"U+{ord(char):04X}" for char in sorted(unseen(text.strip()))):
            raise ValueError(f"{name!r} holds characters that nobody sees ({found}); take them out")
    return record


def _document(record: _Record, path: Path, given: Given) -> Document:
    text = normalise(record.text)
    facts = heading.from_text(text)
    title = collapse(normalise(record.title))
    if _is_no_title(title, text):
        title = collapse(given.title) or facts.title or title or record.id
    extra: Mapping[str, object] = record.model_extra or {}
    return Document(
        id=record.id.strip(),
        title=title,
        kind=record.kind or given.kind or "article",
        text=text,
        publisher=collapse(normalise(record.publisher)) or given.publisher or facts.publisher,
        published=record.published or given.published or facts.published,
        effective=record.effective,
        url=record.url.strip() or given.url,
        citation=collapse(normalise(record.citation)),
        metadata={"path": shown(path.absolute()), **extra},
    )


def _is_no_title(title: str, text: str) -> bool:
    if _NO_TITLE.match(title):
        return True
    start = title.rstrip("\u2026. ")
    return len(title) > _COPY and collapse(text[: 2 * len(title) + 100]).startswith(start)


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(_why_field(cast(dict[str, Any], detail)) for detail in error.errors())
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg} at character {error.pos + 1}"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8; save the file as UTF-8"
    if isinstance(error, UnicodeEncodeError):
        return "it has half a character (a lone surrogate such as \\ud83d); write it whole"
    if isinstance(error, RecursionError):
        return "not JSON: nested too deeply"
    return str(error)


def _why_field(detail: Mapping[str, Any]) -> str:
    name = ".".join(map(str, detail["loc"]))
    if detail["type"] == "missing":
        return f"no {name!r}; every record needs one"
    if detail["type"] == "literal_error":
        return f"{name!r} is {detail['input']!r}; use one of {', '.join(KINDS)}"
    if detail["type"] == "value_error":
        return f"{name!r}: {detail['ctx']['error']}"
    return f"{name!r} is {str(detail['input'])[:60]!r}: {detail['msg']}"
