"""What the compiled steps of tagging know of a listed form beside its letters: a few numbers an alias, kept in the index.

Forms themselves are not read while a text is tagged: that a surface is the form letter by letter, or when both are folded, is told
by equal 64-bit hashes.
"""

from __future__ import annotations

import re
from functools import lru_cache

from aliases import fold
from aliases.entity import Alias
from resolver import tokenizer, words
from resolver.classes import HARD_GAPS
from resolver.entries import is_titled
from resolver.prepare import family_of

# Bits of a trait beside those of HARD_GAPS (the separators that the form holds).
BEGINS_UPPER, ALL_UPPER, SHORT, SILENT, PROPER = 1 << 21, 1 << 22, 1 << 23, 1 << 24, 1 << 25
SHORT_FORM = 6  # characters of a form in capitals that is taken for an acronym
_HARD_GAP = re.compile(f"[{re.escape(HARD_GAPS)}]")
NAMES = ("alias_form", "alias_fold", "alias_bare", "alias_traits")


def is_silent(form: str, type_: str, folded: str) -> bool:
    """Form, type of its entity, the folded form -> whether it never is a mention: a letter, a short number, a title and a name."""
    return says_nothing(folded) or (family_of(type_) == "person" and is_titled(form))


def says_nothing(folded: str) -> bool:
    """Whether a folded form is one letter or a number of up to three digits: it would stand in every text."""
    letters = folded.replace(" ", "")
    return (len(letters) < 2 and not fold.is_solo(ord(letters[:1] or " "))) or (letters.isdigit() and len(letters) < 4)


def is_proper(alias: Alias, folded: str, key: int, silent: bool) -> bool:
    """Alias, its folded form with the hash of that, and whether it is silent -> whether one word in lower case can never be it.

    That is what `forms.closeness` says of a name in capitals that is an ordinary word too: `Of` and `Reading`.
    """
    if alias.kind == "demonym":  # it is no mention either, but tells where people are from
        return False
    if silent:
        return True
    return alias.form[:1].isupper() and alias.form.isalnum() and (alias.case or len(folded) < 4 or words.is_ordinary(key))


def bits_of(form: str) -> int:
    """Form -> its bits, SILENT and PROPER aside."""
    bits = sum(1 << place for place, char in enumerate(HARD_GAPS) if char in form) if _HARD_GAP.search(form) else 0
    bits |= BEGINS_UPPER if form[:1].isupper() else 0
    bits |= ALL_UPPER if form.isupper() else 0
    return bits | (SHORT if len(form) <= SHORT_FORM else 0)


@lru_cache(maxsize=4096)
def bare(form: str) -> str:
    """Form -> its letters and digits, dress and punctuation aside (`U.S.` and `US` are equal)."""
    return "".join(char for char in fold.clean(form) if char.isalnum())


def in_its_case(alias: Alias, written: str) -> bool:
    """Alias and a name that folds to it -> whether its case allows the match; what stands between the letters does not matter."""
    return not alias.case or bare(alias.form) == bare(written)


def bare_hash(letters: tokenizer.Letters, form: str) -> int:
    """Form -> 32-bit hash of its letters and digits."""
    return tokenizer.text_hash(letters, bare(form)) & 0xFFFFFFFF


def of(alias: Alias, type_: str, folded: str, letters: tokenizer.Letters) -> tuple[int, int, int, int]:
    """Alias, type of its entity, its folded form -> its values in the arrays of NAMES."""
    bare_form = bare_hash(letters, alias.form) if alias.case else 0
    silent = is_silent(alias.form, type_, folded)
    form, fold_ = tokenizer.text_hash(letters, alias.form), tokenizer.text_hash(letters, folded)
    bits = bits_of(alias.form) | (SILENT if silent else 0) | (PROPER if is_proper(alias, folded, fold_, silent) else 0)
    return form, fold_, bare_form, bits
