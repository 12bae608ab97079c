"""Files of answers → Responses. Three kinds of line, told apart by their fields:

* what `run` writes: {"case", "answer": Answer JSON, "passages", "documents", "error"};
* Answer JSON alone, as `assistant answer` writes it: then what is cited is known by its quote only;
* the plain form for any other system, `Plain` below: question, text with [n], the cited texts.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.types import NoticeKind, Outcome
from eval.errors import CasesError
from eval.questions import Case, first_fault, lines_of
from eval.types import Cited, Response, Sentence, Source
from sources.split import sentences
from sources.text import collapse
from sources.types import Document, Kind, Status

_MARK = re.compile(r"\s*\[(\d+(?:\s*,\s*\d+)*)\]")
_MARK_AFTER_STOP = re.compile(r"([.!?][\"”’»)]*)((?:\s*\[\d+(?:\s*,\s*\d+)*\])+)")


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Document(_Read):
    id: str
    title: str = ""
    publisher: str = ""
    kind: Kind = "article"
    published: date | None = None
    effective: date | None = None
    url: str = ""
    citation: str = ""
    status: Status | None = None

    def value(self, text: str) -> Document:
        """Return the document with the words that are known of it."""
        fields = self.model_dump(exclude={"status"})
        return Document(**fields, text=text)


class _Passage(_Read):
    id: str
    document: str
    start: int
    text: str
    locator: str


class _Citation(_Read):
    evidence: str
    quote: str
    start: int
    document: _Document
    locator: str


class _Claim(_Read):
    text: str
    citations: tuple[_Citation, ...]


class _Notice(_Read):
    kind: NoticeKind


class _Evidence(_Read):
    id: str
    document: str
    start: int


class _Provenance(_Read):
    model: str
    seconds: dict[str, float]


class _Answer(_Read):
    question: str
    as_of: date
    outcome: Outcome
    claims: tuple[_Claim, ...]
    notices: tuple[_Notice, ...]
    evidence: tuple[_Evidence, ...]
    provenance: _Provenance


class _Ran(_Read):
    """A line of `run`; without `passages` it is Answer JSON alone."""

    case: str
    answer: _Answer | None
    passages: tuple[_Passage, ...] | None = None
    documents: tuple[_Document, ...] = ()
    error: str = ""


class PlainSource(BaseModel):
    """A cited or retrieved text of another system; only `text` must be given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    id: str = ""
    title: str = ""
    publisher: str = ""
    url: str = ""
    published: date | None = None
    status: Status | None = None


class Plain(BaseModel):
    """An answer of another system: `text` with [1], [2] … that count from 1 into `cited`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    text: str
    cited: tuple[str | PlainSource, ...]
    case: str = ""
    as_of: date | None = None
    abstained: bool | None = None
    notices: tuple[NoticeKind, ...] | None = None
    retrieved: tuple[str | PlainSource, ...] | None = None
    seconds: float | None = None
    cost: float | None = None


def read_answers(path: Path, cases: Sequence[Case]) -> tuple[Response, ...]:
    """Return one Response for every case, in the order of the cases.

    A case without a line gets a Response whose `error` says so. Raises CasesError naming the first
    bad line, and for an answer to none of the cases.
    """
    wanted = {case.id: case for case in cases}
    found: dict[str, Response] = {}
    for at, line in lines_of(path):
        try:
            response = _response(json.loads(line), wanted, found)
        except ValidationError as error:
            raise CasesError(f"{path.name} line {at}: {first_fault(error)}") from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise CasesError(f"{path.name} line {at}: {error}") from error
        found[response.case] = response
    return tuple(found.get(case.id, _missing(case)) for case in cases)


def _response(row: Any, wanted: Mapping[str, Case], found: Mapping[str, Response]) -> Response:
    if not isinstance(row, dict):
        raise ValueError("a line is one JSON object.")
    if "answer" in row:
        ran = _Ran.model_validate(row)
        if ran.case not in wanted:
            raise ValueError(f"there is no case {ran.case!r}.")
        return _ours(ran, wanted[ran.case])
    if "claims" in row:
        answer = _Answer.model_validate(row)
        case = _case_of(answer.question, wanted, found)
        return _ours(_Ran(case=case.id, answer=answer), case)
    plain = Plain.model_validate(row)
    if plain.case and plain.case not in wanted:
        raise ValueError(f"there is no case {plain.case!r}.")
    case = wanted[plain.case] if plain.case else _case_of(plain.question, wanted, found)
    return _theirs(plain, case)


def _case_of(question: str, wanted: Mapping[str, Case], found: Mapping[str, Response]) -> Case:
    asked = collapse(question)
    for case in wanted.values():
        if collapse(case.question) == asked and case.id not in found:
            return case
    raise ValueError(f"no case asks {asked!r} (or it is answered twice).")


def _missing(case: Case) -> Response:
    return Response(
        case=case.id,
        question=case.question,
        as_of=case.as_of,
        outcome=None,
        sentences=(),
        error="no answer in the file",
    )


# -- Our own answers -----------------------------------------------------------------------------


def _ours(ran: _Ran, case: Case) -> Response:
    answer = ran.answer
    if answer is None:
        return Response(
            case=case.id,
            question=case.question,
            as_of=case.as_of,
            outcome=None,
            sentences=(),
            error=ran.error or "no answer in the file",
        )
    documents = {document.id: document for document in ran.documents}
    sources = None
    if ran.passages is not None:
        sources = {passage.id: _source(passage, documents) for passage in ran.passages}
    shown = [item.id for item in answer.evidence]
    return Response(
        case=case.id,
        question=answer.question,
        as_of=answer.as_of,
        outcome=answer.outcome,
        sentences=tuple(
            Sentence(text=c.text, cited=tuple(_cited(x, sources, shown) for x in c.citations))
            for c in answer.claims
        ),
        notices=tuple(notice.kind for notice in answer.notices),
        retrieved=None if sources is None else tuple(sources[id] for id in shown if id in sources),
        seconds=answer.provenance.seconds.get("total"),
        cost=0.0 if answer.provenance.model == "extractive" else None,
    )


def _source(passage: _Passage, documents: Mapping[str, _Document]) -> Source:
    document = documents.get(passage.document, _Document(id=passage.document))
    return Source(
        id=passage.id,
        document=document.value(passage.text),
        start=passage.start,
        locator=passage.locator,
    )


def _cited(
    citation: _Citation, sources: Mapping[str, Source] | None, shown: Sequence[str]
) -> Cited:
    if sources is None:  # the quote stands for the passage
        quoted = citation.document.value(citation.quote)
        return Cited(
            name=citation.evidence,
            source=Source(id=citation.evidence, document=quoted),
            retrieved=citation.evidence in shown,
            status=citation.document.status,
        )
    return Cited(
        name=citation.evidence,
        source=sources.get(citation.evidence),
        document=citation.document.id,
        retrieved=citation.evidence in shown,
        quote=citation.quote,
        start=citation.start,
        status=citation.document.status,
        locator=citation.locator,
    )


# -- Answers of other systems --------------------------------------------------------------------


def _theirs(plain: Plain, case: Case) -> Response:
    outcome: Outcome | None = None
    if plain.abstained is not None:
        outcome = "not_in_sources" if plain.abstained else "answered"
    numbered = [_plain_source(item) for item in plain.cited]
    retrieved = plain.retrieved
    return Response(
        case=case.id,
        question=plain.question,
        as_of=plain.as_of or case.as_of,
        outcome=outcome,
        sentences=tuple(_marked(plain.text, plain.cited, numbered)),
        notices=plain.notices,
        retrieved=None if retrieved is None else tuple(map(_plain_source, retrieved)),
        seconds=plain.seconds,
        cost=plain.cost,
    )


def _plain_source(item: str | PlainSource) -> Source:
    given = PlainSource(text=item) if isinstance(item, str) else item
    name = given.id or given.url or f"text:{collapse(given.text)}"
    document = _Document(
        id=given.id or given.url,
        title=given.title,
        publisher=given.publisher,
        url=given.url,
        published=given.published,
    )
    return Source(id=name, document=document.value(given.text))


def _marked(
    text: str, cited: Sequence[str | PlainSource], numbered: Sequence[Source]
) -> Iterable[Sentence]:
    """Yield the sentences of a text; "It ended. [1]" and "It ended [1]." cite the same."""
    moved = _MARK_AFTER_STOP.sub(r"\2\1", text)
    for start, end in sentences(moved, 0, len(moved)):
        raw = moved[start:end]
        numbers = dict.fromkeys(int(n) for m in _MARK.findall(raw) for n in m.split(","))
        words = collapse(_MARK.sub("", raw))
        if not any(c.isalnum() for c in words):
            continue
        yield Sentence(
            text=words, cited=tuple(_by_number(number, cited, numbered) for number in numbers)
        )


def _by_number(
    number: int, cited: Sequence[str | PlainSource], numbered: Sequence[Source]
) -> Cited:
    if not 1 <= number <= len(numbered):
        return Cited(name=f"[{number}]", source=None)
    item = cited[number - 1]
    status = None if isinstance(item, str) else item.status
    return Cited(name=f"[{number}]", source=numbered[number - 1], status=status)
