"""More examples from the list itself: a listed name is asked as if it were not listed.

One of several names of an entity is a known name in another spelling; the only name of an entity is an unknown name. They are
easier to come by than judged queries, and there are many, which is what a threshold at one false answer in a hundred needs.
"""

from __future__ import annotations

import random
from array import array
from collections import Counter
from typing import TYPE_CHECKING, Any

from aliases.keys import skeleton
from resolver import rank
from resolver.features import PLACE, Rarity
from resolver.prepare import family_of, prepare
from resolver.retrieve import FamilyIndex

if TYPE_CHECKING:
    from fit.data_set import Names

KIND = "left-out"
MOST_KNOWN, MOST_UNKNOWN = 9_000, 11_000
_CROWD = PLACE["right_crowd"]


def queries(names: Names, family: str) -> list[dict[str, Any]]:
    """Names and a family -> queries in the shape of the judged ones, of kind KIND."""
    chance = random.Random(3)
    known, unknown = [], []
    crowd = Counter(key for entity, forms in zip(names.entities, names.forms, strict=True) for key in {_key(f, entity) for f in forms})
    for number, entity in enumerate(names.entities):
        if family_of(entity["type"]) != family:
            continue
        forms = names.forms[number]
        base = {"type": entity["type"], "kind": KIND, "sub": "", "script": "", "number": number}
        if len(forms) == 1:
            if crowd[_key(forms[0], entity)] == 1:
                unknown.append({**base, "query": forms[0], "accept": [], "group": entity["id"]})
            continue
        for form in chance.sample(forms, min(2, len(forms))):
            others = {_plain(other, family) for other in forms if other != form}
            if _plain(form, family) not in others or chance.random() < 0.15:
                known.append({**base, "query": form, "accept": [entity["id"]], "group": entity["id"]})
    chance.shuffle(known)
    chance.shuffle(unknown)
    return known[:MOST_KNOWN] + unknown[:MOST_UNKNOWN]


def _plain(form: str, family: str) -> str:
    return " ".join(sorted(prepare(form, family)[0].words)) if prepare(form, family) else ""


def _key(form: str, entity: dict[str, Any]) -> str:
    family = family_of(entity["type"])
    found = prepare(form, family)
    return family + " ".join(sorted(skeleton(word) for word in found[0].words)) if found else ""


class _Less(Rarity):
    """Rarity as it would be without one of the names."""

    def __init__(self, base: Rarity, words: set[str]) -> None:
        super().__init__(base._here, base._at_large)
        self._less = words
        self._bones = {skeleton(word) for word in words}

    def _names(self, word: str, key: str) -> int:
        return super()._names(word, key) - (word in self._less) - (key in self._bones)


def consider(names: Names, index: FamilyIndex, query: dict[str, Any]) -> rank.Considered:
    """Query that is listed -> what it is compared with when its own row, and every row of the same form, is left out."""
    number, form = query["number"], query["query"]
    words = {word for prepared in prepare(form, index.family) for word in prepared.words}
    found = rank.consider(index, form, rarity=_Less(index.rarity, words))
    alone = not query["accept"]
    key = _key(form, names.entities[number])
    kept = []
    numbers = found.numbers
    for place, row in enumerate(found.rows):
        owner = names.owner[index.row_alias[row]]
        other = names.form_of[index.row_alias[row]]
        if owner == number and (alone or other == form):
            continue
        if alone and owner != number and names.entities[owner]["source"] != names.entities[number]["source"]:
            continue  # two lists hold the same people: that is no unknown name
        if not alone and _key(other, names.entities[owner]) == key:
            numbers[place * rank.WIDTH + _CROWD] = max(0.0, numbers[place * rank.WIDTH + _CROWD] - 1)
        kept.append(place)
    rows = array("I", (found.rows[place] for place in kept))
    cosines = array("f", (found.cosines[place] for place in kept))
    few = array("f")
    for place in kept:
        few.extend(numbers[place * rank.WIDTH : (place + 1) * rank.WIDTH])
    return rank.Considered(rows, few, cosines)
