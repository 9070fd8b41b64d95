"""What `resolver.proposing` must propose, in the obvious way: Python objects, one dictionary for what was seen, no arrays."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aliases.entity import Alias
from aliases.keys import key_of, pair_key, shortened, skeleton, skeletons, symbols
from aliases.romanize import ORIGINS, origin_of
from resolver import edits, tokenizer, tokens, trie, walks
from resolver.entries import (
    ENTERED_BITS,
    INITIALS,
    MAX_WORDS,
    MIN_LETTERS,
    PAIR,
    PASSED_OVER,
    PREFIX,
    WHOLE,
    entered_words,
    form_words,
    latin_words,
)
from resolver.fitted import weights

MAX_POSTINGS = 128  # of one node that are verified; fuller nodes are skeletons too common to say anything
MAX_COST = 0.8  # of any word, as a share of its length; costlier ones were hardly ever right among the fitted documents
MAX_SKIPPED = 1  # words of a text that a form may lack (a middle name)
REACH = 3  # words that two words looked up together may be apart
MATCH_COST = 0.5  # of a word beside such a pair, to be taken for a word of the form
INITIAL_COST = 0.2  # of a letter that stands for a word
MIN_EXPLAINED = 0.4  # share of the letters of a form that a text must give
_ENTERED = (1 << ENTERED_BITS) - 1

# Consonants that the case endings of Slavic languages add to a stem, romanized; longest first.
_ENDINGS = ("ami", "yami", "iami", "ogo", "ego", "omu", "emu", "ach", "akh", "yakh", "ech", "ych", "ykh", "ikh", "om", "em", "am", "ym", "im", "yam")  # fmt: skip  # noqa: E501


@dataclass(frozen=True, slots=True)
class Proposal:
    """A span that may be a spelling of a listed form."""

    start: int
    end: int
    alias: int
    entered: int  # WHOLE, SURNAME, INITIALS, ...
    mean_cost: float  # of its words, each as a share of its length
    worst_cost: float
    words: int
    skeleton: int  # letters of all skeletons: how much the agreement says
    ending: bool  # a case ending was taken off
    form_left: float = 0.0  # share of the letters of the form that the text does not give
    text_left: int = 0  # words inside the span that the form has not


@dataclass(frozen=True, slots=True)
class _Word:
    """One way to read a token: where its name begins within it, its Latin letters, and the hash of its skeleton."""

    shift: int
    latin: str
    key: int
    origin: int
    ending: bool
    paired: bool = True  # whether its key may be one of a pair


@dataclass(frozen=True, slots=True)
class _Placed:
    """A word of a run of words that may be names."""

    start: int
    end: int
    readings: tuple[_Word, ...]


_Token = tuple[int, int, int, int, int]  # of `scan.tokenize`
_Path = tuple[int, list[_Word], int]  # node, words on the way to it, how many of the text's words were left out
_SKIPPED = _Word(0, "", 0, 0, ending=False)


class ObviousVariants:
    """Proposes unlisted spellings of the forms of one index."""

    def __init__(self, arrays: Mapping[str, memoryview], alias: Callable[[int], Alias], family: Callable[[int], str]) -> None:
        self._reader = trie.letters(arrays)
        self._automaton = trie.automaton(arrays, self._reader, PREFIX)
        self._posting_at, self._postings = arrays[PREFIX + "posting_at"], arrays[PREFIX + "postings"]
        self._alias, self._family = alias, family
        self._costs = weights().costs
        self._readings, self._cost = lru_cache(_readings), lru_cache(self._word_cost)

    def propose(self, text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Proposal]:
        """Undisguised text and the spans of listed forms in it, by start -> proposals outside of these spans."""
        found = tokenizer.tokens_of(self._reader, text)
        covered = _Covered(taken)
        yield from self._sequences(text, found, range(len(found)), covered)
        merged, places = _merged(text, found)
        if places:  # `Oktjabr'sk` is one word, `Afrin'e` a word and its ending: both ways are tried
            near = sorted({at for place in places for at in range(max(0, place - REACH), place + 1)})
            yield from self._sequences(text, merged, near, covered)
        for run in self._runs(text, merged):
            for at in range(len(run)):
                yield from self._paired(run, at, covered)

    # ------------------------------------------------------------ sequences of words

    def _sequences(self, text: str, found: Sequence[_Token], places: Iterable[int], covered: _Covered) -> Iterator[Proposal]:
        """Tokens and the places of some -> proposals that begin at these."""
        for at in places:
            start, end, _, flags, _ = found[at]
            if flags & (tokens.TOKEN_LOWER | tokens.TOKEN_SOLO | tokens.TOKEN_ARTICLE) or end - start < 3:
                continue
            for word in self._readings(text[start:end]):
                yield from self._walk(text, found, at, word, covered)

    def _walk(self, text: str, found: Sequence[_Token], at: int, first: _Word, covered: _Covered) -> Iterator[Proposal]:
        """Every listed sequence of skeletons that begins with this reading of token `at`."""
        start = found[at][0] + first.shift
        paths = [(walks.step(self._automaton, 0, first.key), [first], 0)]
        while paths:
            end = found[at][1]
            if not covered.covers(start, end):
                for node, words, skipped in paths:
                    if node and words[-1] is not _SKIPPED:
                        kept = [word for word in words if word is not _SKIPPED]
                        yield from self._verified(node, kept, start, end, skipped=skipped)
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
                child = walks.step(self._automaton, node, word.key)
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

    def _verified(self, node: int, words: Sequence[_Word], start: int, end: int, *, skipped: int) -> Iterator[Proposal]:
        """Node and the words on the way to it -> proposals; of persons only, where a middle name was left out."""
        for number, entered in self._posted(node):
            if (skipped and self._family(number) != "person") or entered == PAIR:
                continue
            if entered == INITIALS:
                yield Proposal(start, end, number, entered, 0.0, 0.0, 1, len(words[0].latin), ending=False)
                continue
            whole = form_words(self._alias(number).form, self._family(number))
            form = entered_words(whole, entered)
            if len(form) != len(words):
                continue  # two skeletons of one hash
            costs = [self._cost(word.latin, other, word.origin) for word, other in zip(words, form, strict=True)]
            if max(costs) <= MAX_COST:
                yield self._proposal(start, end, number, entered, words, costs, _left(whole, form), skipped)

    def _posted(self, node: int) -> Iterator[tuple[int, int]]:
        """Node -> alias numbers, and how each was entered; nothing where there are too many."""
        first, last = self._posting_at[node], self._posting_at[node + 1]
        if last - first <= MAX_POSTINGS:
            for posting in self._postings[first:last]:
                yield posting >> ENTERED_BITS, posting & _ENTERED

    @staticmethod
    def _proposal(
        start: int,
        end: int,
        alias: int,
        entered: int,
        words: Sequence[_Word],
        costs: Sequence[float],
        form_left: float,
        text_left: int,
    ) -> Proposal:
        size = sum(len(skeleton(word.latin)) for word in words)
        mean, worst = sum(costs) / len(costs), max(costs)
        ending = any(word.ending for word in words)
        return Proposal(start, end, alias, entered, mean, worst, len(words), size, ending, form_left, text_left)

    def _word_cost(self, word: str, other: str, origin: int) -> float:
        """Latin letters of a text's word and of a form's -> cost of the edits between them as a share of their length."""
        a, b = symbols(word), symbols(other)
        return float(edits.word_distance(self._costs, a, b, origin)) / (1 + 0.5 * (len(a) + len(b)))

    # ------------------------------------------------------------ pairs of words

    def _runs(self, text: str, found: Sequence[_Token]) -> Iterator[list[_Placed]]:
        """Tokens -> runs of two and more words that may be one name: capitalised, or of a script without case."""
        run: list[_Placed] = []
        for start, end, gap, flags, _ in found:
            broken = gap & (tokens.GAP_HARD | tokens.GAP_PARAGRAPH) or flags & tokens.TOKEN_SOLO
            if gap & tokens.GAP_JOINER and text[start - 1] != "&" and text[start - 2 : start - 1] != "&":
                broken = True  # a comma or a slash
            if gap & tokens.GAP_PERIOD and run and run[-1].end - run[-1].start > MIN_LETTERS - 1:
                broken = True  # a sentence ends here; after `H.` and `Inc.` a name may go on
            surface = text[start:end]
            passed = flags & tokens.TOKEN_ARTICLE or surface.lower() in PASSED_OVER
            if broken or (flags & tokens.TOKEN_LOWER and not passed):
                if len(run) > 1:
                    yield run
                run = []
            if not passed and not flags & (tokens.TOKEN_LOWER | tokens.TOKEN_SOLO):
                run.append(_Placed(start, end, self._readings(surface) or _initial(surface)))
        if len(run) > 1:
            yield run

    def _paired(self, run: Sequence[_Placed], at: int, covered: _Covered) -> Iterator[Proposal]:
        """Run of words and a place in it -> forms that hold the word there and one of the next few, or both in one word."""
        tried: set[int] = set()
        for other in range(at + 1, min(len(run), at + 1 + REACH)):
            for key in _pair_keys(run[at].readings, run[other].readings):
                node = walks.step(self._automaton, 0, key)
                for number, entered in self._posted(node) if node else ():
                    if entered == PAIR and number not in tried:
                        tried.add(number)
                        yield from self._aligned(run, at, other, number, covered)
        if at + 1 < len(run) and not covered.covers(run[at].start, run[at + 1].end):
            yield from self._in_one_word(run[at], run[at + 1])

    def _in_one_word(self, one: _Placed, other: _Placed) -> Iterator[Proposal]:
        """Two words of a text -> forms that write them as one (`Rin kus` for Rinkus)."""
        if not one.readings or not other.readings or not one.readings[0].latin or not other.readings[0].latin:
            return
        latin = one.readings[0].latin + other.readings[0].latin
        joined = _Word(0, latin, key_of(skeleton(latin)), one.readings[0].origin, ending=False)
        node = walks.step(self._automaton, 0, joined.key)
        if node:
            for proposal in self._verified(node, [joined], one.start, other.end, skipped=0):
                if proposal.entered == WHOLE:
                    yield proposal

    def _aligned(self, run: Sequence[_Placed], at: int, other: int, number: int, covered: _Covered) -> Iterator[Proposal]:
        """Two words of a run that a form has -> a proposal of these and the words around that the form has too."""
        form = form_words(self._alias(number).form, self._family(number))
        left = list(form)
        words: list[_Word] = []
        costs: list[float] = []
        for place in (at, other):
            if not self._take(run[place], left, words, costs):
                return
        text_left = sum(not self._take(run[place], left, words, costs) for place in range(at + 1, other))
        first, last = at, other
        while left and first and self._take(run[first - 1], left, words, costs):
            first -= 1
        while left and last + 1 < len(run) and self._take(run[last + 1], left, words, costs):
            last += 1
        start, end = run[first].start + words[0].shift * (first == at), run[last].end
        form_left = sum(map(len, left)) / max(1, sum(map(len, form)))
        if form_left <= 1 - MIN_EXPLAINED and not covered.covers(start, end):
            yield self._proposal(start, end, number, PAIR, words, costs, form_left, text_left)

    def _take(self, placed: _Placed, left: list[str], words: list[_Word], costs: list[float]) -> bool:
        """Word of a text and the words of a form that are left -> whether it is one of them; then it is taken from them."""
        best, chosen, taken = MATCH_COST, None, ""
        for word in placed.readings:
            for other in left:
                initial = len(word.latin) == 1 and other.startswith(word.latin)
                cost = INITIAL_COST if initial else self._cost(word.latin, other, word.origin)
                if cost < best:
                    best, chosen, taken = cost, word, other
        if chosen is None:
            return False
        left.remove(taken)
        words.append(chosen)
        costs.append(best)
        return True


def _left(whole: Sequence[str], given: Sequence[str]) -> float:
    """Words of a form and those that a text gives -> share of its letters that the text does not give."""
    letters = sum(map(len, whole))
    return max(0.0, letters - sum(map(len, given))) / max(1, letters)


def _pair_keys(one: Sequence[_Word], other: Sequence[_Word]) -> Iterator[int]:
    """Readings of two words -> the keys of each two of them together, those of shortened words left out."""
    for a in one:
        for b in other:
            if a.paired and b.paired:
                yield pair_key(a.key, b.key)


def _merged(text: str, found: Sequence[_Token]) -> tuple[list[_Token], list[int]]:
    """Tokens -> the same with those joined that an apostrophe divides, a possessive aside, and the places of the joined ones."""
    merged: list[_Token] = []
    places: list[int] = []
    for token in found:
        start, end, gap, flags, _ = token
        if merged and gap == tokens.GAP_APOSTROPHE and start - merged[-1][1] == 1 and text[start:end] not in ("s", "S"):
            first = merged.pop()
            flags = first[3] & ~(tokens.TOKEN_ARTICLE | tokens.TOKEN_SINGLE)
            merged.append((first[0], end, first[2], flags, 0))
            if not places or places[-1] != len(merged) - 1:
                places.append(len(merged) - 1)
        else:
            merged.append(token)
    return merged, places


class _Covered:
    """Spans of listed forms, by start."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in spans:
            if not self._ends or end > self._ends[-1]:
                self._starts.append(start)
                self._ends.append(end)

    def covers(self, start: int, end: int) -> bool:
        """Span -> whether one listed form covers all of it."""
        last = bisect_right(self._starts, start) - 1
        return last >= 0 and end <= self._ends[last]


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
        made.append(_Word(0, stem, key_of(skeleton(stem)), origin, ending=True))
    if latin and made[0]:
        made += (_Word(0, latin, key_of(key), origin, ending=False) for key in skeletons(latin)[1:])
    if surface.isupper() and 3 <= len(surface) <= 6:
        made.append(_Word(0, latin, key_of(f"={latin}"), origin, ending=False, paired=False))
    if latin and made[0]:
        for key in skeletons(latin):
            made += (_Word(0, latin, key_of(short), origin, ending=False, paired=False) for short in shortened(key))
    distinct = {(word.shift, word.key): word for word in reversed(made) if word}
    return tuple(reversed(distinct.values()))


def _word(surface: str, shift: int, origin: int) -> _Word | None:
    latin = "".join(latin_words(surface))
    if len(latin) < 3:
        return None
    return _Word(shift, latin, key_of(skeleton(latin)), origin, ending=False)


def _initial(surface: str) -> tuple[_Word, ...]:
    """Short token -> how it may be read inside a run: as an initial, or a word of two letters."""
    latin = "".join(latin_words(surface))
    if not latin:
        return ()
    return (_Word(0, latin, key_of(skeleton(latin)), ORIGINS.index(origin_of(surface)), ending=False),)


def _proclitics(surface: str) -> Iterator[int]:
    """Token of Arabic script -> how many letters its proclitics may take: wa- or fa-, then bi-, ka- or li-."""
    cut = 0
    for allowed in ("وف", "بكل"):
        if len(surface) - cut >= 5 and surface[cut] in allowed:
            cut += 1
            yield cut
