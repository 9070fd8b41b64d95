"""Whatever file SQLite opens for aka: it trusts nothing that the file says of itself, and does nothing that aka does not ask for."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aliases import database, review_schema
from aliases.database import pragma


def record(path: Path, *, write: bool) -> sqlite3.Connection:
    return database.connect(path, write=write)


def queue(path: Path, *, write: bool) -> sqlite3.Connection:
    return review_schema.connect(path, write=write, wait=1.0)


@pytest.fixture(params=[record, queue])
def made(request, tmp_path: Path) -> Callable[..., sqlite3.Connection]:
    """How a database is opened, of which there is one in the directory."""
    with closing(request.param(tmp_path / "some.db", write=True)) as connection:
        connection.execute("CREATE TABLE numbers (x)")
    return request.param


@pytest.fixture(params=[True, False], ids=["to write", "to read"])
def connection(request, made, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(made(tmp_path / "some.db", write=request.param)) as opened:
        yield opened


def test_what_the_file_says_of_itself_is_not_trusted_and_its_cells_are_checked(connection):
    assert (pragma(connection, "trusted_schema"), pragma(connection, "cell_size_check")) == (0, 1)


def test_no_other_file_is_attached_and_no_code_is_loaded(connection, tmp_path):
    with pytest.raises(sqlite3.OperationalError, match="too many attached"):
        connection.execute("ATTACH ? AS other", (str(tmp_path / "other.db"),))
    with pytest.raises(sqlite3.OperationalError, match="not authorized"):
        connection.execute("SELECT load_extension('nowhere')")
    assert not (tmp_path / "other.db").exists()


def test_a_statement_or_a_value_beyond_all_that_is_asked_for_is_refused(connection):
    assert connection.execute("SELECT length(?)", ("a" * 1_000_000,)).fetchone() == (1_000_000,)
    with pytest.raises(sqlite3.DataError, match=r"too large|too big"):
        connection.execute(f"SELECT '{'a' * 200_000}'")
    with pytest.raises(sqlite3.OperationalError, match="too many SQL variables"):
        connection.execute(f"SELECT {', '.join('?' * 1_001)}", (1,) * 1_001)


@pytest.mark.parametrize("sql", ["INSERT INTO numbers VALUES (1)", "DROP TABLE numbers", "PRAGMA user_version = 7"])
def test_a_connection_to_read_cannot_write(made, tmp_path, sql):
    with closing(made(tmp_path / "some.db", write=False)) as reading, pytest.raises(sqlite3.OperationalError, match="readonly"):
        reading.execute(sql)
    with closing(made(tmp_path / "some.db", write=True)) as writing:
        writing.execute(sql)
