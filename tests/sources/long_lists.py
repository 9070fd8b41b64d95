"""Lists of any length in every format that is read as a stream: `python -m tests.sources.long_lists 1000000 [FORMAT...]`.

Each list is written, read and staged in the record, without being compiled, by a process of its own; one line of JSON a format says
how much memory that took at most, and what it took before there was a record.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from aliases import sources
from aliases.entity import Entity
from aliases.store import FILE, Store

NAME = "Samir Al-Mithal"
Text = Callable[[int], Iterator[str]]  # number of records -> the text of a file, in pieces


def _lines(record: Callable[[int], object]) -> Text:
    return lambda count: (json.dumps(record(number)) + "\n" for number in range(count))


def _framed(head: str, record: str, tail: str = "") -> Text:
    return lambda count: chain([head], (record.format(n=number, name=NAME) for number in range(count)), [tail])


def _by_turns(head: str, *rows: str) -> Text:
    """A head and rows of one record -> a table in which all records have their first row, then all their second one."""
    return lambda count: chain([head], (row.format(n=number, name=NAME) for row in rows for number in range(count)))


_UK = "Report Date: 1-Dec-2026\nUnique ID,Name 1,Name 2,Name 3,Name 4,Name 5,Name 6,Name type,Designation Type\n"
_EU = "fileGenerationDate;Entity_LogicalId;NameAlias_WholeName;Entity_SubjectType\n"
_PLACE = "{n}\t{name}\t\t\t34.1\t38.2\tP\tPPL\tSY\t\t\t\t\t\t5\t\t\tAsia/Damascus\t2020-01-01\n"

# Name of a list, which begins with its format -> its files, that which is named to the reader first.
LISTS: dict[str, dict[str, Text]] = {
    "csv": {"list.csv": _framed("id,name\n", "p{n},{name}\n")},
    "eu": {"list.xml": _framed(
        "<export>", "<sanctionEntity logicalId='{n}'><nameAlias wholeName='{name}'/></sanctionEntity>\n", "</export>")},
    "eu csv": {"list.csv": _framed(_EU, "01/12/2026;{n};{name};person\n01/12/2026;{n};Abu {name};person\n")},
    "ftm": {"list.json": _lines(lambda number: {"id": f"p{number}", "schema": "Person", "properties": {"name": [NAME]}})},
    "geonames": {"SY.txt": _framed("", _PLACE)},
    "geonames with names": {
        "SY.txt": _framed("", _PLACE), "alternateNamesV2.txt": _framed("", "9{n}\t{n}\ten\tTell {name}\t\t\t\t\t\t\n")},
    "jsonl": {"list.jsonl": _lines(lambda number: {"id": f"p{number}", "name": NAME})},
    "ofac-csv": {
        "sdn.csv": _framed("", '{n},"{name}",-0- ,"SYRIA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n'),
        "alt.csv": _by_turns("", '{n},1{n},"aka","Abu {name}",-0- \n', '{n},2{n},"fka","Bin {name}",-0- \n'),
        "add.csv": _by_turns("", '{n},3{n},-0- ,"Homs","Syria",-0- \n'),
        "sdn_comments.csv": _by_turns("", '{n},"DOB 1970."\n')},
    "ofac-sdn": {"list.xml": _framed("<sdnList>", "<sdnEntry><uid>{n}</uid><lastName>{name}</lastName></sdnEntry>\n", "</sdnList>")},
    "opensanctions-csv": {"list.csv": _framed("id,schema,name,aliases\n", "p{n},Person,{name},\n")},
    "senzing": {"list.json": _lines(lambda number: {"RECORD_ID": f"p{number}", "NAME_FULL": NAME})},
    "uk": {"list.xml": _framed(
        "<Designations>", "<Designation><UniqueID>{n}</UniqueID><Names><Name><Name6>{name}</Name6><NameType>Primary Name</NameType>"
        "</Name></Names></Designation>\n", "</Designations>")},
    "uk csv": {"list.csv": _by_turns(
        _UK, "S{n},Samir,,,,,{name},Primary Name,Individual\n", "S{n},Abu,,,,,{name},Alias,Individual\n")},
    "un": {"list.xml": _framed(
        "<CONSOLIDATED_LIST><ENTITIES>", "<ENTITY><DATAID>{n}</DATAID><FIRST_NAME>{name}</FIRST_NAME></ENTITY>\n",
        "</ENTITIES></CONSOLIDATED_LIST>")},
    "wikidata": {"list.json": _lines(lambda number: {"id": f"Q{number}", "labels": {"en": {"language": "en", "value": NAME}}})},
    "xml": {"list.xml": _framed("<list>", "<entry id='p{n}'><name>{name}</name></entry>\n", "</list>")},
}  # fmt: skip


def write(name: str, directory: Path, count: int) -> Path:
    """Name of a list, a directory and a number of records -> its files there; the one that its reader is given."""
    for file, text in LISTS[name].items():
        with (directory / file).open("w", encoding="utf-8") as stream:
            stream.writelines(text(count))
    return directory / next(iter(LISTS[name]))


def read(name: str, file: Path) -> Iterator[Entity]:
    """Name of a list and its file -> its entities."""
    return (record for record in sources.read(name.split()[0], file) if isinstance(record, Entity))


def staged(name: str, count: int) -> dict[str, object]:
    """Name of a list and a number of records -> how many were staged, and the memory and time of the process that did it."""
    with tempfile.TemporaryDirectory(prefix="aka-long-") as folder:
        file = write(name, Path(folder), count)
        receiver, sender = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.write(sender, json.dumps(_stage(name, file, Path(folder))).encode())
            finally:
                os._exit(0)
        os.close(sender)
        with os.fdopen(receiver, "rb") as told:
            found = json.loads(told.read() or b'{"failed": true}')
        used = os.wait4(child, 0)[2]
    return {"list": name, **found, "peak_mb": used.ru_maxrss >> 10, "cpu_seconds": round(used.ru_utime + used.ru_stime, 1)}


def _stage(name: str, file: Path, directory: Path) -> dict[str, int]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Store.open(directory / FILE, write=True) as store:
        version = store.stage("long", read(name, file), source=name, sha256="")
    return {"entities": version.entities, "before_mb": before >> 10}


if __name__ == "__main__":
    for one in sys.argv[2:] or sorted(LISTS):
        print(json.dumps(staged(one, int(sys.argv[1]))), flush=True)
