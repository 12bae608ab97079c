"""Question files for measuring and fitting: strict reading of JSON lines.

A gold passage is named by document and by either its words (`gold_quotes`, for sets that may carry
them) or its offsets (`gold_spans`, for ours: no source text is committed).
"""

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from sources.text import collapse
from sources.types import Document, Span


class Nugget(BaseModel):
    """A fact that an answer must hold: present if one of the regular expressions matches."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    any_of: tuple[str, ...]
    vital: bool


class Case(BaseModel):
    """One question with what a right answer holds."""

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


class CasesError(Exception):
    """A question file cannot be used; the message names file and line."""


def read_cases(path: Path) -> tuple[Case, ...]:
    """Return the cases of a file. Raises CasesError naming the first bad line."""
    cases: list[Case] = []
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            cases.append(Case.model_validate_json(line))
        except ValidationError as error:
            raise CasesError(f"{path.name} line {at}: {error.errors()[0]['msg']}") from error
    return tuple(cases)
