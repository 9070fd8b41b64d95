"""Types of `resolver.spelling`, whose annotations are those of Cython."""

from collections.abc import Iterable, Sequence

from resolver.align import Table
from resolver.edits import Costs
from resolver.features import Rarity
from resolver.prepare import Prepared
from resolver.trees import Forest

COMPILED: bool
NO_ROW: float

class Speller:
    def __init__(
        self,
        table: Table,
        row_alias: memoryview,
        searched: int,
        rarity: Rarity,
        costs: Costs,
        contrast: Costs,
        pair: Forest,
    ) -> None: ...
    def compare(self, readings: Iterable[Prepared], aliases: Sequence[int]) -> list[float]: ...
