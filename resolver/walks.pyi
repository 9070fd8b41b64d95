"""Types of `resolver.walks`, whose annotations are those of Cython."""

from typing import Any

from resolver.tokenizer import Letters

COMPILED: bool

class Automaton:
    def __init__(
        self,
        letters: Letters,
        tokens: memoryview[Any],
        edges: memoryview[Any],
        posting_at: memoryview[Any],
        starts: memoryview[Any],
        pairs: memoryview[Any],
    ) -> None: ...

def edge_slot(key: int) -> int: ...
def step(automaton: Automaton, node: int, token: int) -> int: ...
