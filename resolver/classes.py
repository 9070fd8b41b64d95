"""What a code point is beside its fold: one table for the compiled steps, made once and kept in every generation.

An entry is the code point in lower case, shifted by eight bits, and a set of the bits below: the answers of `str` methods, so that
a compiled step and Python agree about every character.
"""

from __future__ import annotations

import unicodedata
from array import array
from functools import cache

from aliases.fold import fold_char
from resolver.tokens import FOLD_LIMIT

ALNUM, LETTER, UPPER, LOWER, MARKS, ALPHA, HARD_GAP, SPACE = 1, 2, 4, 8, 16, 32, 64, 128
ODD_FOLD = 1 << 31  # it folds to more than one letter: what it makes of a word is left to `aliases.fold`

# May stand inside a span only where the form has them too; their places are the bits of an alias's traits.
HARD_GAPS = ',;:/|&+()[]{}"“”«»!?'


@cache
def case_array() -> array[int]:
    """-> one entry a code point below FOLD_LIMIT; beyond lie ideographs, which have no case."""
    return array("I", map(_entry, map(chr, range(FOLD_LIMIT))))


def _entry(char: str) -> int:
    lower = char.lower()
    bits = ord(lower) << 8 if len(lower) == 1 else ord(char) << 8
    if char.isalnum():
        bits |= ALNUM if char.isdecimal() else ALNUM | LETTER
    if char.isupper():
        bits |= UPPER
    if char.islower():
        bits |= LOWER
    if char.isalpha():
        bits |= ALPHA
    if char in HARD_GAPS:
        bits |= HARD_GAP
    if char.isspace():
        bits |= SPACE
    folded = fold_char(char)
    if len(folded) > 1 and folded.strip():
        bits |= ODD_FOLD
    return bits | MARKS if unicodedata.category(char)[0] == "M" else bits
