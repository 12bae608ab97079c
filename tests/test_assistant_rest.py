"""REST gives the answers of the contract, and says what is wrong with a request."""

from datetime import date
from typing import Any

import pytest
from conftest import MakeAssistant
from fastapi.testclient import TestClient
from few_texts import DOCUMENTS, HOSTILE, RULE, STATEMENT

from assistant.pipeline import Assistant
from assistant.surfaces.rest import api

WHY = "Why did the Office of Widget Security control the export of widget lathes?"


@pytest.fixture(scope="module")
def assistant(make_assistant: MakeAssistant) -> Assistant:
    return make_assistant(DOCUMENTS)


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> TestClient:
    return TestClient(api(assistant))


def ask(client: TestClient, **body: Any) -> dict[str, Any]:
    response = client.post("/api/ask", json=body)
    assert response.status_code == 200, response.text
    return response.json()


def test_every_citation_is_found_in_the_document_it_names(client: TestClient) -> None:
    answer = ask(client, question=WHY)
    assert answer["outcome"] == "answered"
    assert "military gears" in " ".join(claim["text"] for claim in answer["claims"])
    for citation in (c for claim in answer["claims"] for c in claim["citations"]):
        document = client.get(f"/api/documents/{citation['document']['id']}").json()
        assert document["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_the_json_has_the_fields_of_the_contract(client: TestClient) -> None:
    answer = ask(client, question=WHY, as_of="2025-01-31", history=["What is a widget?"])
    assert list(answer) == [
        "id",
        "question",
        "standalone_question",
        "as_of",
        "outcome",
        "claims",
        "withheld",
        "notices",
        "evidence",
        "provenance",
    ]
    assert answer["as_of"] == "2025-01-31"


def test_an_answer_is_as_of_its_date(client: TestClient) -> None:
    answer = ask(client, question=WHY, as_of="2021-01-01")
    cited = {c["document"]["id"] for claim in answer["claims"] for c in claim["citations"]}
    assert RULE.id not in cited
    assert all(item["document"] != RULE.id for item in answer["evidence"])


def test_a_follow_up_is_read_with_the_question_before_it(client: TestClient) -> None:
    question = "And what is required for it?"
    answer = ask(client, question=question, history=["Are widget lathes controlled?"])
    assert answer["question"] == question
    assert "widget lathes" in answer["standalone_question"]


def test_only_the_kinds_asked_for_are_searched(client: TestClient) -> None:
    answer = ask(client, question="Is a license needed for Acme Gears?", kinds=["statement"])
    assert {item["document"] for item in answer["evidence"]} == {STATEMENT.id}


def test_what_is_not_in_the_sources_is_not_answered(client: TestClient) -> None:
    answer = ask(client, question="Who won the chess championship of 1972?")
    assert (answer["outcome"], answer["claims"]) == ("not_in_sources", [])


@pytest.mark.parametrize("question", ["", "  ?! ", "word " * 1000])
def test_a_question_without_words_or_too_long_is_refused(client: TestClient, question: str) -> None:
    response = client.post("/api/ask", json={"question": question})
    assert response.status_code == 400
    assert list(response.json()) == ["error"]
    assert "question" in response.json()["error"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": 7},
        {"question": WHY, "as_of": "2024-13-01"},
        {"question": WHY, "as_of": 2024},
        {"question": WHY, "kinds": ["gossip"]},
        {"question": WHY, "history": "earlier"},
        {"question": WHY, "asof": "2024-01-01"},
    ],
)
def test_an_invalid_body_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post("/api/ask", json=body).status_code == 422


def test_a_document_comes_with_its_status_and_text(client: TestClient) -> None:
    found = client.get(f"/api/documents/{RULE.id}").json()
    assert found == {
        "id": RULE.id,
        "title": RULE.title,
        "publisher": RULE.publisher,
        "kind": "rule",
        "published": "2024-07-18",
        "effective": "2024-07-18",
        "url": RULE.url,
        "citation": "89 FR 1",
        "refers_to": [],
        "status": "in_force",
        "text": RULE.text,
    }
    assert client.get(f"/api/documents/{HOSTILE.id}").json()["title"] == HOSTILE.title


def test_an_unknown_document_is_not_found(client: TestClient) -> None:
    response = client.get("/api/documents/fr:1999-1/with/slashes")
    assert response.status_code == 404
    assert "'fr:1999-1/with/slashes'" in response.json()["error"]


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["documents"] == len(DOCUMENTS)


def test_not_ready_says_why(make_assistant: MakeAssistant, monkeypatch: Any) -> None:
    broken = make_assistant(DOCUMENTS)

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk has gone")

    monkeypatch.setattr(broken.library, "search", fail)
    response = TestClient(api(broken)).get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "error": "the disk has gone"}


def test_the_documentation_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "src=" not in page.text and "<link" not in page.text and "https://" not in page.text
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in page.text
    for field in ("question", "as_of", "history", "kinds"):
        assert f"<code>{field}</code>" in page.text


def test_the_date_of_an_answer_is_today_when_none_is_given(client: TestClient) -> None:
    assert abs((date.fromisoformat(ask(client, question=WHY)["as_of"]) - date.today()).days) <= 1
