"""A list is read in the same memory however long it is, and an id that comes again is known by the line on which it stood first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from aliases.errors import InvalidError
from aliases.sources import packed, shelf
from aliases.sources.seen import First, Seen
from aliases.sources.shelf import Row, Shelf
from tests.sources import long_lists

SHORT, LONG = 200, 1_000  # records
PIECE = 4_096  # bytes that are read at once here, so that even the short list has several
A_RECORD = 40  # bytes that may be held for each record: less than any object of Python takes


def _peak(name: str, directory: Path, count: int) -> int:
    """Name of a list, where to write it and number of records -> most bytes that Python held while it read them."""
    file = long_lists.write(name, directory, count)
    tracemalloc.start()
    try:
        assert sum(1 for _ in long_lists.read(name, file)) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", sorted(long_lists.LISTS))
def test_a_list_is_read_in_the_same_memory_however_long_it_is(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept of each record, to tell that an id comes twice or to join its rows, is on the disk.

    The long form, with what the process takes in all, is `python -m tests.sources.long_lists 1000000`.
    """
    monkeypatch.setattr(packed.Unpacked.read, "__defaults__", (PIECE,))
    _peak(name, tmp_path, 10)  # loads what reading needs
    short, long = (_peak(name, tmp_path, count) for count in (SHORT, LONG))
    assert long - short < A_RECORD * (LONG - SHORT)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to measure a process of its own")
def test_a_long_list_is_staged_whole() -> None:
    """By a process of its own, whose memory is told."""
    command = [sys.executable, "-m", "tests.sources.long_lists", "50", "uk csv"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert (found["list"], found["entities"]) == ("uk csv", 50)
    assert 0 < found["before_mb"] <= found["peak_mb"] < 1_500


def test_rows_come_from_the_shelf_by_what_they_belong_to() -> None:
    """Each in the order of the file, whatever stood between them; what nobody takes is told."""
    with Shelf() as rows:
        for line, (key, cell) in enumerate([("b", "1"), ("a", "2"), ("b", "سوريا"), ("c", "")], 1):
            rows.put(key, line, [cell])
        assert list(rows.keys()) == [(1, "b"), (2, "a"), (4, "c")]
        assert rows.take("b") == [Row(1, ["1"]), Row(3, ["سوريا"])]
        assert rows.take("nobody") == []
        assert list(rows.left()) == ["a", "c"]


def test_a_record_of_more_rows_than_any_list_has_is_refused_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It must not fill the memory, nor keep the others out."""
    monkeypatch.setattr(shelf, "MAX_ROWS", 2)
    with Shelf() as rows:
        for line, key in enumerate(["long", "long", "short", "long"], 1):
            rows.put(key, line, ["x"])
        with pytest.raises(InvalidError, match="'long' has more than 2 rows"):
            rows.take("long")
        assert len(rows.take("short")) == 1


def test_an_id_is_known_by_where_it_stood_first() -> None:
    """With what was said there, whatever comes later; ids that differ in case are two."""
    with Seen() as seen:
        assert seen.meet("a", 1, mark=-(1 << 63)) is None
        assert seen.meet("A", 2) is None
        assert seen.meet("a", 7, mark=5) == First(1, -(1 << 63))
        assert seen.meet("a", 9) == First(1, -(1 << 63))
        assert seen.count == 2


@pytest.mark.parametrize("identifier", ["\u00e9", "e\u0301", "名", "0", "00", " ", "NULL"])
def test_every_id_is_another(identifier: str) -> None:
    """No id is folded, padded or taken for a number."""
    others = {"\u00e9", "e\u0301", "名", "0", "00", " ", "NULL", "0.0"} - {identifier}
    with Seen() as seen:
        assert all(seen.meet(other, 1) is None for other in others)
        assert seen.meet(identifier, 2) is None
        assert seen.meet(identifier, 3) == First(2, 0)
