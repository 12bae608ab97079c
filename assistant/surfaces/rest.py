"""REST: the same answers as JSON, over HTTP. Knows FastAPI; knows neither page nor server.

The documentation at /docs is written here from the OpenAPI schema, because FastAPI's own loads its
script and style from another host.
"""

import json
from datetime import date
from html import escape
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator

from assistant import wire
from assistant.embeddings import encode_question
from assistant.errors import AssistantError, BadQuestion, NotFound
from assistant.links import refers_to
from assistant.pipeline import Assistant, today
from assistant.status import status_of
from sources.types import Kind

_MAX_EARLIER = 100
_MAX_EARLIER_CHARS = 10_000

_ABOUT = """Answers about United States export policy. Every claim carries the exact words that
support it: `document.text[start:end] == quote` for every citation."""


class Asked(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(description="The question, in a sentence.", examples=["What is EAR99?"])
    as_of: date | None = Field(
        default=None, description="Answer as of this date (YYYY-MM-DD); today if left out."
    )
    history: list[Annotated[str, Field(max_length=_MAX_EARLIER_CHARS)]] = Field(
        default=[],
        max_length=_MAX_EARLIER,
        description="Earlier questions of the same conversation, oldest first.",
    )
    kinds: list[Kind] = Field(
        default=[], description="Answer only from these kinds of text; all if left out."
    )

    @field_validator("as_of", mode="before")
    @classmethod
    def _written_out(cls, value: object) -> object:
        if value is not None and not isinstance(value, str):  # else 2020 would be a Unix time
            raise ValueError("write the date as YYYY-MM-DD")
        return value


def api(assistant: Assistant) -> FastAPI:
    """Return the REST application of one assistant."""
    app = FastAPI(
        title="Export-policy assistant",
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
    )

    @app.post("/api/ask", summary="Ask a question", responses=_failing(400))
    def ask(asked: Asked) -> dict[str, Any]:
        """Answer one question from the sources, or say that they do not answer it."""
        answer = assistant.ask(
            asked.question, as_of=asked.as_of, history=asked.history, kinds=asked.kinds
        )
        return wire.as_json(answer)

    @app.get("/api/documents/{id:path}", summary="Read a source", responses=_failing(404))
    def document(id: str) -> dict[str, Any]:
        """Return one stored document: its status today, what it refers to, its full text."""
        found = assistant.library.store.document(id).document
        status = status_of(found, assistant.library.history(), today())
        linked = refers_to(found, assistant.library.store.names())
        about = {"status": status, "refers_to": linked, "text": found.text}
        return {**wire.document_json(found), **about}

    @app.get("/healthz", summary="Is the process alive?")
    def healthz() -> dict[str, str]:
        """Answer as long as the process runs."""
        return {"status": "alive"}

    @app.get("/readyz", summary="Can it answer?", responses=_failing(503))
    def readyz() -> JSONResponse:
        """Search once, to show that store, encoder and indexes are usable."""
        try:
            documents, passages = _probe(assistant)
        except Exception as error:  # whatever it is, it is the reason
            return JSONResponse({"status": "not ready", "error": str(error)}, 503)
        return JSONResponse({"status": "ready", "documents": documents, "passages": passages})

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(_docs_page(app.openapi()))

    _explain(app, BadQuestion, 400)
    _explain(app, NotFound, 404)
    _explain(app, AssistantError, 503)
    return app


def _probe(assistant: Assistant) -> tuple[int, int]:
    library = assistant.library
    counts = library.store.counts()
    vector = encode_question(library.encoder, "ready")
    library.search(vector, {"export": 1.0}, (), on=today(), kinds=(), limit=1)
    return counts


def _explain(app: FastAPI, kind: type[AssistantError], status: int) -> None:
    def answer(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": str(error)}, status)

    app.add_exception_handler(kind, answer)


def _failing(status: int) -> dict[int | str, dict[str, Any]]:
    meaning = {400: "Nothing to answer", 404: "No such document", 503: "Not usable now"}
    shape = {"type": "object", "properties": {"error": {"type": "string"}}}
    return {
        status: {
            "description": meaning[status],
            "content": {"application/json": {"schema": shape}},
        }
    }


# -- documentation -------------------------------------------------------------------------------

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}: REST</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
body {{ font: 16px/1.55 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a2330; background: #fff }}
h2 {{ margin-top: 2.5rem; border-top: 1px solid #d5dae1; padding-top: 1.5rem; font-size: 1.15rem }}
code, pre {{ font: 14px/1.5 ui-monospace, monospace; background: #f2f4f7; border-radius: 4px }}
code {{ padding: .1em .3em }}
pre {{ padding: .8rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere }}
table {{ border-collapse: collapse; width: 100% }}
th:first-child {{ width: 8rem }} th:nth-child(3) {{ width: 45% }}
th, td {{ text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0;
  border-bottom: 1px solid #e6e9ee }}
@media (prefers-color-scheme: dark) {{ body {{ color: #e4e8ee; background: #14181f }}
  code, pre {{ background: #222936 }} h2, th, td {{ border-color: #333c4a }}
  a {{ color: #8ab8ff }} }}
</style></head><body><h1>{title}</h1><p>{about}</p>
<p>The same as OpenAPI: <a href="/openapi.json">/openapi.json</a>.</p>{body}</body></html>"""

_FIELDS = "<table><tr><th>Field</th><th>Type</th><th>Meaning</th></tr>{}</table>"


def _docs_page(schema: dict[str, Any]) -> str:
    operations = [
        _operation(method.upper(), path, facts, schema)
        for path, methods in schema["paths"].items()
        for method, facts in methods.items()
    ]
    return _PAGE.format(
        title=escape(schema["info"]["title"]),
        about=_prose(schema["info"]["description"]),
        body="".join(operations),
    )


def _operation(method: str, path: str, facts: dict[str, Any], schema: dict[str, Any]) -> str:
    rows = [
        _row(item["name"], item["schema"], item.get("required", False))
        for item in facts.get("parameters", ())
    ]
    body = facts.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = f"curl http://127.0.0.1:7860{path.replace('{id}', 'ID')}"
    if body:
        name = body["schema"]["$ref"].rpartition("/")[2]
        shape = schema["components"]["schemas"][name]
        rows += [
            _row(field, kind, field in shape.get("required", ()))
            for field, kind in shape["properties"].items()
        ]
        filled = {
            field: kind["examples"][0]
            for field, kind in shape["properties"].items()
            if "examples" in kind
        }
        example += f" -H 'content-type: application/json' -d '{json.dumps(filled)}'"
    answers = "".join(
        f"<tr><td>{escape(status)}</td><td>{_prose(said['description'])}</td></tr>"
        for status, said in facts["responses"].items()
    )
    return (
        f"<h2><code>{method} {escape(path)}</code> {escape(facts['summary'])}</h2>"
        f"<p>{_prose(facts.get('description', ''))}</p>"
        f"{_FIELDS.format(''.join(rows)) if rows else ''}"
        f"<pre>{escape(example)}</pre>"
        f"<table><tr><th>Status</th><th>Meaning</th></tr>{answers}</table>"
    )


def _row(name: str, facts: dict[str, Any], required: bool) -> str:
    meaning = _prose(facts.get("description", "")) + (" Required." if required else "")
    return f"<tr><td><code>{escape(name)}</code></td><td>{_type(facts)}</td><td>{meaning}</td></tr>"


def _type(facts: dict[str, Any]) -> str:
    if "anyOf" in facts:
        return " or ".join(_type(item) for item in facts["anyOf"])
    if facts.get("type") == "array":
        return f"list of {_type(facts['items'])}"
    if "enum" in facts:
        return ", ".join(f"<code>{escape(value)}</code>" for value in facts["enum"])
    return escape(facts.get("format") or facts.get("type", "any"))


def _prose(text: str) -> str:
    """Return text as HTML; what stands in backticks becomes code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))
