"""One process that serves the chat and REST. Owner of uvicorn and of the listening socket."""

import logging
import os
import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING

from assistant.errors import ConfigurationProblem

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

_CLOSING_SECONDS = 2
"""How long open pages may keep a stopped server waiting."""


def run(assistant: "Assistant", host: str, port: int) -> None:
    """Serve until Ctrl-C. Raises ConfigurationProblem if the address cannot be listened on."""
    listening = listen(host, port)
    try:
        _serve(assistant, listening)
    except KeyboardInterrupt:
        pass  # the way to end it
    finally:
        listening.close()
        assistant.library.close()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket listening on a loopback address; port 0 takes any that is free.

    Raises ConfigurationProblem for another address, and when it cannot be listened on.
    """
    address = "127.0.0.1" if host.lower() == "localhost" else host
    if not _is_loopback(address):
        raise ConfigurationProblem(
            f"Will not listen on {host!r}: there is no sign-in yet, so everyone who reaches that "
            "address could read the sources. Use 127.0.0.1, and a tunnel (ssh -L) from elsewhere."
        )
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family, backlog=128)
    except OSError as error:
        raise ConfigurationProblem(
            f"Cannot listen on {host}:{port}: {_reason(error)}. End the program that uses "
            "the port, or choose another: `assistant serve --port 7861`; --port 0 takes a free one."
        ) from error


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _serve(assistant: "Assistant", listening: socket.socket) -> None:
    import click
    import uvicorn

    from assistant.surfaces import rest, web

    app = web.mount(rest.api(assistant), assistant)
    host, port = listening.getsockname()[:2]
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=_CLOSING_SECONDS)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                name = f"[{host}]" if ":" in host else host
                click.echo(f"Serving on http://{name}:{port} — Ctrl-C ends it.")

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # Open pages are cut off, which is no error worth a traceback.
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            await super().shutdown(sockets)

    Server(config).run(sockets=[listening])
