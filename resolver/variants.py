"""Spellings on no list: consonant skeletons of a text's words -> listed forms with the same skeletons, and what the match costs.

The trie of skeletons is walked from every word that can begin a name (capitalised, or of a script without case). A skeleton is
shared by unrelated names, so each proposal carries the learned cost of turning its letters into those of the form; the mention
model decides. Forms are also entered in short: persons by their last name, organizations by their initials.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aliases.entity import Alias
from aliases.keys import skeleton, symbols
from aliases.romanize import ORIGINS, origin_of, romanize
from resolver import align, scan, tokens, trie
from resolver.fitted import weights
from resolver.prepare import ARTICLES, family_of, prepare

# How a form was entered (the three low bits of a posting), and what is found by the rest of the document (COREFERENCE).
WHOLE, SURNAME, INITIALS, TURNED, ENDS, HEAD, COREFERENCE = 0, 1, 2, 3, 4, 5, 6
MAX_POSTINGS = 64  # of one node that are verified; fuller nodes are skeletons too common to say anything
MAX_COST = 0.8  # of any word, as a share of its length; costlier ones were hardly ever right among the fitted documents
MAX_WORDS = 6
TITLES = frozenset("president prime general gen sheikh ayatollah colonel dr king".split())
MAX_SHORTENED = 8  # letters of a skeleton; longer ones rarely differ in one letter only
MAX_SKIPPED = 1  # words of a text that a form may lack (a middle name)
# Words of names that a text may leave out or put in.
PASSED_OVER = frozenset("and of the for in de la le du des van von der den bin ibn bint y e i und et".split())
MIN_LETTERS = 4  # of a word that may begin or be a proposal by itself
_PREFIX = "variant_"

# Consonants that the case endings of Slavic languages add to a stem, romanized; longest first.
_ENDINGS = ("ami", "yami", "iami", "ogo", "ego", "omu", "emu", "ach", "akh", "yakh", "ech", "ych", "ykh", "ikh", "om", "em", "am", "ym", "im", "yam")  # fmt: skip  # noqa: E501


@dataclass(frozen=True, slots=True)
class Proposal:
    """A span that may be a spelling of a listed form."""

    start: int
    end: int
    alias: int
    entered: int  # WHOLE, SURNAME, INITIALS, TURNED
    mean_cost: float  # of its words, each as a share of its length
    worst_cost: float
    words: int
    skeleton: int  # letters of all skeletons: how much the agreement says
    ending: bool  # a case ending was taken off


@dataclass(frozen=True, slots=True)
class _Word:
    """One way to read a token: where its name begins within it, its Latin letters, and the hash of its skeleton."""

    shift: int
    latin: str
    key: int
    origin: int
    ending: bool


_Token = tuple[int, int, int, int, int]  # of `scan.tokenize`
_Path = tuple[int, list[_Word], int]  # node, words on the way to it, how many of the text's words were left out
_SKIPPED = _Word(0, "", 0, 0, ending=False)


@lru_cache(maxsize=1 << 16)
def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") | 1


def build(aliases: Sequence[tuple[int, Alias, str]]) -> dict[str, array[int]]:
    """(entity number, alias, entity type) in the order of the alias numbers -> the arrays that Variants reads."""
    collected = trie.Trie()
    for number, (_, alias, type_) in enumerate(aliases):
        if alias.case or alias.kind in ("acronym", "demonym"):
            continue
        family = family_of(type_)
        words = _form_words(alias.form, family)
        if family == "person" and is_titled(alias.form):
            continue
        if not words or len(words) > MAX_WORDS or (len(words) == 1 and len(words[0]) < MIN_LETTERS):
            continue
        for entered, chosen in _entries(words, family, weak=alias.kind == "weak"):
            collected.add([_key(skeleton(word)) for word in chosen], number << 3 | entered)
        if len(words) == 1:
            for key in _shortened(skeleton(words[0])):
                collected.add([_key(key)], number << 3 | WHOLE)
        if family == "organization":
            for initials in {
                form for prepared in prepare(alias.form, family) for form in prepared.initials if 3 <= len(form) <= 6
            }:
                collected.add([_key(f"={initials}")], number << 3 | INITIALS)
    return collected.arrays(_PREFIX)


def _entries(words: tuple[str, ...], family: str, *, weak: bool) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Words of a form -> the ways in which a text may give them: whole, and persons' also in other orders and in part."""
    yield WHOLE, words
    if family != "person" or len(words) < 2 or weak:
        return
    if len(words[-1]) >= MIN_LETTERS:
        yield SURNAME, words[-1:]
    yield TURNED, (words[-1], *words[:-1])
    if len(words) > 2:
        yield ENDS, (words[0], words[-1])
        yield HEAD, words[:2]


def _shortened(key: str) -> Iterator[str]:
    """Skeleton of a one-word form -> it with each one letter left out: where two of them meet, one letter differs."""
    if 4 <= len(key) <= MAX_SHORTENED:
        yield from {f"~{key}"} | {f"~{key[:at]}{key[at + 1 :]}" for at in range(1, len(key))}


def is_titled(form: str) -> bool:
    """Form of a person's name -> whether it begins with a title, which is no part of a mention (`President Assad`)."""
    first, _, rest = form.partition(" ")
    return bool(rest) and first.lower().rstrip(".") in TITLES


@lru_cache(maxsize=1 << 16)
def _form_words(form: str, family: str) -> tuple[str, ...]:
    """Form -> its Latin words without articles, particles, and an organization's legal forms."""
    if family == "organization":
        prepared = prepare(form, family)
        words: Sequence[str] = prepared[0].words if prepared else ()
    else:
        words = _latin_words(form)
    kept = tuple(word for word in words if word not in PASSED_OVER)
    return kept or tuple(words)


@lru_cache(maxsize=1 << 16)
def _latin_words(form: str) -> tuple[str, ...]:
    words = romanize(form).split()
    return tuple(word for at, word in enumerate(words) if word not in ARTICLES or at + 1 == len(words))


class Variants:
    """Proposes unlisted spellings of the forms of one index."""

    def __init__(self, arrays: Mapping[str, memoryview], alias: Callable[[int], Alias], family: Callable[[int], str]) -> None:
        self._reader = trie.automaton(arrays)
        self._automaton = trie.automaton(arrays, _PREFIX)
        self._posting_at, self._postings = arrays[_PREFIX + "posting_at"], arrays[_PREFIX + "postings"]
        self._alias, self._family = alias, family
        self._costs = weights().costs
        self._readings = lru_cache(maxsize=1 << 17)(_readings)
        self._cost = lru_cache(maxsize=1 << 17)(self._word_cost)

    def propose(self, text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Proposal]:
        """Undisguised text and the spans of listed forms in it, by start -> proposals outside of these spans."""
        found = scan.tokenize(self._reader, text)
        covered = _Covered(taken)
        for at, (start, end, _, flags, _) in enumerate(found):
            if flags & (tokens.TOKEN_LOWER | tokens.TOKEN_SOLO | tokens.TOKEN_ARTICLE) or end - start < 3:
                continue
            for word in self._readings(text[start:end]):
                yield from self._walk(text, found, at, word, covered)

    def _walk(self, text: str, found: Sequence[_Token], at: int, first: _Word, covered: _Covered) -> Iterator[Proposal]:
        """Every listed sequence of skeletons that begins with this reading of token `at`."""
        start = found[at][0] + first.shift
        paths = [(scan.step(self._automaton, 0, first.key), [first], 0)]
        while paths:
            end = found[at][1]
            if not covered.covers(start, end):
                for node, words, skipped in paths:
                    if node and words[-1] is not _SKIPPED:
                        kept = [word for word in words if word is not _SKIPPED]
                        yield from self._verified(node, kept, start, end, persons=bool(skipped))
            at = self._next_word(text, found, at)
            if at == len(found):
                return
            paths = list(self._longer(paths, text[found[at][0] : found[at][1]], lower=bool(found[at][3] & tokens.TOKEN_LOWER)))

    def _longer(self, paths: Sequence[_Path], surface: str, *, lower: bool) -> Iterator[_Path]:
        """Paths and the next word -> the paths that go on with it, and those that leave it out as a middle name."""
        nexts = [word for word in self._readings(surface) if word.shift == 0]
        for node, words, skipped in paths:
            if not node or len(words) >= MAX_WORDS:
                continue
            for word in nexts:
                child = scan.step(self._automaton, node, word.key)
                if child:
                    yield child, [*words, word], skipped
            if len(words) == 1 and skipped < MAX_SKIPPED and not lower:
                yield node, [*words, _SKIPPED], skipped + 1

    def _next_word(self, text: str, found: Sequence[_Token], at: int) -> int:
        """Place of a token -> place of the next word of a name, or the number of tokens when a name cannot go on so far."""
        for place in range(at + 1, len(found)):
            start, end, gap, flags, _ = found[place]
            if gap & (tokens.GAP_HARD | tokens.GAP_PARAGRAPH):
                break
            if not flags & tokens.TOKEN_ARTICLE and text[start:end].lower() not in PASSED_OVER:
                return place
        return len(found)

    def _verified(self, node: int, words: Sequence[_Word], start: int, end: int, *, persons: bool) -> Iterator[Proposal]:
        """Node and the words on the way to it -> proposals; `persons` only, where a middle name was left out."""
        first, last = self._posting_at[node], self._posting_at[node + 1]
        if last - first > MAX_POSTINGS:
            return
        for posting in self._postings[first:last]:
            number, entered = posting >> 3, posting & 7
            if persons and self._family(number) != "person":
                continue
            form = _entered_words(_form_words(self._alias(number).form, self._family(number)), entered)
            if entered == INITIALS:
                yield Proposal(start, end, number, entered, 0.0, 0.0, 1, len(words[0].latin), ending=False)
                continue
            if len(form) != len(words):
                continue  # two skeletons of one hash
            costs = [self._cost(word.latin, other, word.origin) for word, other in zip(words, form, strict=True)]
            if max(costs) <= MAX_COST:
                size = sum(len(skeleton(word.latin)) for word in words)
                ending = any(word.ending for word in words)
                yield Proposal(start, end, number, entered, sum(costs) / len(costs), max(costs), len(words), size, ending)

    def _word_cost(self, word: str, other: str, origin: int) -> float:
        """Latin letters of a text's word and of a form's -> cost of the edits between them as a share of their length."""
        a, b = symbols(word), symbols(other)
        return float(align.word_distance(self._costs, a, b, origin)) / (1 + 0.5 * (len(a) + len(b)))


def _entered_words(words: tuple[str, ...], entered: int) -> tuple[str, ...]:
    if entered == SURNAME:
        return words[-1:]
    if entered == TURNED:
        return (words[-1], *words[:-1])
    if entered == ENDS:
        return (words[0], words[-1])
    return words[:2] if entered == HEAD else words


class _Covered:
    """Spans of listed forms, asked in order of the start of the question."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._reach: list[tuple[int, int]] = []
        for start, end in spans:
            if not self._reach or end > self._reach[-1][1]:
                self._reach.append((start, end))
        self._at = 0

    def covers(self, start: int, end: int) -> bool:
        """Span -> whether one listed form covers all of it."""
        while self._at + 1 < len(self._reach) and self._reach[self._at][1] <= start:
            self._at += 1
        return any(s <= start and end <= e for s, e in self._reach[max(0, self._at - 1) : self._at + 3])


def _readings(surface: str) -> tuple[_Word, ...]:
    """Token -> the ways to read it: as it stands, without Arabic proclitics, without a Slavic case ending, as initials."""
    origin = ORIGINS.index(origin_of(surface))
    made = [_word(surface, 0, origin)]
    if ORIGINS[origin] == "Arab":
        made += (_word(surface[cut:], cut, origin) for cut in _proclitics(surface))
    latin = made[0].latin if made[0] else ""
    ending = next((end for end in _ENDINGS if latin.endswith(end) and len(latin) - len(end) >= MIN_LETTERS), "")
    if ending and (ORIGINS[origin] == "Cyrl" or surface.isascii() or origin == 0):
        stem = latin[: -len(ending)]
        made.append(_Word(0, stem, _key(skeleton(stem)), origin, ending=True))
    if surface.isupper() and 3 <= len(surface) <= 6:
        made.append(_Word(0, latin, _key(f"={latin}"), origin, ending=False))
    if latin and made[0]:
        made += (_Word(0, latin, _key(key), origin, ending=False) for key in _shortened(skeleton(latin)))
    distinct = {(word.shift, word.key): word for word in made if word}
    return tuple(distinct.values())


def _word(surface: str, shift: int, origin: int) -> _Word | None:
    words = _latin_words(surface)
    latin = "".join(words)
    if len(latin) < 3:
        return None
    return _Word(shift, latin, _key(skeleton(latin)), origin, ending=False)


def _proclitics(surface: str) -> Iterator[int]:
    """Token of Arabic script -> how many letters its proclitics may take: wa- or fa-, then bi-, ka- or li-."""
    cut = 0
    for allowed in ("وف", "بكل"):
        if len(surface) - cut >= 5 and surface[cut] in allowed:
            cut += 1
            yield cut
