"""Types of `resolver.proposing`, whose annotations are those of Cython."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from resolver.align import Costs
from resolver.forms import Forms
from resolver.readings import Found
from resolver.scan import Automaton
from resolver.tokenizer import Room
from resolver.trees import Forest
from resolver.wording import Words

COMPILED: bool
GATE_NAMES: tuple[str, ...]

_Row: TypeAlias = tuple[int, int, int, int, int, float, float, int, int, bool, float, int]

class Proposer:
    def __init__(
        self,
        automaton: Automaton,
        forms: Forms,
        words: Words,
        costs: Costs,
        arrays: Mapping[str, memoryview[Any]],
        person: int,
        passed: memoryview[Any],
        gate: Forest | None,
        least: float,
    ) -> None: ...

def passed_codes(words: Iterable[str]) -> memoryview[Any]: ...
def propose(p: Proposer, room: Room, found: Found, text: str, types: int, sets: bytes | None) -> list[_Row]: ...
def looks(p: Proposer, room: Room, found: Found, text: str, types: int, sets: bytes | None) -> list[tuple[_Row, list[float]]]: ...
