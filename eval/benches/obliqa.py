"""ObliQA and ObliQA-MP: are the passages that answer questions on regulations found?

The unit is the data set's passage, since gold is given by passage: each that holds words is stored
as a document of its own, without title or date (the set has none), and the product divides,
indexes and searches it like any other; a long one is found where any part of it is. So figures
compare with published ones of single passages. What the product gains from titles, headings and
dates does not show here.

Gokhan, Wang, Gurevych, Briscoe 2024, arXiv:2409.05677; 40 documents of the regulator of ADGM.
"""

import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from pydantic import BaseModel, TypeAdapter

from assistant.pipeline import today
from eval.benches.public_data import read_bytes, read_json, sample, write_json
from eval.benches.side_by_side import as_json, side_by_side, table
from eval.errors import CasesError, EvalError
from eval.failures import failures
from eval.metrics.retrieval import K, ndcg_of, precision_of, recall_of
from sources.text import normalise
from sources.types import Document

FIGURES: Mapping[str, Callable[[Sequence[int], int], float]] = {
    f"Recall@{K}": recall_of,
    f"MAP@{K}": precision_of,
    f"nDCG@{K}": ndcg_of,
}
DOCUMENTS = "StructuredRegulatoryDocuments"


class Row(BaseModel):
    """A passage of the documents, in the words of the data set."""

    ID: str
    DocumentID: int
    PassageID: str
    Passage: str


class Gold(BaseModel):
    """A passage that answers a question."""

    DocumentID: int
    PassageID: str
    Passage: str


class Asked(BaseModel):
    """A question with the passages that answer it."""

    QuestionID: str
    Question: str
    Passages: tuple[Gold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question, the ids of the passages to be found, and the document of the first of them."""

    text: str
    gold: frozenset[str]
    document: int


_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)
_LIMIT = click.option("--limit", type=click.IntRange(1), help="Only so many, drawn, always alike.")
_HOME = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of this benchmark's indexes, kept for the next time; default: a temporary one.",
)
_JSON = click.option("--json", "out", type=_FILE, help="Write the figures here too.")


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--questions", type=_FILE, help="Default: ObliQA_dev.json in FOLDER.")
@_LIMIT
@_HOME
@_JSON
def obliqa(
    folder: Path, questions: Path | None, limit: int | None, home: Path | None, out: Path | None
) -> None:
    """Finding passages of regulations: ObliQA, in FOLDER, against BM25, vectors, LangChain."""
    with failures():
        rows = read_rows(folder / DOCUMENTS)
        path = questions or folder / "ObliQA_dev.json"
        queries = gold_by_place(read_json(path, TypeAdapter(tuple[Asked, ...])), rows)
        _measure(f"ObliQA, {path.name}", rows, queries, limit, home, out)


@click.command("obliqa-mp")
@click.argument("folder", type=_FOLDER)
@click.option("--questions", type=_FILE, help="Default: ObliQA_MultiPassage_val.json in FOLDER.")
@click.option("--qrels", type=_FILE, help="Default: qrels_val.txt in FOLDER.")
@click.option("--documents", type=_FOLDER, help=f"Default: {DOCUMENTS} in FOLDER or ../obliqa.")
@_LIMIT
@_HOME
@_JSON
def obliqa_mp(
    folder: Path,
    questions: Path | None,
    qrels: Path | None,
    documents: Path | None,
    limit: int | None,
    home: Path | None,
    out: Path | None,
) -> None:
    """The same for ObliQA-MP, whose questions need several passages each."""
    with failures():
        beside = folder.resolve().parent / "obliqa" / DOCUMENTS
        own = folder / DOCUMENTS
        rows = read_rows(documents or (own if own.exists() or not beside.exists() else beside))
        path = questions or folder / "ObliQA_MultiPassage_val.json"
        asked = read_json(path, TypeAdapter(tuple[Asked, ...]))
        queries = gold_by_qrels(asked, qrels or folder / "qrels_val.txt", rows)
        _measure(f"ObliQA-MP, {path.name}", rows, queries, limit, home, out)


def read_rows(folder: Path) -> tuple[Row, ...]:
    """Return every passage of the documents, empty ones too. Raises CasesError."""
    shape = TypeAdapter(tuple[Row, ...])
    rows = tuple(row for path in sorted(folder.glob("*.json")) for row in read_json(path, shape))
    if not rows:
        raise CasesError(
            f"No documents in {str(folder)!r}: give the folder that holds {DOCUMENTS}, a .json "
            "file for each document."
        )
    return rows


def gold_by_place(asked: Sequence[Asked], rows: Sequence[Row]) -> tuple[Query, ...]:
    """Return the questions with gold by document and passage number.

    A few numbers stand twice in a document: there the words decide. Raises CasesError.
    """
    places: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        places.setdefault((row.DocumentID, row.PassageID), []).append(row)

    def id_of(gold: Gold) -> str:
        there = places.get((gold.DocumentID, gold.PassageID), [])
        if not there:
            raise CasesError(
                f"Passage {gold.PassageID!r} of document {gold.DocumentID} answers a question and "
                "is in none of the documents: questions and documents are of different versions."
            )
        same = [row for row in there if row.Passage.strip() == gold.Passage.strip()]
        return (same or there)[0].ID

    return _queries(asked, {a.QuestionID: frozenset(map(id_of, a.Passages)) for a in asked})


def gold_by_qrels(asked: Sequence[Asked], path: Path, rows: Sequence[Row]) -> tuple[Query, ...]:
    """Return the questions with gold by a TREC file: question, 0, passage, relevance.

    Raises CasesError.
    """
    gold: dict[str, set[str]] = {}
    for at, line in enumerate(read_bytes(path).decode(errors="replace").splitlines(), start=1):
        match line.split():
            case [question, _, passage, relevance] if relevance.isdigit():
                gold.setdefault(question, set()).update({passage} if int(relevance) else ())
            case []:
                pass
            case _:
                raise CasesError(f"{str(path)!r} line {at}: {line!r} is not «question 0 id 1».")
    absent = frozenset[str]().union(*gold.values()) - {row.ID for row in rows}
    if absent:
        raise CasesError(
            f"{str(path)!r} names {len(absent)} passages that are in none of the documents, "
            f"{min(absent)!r} among them: they are of different versions."
        )
    return _queries(asked, {question: frozenset(found) for question, found in gold.items()})


def documents_of(rows: Sequence[Row]) -> tuple[Document, ...]:
    """Return a document for each passage that holds words."""
    texts = {row.ID: normalise(row.Passage) for row in rows}
    return tuple(
        Document(id=f"obliqa:{id}", title="", kind="regulation", text=text)
        for id, text in texts.items()
        if text
    )


def figures_of(found: Sequence[str], gold: frozenset[str]) -> dict[str, float]:
    """Return recall, average precision and nDCG at ten of a ranking.

    Example: gold b, d in a, b, c, d: 1, (1/2 + 2/4) / 2 = .5, (1/log2 3 + 1/log2 5) / 1.63 = .65.
    """
    ranks = [rank for rank, id in enumerate(found[:K], start=1) if id in gold]
    return {name: figure(ranks, len(gold)) for name, figure in FIGURES.items()}


def _queries(asked: Sequence[Asked], gold: Mapping[str, frozenset[str]]) -> tuple[Query, ...]:
    without = [a.QuestionID for a in asked if not a.Passages or not gold.get(a.QuestionID)]
    if not asked:
        raise CasesError("The file of questions holds none.")
    if without:
        raise CasesError(
            f"{len(without)} questions have no gold passage, {without[0]!r} among them: questions "
            "and gold are of different versions."
        )
    return tuple(
        Query(
            text=a.Question,
            gold=frozenset(f"obliqa:{id}" for id in gold[a.QuestionID]),
            document=a.Passages[0].DocumentID,
        )
        for a in asked
    )


def _measure(
    name: str,
    rows: Sequence[Row],
    queries: Sequence[Query],
    limit: int | None,
    home: Path | None,
    out: Path | None,
) -> None:
    from assistant.surfaces.terminal import progress, say
    from eval.benches.retrievers import ensemble, halves, product, stocked

    documents, drawn, on = documents_of(rows), sample(queries, limit), today()
    with _folder(home) as where:
        with progress("Storing") as bar:
            library = stocked(where, documents, say, bar)
        with progress("Indexing") as bar:
            library.sync(bar)
        with progress("LangChain's index") as bar:
            texts = {document.id: document.text for document in documents}
            usual = ensemble(texts, where / "usual", bar)
        lexical, dense = halves(library, on)
        systems = {
            "assistant": product(library, on),
            "BM25 alone": lexical,
            "vectors alone": dense,
            "LangChain ensemble": usual,
        }
        values: dict[str, dict[str, list[float]]] = {}
        with progress("Asking") as bar:
            for at, query in enumerate(drawn):
                bar(at, len(drawn))
                for system, retriever in systems.items():
                    for figure, value in figures_of(retriever(query.text), query.gold).items():
                        values.setdefault(system, {}).setdefault(figure, []).append(value)
        index = library.index_name
        library.close()
    made = side_by_side(values, [query.document for query in drawn])
    head = f"{name}: {len(drawn)} of {len(queries)} questions, {len(documents)} passages"
    click.echo(f"{head}, {index}\n\n{table(made)}")
    if out is not None:
        facts = {"benchmark": name, "questions": len(drawn), "of": len(queries), "index": index}
        facts = {**facts, "passages": len(documents), **as_json(made)}
        write_json(out, facts)


@contextmanager
def _folder(home: Path | None) -> Generator[Path]:
    """Yield the folder of the indexes, a temporary one for None."""
    if home is not None:
        yield home.expanduser().resolve()
        return
    with tempfile.TemporaryDirectory() as scratch:
        try:
            yield Path(scratch)
        except KeyboardInterrupt as stop:
            raise EvalError(
                "Interrupted; nothing is kept. With --home FOLDER the indexes are, and the same "
                "command goes on from there."
            ) from stop
