"""Types of `resolver.proposer`, whose annotations are those of Cython."""

from collections.abc import Iterable, Mapping
from typing import Any

from resolver.align import Costs
from resolver.forms import Forms
from resolver.trees import Forest
from resolver.vocabulary import Words
from resolver.walks import Automaton

COMPILED: bool

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
