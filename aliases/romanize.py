"""A name in any script -> Latin spellings of it: lower-case `a-z0-9` words joined by single spaces.

Tables of our own come first (aliases/letters.py, aliases/han.txt); Unidecode, or anyascii where it is not installed, reads only
what no table knows. A name in Chinese characters has several readings, since they say nothing about the language.
"""

from __future__ import annotations

import functools
import importlib
import re
import unicodedata
from collections.abc import Callable
from importlib import resources
from typing import NamedTuple

from aliases.fold import clean
from aliases.letters import ALPHABETS, GREEK_DIGRAPHS, brahmic, hangul, is_brahmic, is_han, is_hangul, is_kana, kana

VERSION = 1  # raise with every change of what any name romanizes to: the index and the fitted weights were made with it

# What a reading was made from: each has edit costs of its own, since each leaves out or confuses other letters.
ORIGINS = ("Latn", "Arab", "Cyrl", "Hebr", "Kore", "Kana", "Hani", "West", "Deva", "Else")

_ORIGIN_OF_WORD = {
    "ARABIC": "Arab", "CYRILLIC": "Cyrl", "HEBREW": "Hebr", "HANGUL": "Kore", "HIRAGANA": "Kana", "KATAKANA": "Kana",
    "CJK": "Hani", "DEVANAGARI": "Deva", "BENGALI": "Deva", "GURMUKHI": "Deva", "GUJARATI": "Deva", "TAMIL": "Deva",
    "TELUGU": "Deva", "KANNADA": "Deva", "MALAYALAM": "Deva", "ORIYA": "Deva", "SINHALA": "Deva",
}  # fmt: skip


class Reading(NamedTuple):
    """One Latin spelling of a name."""

    text: str  # `a-z0-9` words joined by single spaces
    origin: str  # one of ORIGINS


class _Han(NamedTuple):
    """How one Chinese character is read; '' where it has no such reading."""

    mandarin: str
    cantonese: str
    korean: str
    japanese: str
    western: str  # the Latin letters that it stands for when it writes out a foreign name


def origin_of(text: str) -> str:
    """Text -> the one of ORIGINS that most of its letters are of; Latn when it has none."""
    if not text or max(text) < "\u0250":
        return "Latn"
    counts: dict[str, int] = {}
    for char in text:
        if char.isalpha():
            origin = "Latn" if char < "\u0250" else _origin_of_char(char)
            counts[origin] = counts.get(origin, 0) + 1
    return max(counts, key=lambda origin: (counts[origin], origin)) if counts else "Latn"


@functools.lru_cache(maxsize=8192)
def _origin_of_char(char: str) -> str:
    word = unicodedata.name(char, "").split(" ", 1)[0]
    return "Latn" if word in ("LATIN", "MODIFIER") else _ORIGIN_OF_WORD.get(word, "Else")


def romanize(name: str) -> str:
    """Name -> its likeliest Latin spelling; '' when it holds no letter or digit."""
    return _mandarin(name.lower() if _PLAIN.fullmatch(name) else clean(name).casefold())


@functools.lru_cache(maxsize=1024)  # a listed name is read in several rooms, one after the other
def _mandarin(text: str) -> str:
    return _latin(text, lambda han: _spelled(han, "mandarin"))


@functools.lru_cache(maxsize=256)  # a name that is asked for is read once for each kind of entity
def readings(name: str, *, person: bool = False) -> tuple[Reading, ...]:
    """Name -> its Latin spellings, likeliest first; more than one only for Chinese characters.

    A person's name in two to four Chinese or Korean characters is split after the surname.
    """
    if _PLAIN.fullmatch(name):
        plain = _mandarin(name.lower())
        return (Reading(plain, "Latn"),) if plain else ()
    text = clean(name).casefold()
    origin = origin_of(text)
    if person and origin in ("Hani", "Kore"):
        text = _surname_apart(text)
    if origin != "Hani":
        read = _mandarin(text)
        return (Reading(read, origin),) if read else ()
    kinds = [("mandarin", "Hani"), ("korean", "Kore"), ("cantonese", "Hani"), ("taiwan", "Latn"), ("western", "West")]
    if is_western(text):
        kinds = [("western", "West"), ("mandarin", "Hani")]
    elif any(is_kana(char) for char in text):
        kinds.insert(0, ("japanese", "Kana"))
    spelled = [Reading(_latin(text, functools.partial(_spelled, kind=kind)), made) for kind, made in kinds]
    return _distinct(spelled)


_PLAIN = re.compile(r"[A-Za-z0-9 .,'()/-]+")  # nothing in such a name has to be cleaned


def is_western(text: str) -> bool:
    """Name in Chinese characters -> whether it looks like a foreign name written out: with a dot, or five and more."""
    return bool(re.search("[·・•.=]", text)) or sum(map(is_han, text)) > 4


def _distinct(found: list[Reading]) -> tuple[Reading, ...]:
    kept = {reading.text: reading for reading in reversed(found) if reading.text}
    return tuple(reading for reading in found if kept.get(reading.text) is reading)


# ---------------------------------------------------------------- scripts

_ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC_LETTER = "\u0620-\u064a\u066e-\u06d3"
# The article, but not the first syllable of names like Elyas, Alexander, Alfred, Elizabeth or of Almania.
_ARABIC_ARTICLE = re.compile(
    f"(?<![{_ARABIC_LETTER}])ا?[اأ]ل(?!ي?[كک]س|[يی]اس|[يی]زا|[يی]نا|فر[يی]د|برت|ب[يی]ر|مان[يی]ا|له)(?=[{_ARABIC_LETTER}]{{2}})"
)
# `Hizb Allah`, `Nasr Allah`, `Rahmat Allah` are one word in nearly every Latin spelling.
_OF_GOD = re.compile(f"(?<=[{_ARABIC_LETTER}]) (?=الل[هہ](?![{_ARABIC_LETTER}]))")
_HARAKAT = re.compile("[\u064b-\u065f\u0670\u0640\u06d6-\u06ed]")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_GREEK_PAIR = re.compile("|".join(GREEK_DIGRAPHS))
_NOT_PLAIN = re.compile("[^a-z0-9]+")
_WORD_OF = re.compile(r"[\u0900-\u0d7f\u200c\u200d]+|[\u3041-\u30ff]+|[\uac00-\ud7a3]|[々\u3400-\u9fff\U00020000-\U0003134f]+")


def _latin(text: str, spell_han: Callable[[str], str]) -> str:
    """Cleaned, casefolded text -> `a-z0-9` words."""
    if not text.isascii():
        if _ARABIC.search(text):
            text = _OF_GOD.sub("", _HARAKAT.sub("", text))
            text = _ARABIC_ARTICLE.sub("al ", text)
        if max(text, default="") > "\u08ff":
            text = _WORD_OF.sub(lambda found: _special(found.group(), spell_han), text)
        if _GREEK.search(text):
            text = _GREEK_PAIR.sub(lambda found: GREEK_DIGRAPHS[found.group()], _unmarked(text))
        text = text.translate(ALPHABETS)
        if not text.isascii():
            text = _unmarked(text).translate(ALPHABETS)
        if not text.isascii():
            text = "".join(char if char.isascii() else _last_resort(char) for char in text).lower()
    return _NOT_PLAIN.sub(" ", text.replace("'", "").replace("`", "")).strip()


def _unmarked(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if unicodedata.category(char) != "Mn")


def _special(run: str, spell_han: Callable[[str], str]) -> str:
    first = run[0]
    if is_hangul(first):
        return hangul(first)
    if is_kana(first):
        return kana(run)
    if is_brahmic(first):
        return brahmic(run)
    return spell_han(run) if is_han(first) else run


# Chinese surnames of two characters that are still in use.
_CHINESE_PAIRS = "欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 夏侯 东方 東方 皇甫 尉迟 公孙 公孫 慕容 令狐 南宫 南宮 獨孤 鮮于"
_LONG_SURNAMES = frozenset(f"{_CHINESE_PAIRS} 남궁 황보 제갈 선우 독고".split())
# Korean surnames are written as their owners choose, not as the rules of romanization say.
_KOREAN_SURNAMES = {"이": "lee", "리": "ri", "박": "park", "최": "choi", "노": "roh", "유": "yoo", "임": "lim", "우": "woo"}


def _surname_apart(text: str) -> str:
    """Name of a person in two to four Chinese or Korean characters -> the same with a space after the surname."""
    bare = re.sub(r"\s*\(.*\)$", "", text)
    if not 2 <= len(bare) <= 4 or not all(is_han(char) or is_hangul(char) for char in bare):
        return text
    size = 2 if bare[:2] in _LONG_SURNAMES and len(bare) > 2 else 1
    surname = _KOREAN_SURNAMES.get(bare[:size], bare[:size])
    return f"{surname} {bare[size:]}"


# ---------------------------------------------------------------- Chinese characters


@functools.cache
def _han_lines() -> dict[str, str]:
    """-> the line of each Chinese character in the table: of the many that there are, a process reads a few."""
    text = resources.files("aliases").joinpath("han.txt").read_text(encoding="utf-8")
    return {line[0]: line for line in text.splitlines() if line[0] != "#"}


@functools.lru_cache(maxsize=1 << 14)
def _han(char: str) -> _Han | None:
    """Chinese character -> how it is read, None when that is not known."""
    line = _han_lines().get(char)
    if line is None:
        return None
    return _Han(*("" if column == "-" else column for column in line.split(" ")[1:6]))


def _spelled(run: str, kind: str) -> str:
    """Run of Chinese characters -> its letters in one kind of reading."""
    spelled = []
    for at, char in enumerate(run):
        known = _han(run[at - 1] if char == "々" and at else char)
        reading = (getattr(known, _COLUMN.get(kind, kind)) or known.mandarin) if known else _last_resort(char)
        spelled.append(_RESPELLED[kind](reading) if kind in _RESPELLED else reading)
    return "".join(spelled)


# Jyutping -> the spelling of names in Hong Kong; initials, then finals.
_HK_INITIALS = {"z": "ch", "c": "ch", "j": "y", "gw": "kw", "g": "k", "d": "t", "b": "p"}
_HK_FINALS = {
    "aau": "au", "aai": "ai", "aan": "an", "aam": "am", "aang": "ang", "aat": "at", "aak": "ak", "aap": "ap", "aa": "a",
    "eoi": "ui", "eon": "un", "eot": "ut", "oeng": "eung", "oek": "euk", "oe": "eu", "yu": "yu", "yun": "uen", "ou": "o",
    "yut": "uet", "u": "u", "au": "au", "ei": "ei", "i": "i", "ng": "ng",
}  # fmt: skip
_JYUTPING = re.compile("(ng|gw|kw|[bpmfdtnlgkhzcsjw]?)([a-z]*)")


@functools.lru_cache(maxsize=4096)
def _hong_kong(syllable: str) -> str:
    found = _JYUTPING.fullmatch(syllable)
    if not found:
        return syllable
    initial, final = found.groups()
    return _HK_INITIALS.get(initial, initial) + _HK_FINALS.get(final, final)


# Pinyin -> Wade-Giles as names in Taiwan and older books are written, without its marks.
_WG_WHOLE = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "szu", "yan": "yen", "ye": "yeh",
    "you": "yu", "yong": "yung", "ge": "ko", "ke": "ko", "he": "ho", "er": "erh", "luo": "lo", "duo": "to", "tuo": "to",
    "nuo": "no", "zuo": "tso", "cuo": "tso", "suo": "so", "zhuo": "cho", "chuo": "cho", "ruo": "jo", "e": "o", "yi": "i",
}  # fmt: skip
_WG_INITIALS = {"zh": "ch", "z": "ts", "c": "ts", "j": "ch", "q": "ch", "x": "hs", "b": "p", "d": "t", "g": "k", "r": "j"}
_WG_FINALS = {"ong": "ung", "iong": "iung", "ian": "ien", "ie": "ieh", "ue": "ueh", "ve": "ueh", "v": "u"}
_PINYIN = re.compile("(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)([a-z]*)")


@functools.lru_cache(maxsize=4096)
def _wade_giles(syllable: str) -> str:
    found = _PINYIN.fullmatch(syllable)
    if syllable in _WG_WHOLE or not found:
        return _WG_WHOLE.get(syllable, syllable)
    initial, final = found.groups()
    return _WG_INITIALS.get(initial, initial) + _WG_FINALS.get(final, final)


_COLUMN = {"taiwan": "mandarin"}  # kind of reading -> the column that it is made of, where they are not called the same
_RESPELLED = {"cantonese": _hong_kong, "taiwan": _wade_giles}


# ---------------------------------------------------------------- last resort


@functools.cache
def _transliterator() -> tuple[str, Callable[[str], str]]:
    """-> (name, function) of what reads scripts that have no table: Unidecode, else anyascii, else nothing."""
    for module, function in (("unidecode", "unidecode"), ("anyascii", "anyascii")):
        try:
            return module, getattr(importlib.import_module(module), function)
        except ImportError:
            continue
    return "none", lambda _text: " "


def last_resort() -> str:
    """-> which package reads scripts without a table: `unidecode`, `anyascii` or `none`; an index is stamped with it."""
    return _transliterator()[0]


@functools.lru_cache(maxsize=8192)
def _last_resort(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return " "  # half a surrogate pair is no letter, and Unidecode would warn of it
    return _transliterator()[1](char) or " "
