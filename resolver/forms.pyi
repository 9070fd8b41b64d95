"""Types of `resolver.forms`, whose annotations are those of Cython."""

from array import array
from collections.abc import Mapping
from typing import Any

from resolver.walks import Automaton

COMPILED: bool

class Forms:
    def __init__(self, automaton: Automaton, arrays: Mapping[str, memoryview[Any]], words: array[int]) -> None: ...
