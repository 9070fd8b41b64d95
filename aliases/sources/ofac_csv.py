"""OFAC's SDN.CSV (or CONS_PRIM.CSV) with ALT, ADD and COMMENTS beside it -> entities.

Schema: OFAC, "SDN data specification" (first released 2004): four files without a head, `-0-` for nothing, a U+001A at the end.
SDN: number, name, type, program, title, call sign, vessel type, tonnage, gross tonnage, flag, owner, remarks. ALT: number,
number of the alias, type (aka fka nka), name, remarks. ADD: number, number of the address, address, city, country, remarks.
COMMENTS: number, rest of remarks that were too long. A person's name is `LAST, First`; `] [` stands between programmes. Some
a.k.a.'s stand only in the remarks: `a.k.a. 'NAME'` (a weak one), `alt. name NAME`, `f.k.a. NAME`. No original script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from aliases.errors import MalformedError, Problem
from aliases.sources import countries, dates, ofac, tables
from aliases.sources.drafts import Draft, Record, each, entities, tidy
from aliases.sources.packed import opened
from aliases.sources.shelf import Shelf

_WIDTHS = {"sdn": 12, "alt": 5, "add": 6, "comments": 2}
_NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "sdn": {"alt": ("alt",), "add": ("add",), "comments": ("sdn_comments", "comments")},
    "cons_prim": {"alt": ("cons_alt",), "add": ("cons_add",), "comments": ("cons_comments",)},
}
_TYPES = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft", "": "organization"}
# In the remarks, statements end at a semicolon; a name in quotes is what OFAC calls a weak alias.
_HIDDEN = re.compile(
    r"\b(?P<type>[afn]\.k\.a\.|alt\. name)\s*:?\s*(?:['‘\"](?P<weak>[^'’\"]+)['’\"]|(?P<name>[^;]+?))\s*(?=[;.]?$|;)"
)
_SAID = re.compile(r"^(?P<what>(?:alt\. )?DOB|(?:alt\. )?POB|(?:alt\. )?nationality|(?:alt\. )?citizen)\s+(?P<value>.+?)\.?$")


def beside(path: Path) -> list[Path]:
    """SDN.CSV -> those of ALT, ADD and COMMENTS that lie beside it, whatever the case of their names."""
    return list(_beside(path).values())


def read(path: Path) -> Iterator[Record]:
    """SDN.CSV -> its entities with the aliases and addresses beside it, and the problems of single rows.

    MalformedError refuses the file, also when ALT is missing: without it 9 of 10 aliases are. Memory does not grow with the files:
    what stands beside SDN waits on the disk.
    """
    others = _beside(path)
    if "alt" not in others:
        raise MalformedError(f"{path.name} has no ALT.CSV beside it, which holds the aliases: fetch both into one folder")
    with ExitStack() as stack:
        shelves = {what: stack.enter_context(Shelf()) for what in ("alt", "add", "comments")}
        for what, file in others.items():
            yield from _shelve(file, what, shelves[what])
        drafts = each(_rows(path, "sdn"), lambda line, cells: _draft(line, cells, shelves))
        yield from entities(drafts, file=path.name)
        for what, file in others.items():
            for number in shelves[what].left():
                yield Problem(file.name, f"its rows for number {number[:20]} belong to no row of {path.name}")


def _beside(path: Path) -> dict[str, Path]:
    stem = path.name.lower().split(".", 1)[0]
    names = _NAMES.get(stem, _NAMES["sdn"])
    there = {file.name.lower().split(".", 1)[0]: file for file in sorted(path.parent.glob("*")) if _is_table(file)}
    return {what: there[name] for what, choices in names.items() for name in choices if name in there}


def _is_table(file: Path) -> bool:
    return any(file.name.lower().endswith(end) for end in (".csv", ".csv.gz", ".csv.zip"))


def _rows(path: Path, what: str) -> Iterator[tuple[int, list[str]] | Problem]:
    """One of the files -> its rows of the right width, cells tidied; the last column, of remarks, may be missing."""
    width = _WIDTHS[what]
    with opened(path) as stream:
        found = tables.lines(tables.text(stream, name=path.name), name=path.name)
        for row in tables.rows(found, name=path.name, delimiter=","):
            if isinstance(row, Problem):
                yield Problem(f"{path.name} {row.pointer}", row.detail)
            elif width - 1 <= len(row[1]) <= width and row[1][0].strip().isdigit():
                yield row[0], [*map(tidy, row[1]), ""][:width]
            else:
                message = f"{len(row[1])} cells from {row[1][0][:20]!a} on, expected {width} from a number on"
                yield Problem(f"{path.name} line {row[0]}", f"{message}: is it the {what.upper()} file?")


def _shelve(path: Path, what: str, shelf: Shelf) -> Iterator[Problem]:
    """One of the files beside SDN -> its rows on the shelf by their number; the problems of single ones."""
    for row in _rows(path, what):
        if isinstance(row, Problem):
            yield row
        else:
            shelf.put(row[1][0], row[0], row[1])


def _draft(line: int, cells: Sequence[str], shelves: Mapping[str, Shelf]) -> Draft:
    number, name, type_, program, title, call_sign, vessel_type, _, _, flag, owner, remarks = cells
    alt, add, comments = (shelves[what].take(number) for what in ("alt", "add", "comments"))
    remarks = " ".join([remarks, *(extra.cells[1] for extra in comments)])
    kind = _TYPES.get(type_.lower(), "other")
    draft = Draft(line, ofac.identifier(number), kind, ofac.in_order(name) if kind == "person" else name)
    for _, _, how, alias, _ in (row.cells for row in alt):
        form = ofac.in_order(alias) if kind == "person" else alias
        draft.add(form, "former" if how.lower() == "fka" else "alias")
    _add_hidden(draft, remarks)
    for part in program.split("] ["):
        draft.say("program", part.strip("[] "))
    for address in add:
        draft.say("address_country", countries.code(address.cells[4]) if address.cells[4] else "")
    draft.properties |= {"title": title, "call_sign": call_sign, "vessel_type": vessel_type, "flag": flag, "owner": owner}
    draft.properties["remarks"] = tidy(remarks)
    return draft


def _add_hidden(draft: Draft, remarks: str) -> None:
    """What the remarks say, statement by statement: more names, dates and places of birth, nationalities."""
    for statement in map(str.strip, remarks.split(";")):
        if found := _HIDDEN.search(statement):
            form = found["weak"] or found["name"]
            form = ofac.in_order(form.strip(" .")) if draft.type == "person" else form.strip(" ")
            draft.add(form, ofac.kind(found["type"], weak=bool(found["weak"])))
        elif said := _SAID.match(statement):
            what, value = said["what"].removeprefix("alt. "), said["value"]
            if what == "DOB":
                draft.say("birth_date", dates.iso(value))
            elif what == "POB":
                draft.say("birth_place", value)
            else:
                draft.say("country", countries.code(value))
