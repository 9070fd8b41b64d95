"""A listed form -> the keys under which unlisted spellings of it are found: sequences of consonant skeletons, and pairs of them.

A form is entered whole, in the ways that texts shorten it (persons by their last name, organizations by their initials), joined
into one word, and by every two of its words in either order, so that what a text adds, leaves out or turns round does not hide
the rest. Keys retrieve, they never decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from aliases.entity import Alias
from aliases.keys import key_of, pair_key, shortened, skeleton, skeletons
from aliases.romanize import romanize
from resolver.prepare import ARTICLES, family_of, prepare

PREFIX = "variant_"
# How a form was entered (the low bits of a posting), and what is found by the rest of the document (COREFERENCE).
WHOLE, SURNAME, INITIALS, TURNED, ENDS, HEAD, COREFERENCE, PAIR, JOINED = 0, 1, 2, 3, 4, 5, 6, 7, 8
ENTERED_BITS = 4
MAX_WORDS = 6
MAX_PAIRED = 8  # words of a form that are paired: 28 pairs
MAX_FORM = 24  # words of a form that are looked at
MIN_LETTERS = 4  # of a word that may begin or be a proposal by itself
TITLES = frozenset("president prime general gen sheikh ayatollah colonel dr king".split())
# Words of names that a text may leave out or put in.
PASSED_OVER = frozenset("and of the for in de la le du des van von der den bin ibn bint y e i und et".split())


@lru_cache(maxsize=1 << 16)
def _word_keys(word: str) -> tuple[int, ...]:
    """Latin word -> the keys of its skeletons."""
    return tuple(map(key_of, skeletons(word)))


@lru_cache(maxsize=1 << 16)
def _alone(keys: tuple[str, ...]) -> tuple[tuple[int], ...]:
    """Skeletons of the only word of a form -> the sequences, of a key each, that it is entered under beside the first of them."""
    others = dict.fromkeys((*keys[1:], *(short for whole in keys for short in shortened(whole))))
    return tuple((key_of(key),) for key in others)


def is_titled(form: str) -> bool:
    """Form of a person's name -> whether it begins with a title, which is no part of a mention (`President Assad`)."""
    first, _, rest = form.partition(" ")
    return bool(rest) and first.lower().rstrip(".") in TITLES


@lru_cache(maxsize=1 << 16)
def form_words(form: str, family: str) -> tuple[str, ...]:
    """Form -> its Latin words without articles, particles, and an organization's legal forms."""
    if family == "organization":
        prepared = prepare(form, family)
        words: Sequence[str] = prepared[0].words if prepared else ()
    else:
        words = latin_words(form)
    kept = tuple(word for word in words if word not in PASSED_OVER)
    return kept or tuple(words)


@lru_cache(maxsize=1 << 16)
def latin_words(form: str) -> tuple[str, ...]:
    """Form -> its words in Latin letters without articles; one at the end is a word."""
    words = romanize(form).split()
    return tuple(word for at, word in enumerate(words) if word not in ARTICLES or at + 1 == len(words))


def entered_words(words: tuple[str, ...], entered: int) -> tuple[str, ...]:
    """Words of a form and how it was entered -> the words that were entered."""
    if entered == SURNAME:
        return words[-1:]
    if entered == TURNED:
        return (words[-1], *words[:-1])
    if entered == ENDS:
        return (words[0], words[-1])
    if entered == JOINED:
        return ("".join(words),)
    return words[:2] if entered == HEAD else words


def entered_form(alias: Alias, type_: str) -> tuple[str, ...]:
    """Alias and type of its entity -> the words that it is entered by, () where unlisted spellings of it are not looked for."""
    family = family_of(type_)
    if alias.case or alias.kind in ("acronym", "demonym") or (family == "person" and is_titled(alias.form)):
        return ()
    return form_words(alias.form, family)[:MAX_FORM]


def sequences(number: int, alias: Alias, type_: str) -> Iterator[tuple[tuple[int, ...], int]]:
    """Alias number, alias and type of its entity -> sequences of keys, each with its posting (number and how it was entered)."""
    family, words = family_of(type_), entered_form(alias, type_)
    if not words:
        return
    posting = number << ENTERED_BITS
    for one, other in combinations(dict.fromkeys(words[:MAX_PAIRED]), 2):
        for key in sorted({pair_key(a, b) for a in _word_keys(one) for b in _word_keys(other)}):
            yield (key,), posting | PAIR
    if len(words) > MAX_WORDS or (len(words) == 1 and len(words[0]) < MIN_LETTERS):
        return
    for entered, chosen in _entries(words, family, weak=alias.kind == "weak"):
        yield tuple(key_of(skeleton(word)) for word in chosen), posting | entered
    if len(words) == 1:
        keys = skeletons(words[0])
        yield from ((key, posting | WHOLE) for key in _alone(keys))
    if family == "organization":
        found = {form for prepared in prepare(alias.form, family) for form in prepared.initials if 3 <= len(form) <= 6}
        for initials in sorted(found):
            yield (key_of(f"={initials}"),), posting | INITIALS


def _entries(words: tuple[str, ...], family: str, *, weak: bool) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Words of a form -> the ways in which a text may give them: whole, and persons' also in other orders and in part."""
    yield WHOLE, words
    if len(words) == 2 and sum(map(len, words)) > MIN_LETTERS:
        yield JOINED, entered_words(words, JOINED)
    if family != "person" or len(words) < 2 or weak:
        return
    if len(words[-1]) >= MIN_LETTERS:
        yield SURNAME, words[-1:]
    yield TURNED, (words[-1], *words[:-1])
    if len(words) > 2:
        yield ENDS, (words[0], words[-1])
        yield HEAD, words[:2]
