"""Types of `resolver.vocabulary`, whose annotations are those of Cython."""

from collections.abc import Callable, Sequence

from resolver.forms import Forms
from resolver.walks import Automaton

COMPILED: bool

class Words:
    words: int
    readings: int
    def __init__(self, automaton: Automaton, forms: Forms, read: Callable[[str], Sequence[tuple[int, bytes, int]]]) -> None: ...
