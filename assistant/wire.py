"""Answer ↔ JSON: the one shape that the command line, REST, records and evaluation share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assistant.types import Answer, Citation
from sources.types import Document


def as_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain JSON values, in the contract's names and order."""
    provenance = answer.provenance
    return {
        "id": answer.id,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "as_of": answer.as_of.isoformat(),
        "outcome": answer.outcome,
        "claims": [
            {
                "text": claim.text,
                "support": {"verdict": claim.support.verdict, "score": claim.support.score},
                "citations": [_citation(citation) for citation in claim.citations],
            }
            for claim in answer.claims
        ],
        "withheld": [{"text": item.text, "reason": item.reason} for item in answer.withheld],
        "notices": [{"kind": item.kind, "text": item.text} for item in answer.notices],
        "evidence": [
            {
                "id": item.id,
                "document": item.document.id,
                "start": item.passage.start,
                "end": item.passage.end,
                "score": round(item.score, 4),
                "found_by": list(item.found_by),
            }
            for item in answer.evidence
        ],
        "provenance": {
            "model": provenance.model,
            "encoder": provenance.encoder,
            "index": provenance.index,
            "newest_source": _iso(provenance.newest_source),
            "synced": provenance.synced,
            "seconds": dict(provenance.seconds),
        },
    }


def record(answer: Answer, *, asker: str, at: datetime) -> Mapping[str, Any]:
    """Return the row that keeps an answer: columns as in `tables.answers`."""
    return {
        "id": answer.id,
        "asked_at": at,
        "question": answer.question,
        "asker": asker,
        "answer": as_json(answer),
        "versions": {
            "model": answer.provenance.model,
            "encoder": answer.provenance.encoder,
            "index": answer.provenance.index,
        },
    }


def document_json(document: Document) -> dict[str, Any]:
    """Return what is said of a cited document, without its text."""
    return {
        "id": document.id,
        "title": document.title,
        "publisher": document.publisher,
        "kind": document.kind,
        "published": _iso(document.published),
        "effective": _iso(document.effective),
        "url": document.url,
        "citation": document.citation,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "evidence": citation.evidence,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "document": {**document_json(citation.document), "status": citation.status},
        "locator": citation.locator,
    }


def _iso(value: Any) -> str | None:
    return None if value is None else value.isoformat()
