"""Types of `resolver.scan`, whose annotations are those of Cython."""

from resolver.walks import Automaton

COMPILED: bool

def scan(automaton: Automaton, text: str) -> list[tuple[int, int, int]]: ...
