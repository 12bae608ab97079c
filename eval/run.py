"""Cases → answers.jsonl, through the product's own pipeline in this process. Resumable.

Each line holds the Answer JSON with the words of every passage it retrieved, so that scoring needs
neither the library nor the product's word for what stands where.
"""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from assistant.build import build
from assistant.errors import BadQuestion
from assistant.ingest import add_files
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.starter import load_starter
from assistant.types import Answer
from assistant.wire import as_json, document_json
from eval.errors import CasesError
from eval.folder import Folder, Run, cases_fingerprint, fingerprint, iso, replace_text
from eval.questions import Case
from sources.files import NOTHING_GIVEN
from sources.types import Document, Kind


class Asks(Protocol):
    """What is measured: the assistant, or one with a fault put into it (`eval.mutations`)."""

    def ask(
        self,
        text: str,
        *,
        as_of: date | None = None,
        history: Sequence[str] = (),
        kinds: Sequence[Kind] = (),
    ) -> Answer:
        """Return the answer to `text`. Raises BadQuestion when there is nothing to answer."""
        ...


def ready(home: Path, say: Callable[[str], None], documents: Sequence[Path] = ()) -> Assistant:
    """Return the assistant over a home folder, its indexes up to date.

    An empty one gets the starter library; `documents` are files or folders to add, as `assistant
    add` does. Raises CasesError when one of them cannot be read.
    """
    settings = Settings(home=home)
    assistant = build(settings, say)
    if assistant.library.store.counts() == (0, 0):
        load_starter(assistant.library)
    if documents:
        limit = settings.max_file_mb * 1_000_000
        added = add_files(assistant.library, documents, NOTHING_GIVEN, max_bytes=limit)
        for where, why in added.problems:
            raise CasesError(f"{where}: {why}")
    assistant.library.sync()
    return assistant


def describe(
    assistant: Assistant,
    cases: Sequence[Case],
    as_of: date,
    kinds: Sequence[Kind] = (),
    mutation: str = "",
) -> Run:
    """Return what a run of these cases is; two runs with the same library share `library`."""
    fault = f", mutated: {mutation}" if mutation else ""
    held = [stored.document for stored in assistant.library.store.documents()]
    parts = sorted(f"{document.id} {fingerprint([document.text])}" for document in held)
    return Run(
        system=f"assistant, extractive, {assistant.library.index_name}{fault}",
        cases=cases_fingerprint(cases),
        library=fingerprint(parts),
        documents=len(held),
        as_of=iso(as_of),
        kinds=tuple(kinds),
    )


def unfindable(assistant: Assistant, cases: Sequence[Case]) -> tuple[str, ...]:
    """Return the answerable cases none of whose gold documents the library holds."""
    held = [stored.document for stored in assistant.library.store.documents()]
    return tuple(
        case.id
        for case in cases
        if case.answerable and case.gold_docs and not any(map(case.is_gold, held))
    )


def answered(folder: Folder) -> frozenset[str]:
    """Return the cases that have an answer; a half-written last line is taken off the file."""
    if not folder.answers.exists():
        return frozenset()
    text = folder.answers.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        replace_text(folder.answers, whole)
    try:
        return frozenset(json.loads(line)["case"] for line in whole.split("\n") if line)
    except (ValueError, KeyError, TypeError) as error:
        raise CasesError(
            f"{str(folder.answers)!r} is not what `run` wrote ({error}). Delete it to start anew."
        ) from error


def run(
    assistant: Asks,
    cases: Sequence[Case],
    folder: Folder,
    workers: int,
    progress: Callable[[int, int], None],
) -> int:
    """Answer the cases that have no answer yet, written in order; returns how many there were."""
    was = folder.run()
    as_of = date.fromisoformat(was.as_of)
    kinds: tuple[Any, ...] = was.kinds
    done = answered(folder)
    left = [case for case in cases if case.id not in done]

    def one(case: Case) -> str:
        return json.dumps(_line(assistant, case, as_of, kinds), ensure_ascii=False)

    progress(len(done), len(cases))
    with folder.answers.open("a", encoding="utf-8") as file, ThreadPoolExecutor(workers) as pool:
        try:
            for number, line in enumerate(pool.map(one, left), start=len(done) + 1):
                file.write(line + "\n")
                file.flush()
                progress(number, len(cases))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return len(left)


def _line(assistant: Asks, case: Case, as_of: date, kinds: tuple[Kind, ...]) -> dict[str, Any]:
    try:
        answer = assistant.ask(
            case.question, as_of=case.as_of or as_of, history=case.history, kinds=kinds
        )
    except BadQuestion as error:
        return {"case": case.id, "answer": None, "error": str(error)}
    documents: dict[str, Document] = {e.document.id: e.document for e in answer.evidence}
    return {
        "case": case.id,
        "answer": as_json(answer),
        "passages": _passages(answer),
        "documents": [document_json(document) for document in documents.values()],
    }


def _passages(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "id": item.id,
            "document": item.document.id,
            "start": item.passage.start,
            "text": item.document.text[item.passage.start : item.passage.end],
            "locator": item.passage.locator,
        }
        for item in answer.evidence
    ]
