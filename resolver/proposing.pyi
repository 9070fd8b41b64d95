"""Types of `resolver.proposing`, whose annotations are those of Cython."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from resolver.align import Costs
from resolver.scan import Automaton
from resolver.tokenizer import Room
from resolver.wording import Words

COMPILED: bool

class Proposer:
    def __init__(
        self,
        automaton: Automaton,
        words: Words,
        costs: Costs,
        arrays: Mapping[str, memoryview[Any]],
        person: int,
        passed: memoryview[Any],
    ) -> None: ...

def passed_codes(words: Iterable[str]) -> memoryview[Any]: ...
def propose(
    p: Proposer, room: Room, text: str, taken: Sequence[tuple[int, int]]
) -> list[tuple[int, int, int, int, float, float, int, int, bool, float, int]]: ...
