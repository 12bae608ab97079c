"""The folder of one run: what lies in it, and what the run was. Knows no metric.

run.json        what was run: cases, library, system, as-of date
cases.jsonl     the cases, those of several files together
answers.jsonl   one line for each case, as they came
scores.jsonl    one line for each case and metric
summary.json    report.md    report.html    claims.csv      made by `report`
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from eval.errors import CasesError
from eval.questions import Case, read_cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run was; `library` is the fingerprint of what was searched, "" when not known."""

    system: str
    cases: str
    library: str = ""
    documents: int = 0
    as_of: str = ""
    kinds: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the files of one run are."""

    path: Path

    @property
    def cases(self) -> Path:
        """The cases."""
        return self.path / "cases.jsonl"

    @property
    def answers(self) -> Path:
        """The answers."""
        return self.path / "answers.jsonl"

    @property
    def scores(self) -> Path:
        """The scores."""
        return self.path / "scores.jsonl"

    @property
    def claims(self) -> Path:
        """Every sentence with its verdict."""
        return self.path / "claims.csv"

    @property
    def name(self) -> str:
        """What the run is called in tables."""
        return self.path.resolve().name

    def run(self) -> Run:
        """Return what the run was. Raises CasesError when the folder holds no run."""
        try:
            return TypeAdapter(Run).validate_json((self.path / "run.json").read_bytes())
        except (OSError, ValidationError) as error:
            raise CasesError(
                f"{str(self.path)!r} holds no run ({error}). Make one with `python -m eval run`, "
                "eval/baseline with `make baseline`."
            ) from error

    def questions(self) -> tuple[Case, ...]:
        """Return the cases of the run."""
        return read_cases(self.cases)


def read_all(paths: Sequence[Path]) -> tuple[Case, ...]:
    """Return the cases of several files, in order. Raises CasesError for an id in two of them."""
    cases: dict[str, Case] = {}
    for path in paths:
        for case in read_cases(path):
            if case.id in cases:
                raise CasesError(
                    f"{path.name}: the id {case.id!r} stands in another file too. Rename one."
                )
            cases[case.id] = case
    return tuple(cases.values())


def open_folder(path: Path, cases: Sequence[Case], run: Run) -> Folder:
    """Return the folder for a run, made now or continued. Raises CasesError if it is another's."""
    folder = Folder(path)
    if (path / "run.json").exists():
        there = folder.run()
        if there != run:
            changed = [k for k, v in asdict(run).items() if v != asdict(there)[k]]
            raise CasesError(
                f"{str(path)!r} holds another run ({', '.join(changed)} differ). "
                "Give -o another folder, or delete that one."
            )
        return folder
    path.mkdir(parents=True, exist_ok=True)
    lines = (case.model_dump_json(exclude_defaults=True) + "\n" for case in cases)
    replace_text(folder.cases, "".join(lines))  # run.json comes last: with it the folder is whole
    return keep_run(path, run)


def keep_run(path: Path, run: Run) -> Folder:
    """Write what a run was into a folder, which is made if it is not there."""
    path.mkdir(parents=True, exist_ok=True)
    replace_text(path / "run.json", json.dumps(asdict(run), indent=1) + "\n")
    return Folder(path)


def fingerprint(parts: Iterable[str]) -> str:
    """Return twelve hex digits that stand for `parts` in this order."""
    return sha256("\0".join(parts).encode()).hexdigest()[:12]


def cases_fingerprint(cases: Iterable[Case]) -> str:
    """Return what stands for these cases, whatever the form of their file."""
    return fingerprint(case.model_dump_json(exclude_defaults=True) for case in cases)


def replace_text(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    scratch = path.with_name(path.name + ".part")
    scratch.write_text(text, encoding="utf-8")
    os.replace(scratch, path)


def iso(value: date | None) -> str:
    """Return a date as in files, "" for none."""
    return value.isoformat() if value else ""


def take_answers(path: Path, cases: Path, answers: Path) -> Folder:
    """Return a folder for answers that another system gave to `cases`."""
    text, asked = answers.read_text(encoding="utf-8"), read_cases(cases)
    was = Run(system=answers.stem, cases=cases_fingerprint(asked), source=fingerprint([text]))
    folder = open_folder(path, asked, was)
    replace_text(folder.answers, text)
    return folder
