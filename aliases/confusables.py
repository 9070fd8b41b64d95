"""Letters that look like letters of another script -> the letters that were meant.

The pairs are those of Unicode TR39 (confusables) between Latin and Cyrillic or Greek that look alike in common fonts.
A word that mixes scripts is mended towards Latin when all of it can be read as Latin, else towards the script of the letters
that cannot, and with it the words that a hyphen or an apostrophe joins to it. A word wholly in look-alikes (`Аӏерро`) is mended
only when it cannot be an ordinary word: it holds a letter that living Slavic languages hardly use, or no word around it needs to be
Cyrillic or Greek and one of them is Latin or holds such a letter (`ВР рӏс`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_CYRILLIC = dict(
    zip("асеіјорхуѕһԁӏԝԛАВСЕНІЈКМОРЅТХҮУԌԚԜӀ", "aceijopxyshdlwqABCEHIJKMOPSTXYYGQWI", strict=True)
)  # fmt: skip
_GREEK = dict(zip("αονιυρκτΑΒΕΗΙΚΜΝΟΡΤΧΥΖϹϳ", "aoviupktABEHIKMNOPTXYZCj", strict=True))
TO_LATIN = _CYRILLIC | _GREEK
TO_CYRILLIC = {latin: cyrillic for cyrillic, latin in reversed(_CYRILLIC.items())}
TO_GREEK = {latin: greek for greek, latin in reversed(_GREEK.items())}

_RARE = frozenset("ѕһԁӏԝԛЅӀԌԚԜ")

_LETTER = "A-Za-z\u00aa-\u024f\u0370-\u052f\u1e00-\u1fff\u0261"
_BETWEEN = "\u00ad\u0300-\u036f\u0483-\u0489\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
_LETTERS = f"[{_LETTER}](?:[{_LETTER}{_BETWEEN}]*[{_LETTER}])?"
_WORD = re.compile(_LETTERS)
_JOINTS = "-\u2010\u2011'\u2019\u02bc"
_COMPOUND = re.compile(f"{_LETTERS}(?:[{_JOINTS}]{_LETTERS})*")
_STRETCH = re.compile(f"[{_JOINTS}{_LETTER}{_BETWEEN}]+")  # all that a compound is made of
GREEK_OR_CYRILLIC = re.compile("[\u0370-\u0482\u048a-\u052f\u00b5\u2126\U0001d6a8-\U0001d7cb]")
# Signs that are letters in another dress (micro, ohm, ordinal, superscript, circled, mathematical, full width), one character each.
_DRESSED_RANGES = (
    *((0xAA, 0xBB), (0x2B0, 0x2E5), (0x3D0, 0x3F6), (0x1D2C, 0x1DC0), (0x2070, 0x2150), (0x24B6, 0x24EA)),
    *((0x2C7C, 0x2C7E), (0xA69C, 0xA69E), (0xA770, 0xA771), (0xAB5C, 0xAB60), (0xFF21, 0xFF5B), (0x1D400, 0x1D7CC)),
)
_DRESSED = {
    code: plain
    for low, high in _DRESSED_RANGES
    for code in range(low, high)
    if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1 and plain.isalpha()
}
_MAY_BE_DRESSED = re.compile(f"[{''.join(f'{chr(low)}-{chr(high - 1)}' for low, high in _DRESSED_RANGES)}]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_GREEK_LETTER, _CYRILLIC_LETTER = re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), re.compile("[\u0400-\u052f]")


def mend_homoglyphs(text: str) -> str:
    """Text -> the text with look-alike letters replaced by the letters they stand for; length and offsets stay."""
    if _MAY_BE_DRESSED.search(text):
        text = text.translate(_DRESSED)
    compounds = [_words_in(found) for found in _compounds(text)]
    foreign = _all_foreign(text, [word for words in compounds for word in words])
    parts, done = list[str](), 0
    for words in compounds:
        scripts = [_script_meant(word, foreign=foreign) for _, word in words]
        whole = next((script for script in scripts if script is not None and script is not TO_LATIN), None)
        for (start, word), script in zip(words, scripts, strict=True):
            parts += text[done:start], _mend(word, script or _also(word, whole))
            done = start + len(word)
    return "".join([*parts, text[done:]])


def _compounds(text: str) -> Iterator[re.Match[str]]:
    """Text -> its compounds that hold a Greek or Cyrillic letter; what stands between them, mostly Latin, is passed over quickly."""
    done = 0
    while letter := GREEK_OR_CYRILLIC.search(text, done):
        begin = letter.start()
        while begin > done and _STRETCH.match(text, begin - 1, begin):
            begin -= 1
        stretch = _STRETCH.match(text, begin)
        done = stretch.end() if stretch else letter.end()
        yield from (found for found in _COMPOUND.finditer(text, begin, done) if GREEK_OR_CYRILLIC.search(found.group()))


def _words_in(compound: re.Match[str]) -> list[tuple[int, str]]:
    """Words that hyphens or apostrophes join -> each with its place in the text."""
    return [(compound.start() + found.start(), found.group()) for found in _WORD.finditer(compound.group())]


def _all_foreign(text: str, words: list[tuple[int, str]]) -> bool:
    """Whether none of the words needs to be Cyrillic or Greek, and Latin text surrounds them or one of them cannot be ordinary."""
    odd = _LATIN.search(text) is not None or any(_RARE.intersection(word) for _, word in words)
    return odd and all(_all_in(word, TO_LATIN) for _, word in words)


def _all_in(word: str, table: dict[str, str]) -> bool:
    return all(_bare(char) in table or not GREEK_OR_CYRILLIC.match(char) for char in word)


@lru_cache(maxsize=4096)
def _bare(char: str) -> str:
    """Letter -> the same without its marks, which fold away later and must not change what it is taken for."""
    return unicodedata.normalize("NFKD", char)[0]


def _script_meant(word: str, *, foreign: bool) -> dict[str, str] | None:
    """Word -> the table that mends it, None where it stands as it was meant."""
    with_latin = _LATIN.search(word) is not None
    mixed = with_latin or (_GREEK_LETTER.search(word) is not None and _CYRILLIC_LETTER.search(word) is not None)
    if not GREEK_OR_CYRILLIC.search(word) or not (mixed or foreign or _RARE.intersection(word)):
        return None
    if _all_in(word, TO_LATIN):
        return TO_LATIN
    table = TO_GREEK if _is_greek(word) else TO_CYRILLIC
    return table if with_latin and _can_be(word, table) else None


def _also(word: str, table: dict[str, str] | None) -> dict[str, str] | None:
    """Word and the table that mends another word of its compound -> the table where it mends this one too (`Mepca` in `Mepca-Maтpyx`)."""
    return table if table is not None and not GREEK_OR_CYRILLIC.search(word) and _can_be(word, table) else None


def _can_be(word: str, table: dict[str, str]) -> bool:
    return all(_bare(char) in table for char in word if _LATIN.match(char))


def _mend(word: str, table: dict[str, str] | None) -> str:
    if table is None:
        return word
    if table is TO_LATIN:
        return "".join(table.get(_bare(char), char) for char in word)
    return "".join(table.get(_bare(char), char) if _LATIN.match(char) else char for char in word)


def _is_greek(word: str) -> bool:
    return any("\u0370" <= char <= "\u03ff" and char not in _GREEK for char in word)


def cyrillic_reading(name: str) -> str:
    """Name of which some words are Cyrillic -> its Latin words read as Cyrillic (`Эль-Baap`), '' when there are none or not all can be."""
    if not _CYRILLIC_LETTER.search(name) or not _LATIN.search(name) or not _can_be(name, TO_CYRILLIC):
        return ""
    return _mend(name, TO_CYRILLIC)
