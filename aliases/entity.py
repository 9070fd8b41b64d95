"""Values only: what an entity is and what its names are. Imports nothing of ours but the errors."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal, get_args

import msgspec

from aliases.errors import InvalidError

EntityType = Literal["person", "organization", "place", "vessel", "aircraft", "event", "other"]
AliasKind = Literal["name", "alias", "acronym", "former", "native", "weak", "demonym"]

ENTITY_TYPES: tuple[str, ...] = get_args(EntityType)
ALIAS_KINDS: tuple[str, ...] = get_args(AliasKind)

MAX_ID = 256
MAX_NAME = 512  # longer names feed quadratic scorers; no published list holds one
MAX_ALIASES = 5_000  # per entity; the longest real record seen (a capital in GeoNames) has about 400

# Published lists use letters of any script, spaces, brackets, escapes; what leads elsewhere in a path or opens markup is refused.
_ID = re.compile(r"""[^\s/\\<>"`](?:[^\n\t/\\<>"`]{0,254}[^\s/\\<>"`])?""")


class Alias(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One surface form of an entity, with what is known about it."""

    form: str  # verbatim, as its source writes it
    kind: AliasKind = "alias"
    lang: str = ""  # ISO 639 code, empty when unknown
    script: str = ""  # ISO 15924 code (Latn, Arab, ...)
    source: str = ""  # the list or file that it came from
    case: bool = False  # true: matches only in exactly this case


class Entity(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Who or what a name can mean."""

    id: str
    type: EntityType
    name: str  # canonical name
    aliases: tuple[Alias, ...] = ()  # the other surface forms, canonical name excluded
    lists: tuple[str, ...] = ()  # names of the watch lists that it is on, sorted
    properties: dict[str, Any] = {}

    def surface_forms(self) -> Iterator[Alias]:
        """Entity -> its canonical name as an Alias of kind `name`, then every alias."""
        yield Alias(self.name, kind="name", script=script_of(self.name))
        yield from self.aliases


def script_of(text: str) -> str:
    """Text -> ISO 15924 code of the script that most of its letters are in, `Zyyy` when it has none."""
    counts = Counter(map(_script, filter(str.isalpha, text)))
    return max(counts, key=lambda s: (counts[s], s)) if counts else "Zyyy"


# The first word of a character's Unicode name says its script; ISO 15924 codes for those that names come in.
_SCRIPT_CODES = {
    "LATIN": "Latn", "FULLWIDTH": "Latn", "ARABIC": "Arab", "CYRILLIC": "Cyrl", "HEBREW": "Hebr", "GREEK": "Grek",
    "CJK": "Hani", "HIRAGANA": "Jpan", "KATAKANA": "Jpan", "HALFWIDTH": "Jpan", "HANGUL": "Hang", "THAI": "Thai",
    "DEVANAGARI": "Deva", "BENGALI": "Beng", "GEORGIAN": "Geor", "ARMENIAN": "Armn", "ETHIOPIC": "Ethi",
    "TAMIL": "Taml", "TELUGU": "Telu", "KANNADA": "Knda", "MALAYALAM": "Mlym", "GUJARATI": "Gujr",
    "GURMUKHI": "Guru", "SINHALA": "Sinh", "LAO": "Laoo", "KHMER": "Khmr", "MYANMAR": "Mymr", "TIBETAN": "Tibt",
    "MONGOLIAN": "Mong", "SYRIAC": "Syrc", "THAANA": "Thaa",
}  # fmt: skip


@lru_cache(maxsize=8192)
def _script(char: str) -> str:
    if char < "\u0250":
        return "Latn"
    word = unicodedata.name(char, "").split(" ", 1)[0]
    return _SCRIPT_CODES.get(word, "Zyyy")


def check_id(value: str) -> str:
    """Id -> the same id; InvalidError when it is not 1 to 256 printable characters, or holds one of ``/ \\ < > " ` ``."""
    if not _ID.fullmatch(value) or not value.isprintable():
        raise InvalidError(
            f"id {_shown(value)} is not allowed: use 1 to {MAX_ID} of A-Z a-z 0-9 . _ : - (or letters of another script)"
        )
    return value


def check_form(value: str) -> str:
    """Surface form -> the same form; InvalidError when it is empty, too long, or holds U+0000 or half a surrogate pair.

    Other controls pass, verbatim: those of C1 are letters of Windows-1252 that lost their label, which `aliases.fold` reads so;
    the rest it drops, and every output escapes them.
    """
    if not any(char.isalnum() for char in value):
        raise InvalidError(f"name {_shown(value)} has no letter or digit: give a name that can be written")
    if len(value) > MAX_NAME:
        raise InvalidError(f"name {_shown(value)} has {len(value)} characters, at most {MAX_NAME} are allowed: shorten it")
    for char in () if value.isprintable() else value:
        if char == "\0" or "\ud800" <= char <= "\udfff":
            raise InvalidError(f"name {_shown(value)} holds U+{ord(char):04X}, which is not text: remove it")
    return value


def check_type(value: str) -> EntityType:
    """Type -> the same type; InvalidError when it is none of ENTITY_TYPES."""
    if value not in ENTITY_TYPES:
        raise InvalidError(f"type {_shown(value)} is unknown: use one of {' '.join(ENTITY_TYPES)}")
    return value  # type: ignore[return-value]


def check_kind(value: str) -> AliasKind:
    """Alias kind -> the same kind; InvalidError when it is none of ALIAS_KINDS."""
    if value not in ALIAS_KINDS:
        raise InvalidError(f"kind {_shown(value)} is unknown: use one of {' '.join(ALIAS_KINDS)}")
    return value  # type: ignore[return-value]


def _shown(value: str) -> str:
    """Value -> at most 60 characters of it, quoted and escaped, fit for a one-line message."""
    return ascii(value[:60]) if not value[:60].isprintable() else f"'{value[:60]}'" + ("…" if len(value) > 60 else "")
