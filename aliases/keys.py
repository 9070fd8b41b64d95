# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Romanized words -> keys that the spellings of one word share: symbols (a letter or digraph each), consonant skeletons, hashes.

Keys retrieve, they never decide: a skeleton is shared by a third of all unrelated names of its length. One source, two roads:
Cython compiles it (pure-Python mode; keys.pxd says what other compiled modules see), without a compiler it runs as it stands.
Spellings are rewritten by passes over the letters, each a set of rules that are tried from left to right, the first that fits.
"""

from __future__ import annotations

import functools
from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

COMPILED = cython.compiled
VERSION = 1  # raise with every change of what any word is keyed to: the index and the fitted weights were made with it

SYMBOLS = "abcdefghijklmnopqrstuvwxyzSCZXGTDJQUEOIAV0123456789"
MAX_SHORTENED = 8  # letters of a skeleton; longer ones rarely differ in one letter only

# A rule: letters -> what they become, `/aei` only before one of these letters, `!aei` only before none of them.
# The first pass gives two or more letters that write one sound one symbol, so that an edit between sounds costs one step.
_DIGRAPHS = (
    "shch>S sch>S tsch>C tch>C sh>S ch>C zh>Z kh>X gh>G th>T dh>D dzh>J dj>J ts>Q tz>Q ph>f ou>U oo>U ei>E ai>E ay>E ey>E aw>O "
    "au>O iy>I yi>I ee>I ii>I ya>A ia>A yu>V iu>V ck>k"
)
# Fine classes of consonants, in this order: sibilants, zh/j, h-like sounds, k-like sounds.
_FINE = (
    "tsch>C tch>C tsj>C cz>C shch>C sch>C sh>C ch>C sj>C", "dzh>J dj>J dsch>J zh>J dzs>J j>J", "kh>H x>H", "gh>g", "ph>f", "th>t",
    "dh>d", "ck>k cc>k qu>k/ei q>k", "c>s/eiy", "c>k", "tz>z ts>z", "h>H", "w>v",
)  # fmt: skip
# What Slavic, Dutch, German and Turkish spellings write with j and c, others write y and ts.
_FOREIGN = ("tsch>ch", "tsj>ch", "dsch>j", "zj>zh", "sj>sh", "iy>y", "ij>y", "j>y", "c>s!hkeiyz")
_COARSE = {"g": "k", "p": "b", "v": "f", "z": "s", "J": "s", "C": "s"}

_PASSES = (_DIGRAPHS, *_FINE, *_FOREIGN)
_FIELDS = cython.declare(cython.Py_ssize_t, 9)  # numbers of a rule: its letters (4, 0 where it has fewer), how many, ...
_FINE_FIRST = cython.declare(cython.int, 1)
_FOREIGN_FIRST = cython.declare(cython.int, 1 + len(_FINE))
_LAST = cython.declare(cython.int, len(_PASSES))
_FULL = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)
_SEED = cython.declare(cython.ulonglong, 1469598103934665603)  # FNV-1a, then the last steps of splitmix64
_PRIME = cython.declare(cython.ulonglong, 1099511628211)
_MIX = cython.declare(cython.ulonglong, 0xBF58476D1CE4E5B9)
_GOLDEN = cython.declare(cython.ulonglong, 0x9E3779B97F4A7C15)


def _bits(letters):
    return sum(1 << (ord(letter) - 97) for letter in letters)


def _tables():
    """Passes -> the rules as rows of numbers, and for each pass and letter where its rules begin and end."""
    rows, starts = array("I"), array("I")
    for rules in _PASSES:
        parted = [rule.replace("!", "/!").replace(">", "/").split("/") for rule in rules.split()]
        for code in range(128):
            starts.append(len(rows) // 9)
            for letters, became, *before in parted:
                if ord(letters[0]) == code:
                    near = before[0] if before else ""
                    codes = [*map(ord, letters), 0, 0, 0][:4]
                    rows.extend([*codes, len(letters), *map(ord, became.ljust(2, "\0")), _bits(near.strip("!")), near[:1] == "!"])
    starts.append(len(rows) // 9)
    return rows, starts


_RULES, _STARTS = _tables()
_RULE = cython.declare(cython.const[cython.uint][::1], memoryview(_RULES))
_START = cython.declare(cython.const[cython.uint][::1], memoryview(_STARTS))


def _needs():
    """Rules -> of each pass, of the fine ones together, and of the foreign ones the letters that one of its rules needs, as bit sets
    of which none holds another; and where those of each begin and end."""
    sets, starts = array("I"), array("I")
    foreign = 1 + len(_FINE)
    passes = [*((number, number + 1) for number in range(len(_PASSES))), (1, foreign), (foreign, len(_PASSES))]
    for first, past in passes:
        starts.append(len(sets))
        rules = range(9 * _STARTS[128 * first], 9 * _STARTS[128 * past], 9)
        needs = {_bits(set(map(chr, filter(None, _RULES[at : at + 4])))) for at in rules}
        sets.extend(sorted(need for need in needs if not any(other != need and other & need == other for other in needs)))
    starts.append(len(sets))
    return sets, starts


_NEEDED, _NEEDED_AT = _needs()
_NEED = cython.declare(cython.const[cython.uint][::1], memoryview(_NEEDED))
_NEED_AT = cython.declare(cython.const[cython.uint][::1], memoryview(_NEEDED_AT))
_ANY_FINE, _ANY_FOREIGN = cython.declare(cython.int, len(_PASSES)), cython.declare(cython.int, len(_PASSES) + 1)
_CODE = cython.declare(cython.const[cython.uchar][::1], bytes(SYMBOLS.find(chr(code)) + 1 for code in range(256)))
_COARSER = cython.declare(cython.const[cython.uchar][::1], bytes(ord(_COARSE.get(chr(code), chr(code))) for code in range(256)))
_VOWELS = cython.declare(cython.uint, _bits("aeiouy"))


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _is_in(letters: cython.uint, code: cython.uint) -> cython.bint:
    """Bit set of letters and a code -> whether it is one of them."""
    return 97 <= code <= 122 and (letters >> (code - 97)) & 1 != 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _fits(w: cython.uchar[::1], i: cython.Py_ssize_t, end: cython.Py_ssize_t, rule: cython.Py_ssize_t) -> cython.bint:
    """Whether the rule (a place in _RULE) fits the letters from i on."""
    k: cython.Py_ssize_t
    size: cython.Py_ssize_t = _RULE[rule + 4]
    if i + size > end:
        return False
    for k in range(1, size):
        if w[i + k] != _RULE[rule + k]:
            return False
    if _RULE[rule + 7] == 0:
        return True
    return _is_in(_RULE[rule + 7], w[i + size] if i + size < end else 0) != (_RULE[rule + 8] != 0)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _letters(w: cython.uchar[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.uint:
    """Letters [start, end) -> the bit set of them; others than a to z are left out."""
    i: cython.Py_ssize_t
    found: cython.uint = 0
    one: cython.uint = 1
    for i in range(start, end):
        if 97 <= w[i] <= 122:
            found |= one << (w[i] - 97)
    return found


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _may_fit(number: cython.int, letters: cython.uint) -> cython.bint:
    """Pass, or _ANY_, and the bit set of a word's letters -> whether the word has all letters of one of its rules."""
    r: cython.Py_ssize_t
    for r in range(_NEED_AT[number], _NEED_AT[number + 1]):
        if _NEED[r] & ~letters == 0:
            return True
    return False


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _rewrite(w: cython.uchar[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t, number: cython.int) -> cython.Py_ssize_t:
    """Letters [start, end) -> rewritten in place by one pass; returns their new end."""
    i: cython.Py_ssize_t = start
    o: cython.Py_ssize_t = start
    r: cython.Py_ssize_t
    rule: cython.Py_ssize_t
    done: cython.bint
    while i < end:
        done = False
        for r in range(_START[128 * number + w[i]], _START[128 * number + w[i] + 1]):
            rule = _FIELDS * r
            if _fits(w, i, end, rule):
                i += _RULE[rule + 4]
                w[o] = _RULE[rule + 5]
                o += 1
                if _RULE[rule + 6]:
                    w[o] = _RULE[rule + 6]
                    o += 1
                done = True
                break
        if not done:
            w[o] = w[i]
            o += 1
            i += 1
    return o


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _once(w: cython.uchar[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Letters [start, end) -> those that stand doubled once, in place; returns their new end."""
    i: cython.Py_ssize_t
    o: cython.Py_ssize_t = start
    for i in range(start, end):
        if o == start or w[i] != w[o - 1]:
            w[o] = w[i]
            o += 1
    return o


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_number(w: cython.uchar[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.bint:
    i: cython.Py_ssize_t
    for i in range(start, end):
        if w[i] < 48 or w[i] > 57:
            return False
    return end > start


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def to_symbols(w: cython.uchar[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Letters of a word in [start, end) -> the codes of its symbols in their place; returns their end."""
    i: cython.Py_ssize_t
    if not _is_number(w, start, end):
        end = _once(w, start, _rewrite(w, start, end, 0))
    for i in range(start, end):
        w[i] = _CODE[w[i]]
    return end


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def to_skeleton(w: cython.uchar[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Letters of a word in [start, end) -> its skeleton in their place; returns its end."""
    i: cython.Py_ssize_t
    o: cython.Py_ssize_t
    number: cython.int
    if _is_number(w, start, end):
        return end
    letters: cython.uint = _letters(w, start, end)
    if _may_fit(_ANY_FINE, letters):
        for number in range(_FINE_FIRST, _FOREIGN_FIRST):
            if _may_fit(number, letters):
                end = _rewrite(w, start, end, number)
                letters = _letters(w, start, end)
    end = _once(w, start, end)
    w[start] = 65 if _is_in(_VOWELS, w[start]) else _COARSER[w[start]]
    o = start + 1
    for i in range(start + 1, end):
        if not _is_in(_VOWELS, w[i]) and w[i] != 118 and w[i] != 72:  # v, H
            w[o] = _COARSER[w[i]]
            o += 1
    return _once(w, start, o)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def to_foreign(w: cython.uchar[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Letters of a word in [start, end) -> as other countries spell its sounds, in their place; returns their end."""
    number: cython.int
    letters: cython.uint = _letters(w, start, end)
    for number in range(_FOREIGN_FIRST, _LAST):
        if _may_fit(number, letters):
            end = _rewrite(w, start, end, number)
            letters = _letters(w, start, end)
    return end


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def may_be_foreign(w: cython.uchar[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.bint:
    """Letters of a word in [start, end) -> False when `to_foreign` leaves them as they are."""
    return _may_fit(_ANY_FOREIGN, _letters(w, start, end))


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def hash_of(
    w: cython.uchar[::1], start: cython.Py_ssize_t, end: cython.Py_ssize_t, mark: cython.uint, skip: cython.Py_ssize_t
) -> cython.ulonglong:
    """A mark (0: none), then the bytes [start, end) but that at `skip` -> their 64-bit hash, never 0."""
    h: cython.ulonglong = _SEED
    i: cython.Py_ssize_t
    if mark:
        h = ((h ^ mark) * _PRIME) & _FULL
    for i in range(start, end):
        if i != skip:
            h = ((h ^ w[i]) * _PRIME) & _FULL
    h ^= h >> 29
    h = (h * _MIX) & _FULL
    h ^= h >> 32
    return h | 1


@cython.ccall
@cython.nogil
@cython.exceptval(check=False)
def pair_key(one: cython.ulonglong, other: cython.ulonglong) -> cython.ulonglong:
    """Keys of two words -> the key of both, whichever comes first; never 0."""
    low: cython.ulonglong = one
    high: cython.ulonglong = other
    if other < one:
        low = other
        high = one
    return ((((low * _GOLDEN) & _FULL) + high) & _FULL ^ (high >> 29)) | 1


@functools.lru_cache(maxsize=1 << 16)
def symbols(word: str) -> bytes:
    """Romanized word -> codes of its symbols (1 is the first of SYMBOLS), doubled ones once; digits are kept as they are."""
    w = bytearray(word, "ascii")
    return bytes(w[: to_symbols(w, 0, len(w))])


@functools.lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """Romanized word -> its coarse consonant skeleton, `A` for an opening vowel; never empty; digits are kept."""
    w = bytearray(word, "ascii")
    return w[: to_skeleton(w, 0, len(w))].decode("ascii")


@functools.lru_cache(maxsize=1 << 16)
def skeleton_codes(word: str) -> bytes:
    """Romanized word -> its skeleton as symbol codes, as retrieval packs them."""
    codes: bytes = bytes(_CODE)
    return skeleton(word).replace("H", "h").encode("ascii").translate(codes)


@functools.lru_cache(maxsize=1 << 16)
def skeletons(word: str) -> tuple[str, ...]:
    """Romanized word -> its skeleton, and that of the word as other countries spell its sounds, where it differs."""
    w = bytearray(word, "ascii")
    end = to_foreign(w, 0, len(w))
    other = w[: to_skeleton(w, 0, end)].decode("ascii")
    return tuple(dict.fromkeys((skeleton(word), other)))


def shortened(key: str) -> list[str]:
    """Skeleton of a one-word form -> it with each one letter left out, marked: where two of them meet, one letter differs."""
    if not 4 <= len(key) <= MAX_SHORTENED:
        return []
    return sorted({f"~{key}"} | {f"~{key[:at]}{key[at + 1 :]}" for at in range(1, len(key))})


@functools.lru_cache(maxsize=1 << 16)
def key_of(text: str) -> int:
    """Skeleton, marked text or initials -> its 64-bit key, never 0."""
    w = bytearray(text, "utf-8")
    return hash_of(w, 0, len(w), 0, -1)
