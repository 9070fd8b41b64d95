"""Types of `resolver.readings`, whose annotations are those of Cython."""

from resolver.forms import Forms
from resolver.match import MatchKind
from resolver.tokenizer import Room

COMPILED: bool
KINDS: tuple[MatchKind, ...]

class Found:
    def __init__(self) -> None: ...

def read(
    forms: Forms, room: Room, found: Found, text: str, types: int, sets: bytes | None
) -> tuple[list[tuple[int, int, int, int, int, int]], list[tuple[int, int]]]: ...
