"""A file of questions → a file of answers, in order, resumable. Used by `assistant answer`."""

import json
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import BadQuestion
from assistant.pipeline import Assistant, today
from assistant.question import understand
from assistant.wire import as_json


class Asked(BaseModel):
    """One line of a question file; fields beyond these are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    question: str
    as_of: date | None = None
    history: tuple[str, ...] = ()


def read_questions(path: Path, max_chars: int) -> tuple[Asked, ...]:
    """Return the questions of a file. Raises BadQuestion naming the first bad line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadQuestion(
            f"Cannot read {str(path)!r}: {error}. Give a file of JSON lines."
        ) from error
    asked: list[Asked] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            item = Asked.model_validate_json(line)
            understand(item.question, history=(), as_of=today(), max_chars=max_chars)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise BadQuestion(f"{path.name} line {number}: {where}: {first['msg']}.") from error
        except BadQuestion as error:
            raise BadQuestion(f"{path.name} line {number}: {error}") from error
        asked.append(item)
    if not asked:
        raise BadQuestion(f"{str(path)!r} holds no questions.")
    return tuple(asked)


def answers_so_far(out: Path, asked: Sequence[Asked]) -> int:
    """Return how many answers `out` holds already; a half-written last line is taken off.

    Raises BadQuestion if they answer other questions than these.
    """
    if not out.exists():
        try:
            out.touch()
        except OSError as error:
            raise BadQuestion(
                f"Cannot write {str(out)!r}: {error.strerror}. Give -o another file."
            ) from error
        return 0
    good: list[str] = []
    for line in out.read_text(encoding="utf-8").splitlines(keepends=True):
        try:
            found = json.loads(line)["question"]
        except (ValueError, KeyError, TypeError):
            break
        if len(good) >= len(asked) or found.split() != asked[len(good)].question.split():
            raise BadQuestion(
                f"{str(out)!r} holds answers to other questions (line {len(good) + 1}). "
                "Give another file with -o, or delete it."
            )
        good.append(line)
    scratch = out.with_name(out.name + ".part")
    scratch.write_text("".join(good), encoding="utf-8")
    os.replace(scratch, out)
    return len(good)


def run(
    assistant: Assistant,
    asked: Sequence[Asked],
    out: Path,
    done: int,
    progress: Callable[[int, int], None],
) -> None:
    """Answer the questions from number `done` on, one line each, written as they come."""
    with out.open("a", encoding="utf-8") as file:
        for number, item in enumerate(asked[done:], start=done):
            progress(number, len(asked))
            answer = assistant.ask(item.question, as_of=item.as_of, history=item.history)
            file.write(json.dumps(as_json(answer), ensure_ascii=False) + "\n")
            file.flush()
        progress(len(asked), len(asked))
