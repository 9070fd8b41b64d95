"""Types of `resolver.sums`, whose annotations are those of Cython."""

from typing import Any

COMPILED: bool

_View = memoryview[Any]

def weigh_keys(wanted: _View, keys: _View, starts: _View, total: float, places: _View, weights: _View) -> float: ...
def pick(rows: _View, count: int, sums: _View, norms: _View, lengths: _View, rooms: _View, out: _View, cosines: _View) -> int: ...

class Sums:
    """Working memory of one query: the rows that its keys have, as they are met, and the sums of each in three views."""

    def __init__(self, most: int) -> None: ...
    def add(self, view: int, places: _View, weights: _View, starts: _View, rows: _View, budget: int) -> bool: ...
    def choose(self, norms: _View, lengths: _View, allowed: _View, rooms: _View, rows: _View, sums: _View) -> int: ...
