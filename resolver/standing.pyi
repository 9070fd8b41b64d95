"""Types of `resolver.standing`, whose annotations are those of Cython."""

from typing import Any

COMPILED: bool
BEFORE: int

_View = memoryview[Any]

def keep_nearest(rows: _View, numbers: _View, cosines: _View, width: int, places: _View, near: int, similar: int) -> int: ...
def likest(values: _View, most: int) -> list[int]: ...
def take(values: _View, places: _View, out: _View) -> None: ...
def add_by_kind(odds: _View, aliases: _View, flags: _View, bits: int, extra: _View) -> None: ...
def line_at(slope: _View, numbers: _View) -> float: ...
def order_entities(odds: _View, rows: _View, owners: _View, entities: _View, best: _View) -> int: ...
def write_first(
    odds: _View,
    cosines: _View,
    numbers: _View,
    width: int,
    places: _View,
    owners: _View,
    best: _View,
    out: _View,
) -> None: ...
