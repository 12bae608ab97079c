"""What the tests of the web client share: calls without pauses, and servers of raw bytes."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from loopback import Reply, Request

from sources.web import Page, Web

Answer = Callable[[Request], Reply]
ELSEWHERE = "https://feeds.example.com/"


def client(waits: list[float] | None = None, **options: object) -> Web:
    slept = [] if waits is None else waits
    return Web(**{"pause_s": 0.0, "sleep": slept.append, **options})  # type: ignore[arg-type]


def get(url: str, **options: object) -> Page | None:
    with client() as web:
        return web.get(url, **options)  # type: ignore[arg-type]


def body(url: str, **options: object) -> bytes:
    page = get(url, **options)
    assert page is not None
    return page.body


@contextmanager
def raw_server(pieces: Callable[[], Iterator[bytes]]) -> Iterator[str]:
    """Sends `pieces` to whoever connects and hangs up: what no HTTP library would send."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.recv(65536)
                    for piece in pieces():
                        connection.sendall(piece)
                except OSError:
                    pass

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def in_turn(*replies: Reply) -> Answer:
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]
