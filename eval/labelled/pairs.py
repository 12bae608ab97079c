"""What every labelled set is read into, and the strict reading of its rows.

Knows no set and no judge.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from assistant.types import Verdict
from eval.errors import CasesError
from eval.questions import first_fault, lines_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A text and a claim with what people said: does the text bear the claim out?

    `group` names the document or question that pairs share: such pairs stand or fall together, in
    intervals and when a set is divided.
    """

    premise: str
    claim: str
    verdict: Verdict
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A published set: `file` is its place in the folder of all sets.

    `read` yields the pairs one at a time, in the order of the file, with three verdicts where the
    set tells contradicted from unsupported. It raises CasesError naming file and line.
    """

    title: str
    file: str
    read: Callable[[Path], Iterator[Pair]]


class Row(BaseModel):
    """A row of a set; fields that are not read are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


R = TypeVar("R", bound=Row)


def json_rows(path: Path, shape: type[R]) -> Iterator[R]:
    """Yield the rows of a JSONL file. Raises CasesError naming the first bad line."""
    for at, line in lines_of(path):
        try:
            yield shape.model_validate_json(line)
        except ValidationError as error:
            raise bad_row(path, at, first_fault(error)) from error


def json_list(path: Path, shape: TypeAdapter[tuple[R, ...]]) -> tuple[R, ...]:
    """Return the rows of a file that is one JSON list. Raises CasesError."""
    try:
        return shape.validate_json(text_of(path))
    except ValidationError as error:
        raise CasesError(
            f"{str(path)!r} is not as published: {first_fault(error)}. Fetch it again."
        ) from error


def text_of(path: Path) -> str:
    """Return the text of a file. Raises CasesError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CasesError(f"Cannot read {str(path)!r}: {error}.") from error


def bad_row(path: Path, at: int, fault: str) -> CasesError:
    """Return the error of a line that is not as published."""
    return CasesError(f"{str(path)!r} line {at} is not as published: {fault}. Fetch it again.")
