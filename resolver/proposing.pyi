"""Types of `resolver.proposing`, whose annotations are those of Cython."""

from resolver.proposer import Proposer
from resolver.readings import Found
from resolver.tokenizer import Room

COMPILED: bool

def looks(p: Proposer, room: Room, found: Found, text: str) -> list[tuple[int, int, int, list[float]]]: ...
