"""Text in any Unicode dress -> the one folded form that index, queries and texts are compared in, with offsets back.

Two steps. `clean` undoes disguises and keeps case and marks (romanization needs them). `fold` then drops what spellings
of one name differ in without meaning anything: case, marks, Arabic letter variants, punctuation. Folding is free of context:
one code point always becomes the same string, so that the compiled scanner works from a table (`fold_char`), and nothing here
is slower than linear (Unicode normalisation of a whole string is quadratic on alternating combining marks; it is only applied
after runs of marks were capped).
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aliases.confusables import GREEK_OR_CYRILLIC, mend_homoglyphs

VERSION = 5  # raise with every change of what any text folds to: generations compiled with another version are refused

MAX_MARK_RUN = 30  # stream-safe text of UAX #15 has no longer run of combining marks

APOSTROPHE, HYPHEN, SPACE, DROPPED = "'", "-", " ", ""

_APOSTROPHES = frozenset("'`´ʹʻʼʽʾʿˈˊˋ‘’‚‛′‵׳״՚＇ꞌ\u02bd\u02c8")
_HYPHENS = frozenset("-‐‑‒–—―−﹘﹣－־・·⁃~")
# Letters that stay apart under compatibility decomposition but are one letter to a reader of names.
_LETTERS = {
    "ı": "i", "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ŋ": "n", "ə": "a", "ɡ": "g",
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۃ": "ه", "ک": "ك", "ڪ": "ك",
    "ڵ": "ل", "ڕ": "ر", "ء": "", "ـ": "", "ґ": "г", "ӏ": "ӏ",
}  # fmt: skip
# Marks of scripts whose words are read without them; marks of other scripts (Indic vowels, kana voicing) are letters.
_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05BD), (0x05BF, 0x05C2), (0x05C4, 0x05C5), (0x05C7, 0x05C7), (0x0610, 0x061A),
    (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E4), (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x0730, 0x074A),
    (0x08D3, 0x08FF),
    (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xE0000, 0xE0FFF),
)  # fmt: skip
_MARK_STARTS = [low for low, _ in _MARKS]
# Default-ignorable characters that are not of category Cf (Unicode DerivedCoreProperties).
_IGNORABLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u3164\uffa0")
# Scripts written without spaces: every character is a token of its own, so that a name is found inside a longer run.
_SOLO = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3041, 0x309F),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip
_SOLO_STARTS = [low for low, _ in _SOLO]


_ANY_SOLO = re.compile(f"[{''.join(f'{chr(low)}-{chr(high)}' for low, high in _SOLO)}]")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text, and for each of its characters where in the original that character began and ended."""

    text: str
    offsets: Sequence[int]  # code points, len(text) + 1 of them, never falling; the last is the length of the original
    ends: Sequence[int]  # len(text) of them, never falling


def is_mark(code: int) -> bool:
    """Code point -> whether it is a mark that readers of names do without."""
    place = bisect_right(_MARK_STARTS, code) - 1
    return place >= 0 and code <= _MARKS[place][1]


def is_solo(code: int) -> bool:
    """Code point -> whether it is a token of its own (scripts written without spaces)."""
    place = bisect_right(_SOLO_STARTS, code) - 1
    return place >= 0 and code <= _SOLO[place][1]


def fold_char(char: str) -> str:
    """One character -> what it folds to: letters and digits, or one of DROPPED, SPACE, HYPHEN, APOSTROPHE."""
    return _FOLDS[ord(char)]


class _Folds(dict[int, str]):
    """Code point -> folded string, worked out at first sight."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


def _fold(char: str) -> str:
    char = mislabelled(char)
    if char in _APOSTROPHES:
        return APOSTROPHE
    if char in _HYPHENS:
        return HYPHEN
    if char in _IGNORABLE or is_mark(ord(char)):
        return DROPPED
    category = unicodedata.category(char)
    if category == "Cf" or (category == "Cc" and not char.isspace()):
        return DROPPED
    special = _by_name(char)
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", special or char).casefold())
    if parts in _APOSTROPHES:
        return APOSTROPHE
    return "".join(_fold_part(part) for part in parts) or (DROPPED if category in ("Mn", "Lo", "Lm") else SPACE)


def mislabelled(char: str) -> str:
    """C1 control -> the Windows-1252 character that was meant (as browsers read it); any other character -> itself."""
    if "\x80" <= char <= "\x9f":
        return char.encode("latin-1").decode("cp1252", "ignore") or char
    return char


def _by_name(char: str) -> str:
    """Small capitals and flag letters, which have no decomposition, -> their letter; other characters -> ''."""
    if char < "\u0250":
        return ""
    name = unicodedata.name(char, "")
    for prefix in ("LATIN LETTER SMALL CAPITAL ", "REGIONAL INDICATOR SYMBOL LETTER "):
        if name.startswith(prefix) and len(name) == len(prefix) + 1:
            return name[-1].lower()
    return ""


def _fold_part(part: str) -> str:
    known = _LETTERS.get(part)
    if known is not None:
        return known
    if is_mark(ord(part)) or part in _APOSTROPHES:
        return ""
    if small := _by_name(part):
        return small
    category = unicodedata.category(part)
    if category == "Nd":
        return str(unicodedata.digit(part))
    return part if category[0] in "LNM" else SPACE


_FOLDS = _Folds()


# ---------------------------------------------------------------- clean: undo disguises, keep case and marks

_ENTITY = re.compile(r"&(?:amp;)*(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKUP = re.compile(
    r"\x1b\[[0-9;]{0,20}m"  # colour of a terminal
    r"|<!--[^<>]{0,200}-->|</?(?:b|i|u|em|strong|span|mark|font|small|sup|sub|wbr|bdi|bdo)(?:\s[^<>]{0,200})?/?>"  # inside words
    r"|(?<=\w)(?:\*\*|__)(?=\w)|(?:\*\*|__)(?=\w)|(?<=\w)(?:\*\*|__)"  # Markdown emphasis
)
_GERSHAYIM = re.compile('(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')  # the mark of Hebrew acronyms, as keyboards write it
_SOFT_BREAK = re.compile("\u00ad(?=[ \\t]*[\r\n])")  # a soft hyphen shows where a line ends: there it is a hyphen


_DISGUISE = re.compile(f"{_ENTITY.pattern}|{_MARKUP.pattern}")


def _places(text: str) -> list[int]:
    """Text -> where a disguise may begin, in order: looking for single characters is faster than for what they begin."""
    found: list[int] = []
    for begin in ("&", "<", "\x1b", "**", "__"):
        at = text.find(begin)
        while at >= 0:
            found.append(at)
            at = text.find(begin, at + 1)
    return sorted(found)


def _replacements(text: str) -> Iterator[tuple[int, int, str]]:
    """Text -> what to put in place of which half-open span, left to right: HTML entities and inline markup."""
    done = 0
    for at in _places(text):
        found = _DISGUISE.match(text, at) if at >= done else None
        if not found:
            continue
        done = found.end()
        whole = found.group()
        if whole[0] != "&":
            yield found.start(), found.end(), ""
            continue
        plain = whole
        for _ in range(3):  # escaped twice and thrice is seen in feeds that were scraped
            plain = html.unescape(plain)
        if plain != whole:
            yield found.start(), found.end(), plain


def is_plain(text: str) -> bool:
    """Text -> whether `undisguise` surely gives it back as it is; cheap, and true of most texts in English."""
    return text.isascii() and not ("&" in text or "<" in text or "**" in text or "__" in text or "\x1b" in text)


def undisguised(text: str) -> str:
    """Text -> the text of `undisguise`, without working out offsets where there is nothing to undo."""
    if is_plain(text):
        return text
    if "&" in text or "<" in text or "**" in text or "__" in text or "\x1b" in text or "\u00ad" in text or '"' in text:
        return undisguise(text).text
    return mend_homoglyphs(text) if GREEK_OR_CYRILLIC.search(text) else text


def undisguise(text: str) -> Folded:
    """Text -> the text with entities, inline markup and homoglyphs undone (case, marks, spaces kept), with offsets."""
    if not text.isascii():
        if "\u00ad" in text:
            text = _SOFT_BREAK.sub("-", text)
        if '"' in text:
            text = _GERSHAYIM.sub("\u05f4", text)
    plain = _splice(text)
    if plain.text.isascii() or not GREEK_OR_CYRILLIC.search(plain.text):
        return plain
    return Folded(mend_homoglyphs(plain.text), plain.offsets, plain.ends)


def _as_it_is(text: str) -> Folded:
    return Folded(text, range(len(text) + 1), range(1, len(text) + 1))


def _splice(text: str) -> Folded:
    pieces: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    done = 0
    for start, end, plain in _replacements(text):
        pieces += text[done:start], plain
        offsets += range(done, start)
        offsets += [start] * len(plain)
        ends += range(done + 1, start + 1)
        ends += [end] * len(plain)
        done = end
    if not done:
        return _as_it_is(text)
    pieces.append(text[done:])
    offsets += range(done, len(text) + 1)
    ends += range(done + 1, len(text) + 1)
    return Folded("".join(pieces), offsets, ends)


_MARK = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_MARK_FLOOD = re.compile(f"([{_MARK}]{{{MAX_MARK_RUN}}})[{_MARK}]+")


def clean(name: str) -> str:
    """Name -> the same name in NFKC without disguises, invisible characters and runs of space; case and marks kept."""
    plain = undisguised(name)
    if plain.isascii() and plain.isprintable():  # as most names are: nothing below would change them
        return " ".join(plain.split())
    plain = "".join(map(mislabelled, plain)) if _C1.search(plain) else plain
    plain = unicodedata.normalize("NFKC", _MARK_FLOOD.sub(r"\1", plain) if len(plain) > MAX_MARK_RUN else plain)
    if not plain.isprintable() or _UNSEEN.search(plain):
        plain = "".join(char for char in plain if char.isspace() or not _invisible(char))
    return " ".join(plain.split())


_C1 = re.compile("[\x80-\x9f]")
_UNSEEN = re.compile(f"[{''.join(sorted(_IGNORABLE))}\ufe00-\ufe0f]")  # of what Python calls printable; other invisibles are not


def _invisible(char: str) -> bool:
    return char in _IGNORABLE or unicodedata.category(char) in ("Cf", "Cc") or 0xFE00 <= ord(char) <= 0xFE0F


# ---------------------------------------------------------------- fold


def fold(text: str) -> Folded:
    """Text -> its folded form: letters and digits, spaces, hyphens and apostrophes, with offsets into the text."""
    plain = undisguise(text)
    pieces: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    for char, offset, end in zip(plain.text, plain.offsets, plain.ends, strict=False):
        folded = _FOLDS[ord(char)]
        pieces.append(folded)
        offsets += [offset] * len(folded)
        ends += [end] * len(folded)
    offsets.append(len(text))
    return Folded("".join(pieces), offsets, ends)


_POSSESSIVE = re.compile(r"'s(?![^\W_])")
_LINE_BREAK = re.compile(r"(?<=[^\W_])(?:[-‐‑]|\u00ad)\s*[\r\n]+\s*(?=[^\W_])")


def fold_name(name: str) -> str:
    """Name -> its folded tokens joined by one space: equal for spellings that differ in dress only; '' without letters.

    Apostrophes join (`Da'ish` and `Daish` are equal), hyphens separate, characters of scripts without spaces stand alone.
    """
    folded = undisguised(name).translate(_FOLDS)
    if APOSTROPHE in folded:
        folded = _POSSESSIVE.sub("", folded).replace(APOSTROPHE, "")
    if not folded.isascii() and _ANY_SOLO.search(folded):
        folded = "".join(f" {char} " if is_solo(ord(char)) else char for char in folded)
    return " ".join(folded.replace(HYPHEN, SPACE).split())


def fold_readings(name: str) -> tuple[str, ...]:
    """Name -> every folded form it may stand for, likeliest first.

    As it is; joined over line breaks; its spelled-out letters as one word; `Last, First` turned round; without a leading `The`.
    """
    plain, joined = fold_name(name), _LINE_BREAK.sub("", name)
    readings = [plain] if joined == name else [plain, fold_name(joined)]
    tokens = plain.split()
    if len(tokens) > 2 and all(len(token) == 1 for token in tokens) and not is_solo(ord(tokens[0])):
        readings.append("".join(tokens))
    last, comma, first = name.partition(",")
    if comma and "," not in first:
        readings.append(fold_name(f"{first} {last}"))
    if len(tokens) > 1 and tokens[0] == "the":
        readings.append(" ".join(tokens[1:]))
    return tuple(dict.fromkeys(reading for reading in readings if reading))
