"""Surface forms -> the flat arrays of the mention scanner: fold table, token table, trie edges, postings.

A form is entered under every token sequence that a text may write it in: inner articles left out (`Deir Zor` is `Deir al-Zor`),
a hyphenated leading article left out, all of it in one word (`#IslamicState`), an article glued to its noun (`Deir Alzor`).
Spellings, in the sense of other letters, are not its business.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeAlias

from aliases import fold as folding
from resolver import assemble, sieve, tokenizer, tries, walks
from resolver import tokens as token_bits
from resolver.classes import case_array
from resolver.tokens import FOLD_LIMIT

Array: TypeAlias = "array[int] | memoryview"

MIN_JOINED, MAX_JOINED = 6, 40  # letters of a form that may also be written in one word: shorter ones are other words
LETTERS = ("scan_fold", "scan_long", "scan_case")
AUTOMATON = ("tokens", "edges", "posting_at", "starts", "pairs")  # what a walk needs, by `resolver.walks.Automaton`
NAMES = (*LETTERS, *(f"scan_{name}" for name in AUTOMATON), "scan_postings")

_CLASSES = {folding.HYPHEN: token_bits.HYPHEN, folding.APOSTROPHE: token_bits.APOSTROPHE}
_SILENT_LETTERS = frozenset("ءـ")  # they fold to nothing, but belong to the word that they end
_JOINERS = frozenset("_,&/+|＿，＆／＋｜")  # and the same in full width
_PERIODS = frozenset(".．。")
_BRACKETS = frozenset("()（）")


@cache
def fold_arrays() -> tuple[array[int], array[int]]:
    """-> the fold table of the scanner, one entry a code point below FOLD_LIMIT, and the long folds that it points to."""
    table, long = array("I", bytes(4 * FOLD_LIMIT)), array("I")
    for code in range(FOLD_LIMIT):
        table[code] = _entry(code, long)
    return table, long or array("I", [0])


def _entry(code: int, long: array[int]) -> int:
    char = chr(code)
    folded = folding.fold_char(char)
    if folded in _CLASSES:
        return _CLASSES[folded]
    if not folded:
        silent = folding.is_mark(code) and not 0xFE00 <= code <= 0xFE0F
        return token_bits.MARK if silent or char in _SILENT_LETTERS else token_bits.INVISIBLE
    letters = [ord(letter) for letter in folded if letter.isalnum() or ord(letter) > 0x300]
    if not letters:
        return _separator(char)
    solo = 1 if folding.is_solo(code) else 0
    if len(letters) == 1:
        return letters[0] << 5 | token_bits.FOLD_LETTER | solo
    long_at = len(long)
    long.extend([len(letters), *letters])
    return long_at << 5 | token_bits.FOLD_LETTER | 2 | solo


def _separator(char: str) -> int:
    if char in "\n\r\x0b\x0c\u2028\u2029\x85":
        return token_bits.NEWLINE if char != "\r" else token_bits.BLANK  # CR LF is one line end
    if char.isspace():
        return token_bits.BLANK
    if char in _JOINERS:
        return token_bits.JOINER
    if char in _BRACKETS:
        return token_bits.BRACKET
    return token_bits.PERIOD if char in _PERIODS else token_bits.HARD


class Trie:
    """Sequences of 64-bit hashes, each with a number that ends there."""

    def __init__(self) -> None:
        self._keys, self._sizes, self._numbers = array("Q"), array("H"), array("I")

    def add(self, sequence: Sequence[int], number: int) -> None:
        """Sequence and number -> the number stands at the sequence's node, once."""
        self._keys.extend(sequence)
        self._sizes.append(len(sequence))
        self._numbers.append(number)

    def arrays(self, prefix: str) -> dict[str, Array]:
        """-> the arrays; the same sequences in the same order give the same bytes."""
        return assembled(prefix, memoryview(self._keys), memoryview(self._sizes), memoryview(self._numbers))


def assembled(
    prefix: str, keys: memoryview, sizes: memoryview, numbers: memoryview, traits: memoryview | None = None
) -> dict[str, Array]:
    """Keys of sequences one behind the other, how many each has, and the number that ends there -> the arrays of their trie.

    Where numbers are those of aliases, `traits` are theirs (`resolver.traits`).
    """
    trie, nodes = tries.Trie(), assemble.room("I", len(sizes))
    trie.add_all(keys, sizes, nodes)
    posting_at, postings = assemble.room("I", trie.size() + 1), assemble.room("I", max(1, len(numbers)))
    count = tries.post(nodes, numbers, posting_at, postings)
    tokens, edges = _table(trie.token_rows(), lambda key: key >> 3), _table(trie.edge_rows(), walks.edge_slot)
    return {
        prefix + "tokens": tokens,
        prefix + "edges": edges,
        prefix + "starts": sieve.start_bits(tokens, posting_at, postings, traits),
        prefix + "pairs": sieve.pair_bits(tokens, edges, trie.size()),
        prefix + "posting_at": posting_at,
        prefix + "postings": postings[: max(1, count)],
    }


def _table(rows: memoryview, slot_of: Callable[[int], int]) -> memoryview:
    """(key, value) pairs -> open-addressed table of 64-bit words, half full at most; a zero key is an empty slot."""
    count = len(rows) // 2
    table = assemble.room("Q", 2 << max(1, (2 * count - 1).bit_length()))
    tries.fill_table(rows, memoryview(array("Q", map(slot_of, rows[::2]))), table)
    return table


class Reader:
    """Reads surface forms as the scanner reads texts."""

    def __init__(self) -> None:
        self.letters = letters(letter_arrays())

    def sequences(self, form: str) -> Iterable[tuple[int, ...]]:
        """Form -> the token hash sequences under which a text may hold it, each once, the plain one first."""
        return dict.fromkeys(self._sequences(form))

    def _sequences(self, form: str) -> Iterator[tuple[int, ...]]:
        tokens = tokenizer.tokens_of(self.letters, form)
        if not tokens:
            return
        hashes = [token[4] for token in tokens]
        article = [bool(token[3] & token_bits.TOKEN_ARTICLE) for token in tokens]
        if len(tokens) == 1:
            yield tuple(hashes)
            return
        yield (hashes[0], *(h for h, dropped in zip(hashes[1:], article[1:], strict=True) if not dropped))
        if article[0] and tokens[1][2] == token_bits.GAP_HYPHEN:
            yield tuple(h for h, dropped in zip(hashes, article, strict=True) if not dropped)
        if all(article[1:]):
            yield tuple(hashes)
        yield from self._glued(form, tokens, hashes, article)

    def _glued(
        self, form: str, tokens: Sequence[tuple[int, ...]], hashes: Sequence[int], article: Sequence[bool]
    ) -> Iterator[tuple[int, ...]]:
        letters = tokens[-1][1] - tokens[0][0]
        spelled_out = all(token[3] & token_bits.TOKEN_SINGLE for token in tokens)
        if MIN_JOINED <= letters <= MAX_JOINED or spelled_out:
            yield (tokenizer.joined(self.letters, form),)
        for place in range(len(tokens) - 1):
            if article[place]:
                pair = tokenizer.joined(self.letters, form[tokens[place][0] : tokens[place + 1][1]])
                rest = (h for h, dropped in zip(hashes[place + 2 :], article[place + 2 :], strict=True) if not dropped)
                yield (*hashes[:place], pair, *rest)


class Builder:
    """Collects surface forms, then gives the arrays."""

    def __init__(self) -> None:
        self._reader, self._trie = Reader(), Trie()

    def add(self, number: int, form: str) -> None:
        """Alias number and its form -> entered under every way of writing it."""
        for sequence in self._reader.sequences(form):
            self._trie.add(sequence, number)

    def arrays(self) -> dict[str, Array]:
        """-> the arrays by NAMES."""
        return {**letter_arrays(), **self._trie.arrays("scan_")}


def letter_arrays() -> dict[str, array[int]]:
    """-> the tables of what every code point is and folds to, by LETTERS."""
    table, long = fold_arrays()
    return dict(zip(LETTERS, (table, long, case_array()), strict=True))


def letters(arrays: Mapping[str, memoryview | array[int]]) -> tokenizer.Letters:
    """Arrays of a generation, or `letter_arrays()` -> what reads texts by them."""
    return tokenizer.Letters(*(memoryview(arrays[name]) for name in LETTERS))


def automaton(arrays: Mapping[str, memoryview], read: tokenizer.Letters, prefix: str = "scan_") -> walks.Automaton:
    """Arrays of a generation, and what reads texts -> the trie of that prefix over them."""
    return walks.Automaton(read, *(arrays[prefix + name] for name in AUTOMATON))
