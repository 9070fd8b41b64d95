"""Types of `resolver.weighing`, whose annotations are those of Cython."""

from collections.abc import Callable, Sequence

from resolver.context import Document
from resolver.match import MatchKind
from resolver.proposer import Proposer
from resolver.readings import Found
from resolver.telling import Settled
from resolver.tokenizer import Room
from resolver.trees import Forest

COMPILED: bool
KINDS: tuple[MatchKind, ...]

class Weigher:
    def __init__(
        self,
        document: Document,
        proposer: Proposer,
        listed: Forest,
        unlisted: Forest,
        starts: tuple[float, float],
        alike: Callable[[str, Sequence[int]], Sequence[float]],
    ) -> None: ...

def weigh(w: Weigher, room: Room, found: Found, text: str, types: int, sets: bytes | None, least: float) -> list[Settled]: ...
def consider(
    w: Weigher, room: Room, found: Found, text: str, types: int, sets: bytes | None
) -> list[tuple[int, int, int, int, int, float, list[float]]]: ...
