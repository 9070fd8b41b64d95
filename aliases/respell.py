"""A name that was spelled out, disguised with digits or dressed with a title -> the names that it may be.

These are guesses for exact look-ups only: each is tried where the name itself is on no list, and counts where it is on one word
for word. The rules are those that screening tests try (spaced and dotted letters, leet, misread letters, titles).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product

from aliases.confusables import cyrillic_reading
from aliases.fold import clean, fold_name, is_solo

MIN_SPELLED = 4  # letters that stand alone; three may be initials
_SINGLES = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"(?<=[^\W_])([^\w\s]|_|\s)(?=[^\W_])")


def unspelled(name: str) -> str:
    """`I.s.l.a.m.i.c S.t.a.t.e` -> `Islamic State`, `S y r i a` -> `Syria`; '' when the name is not spelled out."""
    text = clean(name)
    words = _SINGLES.findall(text)
    if len(words) < MIN_SPELLED or any(len(word) > 1 or is_solo(ord(word)) or word.isdigit() for word in words):
        return ""
    counts = Counter(_BETWEEN.findall(text))
    if not counts:
        return ""
    between = max(counts, key=lambda sign: (counts[sign], sign))
    return re.sub(rf"(?<=[^\W_]){re.escape(between)}(?=[^\W_])", "", text)


# Digits and signs that stand for letters, in what is called leet and in what scanners misread.
_LETTERS_OF = {
    "0": "o", "1": "li", "2": "z", "3": "e", "4": "a", "5": "s", "7": "t", "8": "bg", "9": "g", "@": "a", "$": "s", "!": "i",
}  # fmt: skip
_MASKED = re.compile(r"[0-9@$!\w]*[^\W\d_][0-9@$!\w]*")
_SIGN = re.compile(r"([0-9@$!])")
MAX_SIGNS = 3  # in one name: more are a number, or not worth the guesses


def unmasked(name: str) -> Iterator[str]:
    """`Ch3rnobil` -> `Chernobil`: each way to read digits and signs in words as letters, or Latin look-alikes as Cyrillic."""
    cyrillic = cyrillic_reading(name)
    if cyrillic:
        yield cyrillic
    pieces: list[str] = []
    done = signs = 0
    for word in _MASKED.finditer(name):
        if _SIGN.search(word.group()):
            pieces += [name[done : word.start()], *_SIGN.split(word.group())]
            signs += len(_SIGN.findall(word.group()))
            done = word.end()
    if 0 < signs <= MAX_SIGNS:
        pieces.append(name[done:])
        for way in product(*(_LETTERS_OF.get(piece, (piece,)) for piece in pieces)):
            yield "".join(way)


MIN_LETTERS = 9  # of a name that one letter may be wrong in: of shorter ones, one in four is another name
MAX_LETTERS = 160  # of such a name, spaces too: there is a guess for each of them, as long as all, so their work is its square
# What a scanner reads -> what was printed.
_MISREAD = (
    ("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("vv", "w"), ("w", "vv"), ("ii", "u"), ("u", "ii"), ("li", "h"),
    ("h", "li"), ("b", "h"), ("h", "b"), ("c", "e"), ("e", "c"), ("l", "i"), ("i", "l"),
)  # fmt: skip


def unslipped(name: str) -> Iterator[str]:
    """Name -> folded, with two neighbouring letters swapped, or, where it is Latin, one place read as a scanner misreads it."""
    folded = fold_name(name)
    if len(folded) > MAX_LETTERS or len(folded.replace(" ", "")) < MIN_LETTERS:
        return
    for at in range(len(folded) - 1):
        one, two = folded[at], folded[at + 1]
        if one != two and one.isalpha() and two.isalpha():
            yield folded[:at] + two + one + folded[at + 2 :]
    if folded.isascii():
        for read, printed in _MISREAD:
            at = folded.find(read)
            while at >= 0:
                yield folded[:at] + printed + folded[at + len(read) :]
                at = folded.find(read, at + len(read))


_TITLE = re.compile(r"(?:dr|mr|mrs|ms|prof|gen|col|sheikh|shaykh|hajji|haji)\b\.?\s+(?=\S)", re.IGNORECASE)


def untitled(name: str) -> Iterator[str]:
    """`Dr. Kufrah` -> `Kufrah`; nothing when no title stands in front."""
    found = _TITLE.match(name)
    if found:
        yield name[found.end() :]


def respelled(name: str) -> Iterator[tuple[str, str]]:
    """Name -> what it folds to once it is mended, each with the way: unmasked, unslipped, untitled."""
    for guess in unmasked(name):
        yield fold_name(guess), "unmasked"
    for guess in unslipped(name):
        yield guess if guess.isascii() else fold_name(guess), "unslipped"  # what is folded and plain stays as it is
    for guess in untitled(name):
        yield fold_name(guess), "untitled"
