"""OpenSanctions' `targets.simple.csv` -> entities. Their data is CC BY-NC 4.0: fetch it under your own licence.

Schema: OpenSanctions, "Bulk data: targets as simplified CSV": id, schema (of FollowTheMoney), name, aliases, birth_date, countries,
addresses, identifiers, sanctions, phones, emails, program_ids, dataset, first_seen, last_seen, last_change. Several values of a
cell are a row of CSV of their own, `;` between them and quotes around those that hold one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from aliases.entity import script_of
from aliases.errors import InvalidError, MalformedError
from aliases.sources import tables
from aliases.sources.drafts import Draft, Record, each, entities, tidy
from aliases.sources.ftm import TYPES
from aliases.sources.packed import opened

_NEEDED = ("id", "schema", "name", "aliases")


def read(path: Path) -> Iterator[Record]:
    """Table of targets -> its entities and the problems of single rows; MalformedError or InvalidError refuses the file."""
    with opened(path) as stream:
        found = tables.lines(tables.text(stream, name=path.name), name=path.name)
        body = tables.rows(found, name=path.name, delimiter=",")
        columns = tables.header(next(body, None), name=path.name)
        missing = [column for column in _NEEDED if column not in columns]
        if missing:
            raise MalformedError(f"{path.name} has no column '{missing[0]}': is it OpenSanctions' targets.simple.csv?")
        yield from entities(each(tables.records(body, columns), _draft), file=path.name)


def _draft(line: int, cells: Mapping[str, str]) -> Draft:
    schema = tidy(cells["schema"])
    draft = Draft(line, cells["id"].strip(), TYPES.get(schema, "other"), cells["name"])
    for form in _values(cells["aliases"]):
        draft.add(form, "alias" if script_of(form) in ("Latn", "Zyyy") else "native")
    for country in _values(cells.get("countries", "")):
        draft.say("country", country.upper() if len(country) == 2 else country)
    for column, key in (
        ("birth_date", "birth_date"),
        ("identifiers", "identifiers"),
        ("program_ids", "program"),
        ("sanctions", "sanctions"),
        ("dataset", "datasets"),
    ):
        for value in _values(cells.get(column, "")):
            draft.say(key, value)
    draft.properties |= {"schema": schema, "first_seen": tidy(cells.get("first_seen", ""))}
    return draft


def _values(cell: str) -> list[str]:
    """Cell -> its values; InvalidError when its quotes do not close."""
    if not cell:
        return []
    try:
        (row,) = csv.reader([cell.replace("\n", " ")], delimiter=";", strict=True)
    except (csv.Error, ValueError):
        raise InvalidError(f"the cell {cell[:40]!a} is no row of values with ; between them: fetch the list again") from None
    return row
