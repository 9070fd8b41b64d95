"""What the files of the EU's list share: what the remark on a name says of it, and which of several names an entity goes by."""

from __future__ import annotations

import re

from aliases.entity import AliasKind, script_of

# The regulations grade a name in words, in whatever case: the list as CSV has no other place for it, and the XML not always.
_WEAK = re.compile(r"\b(?:low|poor)[- ]quality\b|\bweak alias\b", re.IGNORECASE)
_FORMER = re.compile(r"\bf\.?k\.?a\b|\b(?:formerly|previously) known as\b|\b(?:former|previous) name\b", re.IGNORECASE)


def kind(name: str, remark: str, *, strong: bool = True) -> AliasKind:
    """Name, the remark on it, and whether the list holds it for strong -> kind of the alias."""
    if not strong or _WEAK.search(remark):
        return "weak"
    if _FORMER.search(remark):
        return "former"
    return "alias" if script_of(name) == "Latn" else "native"


def rank(name: str, kind: AliasKind, language: str) -> tuple[bool, bool, bool, bool]:
    """Strong before weak, of today before former, Latin before other scripts, English or of no language before others."""
    return kind == "weak", kind == "former", script_of(name) != "Latn", language.upper() not in ("EN", "")
