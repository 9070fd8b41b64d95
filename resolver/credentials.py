"""Tokens: a file of names, scopes and hashes <-> who a secret belongs to. The secret itself is shown once and kept nowhere."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec

from aliases.errors import InvalidError, NotReadyError, UnknownError
from resolver.lock import locked

FILE = "tokens.json"
VARIABLE = "AKA_TOKENS"
PREFIX = "aka_"  # so that scanners for leaked secrets, and people, know one when they see one
SECRET_BYTES = 32  # beyond guessing, so that one round of SHA-256 is enough to keep it by
MAX_SECRET = 512  # longer ones are none of ours and are not hashed

Scope = Literal["read", "write", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)  # each allows what those before it allow

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LOCK = "tokens.lock"


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a token."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    scope: Scope
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    created_at: str  # ISO 8601, UTC
    expires_at: str = ""  # empty: never

    def allows(self, scope: Scope) -> bool:
        """Scope that is needed -> whether this token has it, or a wider one."""
        return SCOPES.index(self.scope) >= SCOPES.index(scope)

    def expired(self, now: datetime | None = None) -> bool:
        """Whether its time is over."""
        return bool(self.expires_at) and datetime.fromisoformat(self.expires_at) <= (now or datetime.now(UTC))


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    tokens: tuple[Token, ...] = ()


class Tokens:
    """The tokens of one file, read again whenever it changes; without a file there are none."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._kept: tuple[Token, ...] = ()
        self._seen: tuple[int, ...] | None = None
        self._lock = threading.Lock()

    def all(self) -> tuple[Token, ...]:
        """-> every token, in the order of their making; NotReadyError when the file is damaged or open to other users."""
        if self.path is None:
            return ()
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise NotReadyError(f"tokens {self.path} cannot be read ({error.strerror}): check its permissions") from error
        seen = (found.st_ino, found.st_mtime_ns, found.st_size, found.st_mode)
        with self._lock:
            if seen != self._seen:
                _check_mode(self.path, found.st_mode)
                self._kept = _read(self.path)
                self._seen = seen
            return self._kept

    def owner(self, secret: str) -> Token | None:
        """Secret -> the token that it is, None when it is none, or no longer. Takes as long for a wrong one as for a right one."""
        digest = _digest(secret) if len(secret) <= MAX_SECRET else ""
        found = None
        for token in self.all():
            if hmac.compare_digest(token.sha256, digest) and not token.expired():
                found = token
        return found

    def create(self, name: str, *, scope: Scope, days: int | None = None) -> str:
        """Name, scope, days that it lasts (for ever without) -> the secret of a new token, which nobody can be told again."""
        if not _NAME.fullmatch(name):
            raise InvalidError(
                f"token name {name[:80]!a} is not allowed: use 1 to 64 of A-Z a-z 0-9 . _ -, a letter or digit first"
            )
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        now = datetime.now(UTC)
        expires = (now + timedelta(days=days)).isoformat(timespec="seconds") if days is not None else ""
        token = Token(
            name=name, scope=scope, sha256=_digest(secret), created_at=now.isoformat(timespec="seconds"), expires_at=expires
        )
        path = self._writable()
        with locked(path.parent, name=_LOCK):
            kept = self.all()
            if any(one.name == name for one in kept):
                raise InvalidError(f"there is a token '{name}' already: revoke it first, or take another name")
            _write(path, (*kept, token))
        return secret

    def revoke(self, name: str) -> None:
        """Name -> its token is none any more, from the next request on; UnknownError when there is no such token."""
        path = self._writable()
        with locked(path.parent, name=_LOCK):
            kept = self.all()
            left = tuple(one for one in kept if one.name != name)
            if len(left) == len(kept):
                known = " ".join(one.name for one in kept) or "(there is none)"
                raise UnknownError(f"there is no token {name[:80]!a}: use one of {known}")
            _write(path, left)

    def _writable(self) -> Path:
        if self.path is None:
            raise InvalidError("tokens are kept in a data directory or a file: name it with --data, --tokens or AKA_TOKENS")
        return self.path


def place(data: str | os.PathLike[str] | None, file: str | os.PathLike[str] | None = None) -> Path | None:
    """Data directory and file of tokens as they were named -> the file that counts: the one named, else the directory's own."""
    if file:
        return Path(file)
    return Path(data) / FILE if data else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _check_mode(path: Path, mode: int) -> None:
    """Whoever may write the file may let anybody in, and so may whoever it is that wrote it."""
    if os.name == "posix" and mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise NotReadyError(f"tokens {path} can be written by other users: say `chmod 600 {path}`")


def _read(path: Path) -> tuple[Token, ...]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kept).tokens
    except OSError as error:
        raise NotReadyError(f"tokens {path} cannot be read ({error.strerror}): check its permissions") from error
    except msgspec.DecodeError as error:
        raise NotReadyError(f"tokens {path} are damaged ({error}): put a copy back, or remove it and create new ones") from error


def _write(path: Path, tokens: tuple[Token, ...]) -> None:
    """The file is replaced whole, so that a service which reads it meanwhile reads the old one or the new one."""
    draft = path.with_name(f"{path.name}.tmp")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(_Kept(tokens)), indent=1) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
