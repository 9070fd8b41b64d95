"""Types of `resolver.scan`, whose annotations are those of Cython."""

from typing import Any

COMPILED: bool

class Automaton:
    def __init__(
        self,
        fold: memoryview[Any],
        long: memoryview[Any],
        tokens: memoryview[Any],
        edges: memoryview[Any],
        posting_at: memoryview[Any],
    ) -> None: ...

def edge_slot(key: int) -> int: ...
def scan(automaton: Automaton, text: str) -> list[tuple[int, int, int]]: ...
def step(automaton: Automaton, node: int, token: int) -> int: ...
def tokenize(automaton: Automaton, text: str) -> list[tuple[int, int, int, int, int]]: ...
def joined(automaton: Automaton, text: str) -> int: ...
