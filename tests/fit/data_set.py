"""A names evaluation folder -> compared pairs as matrices, made by the very code that answers look-ups."""

from __future__ import annotations

import hashlib
import json
import tempfile
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fit import made_up, more_names

from aliases.sources import jsonl
from resolver import rank
from resolver.compiling import compile_generation
from resolver.features import PLACE
from resolver.index import Index
from resolver.prepare import family_of
from resolver.retrieve import Retrieval

CORE = ("romanization-variant", "cross-script", "acronym", "typo")
LEAST_COMMON = 0.4  # letters that an added name has in common with a listed one of its entity; 97 of 100 judged names have more


@dataclass
class Names:
    """An evaluation folder, indexed."""

    entities: list[dict[str, Any]]
    queries: list[dict[str, Any]]
    index: Index
    retrieval: Retrieval


@dataclass
class Pairs:
    """All compared pairs of one family."""

    family: str
    queries: list[dict[str, Any]]
    considered: list[rank.Considered]
    owners: list[list[int]]  # of each query: entity numbers of its rows
    start: np.ndarray  # query -> first pair; one more at the end
    numbers: np.ndarray  # pair x WIDTH
    right: np.ndarray  # pair -> is it the right entity
    group: list[str]  # query -> what must not straddle folds


def load(folder: Path) -> Names:
    """Folder with entities.jsonl and queries.jsonl -> Names, compiled with the weights in use."""
    with tempfile.TemporaryDirectory() as place:
        compile_generation(sorted(jsonl.read(folder / "entities.jsonl"), key=lambda e: e.id), Path(place) / "generation")
        return of_index(folder, Index.open(Path(place) / "generation"))


def of_index(folder: Path, index: Index) -> Names:
    """Folder, and the index of its entities -> Names."""
    entities = [json.loads(line) for line in (folder / "entities.jsonl").open(encoding="utf-8")]
    queries = [json.loads(line) for line in (folder / "queries.jsonl").open(encoding="utf-8")]
    return Names(entities, queries, index, Retrieval(index.arrays))


def pairs_of(names: Names, family: str) -> Pairs:
    """Names and a family -> every query of it compared with what retrieval finds."""
    index = names.retrieval.families[family]
    asked = [query for query in names.queries if family_of(query["type"]) == family]
    asked += made_up.queries(names.entities, family) + more_names.queries(names.entities, names.queries, family)
    queries, considered, owners, right = [], [], [], []
    for query in asked:
        found = rank.consider(index, query["query"])
        mine = [names.index.alias_entity[index.row_alias[row]] for row in found.rows]
        accept = set(query["accept"])
        is_right = np.array([names.index.entity(owner).id in accept for owner in mine], bool)
        if query["kind"] == more_names.KIND and _common(found, is_right) < LEAST_COMMON:
            continue  # another name altogether
        queries.append(query)
        considered.append(found)
        owners.append(mine)
        right.append(is_right)
    start = np.cumsum([0, *map(len, owners)])
    numbers = np.frombuffer(b"".join(c.numbers.tobytes() for c in considered), np.float32).reshape(-1, rank.WIDTH)
    groups = _groups(queries)
    return Pairs(family, queries, considered, owners, start, numbers, np.concatenate(right), groups)


def _common(found: rank.Considered, right: np.ndarray) -> float:
    """Compared rows, and which are right -> the greatest share of letters that a right one has in common with the name."""
    common = np.frombuffer(found.numbers, np.float32).reshape(-1, rank.WIDTH)[right, PLACE["letters_common"]]
    return float(common.max(initial=-1.0))


def _groups(queries: list[dict[str, Any]]) -> list[str]:
    """Queries -> a name for each set of entities that accept one another; unknown names by their own skeleton."""
    parent: dict[str, str] = {}

    def root(x: str) -> str:
        while parent.setdefault(x, x) != x:
            x = parent[x]
        return x

    for query in queries:
        for other in query["accept"][1:]:
            parent[root(other)] = root(query["accept"][0])
    return [root(q["accept"][0]) if q["accept"] else "none " + "".join(sorted(q["query"].casefold())) for q in queries]


def fold_of(group: str, seed: str, folds: int) -> int:
    """Group -> its fold, the same in every run."""
    return int(hashlib.md5(f"{seed}|{group}".encode()).hexdigest(), 16) % folds  # noqa: S324 - only to spread


def as_array(values: np.ndarray) -> array[float]:
    """Vector -> array of floats."""
    return array("f", values.astype(np.float32).tolist())
