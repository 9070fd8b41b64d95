"""What is kept of fuzzing goes through every target, as do some changes of it: nothing comes out but failures that are told."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz import targets

CORPUS = Path(__file__).parent / "corpus"
CHANGES = 12  # of each kept input
_ODD = (
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    "\u202e".encode(),
    "\u0301".encode() * 40,
    b'"',
    b"\\",
    b"[",
    b"<",
    b"&#x0;",
    b"\n",
    b"9" * 30,
)


def changed(data: bytes, seed: int) -> bytes:
    """Bytes -> the same with a piece cut out, repeated, or something odd put in."""
    chance = random.Random(seed)
    at, size = chance.randrange(len(data) + 1), chance.randrange(8)
    return data[:at] + chance.choice((b"", data[at : at + size] * 3, *_ODD)) + data[at + size :]


@pytest.mark.parametrize("name", targets.TARGETS)
def test_a_target_stands_what_was_kept_and_what_is_near_it(name):
    kept = sorted((CORPUS / name).iterdir())
    assert kept
    for number, path in enumerate(kept):
        data = path.read_bytes()
        targets.tried(name, data)
        for change in range(CHANGES):
            targets.tried(name, changed(data, 1_000 * number + change))
