"""Addresses that others chose: which of them may be called, and connections that lead nowhere else.

A name is looked up once for each connection, every address it stands for has to be public, and the connection goes to an
address that was checked: what the name says a moment later changes nothing. Hosts that an operator named are exempt.
"""

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from threading import BoundedSemaphore, Thread
from typing import Any
from urllib.parse import urlsplit

import httpcore

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Return the addresses a name stands for. Raises OSError when it cannot."""

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.ASCII)
_PRINTABLE = re.compile(r"[\x21-\x7e]+", re.ASCII)
_PORTS = {"https": (443,), "http": (80,)}
_FIRST_FREE_PORT = 1024
_AT_HOME = frozenset({"localhost", "local", "internal", "onion", "arpa"})
"""Names under these are nobody's on the public internet."""
_NEVER = tuple(
    ipaddress.ip_network(each)
    for each in (
        "168.63.129.16/32",  # a cloud's own services, behind an address that looks public
        "192.0.0.0/24",  # for protocols, and another cloud's services
        "192.88.99.0/24",  # relays from IPv6 to IPv4
        "2001::/23",  # for protocols; some wrap an IPv4 address
        "2001:db8::/32",  # for documentation, as the next but one
        "2002::/16",  # wraps an IPv4 address
        "3fff::/20",
    )
)
"""What some versions of Python count as public."""
_GLOBAL = ipaddress.ip_network("2000::/3")
LOOK_UP_SECONDS = 5.0
"""How long a name may take to be looked up: whose name servers never answer holds up nobody."""
_MOST_HANGING = 32
_may_look_up = BoundedSemaphore(_MOST_HANGING)
"""A look-up cannot be broken off: one that was given up goes on beside, until the system gives it up, and counts until then."""


class UnsafeAddress(Exception):
    """An address that is not called; its text says why, to whoever sent it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A web address, taken apart once: what was checked is what is called."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What stands in the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"


def _looked_up(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _in_time(resolve: Resolve, host: str, port: int, seconds: float) -> Sequence[str]:
    """Return what `resolve` answers. Raises what it raises, and TimeoutError, which is an OSError, when it takes longer."""
    ends = time.monotonic() + seconds
    if not _may_look_up.acquire(timeout=max(0.0, seconds)):
        raise TimeoutError("too many names are being looked up")
    answer: Future[Sequence[str]] = Future()

    def look_up() -> None:
        try:
            answer.set_result(resolve(host, port))
        except Exception as problem:  # noqa: BLE001 - whoever waits is told, whatever it is
            answer.set_exception(problem)
        finally:
            _may_look_up.release()

    # Not of a pool: the end of the program waits for a pool's threads, and this one may hang.
    Thread(target=look_up, name="look-up", daemon=True).start()
    return answer.result(max(0.0, ends - time.monotonic()))


@dataclass(frozen=True, slots=True)
class Guard:
    """Which addresses may be called."""

    allowed: frozenset[str] = frozenset()
    """Hosts, or host:port, that an operator exempts from what is asked of names, ports and addresses."""
    needs_https: bool = True
    resolve: Resolve = _looked_up
    seconds: float = LOOK_UP_SECONDS
    """How long `resolve` may take."""

    def target(self, url: str) -> Target:
        """Take a web address apart. Raises UnsafeAddress for one that is never called, wherever its name leads."""
        if not _PRINTABLE.fullmatch(url) or "\\" in url:
            raise UnsafeAddress(
                "Write the address in plain characters, without spaces; a host in other letters as xn--…."
            )
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as problem:
            raise UnsafeAddress("This is no web address.") from problem
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UnsafeAddress("Write a whole address that begins with https://.")
        if "@" in parts.netloc:
            raise UnsafeAddress("Leave the user name and password out of the address.")
        if "#" in url:
            raise UnsafeAddress("Leave out the # and what follows it: it is never sent.")
        if parts.scheme != "https" and self.needs_https:
            raise UnsafeAddress("The address has to begin with https://.")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        host = parts.hostname.lower().rstrip(".")
        target = Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)
        if not self._is_allowed(target.host, target.port):
            self._require_ordinary(target)
        return target

    def check(self, url: str) -> None:
        """Look an address up too. Raises UnsafeAddress for one that leads, or may lead, where nobody outside may go.

        A name that cannot be looked up, or not soon, passes: it may be there tomorrow, and each connection is checked again.
        """
        target = self.target(url)
        if self._is_allowed(target.host, target.port):
            return
        with suppress(OSError):
            self.addresses(target.host, target.port)

    def addresses(self, host: str, port: int, left: float | None = None) -> Sequence[str]:
        """Return where a connection to a host may go, within the `left` seconds where that is less than a look-up may take.

        Raises UnsafeAddress unless all it stands for is public, and OSError when it cannot be looked up in time.
        """
        found = _in_time(self.resolve, host, port, self.seconds if left is None else min(left, self.seconds))
        if not self._is_allowed(host, port) and not (found and all(map(is_public, found))):
            raise UnsafeAddress(f"{host} leads to an address that is not on the public internet.")
        return found

    def _is_allowed(self, host: str, port: int) -> bool:
        return host in self.allowed or f"{host}:{port}" in self.allowed

    def _require_ordinary(self, target: Target) -> None:
        labels = target.host.split(".")
        if ":" in target.host or _NUMBER.fullmatch(labels[-1]):
            raise UnsafeAddress("Write the name of the host: numbers are not called.")
        is_name = len(target.host) <= 253 and all(map(_LABEL.fullmatch, labels))
        if len(labels) < 2 or not is_name or labels[-1] in _AT_HOME:
            raise UnsafeAddress("The host has to be a whole name on the internet, such as hooks.university.example.")
        if target.port < _FIRST_FREE_PORT and target.port not in _PORTS[target.scheme]:
            raise UnsafeAddress(f"Port {target.port} is not called: use 443, or one from {_FIRST_FREE_PORT}.")


def is_public(written: str) -> bool:
    """Tell whether an address is one of the public internet, and nothing else in disguise."""
    try:
        address = ipaddress.ip_address(written.partition("%")[0])
    except ValueError:
        return False
    if address.version == 6 and address not in _GLOBAL:
        # Everything else wraps an IPv4 address, is at home here, is for many, or is reserved.
        return False
    if any(address in network for network in _NEVER if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def post(
    guard: Guard,
    target: Target,
    headers: Sequence[tuple[str, str]],
    body: bytes,
    *,
    seconds: float,
    trust: ssl.SSLContext | None = None,
) -> int:
    """Send `body` and return the status of the answer, of which nothing else is read; redirects are not followed.

    It is over after `seconds`, however slowly the other side speaks. Raises UnsafeAddress, httpcore's errors, and OSError when
    the name cannot be looked up. Proxies named in the environment are not used.
    """
    patience = {"connect": seconds, "read": seconds, "write": seconds, "pool": seconds}
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    backend = _Checked(guard, time.monotonic() + seconds)
    with (
        httpcore.ConnectionPool(network_backend=backend, ssl_context=trust, max_connections=1) as pool,
        pool.stream("POST", url, headers=list(headers), content=body, extensions={"timeout": patience}) as answer,
    ):
        return int(answer.status)


class _Checked(httpcore.NetworkBackend):
    """Connects to addresses that were checked, and to no other."""

    def __init__(self, guard: Guard, ends: float) -> None:
        self._guard = guard
        self._ends = ends
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._guard.addresses(host, port, _left(self._ends)):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, _left(self._ends), local_address=local_address, socket_options=socket_options
                )
            except httpcore.ConnectError as problem:
                failure = problem
            else:
                return _Timed(stream, self._ends)
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise UnsafeAddress("Sockets of this machine are not called.")


class _Timed(httpcore.NetworkStream):
    """A stream that ends at a fixed moment: without it, a byte now and then would keep a connection for ever."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._ends))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._ends))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, _left(self._ends)), self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is up")
    return left
