"""Whether the right entity is among the rows that are compared at all: python -m tests.bench.names.recall --data FOLDER --names 1000000.

FOLDER is one of `resolver.name_bench`. Its entities are compiled among as many made-up names as make the list so long. A query finds its
entity when one of the rows that its name is compared with is of it, and among the first N when fewer than N entities have a row of a
higher cosine, or one that an acronym ties to the name.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from aliases.entity import Entity
from aliases.sources import jsonl
from resolver import bench_data
from resolver.compiling import compile_generation
from resolver.features import name_of
from resolver.index import Index
from resolver.name_bench import CORE
from resolver.prepare import prepare
from resolver.retrieve import FamilyIndex, Retrieval

FIRST = (50, 120, 10_000)  # the last one: all that are compared
MISSED = 1_000_000
TYPES = ("person", "place", "organization")


def main() -> None:
    """Arguments -> a table on standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=800, help="of each type; all of them when there are fewer")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        known = sorted(jsonl.read(chosen.data / "entities.jsonl"), key=lambda entity: entity.id)
        compile_generation(among(known, chosen.names), Path(place) / "generation")
        index = Index.open(Path(place) / "generation")
        print(f"{len(index.alias_entity):,} names; right entity among the first {FIRST[0]}, {FIRST[1]} and all rows compared, %")
        for line in table(index, chosen.data, chosen.queries):
            print(line)


def among(known: Sequence[Entity], names: int) -> Iterator[Entity]:
    """Entities, and how many names there shall be -> these and made-up ones, in the order of their ids."""
    have = sum(1 + len(entity.aliases) for entity in known)
    return iter(sorted([*known, *bench_data.entities(max(0, names - have))], key=lambda entity: entity.id))


def table(index: Index, folder: Path, most: int) -> Iterator[str]:
    """Index of a folder's entities, and how many queries of each type to ask -> lines, one for each type, and for names in Arabic."""
    retrieval = Retrieval(index.arrays)
    for kind in TYPES:
        places: dict[str, list[int]] = defaultdict(list)
        for query in queries(folder, kind, most):
            place = place_of(index, retrieval.families[kind], query["query"], frozenset(query["accept"]))
            for name in ("all", *(("Arabic script",) if query.get("script") == "Arab" else ())):
                places[name].append(place)
        for name, some in sorted(places.items(), reverse=True):
            shares = "".join(f"{100 * sum(place < first for place in some) / len(some):7.1f}" for first in FIRST)
            yield f"{kind:<13} {name:<14} {len(some):5}{shares}"


def queries(folder: Path, kind: str, most: int) -> list[dict[str, Any]]:
    """Folder and type -> at most so many of the queries of it that a look-up should find, the same in every run."""
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    found = [query for query in map(json.loads, lines) if query["type"] == kind and query["kind"] in CORE]
    return random.Random(0).sample(found, most) if len(found) > most else found


def place_of(index: Index, family: FamilyIndex, name: str, accept: frozenset[str]) -> int:
    """Name, and the ids that are right -> how many entities are before the first right one; MISSED when no row is of one."""
    best = MISSED
    for prepared in prepare(name, family.family):
        found = family.find(name_of(prepared, family.rarity), 0, prepared)
        tied = [2.0 if row in found.acronyms else 0.0 for row in found.rows]  # before any cosine
        order = sorted(range(len(found.rows)), key=lambda place: -tied[place] - found.cosines[place] / 3)
        owners = dict.fromkeys(index.alias_entity[family.row_alias[found.rows[place]]] for place in order)
        best = min(best, next((place for place, owner in enumerate(owners) if index.entity(owner).id in accept), MISSED))
    return best


if __name__ == "__main__":
    main()
