"""The server listens on this machine only, and says why when it cannot."""

import socket

import pytest

from assistant.errors import ConfigurationProblem
from assistant.surfaces import server


def test_a_free_port_is_taken_when_none_is_given() -> None:
    with server.listen("localhost", 0) as listening:
        host, port = listening.getsockname()
        assert host == "127.0.0.1" and port > 0


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])
def test_only_this_machine_may_be_listened_on(host: str) -> None:
    with pytest.raises(ConfigurationProblem, match="there is no sign-in yet"):
        server.listen(host, 0)


def test_a_port_in_use_is_explained() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationProblem, match=f":{port}: Address already in use"):
            server.listen("localhost", port)
