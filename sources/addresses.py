"""Which addresses may be asked: http(s) without passwords, and private ones only if a person did.

A name can be given another address between a look-up and a connection, so a `Guard` judges the peer
that a connection has really reached, before anything is sent to it. Through a proxy (HTTP_PROXY and
the like) the peer is the proxy, which then decides alone what it reaches.
"""

import socket
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpx

from sources.errors import Refused

_PORTS = {"http": 80, "https": 443}
_NAT64 = IPv6Network("64:ff9b::/96")


def checked(url: str) -> str:
    """Return `url` as it can be asked for, without its fragment. Raises Refused."""
    try:
        parsed = httpx.URL(url.strip()).copy_with(fragment=None)
        host = parsed.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError) as error:
        raise Refused(
            f"{url[:200]!r} is not an address: {error}; check how it is written"
        ) from error
    if parsed.scheme not in _PORTS:
        raise Refused(f"{url[:200]!r} is not a web address; use one that begins with https://")
    labels = host.removesuffix(".").split(".")
    if not all(0 < len(label) < 64 for label in labels) or "%" in host or _port(parsed) > 65535:
        raise Refused(f"{url[:200]!r} names no host that can exist; check how it is written")
    if parsed.userinfo:
        raise Refused(
            f"the address at {host} holds a user name or password, which is not sent; leave it out"
        )
    return str(parsed)


def same_place(url: str, other: str) -> bool:
    """Whether both addresses are on the same host and port."""
    one, two = httpx.URL(url), httpx.URL(other)
    return (one.raw_host, _port(one)) == (two.raw_host, _port(two))


def origin(url: str) -> str:
    """Return the scheme, host and port of `url`: "https://www.example.gov"."""
    return str(httpx.URL(url).copy_with(raw_path=b"/")).rstrip("/")


def is_public(address: str) -> bool:
    """Whether the IP `address` is on the open internet. Raises ValueError for what is no such."""
    ip = ip_address(address)
    return all(each.is_global and not each.is_multicast for each in (ip, *_inside(ip)))


def _inside(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """Return the IPv4 addresses to which packets for this IPv6 address may in the end be sent."""
    if isinstance(ip, IPv4Address):
        return []
    embedded = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64:
        embedded.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return [each for each in embedded if each is not None]


def _port(url: httpx.URL) -> int:
    return url.port or _PORTS.get(url.scheme, 0)


class Guard:
    """Follows one request as it connects (httpcore's "trace"): judges its peer, can cut it off.

    With `public_only`, a direct connection to a private, loopback, link-local or reserved address
    is closed and refused before anything is sent. Give each request a connection of its own.
    """

    def __init__(self, url: str, *, public_only: bool) -> None:
        self.was_cut = False
        self._url = url
        self._host = httpx.URL(url).raw_host.decode("ascii")
        self._public_only = public_only
        self._direct = True
        self._socket: socket.socket | None = None
        if public_only and self._is_private_as_written():
            raise self._refusal(self._host)

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of what httpcore does. Raises Refused."""
        if event.endswith("connect_tcp.started"):
            self._direct = info["host"] == self._host
        elif event.endswith(("connect_tcp.complete", "start_tls.complete")):
            stream = info["return_value"]
            self._socket = stream.get_extra_info("socket")
            if self._public_only and self._direct and event.endswith("connect_tcp.complete"):
                self._judge(stream)
            if self.was_cut:
                self.cut()

    def cut(self) -> None:
        """End the request from another thread: what reads from the connection sees its end."""
        self.was_cut = True
        if self._socket is not None:
            with suppress(OSError):
                # not the method of SSLSocket, which would pull the TLS state from under its reader
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _judge(self, stream: Any) -> None:
        try:
            peer = str(stream.get_extra_info("server_addr")[0])
        except OSError:  # it has hung up already: reading will say so
            return
        if not is_public(peer):
            stream.close()
            raise self._refusal(peer)

    def _is_private_as_written(self) -> bool:
        host = self._host.lower().removesuffix(".")
        with suppress(ValueError):
            return not is_public(host)
        return host == "localhost" or host.endswith(".localhost")

    def _refusal(self, peer: str) -> Refused:
        return Refused(
            f"{self._url} is inside a private network ({peer}) and nobody asked for that host;"
            " if it can be trusted, add its address itself"
        )
