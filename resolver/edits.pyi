"""Types of `resolver.edits`, whose annotations are those of Cython."""

from typing import Any

COMPILED: bool

class Costs:
    def __init__(
        self,
        swap: memoryview[Any],
        left_gap: memoryview[Any],
        right_gap: memoryview[Any],
        known: memoryview[Any],
        known_costs: memoryview[Any],
    ) -> None: ...

def word_distance(costs: Costs, a: bytes, b: bytes, origin: int) -> float: ...
