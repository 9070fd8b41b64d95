"""URL of a list -> its bytes in a file, or why not. Nothing that a list server says makes us talk to another machine.

The name of the host is resolved once, every address that it has is checked, and the connection goes to what was checked. The
body is kept as it was sent (also packed with gzip: its reader unpacks it, and counts); sizes and times are limited while it comes.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urljoin, urlsplit

import msgspec

from aliases.errors import FetchError, InvalidError, TooLargeError

if TYPE_CHECKING:
    import urllib3

REDIRECTS = 5  # on one host, which may move a file from one path to another
_CHUNK = 1 << 16
_RETRIED = (429, 500, 502, 503, 504)  # what a server says that may answer the next time
_AGENT = "aka-resolver (watch list update)"


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What a fetch may cost, and where it may go."""

    max_bytes: int = 2 << 30  # as sent
    max_seconds: float = 900.0  # the whole of it, retries too
    connect_seconds: float = 15.0
    read_seconds: float = 60.0  # between two pieces
    retries: int = 4
    backoff: float = 1.0  # seconds; doubled with every retry
    allow_http: bool = False
    allow_private: bool = False  # addresses of this machine and its network


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """What a server answered."""

    unchanged: bool  # since the state that was named: nothing was sent
    etag: str
    last_modified: str


def fetch(url: str, target: Path, *, etag: str = "", last_modified: str = "", rules: Rules | None = None) -> Fetched:
    """URL, and the state that is known -> the file written, or the word that nothing changed.

    InvalidError for a URL that is not allowed, TooLargeError for an answer without end, FetchError for everything that a server
    or a network does wrong. On an error there is no file.
    """
    rules = rules or Rules()
    known = {"If-None-Match": etag} if etag else {"If-Modified-Since": last_modified} if last_modified else {}
    try:
        return _fetch(url, target, known, rules)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _fetch(url: str, target: Path, known: dict[str, str], rules: Rules) -> Fetched:
    urllib3 = _library()
    deadline = time.monotonic() + rules.max_seconds
    parts = check_url(url, rules)
    retries = urllib3.Retry(
        total=rules.retries, redirect=False, status_forcelist=_RETRIED, backoff_factor=rules.backoff, backoff_max=60,
        retry_after_max=120, raise_on_status=True,
    )  # fmt: skip
    with _pool(parts, rules) as pool:
        while True:
            try:
                return _answer(pool, parts, target, known, rules, retries, deadline)
            except urllib3.exceptions.MaxRetryError as error:
                raise FetchError(f"{shown(parts)}: {_said(error.reason or error)}; tried {rules.retries + 1} times") from None
            except urllib3.exceptions.HTTPError as error:  # while the body came: the connection was cut, or stood still
                try:
                    retries = retries.increment("GET", url, error=error)
                except urllib3.exceptions.HTTPError:
                    raise FetchError(f"{shown(parts)}: {_said(error)}; tried {rules.retries + 1} times") from None
                if time.monotonic() > deadline:
                    raise _too_slow(parts, rules) from None
                retries.sleep()


def _library() -> Any:
    try:
        import urllib3
    except ImportError:
        raise InvalidError("urllib3 is not installed, which fetches lists: pip install 'aka-resolver[update]'") from None
    return urllib3


def check_url(url: str, rules: Rules) -> SplitResult:
    """URL -> its parts; InvalidError when it is none of https (or http, where that is allowed) to a host by name or address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InvalidError(f"{url[:120]!a} is no URL ({error}): give one such as https://example.org/list.xml") from None
    if not url.isprintable() or not url.isascii() or " " in url or "\\" in url:
        raise InvalidError(f"{url[:120]!a} holds what no URL does: percent-encode it")
    if parts.scheme != "https" and not (parts.scheme == "http" and rules.allow_http):
        raise InvalidError(
            f"{url[:120]!a} is not https: give the https address, or allow_http = true for a source inside your network"
        )
    if not parts.hostname or parts.username is not None or parts.password is not None or port == 0:
        raise InvalidError(
            f"{url[:120]!a} must name a host, and hold no user name: give one such as https://example.org/list.xml"
        )
    return parts


def shown(parts: SplitResult) -> str:
    """Parts of a URL -> it without what stands behind the question mark, where tokens do."""
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


@contextmanager
def _pool(parts: SplitResult, rules: Rules) -> Iterator[Any]:
    """Parts of a URL -> connections to the first of the addresses of its host, all of which were checked."""
    urllib3 = _library()
    address = _addresses(parts, rules)[0]
    timeout = urllib3.Timeout(connect=rules.connect_seconds, read=rules.read_seconds)
    host, port = parts.hostname or "", _port(parts)
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(address, port, timeout=timeout, server_hostname=host, assert_hostname=host)
    else:
        pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    try:
        yield pool
    finally:
        pool.close()


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _addresses(parts: SplitResult, rules: Rules) -> list[str]:
    """Parts of a URL -> addresses of its host; InvalidError when one of them is not of the open internet, unless allowed."""
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(
            f"{shown(parts)}: the host {host[:80]!a} is not known ({error}): check the name and the network"
        ) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not rules.allow_private and not _is_open(address):
            raise InvalidError(
                f"{shown(parts)}: {host[:80]!a} is {address}, an address of this machine or of a private network: give a public one, "
                "or allow_private = true for a source inside your network"
            )
    return addresses


def _is_open(address: str) -> bool:
    """Address -> whether it is one of the open internet, also inside the addresses that wrap one of IPv4."""
    one = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(one, ipaddress.IPv6Address):
        packed = int(one)
        inner = one.ipv4_mapped or one.sixtofour or (one.teredo[1] if one.teredo else None)
        if one in ipaddress.ip_network("64:ff9b::/96"):  # RFC 6052: the last four bytes are an address of IPv4
            inner = ipaddress.IPv4Address(packed & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return one.is_global and not one.is_multicast


def _answer(
    pool: Any, parts: SplitResult, target: Path, known: dict[str, str], rules: Rules, retries: urllib3.Retry, deadline: float
) -> Fetched:
    """One request, and those that it is sent on to on the same host -> what came of it."""
    headers = {"Host": parts.netloc, "User-Agent": _AGENT, "Accept-Encoding": "identity", **known}
    here = parts
    for _ in range(REDIRECTS + 1):
        if time.monotonic() > deadline:
            raise _too_slow(parts, rules)
        path = (here.path or "/") + (f"?{here.query}" if here.query else "")
        response = pool.urlopen("GET", path, headers=headers, retries=retries, redirect=False, preload_content=False)
        try:
            if response.status not in (301, 302, 303, 307, 308):
                return _taken(response, here, target, rules, deadline)
            here = _moved(here, response.headers.get("Location", ""), rules)
        finally:
            response.release_conn() if response.closed else response.close()
    raise FetchError(f"{shown(parts)}: it was sent on more than {REDIRECTS} times: give the address that it leads to")


def _moved(here: SplitResult, location: str, rules: Rules) -> SplitResult:
    there = check_url(urljoin(here.geturl(), location), rules)
    if (there.scheme, there.hostname, _port(there)) != (here.scheme, here.hostname, _port(here)):
        raise FetchError(f"{shown(here)}: it was moved to {shown(there)[:200]}, another host: look at it, then give that address")
    return there


def _taken(response: Any, parts: SplitResult, target: Path, rules: Rules, deadline: float) -> Fetched:
    etag, modified = response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
    state = Fetched(unchanged=response.status == 304, etag=_header(etag), last_modified=_header(modified))
    if response.status == 304:
        return state
    if response.status != 200:
        raise FetchError(f"{shown(parts)}: HTTP {response.status}: check the address")
    coding = response.headers.get("Content-Encoding", "identity").lower()
    if coding not in ("identity", "", "gzip", "x-gzip"):
        raise FetchError(f"{shown(parts)}: it came packed with {coding[:40]!a} though it was not asked to")
    _write(response, parts, target, rules, deadline)
    return state


def _header(value: str) -> str:
    return value[:1_000] if value.isprintable() else ""


def _write(response: Any, parts: SplitResult, target: Path, rules: Rules, deadline: float) -> None:
    total = 0
    with target.open("wb") as file:
        while piece := response.read1(_CHUNK, decode_content=False):
            total += len(piece)
            if total > rules.max_bytes:
                raise TooLargeError(f"{shown(parts)}: it has more than {rules.max_bytes:,} bytes: is it the list?")
            if time.monotonic() > deadline:
                raise _too_slow(parts, rules)
            file.write(piece)
    said = response.headers.get("Content-Length", "")
    if said.isdigit() and int(said) != total:
        raise _library().exceptions.IncompleteRead(total, int(said) - total)


def _too_slow(parts: SplitResult, rules: Rules) -> FetchError:
    return FetchError(f"{shown(parts)}: it took more than {rules.max_seconds:g} seconds: try again, or allow more")


def _said(error: BaseException) -> str:
    """What the library says -> one line of it, without addresses of objects."""
    text = " ".join(str(error).split())
    text = text.rpartition(">: ")[2] or text
    return text[:200] or type(error).__name__
