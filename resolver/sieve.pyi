"""Types of `resolver.sieve`, whose annotations are those of Cython."""

from array import array
from typing import Any

COMPILED: bool

def start_bits(
    tokens: memoryview[Any] | array[int], posting_at: memoryview[Any], postings: memoryview[Any], traits: memoryview[Any] | None
) -> array[int]: ...
def pair_bits(tokens: memoryview[Any] | array[int], edges: memoryview[Any] | array[int], nodes: int) -> array[int]: ...
