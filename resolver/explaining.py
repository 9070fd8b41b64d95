"""A mention -> why it is one, in a sentence that a person reads and in numbers that can be drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from aliases.entity import Alias, Entity
from resolver import score
from resolver.match import Mention, Reason

_HOW = {
    "exact": "This is how the list writes it.",
    "folded": "The list writes it so, but for case, marks or punctuation.",
    "acronym": "These are the letters that the list has for it.",
    "variant": "A form of a listed name.",
    "fuzzy": "Not on the list: another spelling of a listed name.",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One reason with its strength."""

    text: str
    strength: float | None  # 0 speaks against, 1 for it; None where there is nothing to draw


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a surface form was taken for an entity."""

    sentence: str
    bars: tuple[Bar, ...]
    alias: Alias  # the form of the list that it was held against


def explanation(found: Mention) -> Explanation:
    """Mention -> why."""
    alias = listed_form(found.entity, found.matched)
    if found.kind in ("exact", "folded", "acronym"):
        return Explanation(_HOW[found.kind], (), alias)
    reasons = _compared(" ".join(found.surface.split()), found.matched, found.entity.type)
    texts = [reason.text for reason in reasons]
    sentence = " ".join([_HOW[found.kind], _sentence(texts)]).strip()
    return Explanation(sentence, bars(reasons), alias)


def listed_form(entity: Entity, form: str) -> Alias:
    """Entity and one of its forms -> the Alias with its source; the first where several sources have it."""
    return next((alias for alias in entity.surface_forms() if alias.form == form), Alias(form))


def bars(reasons: Sequence[Reason]) -> tuple[Bar, ...]:
    """Reasons -> the same to be drawn."""
    return tuple(Bar(reason.text, _strength(reason)) for reason in reasons)


def _strength(reason: Reason) -> float | None:
    if reason.feature == "words_matched":
        return min(1.0, reason.value / _words_asked(reason.text, reason.value))
    if reason.feature == "spelling_distance":
        return round(math.exp(-1.5 * reason.value), 3)  # a distance of 0.25, where "close" ends, is two thirds of the bar
    if reason.feature == "rarest_word":
        return round(min(1.0, reason.value / 10), 3)  # e^10: a word that one name in 22,000 has settles it
    if reason.feature.startswith("same_") or reason.feature == "acronym":
        return 1.0
    return None


def _words_asked(text: str, matched: float) -> float:
    """`2 of 3 words asked match ...` -> 3."""
    words = text.split()
    return float(words[2]) if len(words) > 2 and words[1] == "of" and words[2].isdigit() else max(matched, 1.0)


def _sentence(texts: Sequence[str]) -> str:
    if not texts:
        return ""
    whole = "; ".join(texts)
    return f"{whole[0].upper()}{whole[1:]}."


@lru_cache(maxsize=4096)
def _compared(surface: str, form: str, type_: str) -> tuple[Reason, ...]:
    return score.compare(surface[:512], form[:512], type=type_).reasons
