"""How the service is set up: flags, environment, file and defaults, in this order -> one checked value."""

from __future__ import annotations

import functools
import ipaddress
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from aliases.errors import InvalidError, UnknownError

PREFIX = "AKA_"
CONFIG = "AKA_CONFIG"
_RATE = r"^(off|[1-9][0-9]{0,8}/(second|minute|hour))$"
_DEFAULT_RATE = "1200/minute"  # of one client on another machine: 20 a second, all the time


@functools.lru_cache(maxsize=1024)  # every request names one, mostly the same
def is_loopback(host: str) -> bool:
    """Address or name -> whether only this machine is reached by it."""
    if host.lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
        return (getattr(address, "ipv4_mapped", None) or address).is_loopback
    except ValueError:
        return False


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of one service. Names are those of the file; `AKA_` and the name in capitals is the variable."""

    data: str = ""  # data directory; empty: the shipped seeds
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8080
    workers: Annotated[int, Meta(ge=0, le=256)] = 0  # processes; 0: one a processor, at most 4
    max_requests: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 1_000_000  # after which a worker is renewed; 0: never
    tokens: str = ""  # file of tokens; empty: tokens.json in the data directory
    open_reading: bool = False  # other machines read without a token
    hosts: tuple[str, ...] = ()  # names that the service answers to; empty: those of this machine, or all if others reach it
    origins: tuple[str, ...] = ()  # pages of these origins may read answers
    suggestions: bool = False  # unlisted spellings of texts are queued for `aka review`
    snippets: bool = False  # with the text around each, not only its hash
    proxies: Annotated[int, Meta(ge=0, le=10)] = 0  # reverse proxies in front whose X-Forwarded-* headers are believed
    rate: Annotated[str, Meta(pattern=_RATE)] | None = None  # requests of one token or address; None: see `requests_allowed`
    budget: Annotated[float, Meta(gt=0, le=3600)] = 30.0  # seconds that one answer, and the sending of one question, may take
    log: Literal["errors", "requests"] = "errors"
    drain: Annotated[int, Meta(ge=1, le=3600)] = 10  # seconds that running answers get when the service is told to stop

    @property
    def private(self) -> bool:
        """Whether only this machine reaches the service."""
        return is_loopback(self.host)

    @property
    def requests_allowed(self) -> str:
        """Rate that holds: as set, else none on this machine and 1200 a minute elsewhere; '' for no limit."""
        rate = self.rate if self.rate is not None else ("off" if self.private else _DEFAULT_RATE)
        return "" if rate == "off" else rate


def resolve(flags: Mapping[str, object] | None = None, *, config: str | None = None) -> Settings:
    """Flags (None: not given) and the name of a file -> settings: flags before environment before file before defaults.

    The file is TOML, with the names of `Settings`; AKA_CONFIG names it too. InvalidError names the flag, variable or line that
    is wrong, UnknownError a file that cannot be read.
    """
    file = config or os.environ.get(CONFIG) or ""
    settled = _checked({}, _of_file(Path(file)), f"{file}: ") if file else Settings()
    settled = _checked(msgspec.to_builtins(settled), _of_environment(), "environment, AKA_")
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    return _checked(msgspec.to_builtins(settled), given, "flag --")


def _of_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UnknownError(f"settings {path} cannot be read ({error.strerror}): check --config or {CONFIG}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidError(f"settings {path} are no TOML: {error}") from None


def _of_environment() -> dict[str, Any]:
    """Variables that name a setting -> their values; one that is empty sets nothing."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(Settings):
        value = os.environ.get(PREFIX + field.encode_name.upper(), "")
        if value:
            many = field.default == ()
            found[field.encode_name] = [one.strip() for one in value.split(",")] if many else _plain(value)
    return found


def _plain(value: str) -> object:
    return {"true": True, "1": 1, "yes": True, "on": True, "false": False, "no": False}.get(value.lower(), value)


def _checked(base: dict[str, Any], more: Mapping[str, object], where: str) -> Settings:
    try:
        return msgspec.convert({**base, **more}, Settings, strict=False)
    except msgspec.ValidationError as error:
        known = " ".join(field.encode_name for field in msgspec.structs.fields(Settings))
        raise InvalidError(f"{where}{_name(str(error))}: {error}; the settings are {known}") from None


def _name(message: str) -> str:
    """Message of msgspec -> the name of the setting in it."""
    for mark in ("at `$.", "field `"):
        if mark in message:
            return message.partition(mark)[2].partition("`")[0].partition("[")[0]
    return "settings"
