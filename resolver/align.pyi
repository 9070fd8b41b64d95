"""Types of `resolver.align`, whose annotations are those of Cython."""

from collections.abc import Mapping
from typing import Any

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

class Costs:
    def __init__(
        self,
        swap: memoryview[Any],
        left_gap: memoryview[Any],
        right_gap: memoryview[Any],
        known: memoryview[Any],
        known_costs: memoryview[Any],
    ) -> None: ...

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
def word_distance(costs: Costs, a: bytes, b: bytes, origin: int) -> float: ...
