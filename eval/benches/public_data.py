"""Published data sets as files: strict reading, a sample that is always the same.

Knows no benchmark and no model.
"""

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from eval.errors import CasesError, EvalError
from eval.folder import replace_text
from eval.questions import first_fault
from eval.stats import SEED

T = TypeVar("T")


def read_json(path: Path, shape: TypeAdapter[T]) -> T:
    """Return a JSON file in the shape asked for. Raises CasesError naming file and fault."""
    content = read_bytes(path)
    try:
        return shape.validate_json(content)
    except ValidationError as error:
        raise CasesError(
            f"{str(path)!r} is not as published: {first_fault(error)}. Fetch it again."
        ) from error


def read_bytes(path: Path) -> bytes:
    """Return a file of the data set. Raises CasesError where there is none."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CasesError(
            f"Cannot read {str(path)!r}: {error.strerror}. Give the folder of the data set as it "
            "was published."
        ) from error


def write_json(path: Path, facts: Mapping[str, Any]) -> None:
    """Write figures for a program. Raises EvalError where that cannot be."""
    try:
        replace_text(path, json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise EvalError(f"Cannot write {str(path)!r}: {error.strerror}.") from error


def sample(rows: Sequence[T], limit: int | None) -> tuple[T, ...]:
    """Return `limit` rows drawn with a fixed seed, in their order; all rows for None."""
    if limit is None or limit >= len(rows):
        return tuple(rows)
    drawn = random.Random(SEED).sample(range(len(rows)), limit)
    return tuple(rows[at] for at in sorted(drawn))
