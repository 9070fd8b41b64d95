"""Tokens are kept as hashes, in a file of their own, and count from the moment they are made to the moment they are revoked."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from aliases.errors import BusyError, InvalidError, NotReadyError, UnknownError
from resolver import cli, credentials
from resolver.credentials import Tokens
from resolver.lock import locked


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "tokens.json")


def test_the_secret_of_a_token_opens_and_is_kept_nowhere(tokens):
    secret = tokens.create("editor", scope="write")
    assert tokens.owner(secret).name == "editor"
    assert secret.startswith("aka_")
    assert len(secret) > 40
    assert secret not in tokens.path.read_text("utf-8")
    assert stat.S_IMODE(tokens.path.stat().st_mode) == 0o600 or os.name != "posix"
    assert not list(tokens.path.parent.glob("*.tmp"))


@pytest.mark.parametrize("wrong", ["", "aka_", "x", "ÿ\ud800", "a" * 10_000])
def test_another_secret_opens_nothing(tokens, wrong):
    secret = tokens.create("editor", scope="write")
    for tried in (wrong, secret[:-1], secret + "x", secret.upper(), f" {secret}"):
        assert tokens.owner(tried) is None


def test_each_scope_allows_what_those_before_it_allow(tokens):
    allowed = {}
    for scope in credentials.SCOPES:
        token = tokens.owner(tokens.create(scope, scope=scope))
        allowed[scope] = [wanted for wanted in credentials.SCOPES if token.allows(wanted)]
    assert allowed == {"read": ["read"], "write": ["read", "write"], "admin": ["read", "write", "admin"]}


def test_a_revoked_token_is_none_for_whoever_has_read_it_before(tokens):
    kept, gone = tokens.create("kept", scope="read"), tokens.create("gone", scope="admin")
    service = Tokens(tokens.path)
    assert service.owner(gone).name == "gone"
    tokens.revoke("gone")
    assert service.owner(gone) is None
    assert service.owner(kept).name == "kept"
    with pytest.raises(UnknownError, match="kept"):
        tokens.revoke("gone")


def test_a_token_ends_when_its_days_are_over(tokens):
    token = tokens.owner(tokens.create("guest", scope="read", days=1))
    assert not token.expired()
    assert token.expired(datetime.now(UTC) + timedelta(days=1, seconds=1))
    past = msgspec.structs.replace(token, expires_at="2020-01-01T00:00:00+00:00")
    tokens.path.write_bytes(msgspec.json.encode({"tokens": [past]}))
    assert tokens.owner("aka_anything") is None
    assert tokens.all()[0].expired()


@pytest.mark.parametrize("name", ["", " ", "a b", "../x", "x" * 65, "-x", "a\n", "é"])
def test_a_name_that_could_not_stand_in_a_log_is_refused(tokens, name):
    with pytest.raises(InvalidError, match="use 1 to 64"):
        tokens.create(name, scope="read")
    assert not tokens.path.exists()


def test_a_name_is_taken_once(tokens):
    first = tokens.create("editor", scope="read")
    with pytest.raises(InvalidError, match="revoke it first"):
        tokens.create("editor", scope="admin")
    assert tokens.owner(first).scope == "read"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"tokens": [{"name": "a"}]}', b'{"tokens": [], "more": 1}', b"\xff", b'{"tokens": 5}']
)
def test_a_damaged_file_opens_nothing_and_says_so(tokens, content):
    tokens.path.write_bytes(content)
    tokens.path.chmod(0o600)
    with pytest.raises(NotReadyError, match=r"tokens\.json"):
        tokens.owner("aka_x")


@pytest.mark.skipif(os.name != "posix", reason="this system has no permissions of this kind")
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_opens_nothing(tokens, mode):
    secret = tokens.create("editor", scope="write")
    tokens.path.chmod(mode)
    with pytest.raises(NotReadyError, match="chmod 600"):
        tokens.owner(secret)
    tokens.path.chmod(0o600)
    assert tokens.owner(secret)


def test_two_writers_do_not_lose_a_token(tokens):
    with locked(tokens.path.parent, name="tokens.lock"), pytest.raises(BusyError):
        tokens.create("late", scope="read")


def test_a_token_may_be_made_while_a_list_is_imported(tmp_path):
    with locked(tmp_path):
        Tokens(credentials.place(tmp_path)).create("meanwhile", scope="read")


def test_without_a_place_there_are_no_tokens():
    nowhere = Tokens(credentials.place(None))
    assert nowhere.all() == ()
    assert nowhere.owner("aka_x") is None
    with pytest.raises(InvalidError, match="--tokens"):
        nowhere.create("a", scope="read")


def test_the_command_line_makes_lists_and_revokes(tmp_path, capfd):
    data = ["--data", str(tmp_path)]
    assert cli.run(["token", "create", "editor", "--scope", "write", *data]) == 0
    secret = capfd.readouterr().out.strip()
    assert Tokens(tmp_path / "tokens.json").owner(secret).scope == "write"
    assert cli.run(["token", "list", *data]) == 0
    assert "editor" in capfd.readouterr().out
    assert cli.run(["token", "list", "--json", *data]) == 0
    shown = capfd.readouterr().out
    assert msgspec.json.decode(shown)["scope"] == "write"
    assert secret not in shown
    assert cli.run(["token", "revoke", "editor", *data]) == 0
    assert cli.run(["token", "revoke", "editor", *data]) == 2
    assert cli.run(["token", "list", *data]) == 0
    assert "no tokens" in capfd.readouterr().out
    assert cli.run(["token", "create", "x", "--scope", "root", *data]) == 2
    assert cli.run(["token", "create", "x"]) == 2
