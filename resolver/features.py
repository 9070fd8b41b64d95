"""Prepared names -> Tables that `resolver.align` compares, and how rare each word is among names of its kind."""

from __future__ import annotations

import functools
import math
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from aliases.keys import skeleton, skeleton_codes, symbols
from resolver import align
from resolver.grams import Counted
from resolver.prepare import Prepared

# What the numbers of `align.compare_rows` mean, in their order; `acronym` and `acronym_rivals` are given, not computed there.
NAMES = (
    "edit_cost", "edit_share", "edit_weighted", "worst_share", "worst_weighted", "left_over", "right_over", "left_over_share",
    "right_over_share", "left_over_max", "right_over_max", "left_over_words", "right_over_words", "numbers_over", "matched_words",
    "initials", "out_of_order", "merged", "joined_cost", "joined_share", "ordered_cost", "ordered_share", "evidence",
    "matched_weight", "shorter", "length_gap", "left_words", "right_words", "left_rarity", "balance", "letters_common",
    "skeleton_common", "head_cost", "tail_cost", "right_crowd", "legal_same", "legal_differs", "legal_missing", "origins",
    "rarest_matched", "contrast", "worst_contrast", "acronym", "acronym_rivals", "slips", "slip_share",
    "left_end_over", "right_end_over",
)  # fmt: skip
PLACE = {name: place for place, name in enumerate(NAMES)}

# 1 when the closer name has more of it, -1 when it has less; 0 where neither is said.
DIRECTION: dict[str, int] = {
    "edit_cost": -1, "edit_share": -1, "edit_weighted": -1, "worst_share": -1, "worst_weighted": -1, "left_over": -1,
    "right_over": -1, "left_over_share": -1, "right_over_share": -1, "left_over_max": -1, "right_over_max": -1,
    "left_over_words": -1, "right_over_words": -1, "numbers_over": -1, "out_of_order": -1, "joined_cost": -1, "joined_share": -1,
    "ordered_cost": -1, "ordered_share": -1, "evidence": 1, "balance": 1, "letters_common": 1, "skeleton_common": 1,
    "head_cost": -1, "tail_cost": -1, "contrast": -1, "worst_contrast": -1, "right_crowd": -1, "legal_differs": -1,
    "acronym_rivals": -1, "slips": -1, "slip_share": -1, "left_end_over": -1, "right_end_over": -1,
}  # fmt: skip

NUMBER_RARITY = 4.0  # a number says as much as a word that one name in fifty has
LETTER_RARITY = 1.0


@dataclass(frozen=True, slots=True)
class Counts:
    """How many names of one family hold a word, and a word of the same skeleton."""

    total: int = 0
    words: Mapping[str, int] = field(default_factory=dict)
    skeletons: Mapping[str, int] = field(default_factory=dict)

    def word(self, word: str) -> int:
        """Word -> in how many names it is."""
        return self.words.get(word, 0)

    def skeleton(self, key: str) -> int:
        """Skeleton -> in how many names a word of it is."""
        return self.skeletons.get(key, 0)


def count_words(names: Iterable[Prepared]) -> Counts:
    """Names -> their Counts."""
    words: Counter[str] = Counter()
    skeletons: Counter[str] = Counter()
    total = 0
    for name in names:
        total += 1
        words.update(set(name.words))
        skeletons.update({skeleton(word) for word in name.words})
    return Counts(total, words, skeletons)


class StoredCounts:
    """Counts in flat arrays: CRC-32 of each word and skeleton, sorted, and its number of names."""

    def __init__(self, total: int, arrays: Mapping[str, memoryview], prefix: str) -> None:
        self.total = total
        self._words = Counted(arrays[prefix + "count_words"], arrays[prefix + "count_words_names"])
        self._skeletons = Counted(arrays[prefix + "count_skeletons"], arrays[prefix + "count_skeletons_names"])

    def word(self, word: str) -> int:
        """Word -> in how many names it is."""
        return self._words.of(zlib.crc32(word.encode()))

    def skeleton(self, key: str) -> int:
        """Skeleton -> in how many names a word of it is."""
        return self._skeletons.of(zlib.crc32(key.encode()))


def counts_arrays(counts: Counts, prefix: str) -> dict[str, array[int]]:
    """Counts -> the arrays that StoredCounts reads."""
    made = {}
    for name, table in (("count_words", counts.words), ("count_skeletons", counts.skeletons)):
        merged: Counter[int] = Counter()
        for text, number in table.items():
            merged[zlib.crc32(text.encode())] += number
        made[prefix + name] = array("I", sorted(merged))
        made[prefix + name + "_names"] = array("I", (merged[key] for key in sorted(merged)))
    return made


class Rarity:
    """How rare a word is: -log of the share of names that hold it, or one of its skeleton, here and in names at large."""

    def __init__(self, here: Counts | StoredCounts, at_large: Counts) -> None:
        self._here, self._at_large = here, at_large
        self._log_total = math.log(max(2, here.total + at_large.total))
        self._known: dict[str, float] = {}

    def of(self, word: str) -> float:
        """Word -> its rarity in nats, 0 when every name holds it."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) > 200_000:
                self._known.clear()
            known = self._known[word] = self._of(word)
        return known

    def holds(self, word: str) -> bool:
        """Word -> whether any name, here or at large, holds it."""
        return self._here.word(word) + self._at_large.word(word) > 0

    def _of(self, word: str) -> float:
        if len(word) == 1:
            return LETTER_RARITY
        if word.isdigit():
            return NUMBER_RARITY
        return max(0.0, self._log_total - math.log1p(0.5 * self._names(word, skeleton(word))))

    def _names(self, word: str, key: str) -> int:
        """Word and its skeleton -> how many names hold the one and the other, taken together."""
        return self._here.word(word) + self._at_large.word(word) + self._here.skeleton(key) + self._at_large.skeleton(key)


_TYPECODES = {
    "row_start": "I", "row_words": "I", "row_origin": "B", "row_legal": "I", "row_crowd": "B", "word_start": "I",
    "word_symbols": "B", "skeleton_start": "I", "skeletons": "B", "word_rarity": "f", "word_flags": "B",
}  # fmt: skip
COLUMNS = tuple(_TYPECODES)


def tabulate(
    names: Sequence[Prepared], rarity: Rarity, crowd: Sequence[int] | None = None
) -> dict[str, array[int] | array[float]]:
    """Names -> the columns of an `align.Table` with one row for each; `crowd`: how many other names share its skeletons."""
    row_start, row_words = array("I", [0]), array("I")
    numbers: dict[str, int] = {}
    for name in names:
        for word in name.words:
            row_words.append(numbers.setdefault(word, len(numbers)))
        row_start.append(len(row_words))
    word_start, skeleton_start = array("I", [0]), array("I", [0])
    word_symbols, skeletons, flags, rarities = bytearray(), bytearray(), bytearray(), array("f")
    for word in numbers:
        word_symbols += symbols(word) or b"\1"
        word_start.append(len(word_symbols))
        skeletons += skeleton_codes(word)
        skeleton_start.append(len(skeletons))
        flags.append(_has_digit(word))
        rarities.append(rarity.of(word))
    return {
        "row_start": row_start, "row_words": row_words, "row_origin": array("B", (name.origin for name in names)),
        "row_legal": array("I", (name.legal for name in names)),
        "row_crowd": array("B", (min(255, number) for number in crowd or [0] * len(names))),
        "word_start": word_start, "word_symbols": array("B", word_symbols), "skeleton_start": skeleton_start,
        "skeletons": array("B", skeletons), "word_rarity": rarities, "word_flags": array("B", flags),
    }  # fmt: skip


def _has_digit(word: str) -> bool:
    return not word.isalpha() and any(char.isdigit() for char in word)


class Names:
    """Names as a Table."""

    __slots__ = ("table",)

    def __init__(self, table: align.Table) -> None:
        self.table = table


def known_hash(a: bytes, b: bytes) -> int:
    """Symbol codes of two words, the one that is not Latin first -> the hash that stands in `edits.Costs.known`."""
    value = 14695981039346656037  # FNV-1a, 64 bits: of 32, unlike words would share one in every few hundred look-ups
    for code in (*a, 0, *b):
        value = (value ^ code) * 1099511628211 & 0xFFFFFFFFFFFFFFFF
    return value


def name_of(name: Prepared, rarity: Rarity) -> Names:
    """Prepared name -> Names of one row."""
    shared, words = _words_of(name.words)
    legal, rarities = array("I", (name.legal,)), array("f", map(rarity.of, words))
    return Names(shared.of(memoryview(bytes((name.origin,))), memoryview(legal), memoryview(rarities)))


@functools.lru_cache(maxsize=256)  # a name that is asked for is compared with every family
def _words_of(words: tuple[str, ...]) -> tuple[align.Table, tuple[str, ...]]:
    """Words of a name -> its table, but for what differs among names of other kinds, and the distinct words."""
    distinct = tuple(dict.fromkeys(words))
    codes, sounds = [symbols(word) or b"\1" for word in distinct], [skeleton_codes(word) for word in distinct]
    made: dict[str, array[int] | array[float] | bytes] = {
        "row_start": array("I", (0, len(words))), "row_words": array("I", map(distinct.index, words)),
        "row_origin": b"\0", "row_legal": array("I", (0,)), "row_crowd": b"\0",
        "word_start": array("I", accumulate(map(len, codes), initial=0)), "word_symbols": b"".join(codes),
        "skeleton_start": array("I", accumulate(map(len, sounds), initial=0)), "skeletons": b"".join(sounds),
        "word_rarity": array("f", bytes(4 * len(distinct))), "word_flags": bytes(map(_has_digit, distinct)),
    }  # fmt: skip
    return align.Table({column: memoryview(values) for column, values in made.items()}), distinct
