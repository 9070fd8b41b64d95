"""Words of closed lists -> a hash table of what each is, for the compiled steps of tagging."""

from __future__ import annotations

from array import array
from functools import cache

from aliases import common
from resolver import tokenizer
from resolver import word_classes as kinds

VERSION = 1  # raise with every change of the words below that are COMMON or ENGLISH: generations say which forms are such words

COMMON, ENGLISH, PERSONAL, ARTICLE = 1, 2, 4, 8
TITLE, PLACE_WORD, SPEECH, GENERIC, CALENDAR, SAYING, KIN = 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10
PEOPLE, PLACES, OFFICE, RANK, STREET, LISTING = 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15, 1 << 16
AND, OF, TO, ACCORDING, THE = 1 << 17, 1 << 18, 1 << 19, 1 << 20, 1 << 21  # single words; an entry has room for 24 bits

# Romanized Arabic articles that are hyphenated to a name.
ARTICLES = frozenset("al el ul ad ed az ez as es ash esh ar er an en at et ath eth adh edh".split())


_CLASSES = (
    (TITLE, kinds.TITLES), (PLACE_WORD, kinds.PLACE_WORDS), (SPEECH, kinds.SPEECH), (GENERIC, kinds.GENERIC),
    (CALENDAR, kinds.CALENDAR), (SAYING, kinds.SAYING), (KIN, kinds.KIN), (PEOPLE, kinds.PEOPLE), (PLACES, kinds.PLACES),
    (OFFICE, kinds.OFFICES), (RANK, kinds.RANKS), (STREET, kinds.STREETS), (LISTING, kinds.AND),
    (AND, {"and"}), (OF, {"of"}), (TO, {"to"}), (ACCORDING, {"according"}), (THE, {"the"}),
)  # fmt: skip


@cache
def table() -> array[int]:
    """-> open-addressed table: the hash of a word as it stands in lower case, and the bits of the lists that it is on."""
    bits: dict[str, int] = {}
    lists = (
        (COMMON, common.common_words()),
        (ENGLISH, common.english_words()),
        (PERSONAL, common.personal_names()),
        (ARTICLE, ARTICLES),
        *_CLASSES,
    )
    for bit, words in lists:
        for word in words:
            bits[word] = bits.get(word, 0) | bit
    size = 1 << (2 * len(bits) - 1).bit_length()
    empty = array("I", [0])
    letters = tokenizer.Letters(*(memoryview(empty) for _ in range(3)))
    slots = array("Q", bytes(16 * size))
    for word, value in bits.items():
        key = tokenizer.text_hash(letters, word)
        slot = (key >> 3) & (size - 1)
        while slots[2 * slot]:
            slot = (slot + 1) & (size - 1)
        slots[2 * slot], slots[2 * slot + 1] = key, value
    return slots


def is_ordinary(key: int) -> bool:
    """Hash of a word as it stands in lower case -> whether it is a frequent word, or one of a dictionary without proper names."""
    slots = table()
    mask = len(slots) // 2 - 1
    slot = (key >> 3) & mask
    while slots[2 * slot]:
        if slots[2 * slot] == key:
            return slots[2 * slot + 1] & (COMMON | ENGLISH) != 0
        slot = (slot + 1) & mask
    return False
