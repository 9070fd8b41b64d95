"""Types of `resolver.grams`, whose annotations are those of Cython."""

from typing import Any

COMPILED: bool
LETTERS: int
SKELETON: int
WORDS: int
MAX_KEYS: int
MAX_LENGTH: int

_View = memoryview[Any]

def row_keys(words: _View, first: int, last: int, starts: _View, codes: _View, view: int, text: _View, out: _View) -> int: ...
def all_keys(
    row_start: _View, words: _View, starts: _View, codes: _View, first: int, last: int, view: int, keys: _View, rows: _View
) -> int: ...
def sort_by_key(keys: _View, rows: _View, count: int, spare_keys: _View, spare_rows: _View) -> None: ...
def group(keys: _View, rows: _View, count: int, starts: _View) -> tuple[int, int]: ...
def add_weight(rows: _View, first: int, last: int, weight: float, sums: _View) -> None: ...
def gather(wanted: _View, keys: _View, starts: _View, rows: _View, total: float, budget: int, sums: _View) -> float: ...
def choose(
    sums: list[_View],
    norms: list[_View],
    lengths: _View,
    allowed: _View,
    rooms: _View,
    values: _View,
    ids: _View,
    cosines: _View,
) -> None: ...
