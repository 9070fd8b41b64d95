"""Types of `resolver.trees`, whose annotations are those of Cython."""

from typing import Any

COMPILED: bool

class Forest:
    def __init__(
        self,
        feature: memoryview[Any],
        threshold: memoryview[Any],
        lower: memoryview[Any],
        upper: memoryview[Any],
        value: memoryview[Any],
        roots: memoryview[Any],
        *,
        width: int,
    ) -> None: ...

def add_trees(forest: Forest, rows: memoryview[Any], count: int, out: memoryview[Any]) -> None: ...
