"""Lists and texts of any size for measuring, made from the parts of the shipped seeds: the same for everyone, and nobody's data.

Names are drawn from the words of the seeds' names as words occur in real lists, few of them often and most of them rarely, and
respelled now and then, so that the number of different words grows with the list.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache

from aliases import common, seeds
from aliases.entity import Alias, Entity
from aliases.romanize import romanize

SEED = 20_261_122
NAMES_PER_ENTITY = 4  # the canonical name and three spellings
LISTS = 20
_SOUNDS = (("q", "k"), ("k", "q"), ("u", "ou"), ("i", "y"), ("z", "s"), ("ee", "i"), ("dh", "d"), ("g", "gh"), ("v", "w"), ("a", "e"), ("t", "th"), ("j", "dj"))  # fmt: skip  # noqa: E501
_TAILS = ("", "", "a", "i", "an", "ov", "iya", "abad", "in", "ah", "er", "o")


@cache
def _words() -> tuple[str, ...]:
    """-> the distinct Latin words of the seeds' names, in the order in which they are met."""
    found: dict[str, None] = {}
    for entity in sorted(seeds.read(), key=lambda entity: entity.id):
        if entity.type in ("person", "place"):
            found.update((word, None) for word in romanize(entity.name).split() if len(word) > 2 and word.isalpha())
    return tuple(found)


def entities(names: int, *, changed: str = "") -> Iterator[Entity]:
    """How many names -> entities with so many, on LISTS lists, by id; those of the list `changed` have another spelling."""
    for number in range(names // NAMES_PER_ENTITY):
        on_list = f"list{number % LISTS:02}"
        chance = random.Random(SEED + number)  # noqa: S311 - a measurement is to be the same each time
        yield _entity(number, chance, on_list, changed=on_list == changed)


def _entity(number: int, chance: random.Random, on_list: str, *, changed: bool) -> Entity:
    person = chance.random() < 0.4
    words = [_word(chance) for _ in range(2 + (chance.random() < 0.3) if person else 1 + (chance.random() < 0.5))]
    spellings = [" ".join(respelled(word, chance) for word in words) for _ in range(NAMES_PER_ENTITY - 1)]
    if changed:
        spellings[0] += " II"
    name, *others = dict.fromkeys((" ".join(words).title(), *(spelling.title() for spelling in spellings)))
    kind = "person" if person else "place"
    return Entity(f"e{number:08}", kind, name, tuple(map(Alias, others)), (on_list,))  # type: ignore[arg-type]


def _word(chance: random.Random) -> str:
    """One of the words, the first of them most often, with an ending; one in five is made of two."""
    words = _words()
    word = words[int(len(words) * chance.random() ** 2)]
    if chance.random() < 0.2:
        word = word[: 2 + len(word) // 2] + words[int(len(words) * chance.random())][-4:]
    return word + chance.choice(_TAILS)


def respelled(word: str, chance: random.Random) -> str:
    """Word -> another spelling of its sounds."""
    old, new = chance.choice(_SOUNDS)
    if old in word:
        return word.replace(old, new, 1)
    place = chance.randrange(len(word))
    return word[:place] + word[place] + word[place:]


def queries(listed: Sequence[Entity], count: int) -> list[tuple[str, str]]:
    """Entities and how many questions -> names that nobody listed, each with the id of the entity that is meant."""
    chance = random.Random(SEED)  # noqa: S311
    chosen = [chance.choice(listed) for _ in range(count)]
    return [(" ".join(respelled(word, chance) for word in entity.name.lower().split()).title(), entity.id) for entity in chosen]


def adversarial() -> dict[str, str]:
    """-> names that are made to be slow: as long as is allowed, of marks, of one letter, of the commonest words."""
    words = _words()
    return {
        "longest": " ".join(words)[:512],
        "one long word": "abcdefghijklmnopqrstuvwxyz" * 19,
        "one letter": "a" * 512,
        "letters": "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 9,
        "marks": "a" + "\u0301\u0323" * 255,
        "common words": " ".join(words[:60]),
        "commonest word": words[0],
        "Han": "北京市海淀区" * 80,
        "Arabic": "عبد الرحمن محمد " * 30,
    }


def text(listed: Sequence[Entity], characters: int) -> tuple[str, int]:
    """Entities and a length -> a text in which one word in about fifteen is a listed name, and how many stand in it."""
    chance = random.Random(SEED)  # noqa: S311
    filler = sorted(common.common_words())
    pieces: list[str] = []
    size = count = 0
    while size < characters:
        if chance.random() < 1 / 15:
            piece = chance.choice(listed).name
            count += 1
        else:
            piece = chance.choice(filler)
        pieces.append(piece + (". " if chance.random() < 0.08 else " "))
        size += len(pieces[-1])
    return "".join(pieces), count
