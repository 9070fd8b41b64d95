"""Types of `resolver.grams`, whose annotations are those of Cython."""

from typing import Any

COMPILED: bool
VIEWS: tuple[int, int, int]
LETTERS: int
SKELETON: int
WORDS: int
MAX_KEYS: int
MAX_LENGTH: int

_View = memoryview[Any]

def row_keys(words: _View, first: int, last: int, starts: _View, codes: _View, view: int, text: _View, out: _View) -> int: ...
def all_keys(
    row_start: _View,
    words: _View,
    starts: _View,
    codes: _View,
    first: int,
    last: int,
    view: int,
    low: int,
    high: int,
    keys: _View,
    rows: _View,
) -> int: ...
def sort_by_key(keys: _View, rows: _View, count: int, spare_keys: _View, spare_rows: _View) -> None: ...
def group(keys: _View, rows: _View, count: int, starts: _View) -> tuple[int, int]: ...
def weigh_rows(
    rows: _View,
    count: int,
    row_start: _View,
    words: _View,
    starts: _View,
    codes: _View,
    view: int,
    wanted: _View,
    weights: _View,
    sums: _View,
) -> None: ...

class Counted:
    def __init__(self, keys: _View, counts: _View) -> None: ...
    def of(self, key: int) -> int: ...

def place_of(keys: memoryview[Any], key: int) -> int: ...
