"""Types of `resolver.proposing`, whose annotations are those of Cython."""

from typing import TypeAlias

from resolver.proposer import Proposer
from resolver.readings import Found
from resolver.tokenizer import Room

COMPILED: bool
GATE_NAMES: tuple[str, ...]

_Row: TypeAlias = tuple[int, int, int, int, float, float, int, int, bool, float, int]

def propose(
    p: Proposer, room: Room, found: Found, text: str, types: int, sets: bytes | None
) -> list[tuple[int, int, list[_Row]]]: ...
def looks(p: Proposer, room: Room, found: Found, text: str) -> list[tuple[int, int, int, list[float]]]: ...
