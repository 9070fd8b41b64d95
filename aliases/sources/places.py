"""What the readers of GeoNames share: which of its names are names."""

from __future__ import annotations

import re
import unicodedata

_ARTICLES = re.compile(r"(?:al|el|ad|an|ar|as|at|az|ash|la|le|les|el|los|las|den|de|het|'s|'t)[- ]", re.IGNORECASE)
_LETTER_SCRIPTS = (
    "LATIN",
    "ARABIC",
    "CYRILLIC",
    "GREEK",
    "HEBREW",
    "DEVANAGARI",
    "GEORGIAN",
    "ARMENIAN",
    "THAI",
    "HANGUL",
    "CJK",
)


def is_machine_made(form: str) -> bool:
    """Alternate name without a language -> whether a program romanized it, as GeoNames keeps many: no one writes such names.

    They mix scripts within a word where the program had no rule, or are Latin without any capital.
    """
    if form.isascii():
        return form.islower() and not _ARTICLES.match(form)
    scripts = {
        script for char in form if char.isalpha() for script in _LETTER_SCRIPTS if unicodedata.name(char, "").startswith(script)
    }
    if "LATIN" not in scripts:
        return False
    return len(scripts) > 1 or (form.islower() and not _ARTICLES.match(form))
