"""Listed names -> queries made of them that judged queries hold too few of: slips of the hand, and names that borrow a word.

Slips (a letter swapped, lost, doubled, mistyped; a last letter cut off; an initial; a word lost from the middle) still mean the
entity. A listed name with its last word exchanged, or one word of it alone, means nobody. They are fitted on and never measured.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from aliases.fold import fold_name
from resolver.prepare import family_of

TRUE, FALSE = "made-up", "made-up"  # kind of the one, sub of the other
MANY = 120  # queries of each kind in one family
MIN_LETTERS = 7  # of a name that is slipped in
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEXT_KEY = {key: row[at - 1] if at else row[1] for row in _KEYS for at, key in enumerate(row)}
_PEOPLE = ("person",)
Rule = Callable[[str, random.Random], str]


def _letters(name: str) -> list[int]:
    return [at for at, char in enumerate(name) if char.isalpha()]


def _swapped(name: str, chance: random.Random) -> str:
    at = [k for k in _letters(name)[:-1] if name[k + 1].isalpha() and name[k] != name[k + 1]]
    k = chance.choice(at) if at else 0
    return name[:k] + name[k + 1 : k + 2] + name[k : k + 1] + name[k + 2 :]


def _lost(name: str, chance: random.Random) -> str:
    k = chance.choice(_letters(name)[1:])
    return name[:k] + name[k + 1 :]


def _doubled(name: str, chance: random.Random) -> str:
    k = chance.choice(_letters(name))
    return name[:k] + name[k] + name[k:]


def _mistyped(name: str, chance: random.Random) -> str:
    k = chance.choice(_letters(name))
    return name[:k] + _NEXT_KEY.get(name[k].lower(), name[k]) + name[k + 1 :]


def _cut(name: str, _chance: random.Random) -> str:
    return name[:-1]


def _initialled(name: str, _chance: random.Random) -> str:
    words = name.split()
    return " ".join([words[0][0] + ".", *words[1:]]) if len(words) > 1 else name


def _shortened(name: str, chance: random.Random) -> str:
    words = name.split()
    if len(words) < 3:
        return name
    k = chance.randrange(1, len(words) - 1)
    return " ".join(words[:k] + words[k + 1 :])


SLIPS: tuple[Rule, ...] = (_swapped, _lost, _doubled, _mistyped, _cut, _shortened)


def queries(entities: Sequence[dict[str, Any]], family: str) -> list[dict[str, Any]]:
    """Entities and a family -> made-up queries, the same in every run."""
    chance = random.Random(f"made up {family}")
    forms = [
        (e["id"], e["type"], form) for e in entities if family_of(e["type"]) == family for form in [e["name"], *e["aliases"]]
    ]
    owners: dict[str, set[str]] = {}
    for entity_id, _, form in forms:
        owners.setdefault(fold_name(form), set()).add(entity_id)
    long = [row for row in forms if len(_letters(row[2])) >= MIN_LETTERS]
    rules = (*SLIPS, _initialled) if family in _PEOPLE else SLIPS
    made = [_true(rule, chance.choice(long), chance, owners) for rule in rules for _ in range(MANY)]
    several = [row for row in forms if len(row[2].split()) > 1]
    words = [word for row in several for word in row[2].split()[1:]]
    for _ in range(3 * MANY):
        _, type_, form = chance.choice(several)
        parts = form.split()
        made.append(_false(" ".join([*parts[:-1], chance.choice(words)]), type_, owners))
        if family != "place":  # of places a shorter name is as often right
            made.append(_false(chance.choice(parts), type_, owners))
    return [query for query in made if query]


def _true(rule: Rule, row: tuple[str, str, str], chance: random.Random, owners: dict[str, set[str]]) -> dict[str, Any]:
    entity_id, type_, form = row
    text = rule(form, chance)
    if not fold_name(text) or fold_name(text) in owners:
        return {}
    accept = [entity_id, *sorted(owners[fold_name(form)] - {entity_id})]
    return {"query": text, "type": type_, "kind": TRUE, "expect": entity_id, "accept": accept, "script": ""}


def _false(text: str, type_: str, owners: dict[str, set[str]]) -> dict[str, Any]:
    if len(_letters(text)) < 3 or fold_name(text) in owners:
        return {}
    return {"query": text, "type": type_, "kind": "negative", "sub": FALSE, "expect": None, "accept": [], "script": ""}
