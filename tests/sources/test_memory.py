"""A list is read in the same memory however long it is, and an id that comes again is known by the line on which it stood first."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pytest

from aliases import sources
from aliases.sources import packed
from aliases.sources.seen import First, Seen

NAME = "Samir Al-Mithal"
SHORT, LONG = 200, 1_000  # records
PIECE = 4_096  # bytes that are read at once here, so that even the short list has several
A_RECORD = 40  # bytes that may be held for each record: less than any object of Python takes


def _lines(record: Callable[[int], object]) -> Callable[[int], Iterator[str]]:
    return lambda count: (json.dumps(record(number)) + "\n" for number in range(count))


def _framed(head: str, record: str, tail: str = "") -> Callable[[int], Iterator[str]]:
    return lambda count: chain([head], (record.format(n=number, name=NAME) for number in range(count)), [tail])


LISTS: dict[str, Callable[[int], Iterator[str]]] = {
    "csv": _framed("id,name\n", "p{n},{name}\n"),
    "eu": _framed("<export>", "<sanctionEntity logicalId='{n}'><nameAlias wholeName='{name}'/></sanctionEntity>\n", "</export>"),
    "ftm": _lines(lambda number: {"id": f"p{number}", "schema": "Person", "properties": {"name": [NAME]}}),
    "geonames": _framed("", "{n}\t{name}\t\t\t34.1\t38.2\tP\tPPL\tSY\t\t\t\t\t\t5\t\t\tAsia/Damascus\t2020-01-01\n"),
    "jsonl": _lines(lambda number: {"id": f"p{number}", "name": NAME}),
    "ofac-sdn": _framed("<sdnList>", "<sdnEntry><uid>{n}</uid><lastName>{name}</lastName></sdnEntry>\n", "</sdnList>"),
    "opensanctions-csv": _framed("id,schema,name,aliases\n", "p{n},Person,{name},\n"),
    "senzing": _lines(lambda number: {"RECORD_ID": f"p{number}", "NAME_FULL": NAME}),
    "uk": _framed(
        "<Designations>", "<Designation><UniqueID>{n}</UniqueID><Names><Name><Name6>{name}</Name6><NameType>Primary Name</NameType>"
        "</Name></Names></Designation>\n", "</Designations>"),
    "un": _framed(
        "<CONSOLIDATED_LIST><ENTITIES>", "<ENTITY><DATAID>{n}</DATAID><FIRST_NAME>{name}</FIRST_NAME></ENTITY>\n",
        "</ENTITIES></CONSOLIDATED_LIST>"),
    "wikidata": _lines(lambda number: {"id": f"Q{number}", "labels": {"en": {"language": "en", "value": NAME}}}),
    "xml": _framed("<list>", "<entry id='p{n}'><name>{name}</name></entry>\n", "</list>"),
}  # fmt: skip


def _peak(format: str, path: Path, count: int) -> int:
    """Format, where to write and number of records -> most bytes that Python held while it read them."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(LISTS[format](count))
    tracemalloc.start()
    try:
        assert sum(1 for _ in sources.read(format, path)) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("format", sorted(LISTS))
def test_a_list_is_read_in_the_same_memory_however_long_it_is(
    tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept of each record to tell that an id comes twice is on the disk."""
    monkeypatch.setattr(packed.Unpacked.read, "__defaults__", (PIECE,))
    _peak(format, tmp_path / "first", 10)  # loads what reading needs
    short, long = (_peak(format, tmp_path / "list", count) for count in (SHORT, LONG))
    assert long - short < A_RECORD * (LONG - SHORT)


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
