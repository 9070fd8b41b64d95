"""Romanized words -> keys that the spellings of one word share: symbols (a letter or digraph each) and consonant skeletons.

Keys retrieve, they never decide: a skeleton is shared by a third of all unrelated names of its length.
"""

from __future__ import annotations

import functools
import re

VERSION = 1  # raise with every change of what any word is keyed to: the index and the fitted weights were made with it

# Two or more letters that write one sound -> one symbol, so that an edit between sounds costs one step.
_DIGRAPHS = {
    "shch": "S", "sch": "S", "tsch": "C", "tch": "C", "sh": "S", "ch": "C", "zh": "Z", "kh": "X", "gh": "G", "th": "T",
    "dh": "D", "dzh": "J", "dj": "J", "ts": "Q", "tz": "Q", "ph": "f", "ou": "U", "oo": "U", "ei": "E", "ai": "E",
    "ay": "E", "ey": "E", "aw": "O", "au": "O", "iy": "I", "yi": "I", "ee": "I", "ii": "I", "ya": "A", "ia": "A",
    "yu": "V", "iu": "V", "ck": "k",
}  # fmt: skip
_DIGRAPH = re.compile("|".join(sorted(_DIGRAPHS, key=len, reverse=True)))
_DOUBLED = re.compile(r"(.)\1+")

SYMBOLS = "abcdefghijklmnopqrstuvwxyzSCZXGTDJQUEOIAV0123456789"
_CODES = bytes(SYMBOLS.find(chr(code)) + 1 for code in range(256))  # symbol -> 1 to len(SYMBOLS); 0 never occurs


@functools.lru_cache(maxsize=1 << 16)
def symbols(word: str) -> bytes:
    """Romanized word -> codes of its symbols (1 is the first of SYMBOLS), doubled ones once; digits are kept as they are."""
    if word.isdigit():
        return word.encode("ascii").translate(_CODES)
    spelled = _DOUBLED.sub(r"\1", _DIGRAPH.sub(lambda found: _DIGRAPHS[found.group()], word))
    return spelled.encode("ascii").translate(_CODES)


# Fine classes of consonants, in this order: sibilants, zh/j, h-like sounds, k-like sounds.
_FINE = [
    (re.compile(pattern), letter)
    for pattern, letter in (
        ("tsch|tch|tsj|cz|shch|sch|sh|ch|sj", "C"), ("dzh|dj|dsch|zh|dzs|j", "J"), ("kh|x", "H"), ("gh", "g"), ("ph", "f"),
        ("th", "t"), ("dh", "d"), ("ck|cc|qu?(?=[ei])|q", "k"), ("c(?=[eiy])", "s"), ("c", "k"), ("tz|ts", "z"), ("h", "H"),
        ("w", "v"), (r"(.)\1+", r"\1"),
    )
]  # fmt: skip
_VOWEL = re.compile("[aeiouy]")
_COARSE = str.maketrans({"g": "k", "p": "b", "v": "f", "z": "s", "J": "s", "C": "s"})


@functools.lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """Romanized word -> its coarse consonant skeleton, `A` for an opening vowel; never empty; digits are kept."""
    if word.isdigit():
        return word
    fine = word
    for pattern, letter in _FINE:
        fine = pattern.sub(letter, fine)
    head = "A" if fine[0] in "aeiouy" else fine[0]
    tail = _VOWEL.sub("", fine[1:]).replace("v", "").replace("H", "")
    return _DOUBLED.sub(r"\1", (head + tail).translate(_COARSE))


@functools.lru_cache(maxsize=1 << 16)
def skeleton_codes(word: str) -> bytes:
    """Romanized word -> its skeleton as symbol codes, as retrieval packs them."""
    return skeleton(word).replace("H", "h").encode("ascii").translate(_CODES)
