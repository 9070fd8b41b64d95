"""Types of `resolver.certain`, whose annotations are those of Cython."""

from resolver.forms import Forms
from resolver.index import Index
from resolver.match import Mention
from resolver.readings import Found
from resolver.tokenizer import Room

COMPILED: bool
MOST_KEPT: int

class Certain:
    def __init__(self, forms: Forms, index: Index, free: list[tuple[Room, Found]]) -> None: ...
    def tell(self, text: str, types: int, sets: bytes | None, longest: bool) -> list[Mention]: ...
