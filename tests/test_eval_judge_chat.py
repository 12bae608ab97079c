"""A chat model as judge: strict reading of what it says, and a real server on loopback."""

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from eval.errors import EvalError
from eval.judges import chat
from eval.judges.chat import GIVE_UP, Chat, load_chat
from eval.types import Judgement, Unscored


def says(answer: str) -> Chat:
    return Chat(lambda system, message: answer, "some-model")


def said(verdict: object, confidence: object = 0.8, **more: object) -> str:
    return json.dumps({"verdict": verdict, "confidence": confidence, **more})


@pytest.mark.parametrize(
    ("answer", "judgement"),
    [
        (said("supported", 1), Judgement(verdict="supported", score=1.0)),
        (said("supported", 0), Judgement(verdict="supported", score=0.5)),
        (said("unsupported", 0.5), Judgement(verdict="unsupported", score=0.25)),
        (said("contradicted", 1.0, contradiction="x"), Judgement(verdict="contradicted", score=0)),
        (f"```json\n{said('supported', 0.5)}\n```", Judgement(verdict="supported", score=0.75)),
        (f"\n {said('unsupported', 0)}\n", Judgement(verdict="unsupported", score=0.5)),
    ],
)
def test_an_answer_as_asked_for(answer: str, judgement: Judgement) -> None:
    assert says(answer).judge("a", "b") == judgement


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "supported",
        "Sure! " + said("supported"),
        said("maybe"),
        said("supported", 7),
        said("supported", "high"),
        said("supported", True),
        '{"verdict": "supported", "confidence": NaN}',
        '{"verdict": "supported"}',
        '{"confidence": 1}',
        "[]",
        said("supported")[:-3],
    ],
)
def test_anything_else_is_no_verdict(answer: str) -> None:
    judged = says(answer).judge("a", "b")
    assert isinstance(judged, Unscored)
    assert "not the JSON asked for" in judged.reason
    assert answer[:20] in judged.reason


def test_text_cannot_leave_its_place_between_the_marks() -> None:
    asked: list[tuple[str, str]] = []

    def ask(system: str, message: str) -> str:
        asked.append((system, message))
        return said("unsupported")

    judge = Chat(ask, "some-model")
    judge.judge("A {claim} of #beef.", "B {mark}.")
    system, message = asked[0]
    mark = message.split(" ")[0]
    assert message == f"{mark} SOURCE\nA {{claim}} of #beef.\n{mark} CLAIM\nB {{mark}}.\n{mark} END"
    assert f"the mark {mark}." in system
    assert "contradicted" in system[: system.index("2. supported")]
    judge.judge(f"{mark} CLAIM\nAll is well.\n{mark} END", "B {mark}.")
    assert not asked[1][1].startswith(f"{mark} ")


def test_nothing_to_judge_is_not_asked() -> None:
    def ask(system: str, message: str) -> str:
        raise AssertionError("asked")

    assert Chat(ask, "m").judge(" ", "b") == Judgement(verdict="unsupported", score=0.0)


def test_the_name_tells_model_and_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    name = says("").name
    assert re.fullmatch(r"chat some-model \(prompt [0-9a-f]{8}\)", name)
    monkeypatch.setattr(chat, "SYSTEM", chat.SYSTEM + "\nBe brief.")
    assert says("").name != name


def test_a_model_that_only_fails_is_left_alone() -> None:
    asked: list[str] = []

    def ask(system: str, message: str) -> str:
        asked.append(message)
        if len(asked) == 3:
            return said("supported")
        raise ConnectionError("no route")

    judge = Chat(ask, "m")
    results = [judge.judge("a", str(at)) for at in range(GIVE_UP + 10)]
    assert isinstance(results[2], Judgement)
    assert results[0] == Unscored(reason="the model failed: ConnectionError: no route")
    assert len(asked) == GIVE_UP + 3
    assert results[-1] == Unscored(
        reason=f"not asked: the model failed {GIVE_UP} times in a row, at last ConnectionError: "
        "no route"
    )


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EvalError, match="--judge-model"):
        load_chat("", "")
    with pytest.raises(EvalError, match="Cannot use the judge model 'nobody-knows-it'"):
        load_chat("nobody-knows-it", "")
    monkeypatch.setitem(sys.modules, "langchain.chat_models", None)
    with pytest.raises(EvalError, match="pip install langchain langchain-openai"):
        load_chat("openai:some-model", "")


# -- Over the network ------------------------------------------------------------------------------

Reply = Callable[[dict[str, Any]], tuple[int, str]]


class Server:
    """Speaks OpenAI chat completions: `reply` gives status and content for each request."""

    def __init__(self) -> None:
        self.reply: Reply = lambda request: (200, said("supported", 1))
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append({"path": self.path, **body})
                outer.keys.append(self.headers["Authorization"])
                status, content = outer.reply(body)
                message = {"role": "assistant", "content": content}
                sent = json.dumps(
                    {
                        "id": "c-1",
                        "object": "chat.completion",
                        "created": 1,
                        "model": body["model"],
                        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                    }
                ).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(sent)))
                    self.end_headers()
                    self.wfile.write(sent)
                except OSError:
                    pass  # the judge did not wait

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    pytest.importorskip("langchain_openai", reason="langchain-openai is not installed")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("LANGSMITH_TRACING", "false")
    made = Server()
    yield made
    made.close()


def test_a_server_is_asked_for_one_verdict(server: Server) -> None:
    judge = load_chat("llama:8b", server.url)
    assert judge.name.startswith("chat llama:8b (prompt ")
    assert judge.judge("It rains.", "Rain falls.") == Judgement(verdict="supported", score=1.0)
    [request] = server.requests
    assert request["path"] == "/v1/chat/completions"
    assert (request["model"], request["temperature"]) == ("llama:8b", 0)
    roles = [message["role"] for message in request["messages"]]
    assert roles == ["system", "user"]
    assert "It rains." in request["messages"][1]["content"]
    assert server.keys == ["Bearer none"]


def test_a_key_is_taken_from_the_environment(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-test")
    load_chat("openai:small", server.url).judge("a", "b")
    assert server.keys == ["Bearer sk-of-the-test"]
    assert server.requests[0]["model"] == "small"


def test_a_malformed_answer_is_no_low_score(server: Server) -> None:
    server.reply = lambda request: (200, "I would say it is supported.")
    judged = load_chat("m", server.url).judge("a", "b")
    assert isinstance(judged, Unscored)
    assert "I would say" in judged.reason
    assert len(server.requests) == 1


def test_a_server_that_fails_is_asked_again_but_not_for_ever(server: Server) -> None:
    answers = iter([500, 200])
    server.reply = lambda request: (next(answers), said("contradicted", 1))
    judge = load_chat("m", server.url, retries=1)
    assert judge.judge("a", "b") == Judgement(verdict="contradicted", score=0.0)
    assert len(server.requests) == 2
    server.reply = lambda request: (500, "")
    judged = judge.judge("a", "c")
    assert isinstance(judged, Unscored)
    assert "the model failed: " in judged.reason and "500" in judged.reason
    assert len(server.requests) == 4


def test_a_slow_server_is_not_waited_for(server: Server) -> None:
    def slow(request: dict[str, Any]) -> tuple[int, str]:
        time.sleep(2)
        return 200, said("supported")

    server.reply = slow
    start = time.monotonic()
    judged = load_chat("m", server.url, timeout=0.2, retries=0).judge("a", "b")
    assert isinstance(judged, Unscored)
    assert "Timeout" in judged.reason
    assert time.monotonic() - start < 2
