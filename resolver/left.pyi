"""Types of `resolver.left`, whose annotations are those of Cython."""

from resolver.align import Table
from resolver.features import Rarity
from resolver.prepare import Prepared

COMPILED: bool
SYMBOLS: int

class Left:
    table: Table
    def __init__(self, rarity: Rarity, most: int) -> None: ...

def take(s: Left, name: Prepared) -> int: ...
