"""BM25 over title, header, body and identifiers. Owner of tantivy; derived, rebuildable."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import IndexProblem
from assistant.terms import terms

_WRITER_BYTES = 64_000_000
_FIELDS = ("title", "header", "body")
_BOOST = {"title": 1.2, "header": 0.6, "body": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One passage as both indexes see it. Dates are YYYYMMDD; `until` is exclusive."""

    id: str
    document: str
    kind: str
    since: int
    until: int
    title: str
    header: str
    body: str
    identifiers: tuple[str, ...]


class LexicalIndex:
    """One tantivy index in one folder."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._tantivy = tantivy
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._index = tantivy.Index(_schema(tantivy), path=str(folder))
        except ValueError as error:
            raise IndexProblem(
                f"The lexical index in {str(folder)!r} is damaged: {error}"
            ) from error

    def replace(self, gone: Iterable[str], entries: Iterable[Entry]) -> None:
        """Forget the passages of the documents `gone`, then add `entries`; one commit."""
        writer = self._index.writer(_WRITER_BYTES, 1)
        for document in gone:
            writer.delete_documents_by_term("document", document)
        for entry in entries:
            writer.add_document(
                self._tantivy.Document(
                    id=[entry.id],
                    document=[entry.document],
                    kind=[entry.kind],
                    since=entry.since,
                    until=entry.until,
                    title=[" ".join(terms(entry.title))],
                    header=[" ".join(terms(entry.header))],
                    body=[" ".join(terms(entry.body))],
                    identifier=list(entry.identifiers),
                )
            )
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(
        self,
        words: Mapping[str, float],
        identifiers: Sequence[str],
        *,
        on: int,
        kinds: Sequence[str],
        limit: int,
    ) -> list[tuple[str, float]]:
        """Return (passage id, BM25 score), best first; `words` maps terms to their weight."""
        query, occur = self._tantivy.Query, self._tantivy.Occur
        schema = self._index.schema
        wanted = [
            (
                occur.Should,
                query.boost_query(query.term_query(schema, field, word), _BOOST[field] * weight),
            )
            for word, weight in sorted(words.items())  # sums are rounded: the order counts
            for field in _FIELDS
        ] + [
            (occur.Should, query.boost_query(query.term_query(schema, "identifier", name), 2.0))
            for name in sorted(identifiers)
        ]
        if not wanted:
            return []
        number = self._tantivy.FieldType.Integer
        must = [
            query.boolean_query(wanted),
            query.const_score_query(query.range_query(schema, "since", number, 0, on), 0.0),
            query.const_score_query(query.range_query(schema, "until", number, on + 1, None), 0.0),
        ]
        if kinds:
            must.append(
                query.const_score_query(query.term_set_query(schema, "kind", list(kinds)), 0.0)
            )
        searcher = self._index.searcher()
        hits = searcher.search(
            query.boolean_query([(occur.Must, part) for part in must]), limit, count=False
        ).hits
        return [(str(searcher.doc(address)["id"][0]), float(score)) for score, address in hits]

    def frequency(self, word: str) -> int:
        """Return in how many passages a term stands in the body."""
        return int(self._index.searcher().doc_freq("body", word))

    def count(self) -> int:
        """Return the number of passages."""
        return int(self._index.searcher().num_docs)

    def refresh(self) -> None:
        """See what another process committed."""
        self._index.reload()


def _schema(tantivy: Any) -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in ("document", "kind", "identifier"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for field in ("since", "until"):
        builder.add_integer_field(field, indexed=True, fast=True)
    for field in _FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
