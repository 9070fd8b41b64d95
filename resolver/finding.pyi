"""Types of `resolver.finding`, whose annotations are those of Cython."""

from collections.abc import Sequence
from typing import Any

from resolver.align import Table

COMPILED: bool

_View = memoryview[Any]

class Postings:
    def __init__(
        self,
        table: Table,
        searched: float,
        norms: _View,
        keys: Sequence[_View],
        starts: Sequence[_View],
        rows: Sequence[_View],
    ) -> None: ...

class Seeker:
    def __init__(self, budgets: _View, rooms: _View, rough: _View) -> None: ...

def find(seeker: Seeker, postings: Postings, table: Table, row: int, allowed: _View, rows: _View, cosines: _View) -> int: ...

class Sorted:
    def __init__(self, keys: _View, values: _View) -> None: ...
    def of(self, key: int) -> list[int]: ...
