"""A name and the listed form that it was compared with -> the most that such a match can score, however alike the rest is.

What the fitted trees cannot see, since they compare letters: that a word is not written as an acronym, or that it is an ordinary word
and no name. Each ceiling lies below the shipped operating points, so that the match is still considered but not answered unasked.
"""

from __future__ import annotations

from collections.abc import Sequence

from aliases.common import is_english_word
from aliases.fold import clean, fold_name
from resolver.features import PLACE, Rarity
from resolver.prepare import prepare

# One word asked of several listed: of judged names whose best answer is such, about half are right for persons and fewer for others,
# however rare the word. A place without the wider place that one of the two names is in: many places share a name.
ONE_OF_SEVERAL, WITHOUT_WIDER = 0.5, 0.9
# Initials that tie a name to a listed acronym of two or three letters, or a word that is not written as an acronym is (`East`) to the
# initials of a listed name: of dictionary words of three letters, one in seven is the initials of one of the 2,066 seed entities.
BY_INITIALS = 0.5
MIN_SURE_ACRONYM = 4
# A number where the listed name has another (`Noor 2`, `Noor 1`): of the 13 judged names whose best answer is such, the six that were
# right are 3-80 for 380, a date of birth behind a name and the like.
OTHER_NUMBER = 0.5
# The listed name and behind it an everyday word that no name of its kind holds (`Islamic Pancake`): something else is meant.
WORD_BEHIND = 0.5
MIN_WORD = 3
WORST_MATCH = 0.5  # share of a word's length in edits, beyond which it is hardly matched at all


def ceiling(name: str, form: str, numbers: Sequence[float], family: str, rarity: Rarity) -> float:
    """Name, listed form, the numbers of the pair (`features.NAMES`), its family and how rare words are there -> 0..1."""
    if numbers[PLACE["acronym"]]:
        return _of_acronym(name, form)
    if numbers[PLACE["numbers_over"]] > 1 and numbers[PLACE["left_over_words"]] and numbers[PLACE["right_over_words"]]:
        return OTHER_NUMBER
    if numbers[PLACE["left_words"]] == 1 and numbers[PLACE["right_over_words"]]:
        return ONE_OF_SEVERAL
    hardly = numbers[PLACE["left_end_over"]] or numbers[PLACE["worst_share"]] > WORST_MATCH
    if hardly and ends_in_ordinary_word(name, family, rarity):
        return WORD_BEHIND
    return WITHOUT_WIDER if family == "place" and numbers[PLACE["legal_missing"]] else 1.0


def _of_acronym(name: str, form: str) -> float:
    """Name and the form that initials tie it to; one of them is the acronym."""
    alone = " " not in name.strip()
    acronym = clean(name if alone else form)
    return 1.0 if acronym.isupper() and (alone or len(acronym) >= MIN_SURE_ACRONYM) else BY_INITIALS


def ends_in_ordinary_word(name: str, family: str, rarity: Rarity) -> bool:
    """Name of several words -> whether its last is an everyday English one, part of the name, that no name of the family holds."""
    before, _, last = fold_name(name).rpartition(" ")
    if len(last) < MIN_WORD or not before or not is_english_word(last) or rarity.holds(last):
        return False
    return any(last == prepared.words[-1] for prepared in prepare(name, family))
