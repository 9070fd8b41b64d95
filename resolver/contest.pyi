"""Types of `resolver.contest`, whose annotations are those of Cython."""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from resolver.align import Table
from resolver.edits import Costs
from resolver.features import Rarity
from resolver.finding import Postings, Seeker
from resolver.prepare import Prepared
from resolver.trees import Forest

COMPILED: bool
KEPT_NEAR: int
KEPT_SIMILAR: int
OTHER_NUMBER: float
MISSING_NUMBER: float
FIRST_WIDTH: int
READ_FOR_NEAREST: memoryview[Any]
READ_FOR_FIRST: memoryview[Any]

_View = memoryview[Any]

class Contest:
    def __init__(self, postings: Postings, table: Table, row_alias: _View, rarity: Rarity) -> None: ...
    def begin(self) -> None: ...
    def add(
        self,
        seeker: Seeker,
        name: Prepared,
        allowed: _View,
        acronyms: Mapping[int, int],
        rivals: int,
        costs: Costs,
        contrast: Costs,
    ) -> None: ...
    def settle(self) -> int: ...
    def weigh(self, pair: Forest, alias_entity: _View, alias_flags: _View, bits: int, kind_odds: _View) -> None: ...
    def add_odds(self, said: Sequence[float]) -> None: ...
    def order(self, first: Forest, start: float, slope: _View) -> float: ...
    def owners_of_rows(self) -> list[int]: ...
    def entity(self, rank: int) -> tuple[int, int, float] | None: ...
    def row(self, place: int) -> tuple[int, array[float]]: ...
    def same_size(
        self, letters: int, flags: _View, entity_of: _View, first_alias: _View, folded: _View, folded_at: _View
    ) -> list[int]: ...
    def considered(self) -> tuple[array[int], array[float], array[float]]: ...
