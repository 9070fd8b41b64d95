"""Two names -> the probability that they name one entity, and why. One definition for look-ups, comparisons and mentions."""

from __future__ import annotations

import functools
import math
from array import array
from collections.abc import Sequence

from aliases import keys, romanize
from aliases.entity import AliasKind
from aliases.fold import clean, fold_name
from resolver import align, prepare
from resolver.features import PLACE, Counts, Rarity, name_of
from resolver.fitted import Model, at_large, weights
from resolver.match import Comparison, MatchKind, Reason
from resolver.prepare import Prepared, family_of
from resolver.rank import pair_odds

# What the rows of an index were made with; an index of another version is refused.
VERSION = f"{romanize.VERSION}.{keys.VERSION}.{prepare.VERSION}.{romanize.last_resort()}"

EXACT, FOLDED = 0.99, 0.985  # a listed name, and one that differs in case, marks or punctuation only; fitted scores end at 0.97
SAME_LETTERS = 0.975  # the same letters, the words cut otherwise, or the same words in another order
# A listed name once digits are read as letters, two letters are swapped back or a title is taken off: of names of nine letters and
# more that are one such slip from a listed one, 98 in 100 mean it.
RESPELLED = 0.965
MENDED = {
    "unmasked": Reason(
        "unmasked", 1.0, "the listed name, once digits, signs and look-alike letters are read as the letters meant"
    ),
    "unslipped": Reason("unslipped", 1.0, "the listed name, once one pair of letters is put right"),
    "untitled": Reason("untitled", 1.0, "the listed name, once the title in front is taken off"),
}
LISTED = Reason("listed", 1.0, "a list gives both names to one entity")
MOST_FITTED = 0.97  # where the fitted curves end: another spelling is never as sure as the listed one
# What a match of a form is worth, by its kind: log odds added to what the spelling says.
KIND_ODDS: dict[AliasKind, float] = {"weak": -1.5, "demonym": -2.0}
# The same form, word for word: the most that such a match can score.
KIND_LIMIT: dict[AliasKind, float] = {"weak": 0.6, "demonym": 0.5}


def model_of(family: str) -> Model:
    """Family -> what was fitted for it."""
    return weights().models[family]


@functools.cache
def rarity_at_large(family: str) -> Rarity:
    """Family -> how rare words are in names of its kind, where there is no index to count them in."""
    return Rarity(Counts(), at_large(family))


def pair_numbers(left: Prepared, right: Prepared, rarity: Rarity) -> array[float]:
    """Two prepared names -> the numbers of `features.NAMES`."""
    numbers = array("f", bytes(4 * align.WIDTH))
    one, two = name_of(left, rarity), name_of(right, rarity)
    known, only = weights(), memoryview(array("I", [0]))
    align.compare_rows(one.table, 0, two.table, only, 1, known.costs, known.contrast, memoryview(numbers))
    tie = acronym_of(left, right)
    if tie:
        numbers[PLACE["acronym"]] = tie
        numbers[PLACE["acronym_rivals"]] = math.log1p(1)
    return numbers


def acronym_of(left: Prepared, right: Prepared) -> int:
    """Two names -> length of the acronym when one is that of the other, else 0."""
    ways = [name.acronym for name, other in ((left, right), (right, left)) if name.acronym and name.acronym in other.initials]
    return max(map(len, ways), default=0)


def pair_probability(family: str, odds: float) -> float:
    """Family and log odds of a pair alone -> probability that both names are of one entity."""
    start, slope = model_of(family).pair_line
    return min(MOST_FITTED, 1 / (1 + math.exp(-max(-40.0, start + slope * odds))))


def exact_probability(kind: AliasKind, *, same: bool) -> float:
    """Kind of a listed form that a name folds to, and whether it is the same letter for letter -> probability."""
    return min(EXACT if same else FOLDED, KIND_LIMIT.get(kind, 1.0))


def compare(a: str, b: str, *, type: str | None = None) -> Comparison:
    """Two names -> how likely it is that they mean one entity.

    Without a type, it is the mean log odds of what person, organization and place say (a logarithmic opinion pool), each by how
    likely the words make that type.
    """
    if fold_name(a) and fold_name(a) == fold_name(b):
        same = clean(a) == clean(b)
        return Comparison(exact_probability("name", same=same), (same_name_reason(same=same),))
    if type:
        return _compare(a, b, family_of(type))
    shares = type_shares((a, b))
    said = {family: _compare(a, b, family) for family in shares}
    if not any(comparison.score for comparison in said.values()):
        return Comparison(0.0)
    odds = sum(share * _log_odds(said[family].score) for family, share in shares.items())
    return Comparison(round(1 / (1 + math.exp(-odds)), 4), said[max(shares, key=shares.__getitem__)].reasons)


def _log_odds(score: float) -> float:
    """Score of a comparison, which has four digits -> its log odds."""
    kept = min(max(score, 5e-5), 1 - 5e-5)
    return math.log(kept / (1 - kept))


TYPES_AT_LARGE = ("organization", "person", "place")  # of these, words were counted in names at large
# What the skeleton of a word says of the type, against the word itself: of 0, 1/4, 1/2, 3/4 and 1 it is the share that made the types
# of 2,100 judged names likeliest (log loss .630 against .657 without skeletons and .719 with them taken for words).
SKELETON_SAYS = 0.25


def type_shares(names: Sequence[str]) -> dict[str, float]:
    """Names of one entity -> how likely it is of each type, by the words that names at large of each hold; together 1.

    A word that none of them holds counts by its skeleton, and one whose skeleton none has says nothing.
    """
    odds = dict.fromkeys(TYPES_AT_LARGE, 0.0)
    words = {word for name in names for family in odds for some in prepare.prepare(name, family)[:1] for word in some.words}
    for word in sorted(words):
        held, says = {family: at_large(family).word(word) for family in odds}, 1.0
        if not any(held.values()):
            held, says = {family: at_large(family).skeleton(keys.skeleton(word)) for family in odds}, SKELETON_SAYS
        if any(held.values()):
            for family, number in held.items():
                odds[family] += says * math.log((number + 0.5) / (at_large(family).total + 1))
    most = max(odds.values())
    weights = {family: math.exp(value - most) for family, value in odds.items()}
    return {family: weight / sum(weights.values()) for family, weight in weights.items()}


def _compare(a: str, b: str, family: str) -> Comparison:
    """Two names as ones of a family -> their best readings compared, the same in both directions."""
    best, best_numbers = -99.0, array("f", bytes(4 * align.WIDTH))
    rarity, model = rarity_at_large(family), model_of(family)
    for left in prepare.prepare(a, family):
        for right in prepare.prepare(b, family):
            there = pair_numbers(left, right, rarity)
            back = pair_numbers(right, left, rarity)
            odds = sum(pair_odds(model, there + back)) / 2
            if odds > best:
                best, best_numbers = odds, there
    if best == -99.0:
        return Comparison(0.0)
    return Comparison(round(pair_probability(family, best), 4), tuple(reasons_of(best_numbers, family)))


# ---------------------------------------------------------------- reasons


def same_name_reason(*, same: bool) -> Reason:
    """-> why an exact match was scored."""
    if same:
        return Reason("same_name", 1.0, "the listed name, letter for letter")
    return Reason("same_folded", 1.0, "the listed name but for case, marks and punctuation")


def same_letters_reason() -> Reason:
    """-> why a name was taken for the listed one although its words are cut or ordered otherwise."""
    return Reason("same_letters", 1.0, "the letters of the listed name, its words cut or ordered otherwise")


def reasons_of(numbers: Sequence[float], family: str) -> list[Reason]:
    """Numbers of a pair of names of a family -> the readable reasons behind its score, what speaks for it first."""
    matched, share = numbers[PLACE["matched_words"]], numbers[PLACE["ordered_share"]]
    words = (
        f"{matched:.0f} of {numbers[PLACE['left_words']]:.0f} words asked match one of {numbers[PLACE['right_words']]:.0f} listed"
    )
    found = [
        Reason("words_matched", matched, words),
        Reason("spelling_distance", round(share, 4), _spelling_text(share)),
    ]
    if value := numbers[PLACE["acronym"]]:
        found.insert(0, Reason("acronym", value, "one is written with the initials of the other"))
    if matched:
        rarest = numbers[PLACE["rarest_matched"]]
        found.append(Reason("rarest_word", round(rarest, 3), _rarity_text(rarest)))
    if value := numbers[PLACE["initials"]]:
        found.append(Reason("initials", value, f"{value:.0f} matched as an initial only"))
    if value := numbers[PLACE["out_of_order"]]:
        found.append(Reason("out_of_order", value, "the words stand in another order"))
    if value := numbers[PLACE["left_over_words"]]:
        found.append(Reason("query_words_left", value, f"{value:.0f} asked but not listed"))
    if value := numbers[PLACE["right_over_words"]]:
        found.append(Reason("listed_words_left", value, f"{value:.0f} listed but not asked"))
    if value := numbers[PLACE["numbers_over"]]:
        found.append(Reason("numbers_differ", value, "a number of one name is not in the other"))
    for feature, text in (("legal_same", "the legal form is the same"), ("legal_differs", "the legal forms differ")):
        if family == "organization" and (value := numbers[PLACE[feature]]):
            found.append(Reason(feature, value, text))
    return found


def _spelling_text(share: float) -> str:
    if share < 0.02:
        return "written alike"
    return "close spellings of the same sounds" if share < 0.25 else "the spellings differ"


def _rarity_text(rarity: float) -> str:
    return f"the rarest word that matches is in about one of {math.exp(rarity):,.0f} names"


def kind_of(numbers: Sequence[float]) -> MatchKind:
    """Numbers of a pair that is no exact match -> what kind of match it is."""
    if numbers[PLACE["acronym"]]:
        return "acronym"
    return "fuzzy" if numbers[PLACE["left_over_words"]] or numbers[PLACE["right_over_words"]] else "variant"
