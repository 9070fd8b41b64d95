"""Any table of names, CSV or TSV with a head -> entities, one a row. The schema is ours:

`id` and `name` must be there; `type` (else `other`), `aliases` (several with `|` between them; `\\|` stands for one in a name) and
every column that is not one of these, which becomes a property of its name. Other heads are mapped: `{"id": "Ref", "name": "Full
Name"}`. An apostrophe that keeps a spreadsheet from taking a cell for a formula is no part of the cell (`aliases.formulas`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from aliases import formulas
from aliases.errors import InvalidError
from aliases.sources import tables
from aliases.sources.drafts import Draft, Record, each, entities, tidy
from aliases.sources.packed import opened

FIELDS = ("id", "name", "type", "aliases")


def read(
    path: Path, *, columns: Mapping[str, str] | None = None, encoding: str = "", delimiter: str = "", separator: str = "|"
) -> Iterator[Record]:
    """Table -> its entities and the problems of single rows.

    `columns`: field -> name of the column that has it; `delimiter` is a comma, or a tab where the head has tabs;
    `separator` stands between aliases. MalformedError or InvalidError refuses the file, listing found and expected columns.
    """
    _check_options(columns or {}, delimiter)
    with opened(path) as stream:
        found = tables.lines(tables.text(stream, name=path.name, encoding=encoding), name=path.name)
        first = next(found, "")
        chosen = delimiter or ("\t" if "\t" in first else ",")
        body = tables.rows(_again(first, found), name=path.name, delimiter=chosen)
        names = _named(tables.header(next(body, None), name=path.name), columns or {}, path.name)
        drafts = each(tables.records(body, names), lambda line, cells: _draft(line, cells, separator))
        yield from entities(drafts, file=path.name)


def _check_options(columns: Mapping[str, str], delimiter: str) -> None:
    unknown = sorted(columns.keys() - set(FIELDS))
    if unknown:
        raise InvalidError(f"a column cannot be mapped to '{unknown[0][:40]}': use {' '.join(FIELDS)}")
    if len(delimiter) > 1 or delimiter in ('"', "\r", "\n"):
        raise InvalidError(f"delimiter {delimiter[:10]!a} is not allowed: use one character, such as ; or a tab")


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _named(found: list[str], columns: Mapping[str, str], file: str) -> list[str]:
    """Names of the columns -> the same, with those that are mapped under the name of their field."""
    fields = {column: field for field, column in columns.items()}
    names = [fields.get(column, column) for column in found]
    wanted = [columns.get(field, field) for field in ("id", "name")]
    missing = [column for column in [*wanted, *columns.values()] if column not in found]
    if missing:
        shown = ", ".join(ascii(column[:40]) for column in found[:12])
        raise InvalidError(
            f"{file} has no column '{missing[0]}': expected {', '.join(wanted)} (also type, aliases and any other), "
            f"found {shown}; map the columns, or name the delimiter"
        )
    return names


def _draft(line: int, cells: Mapping[str, str], separator: str) -> Draft:
    said = tidy(cells.get("type", "")).lower()
    draft = Draft(line, formulas.plain(cells["id"].strip()), said or "other", formulas.plain(cells["name"]))
    for form in _split(formulas.plain(cells.get("aliases", "")), separator):
        draft.add(form)
    draft.properties = {column: tidy(formulas.plain(cell)) for column, cell in cells.items() if column and column not in FIELDS}
    return draft


def _split(cell: str, separator: str) -> list[str]:
    """Cell -> its parts; a separator behind a backslash is a part of one."""
    if f"\\{separator}" not in cell:
        return cell.split(separator)
    return [part.replace("\0", separator) for part in cell.replace("\0", "").replace(f"\\{separator}", "\0").split(separator)]
