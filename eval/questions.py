"""Question files for measuring and fitting: strict reading of JSON lines.

A gold passage is named by document and by either its words (`gold_quotes`, for sets that may carry
them) or its offsets (`gold_spans`, for ours: no source text is committed).
"""

import re
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.errors import CasesError
from sources.text import collapse
from sources.types import Document, Span, Status


class Nugget(BaseModel):
    """A fact that an answer must hold: present if one of the regular expressions matches."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    any_of: tuple[str, ...]
    vital: bool


class Case(BaseModel):
    """One question with what a right answer holds.

    `gold_docs`: a document is right when its id or address contains one of these. `conflict` names
    the documents that disagree, `statuses` what a cited document must be shown as on `as_of`,
    `never` regular expressions that must not match the answer's own words.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    question: str
    as_of: date | None = None
    type: str
    history: tuple[str, ...] = ()
    answerable: bool
    gold_docs: tuple[str, ...] = ()
    gold_quotes: tuple[str, ...] = ()
    gold_spans: tuple[tuple[str, int, int], ...] = ()
    nuggets: tuple[Nugget, ...] = ()
    conflict: tuple[str, ...] = ()
    statuses: dict[str, Status] = Field(default_factory=dict)
    never: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def is_gold(self, document: Document) -> bool:
        """Whether `document` is one that holds the answer."""
        return any(gold in document.id or gold in document.url for gold in self.gold_docs)

    def holds_answer(self, document: Document, span: Span) -> bool:
        """Whether the sentence at `span` of `document` is (part of) a gold passage."""
        if not self.is_gold(document):
            return False
        if any(
            name == document.id and span[0] < end and span[1] > start
            for name, start, end in self.gold_spans
        ):
            return True
        sentence = collapse(document.text[span[0] : span[1]])
        quotes = [collapse(quote) for quote in self.gold_quotes]
        return len(sentence) > 12 and any(sentence in q or q in sentence for q in quotes)


def read_cases(path: Path) -> tuple[Case, ...]:
    """Return the cases of a file. Raises CasesError naming the first bad line."""
    cases: dict[str, Case] = {}
    for at, line in lines_of(path):
        try:
            case = Case.model_validate_json(line)
        except ValidationError as error:
            raise CasesError(f"{path.name} line {at}: {first_fault(error)}") from error
        if case.id in cases:
            raise CasesError(f"{path.name} line {at}: the id {case.id!r} stands twice.")
        forms = [("any_of", form) for nugget in case.nuggets for form in nugget.any_of]
        for field, form in (*forms, *(("never", form) for form in case.never)):
            try:
                re.compile(form)
            except re.error as error:
                raise CasesError(f"{path.name} line {at}: {field} {form!r}: {error}.") from error
        cases[case.id] = case
    return tuple(cases.values())


def lines_of(path: Path) -> tuple[tuple[int, str], ...]:
    """Return the lines of a JSONL file that hold something, numbered. Raises CasesError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CasesError(f"Cannot read {str(path)!r}: {error}.") from error
    return tuple((at, line) for at, line in enumerate(text.split("\n"), 1) if line.strip())


def first_fault(error: ValidationError) -> str:
    """Return the first thing that is wrong with a line, with the field it is in."""
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"])
    return f"{where}: {fault['msg']}" if where else fault["msg"]
