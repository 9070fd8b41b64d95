"""Types of `resolver.align`, whose annotations are those of Cython."""

from collections.abc import Mapping
from typing import Any

from resolver.edits import Costs

COMPILED: bool
WIDTH: int

class Table:
    row_start: memoryview[Any]
    row_words: memoryview[Any]
    row_origin: memoryview[Any]
    row_legal: memoryview[Any]
    row_crowd: memoryview[Any]
    word_start: memoryview[Any]
    word_symbols: memoryview[Any]
    skeleton_start: memoryview[Any]
    skeletons: memoryview[Any]
    word_rarity: memoryview[Any]
    word_flags: memoryview[Any]
    rows: int
    def __init__(self, columns: Mapping[str, memoryview[Any]]) -> None: ...
    def of(self, origin: memoryview[Any], legal: memoryview[Any], rarity: memoryview[Any]) -> Table: ...

def compare_rows(
    left: Table,
    row: int,
    right: Table,
    rows: memoryview[Any],
    count: int,
    costs: Costs,
    contrast: Costs,
    out: memoryview[Any],
) -> None: ...

class Lined:
    def __init__(self, rows: int) -> None: ...

def near_rows(
    left: Table,
    row: int,
    right: Table,
    rows: memoryview[Any],
    cosines: memoryview[Any],
    marks: memoryview[Any],
    places: memoryview[Any],
    near: int,
    similar: int,
    costs: Costs,
    contrast: Costs,
    lined: Lined,
    out: memoryview[Any],
) -> int: ...
