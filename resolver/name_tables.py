"""Rows of prepared names -> the arrays that `resolver.retrieve` finds and compares them by, family by family."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from resolver import assemble, grams
from resolver.features import Counts, Rarity, counts_arrays
from resolver.fitted import at_large
from resolver.gathering import Whole, numbered, pieces, spans, taken
from resolver.prepare import FAMILIES
from resolver.segments import ACRONYM, EXACT_ONLY

_CHUNK = 10_000  # rows keyed at a time
_KEYS_PER_ROW = 1_000  # at most: 300 codes with two keys each, and 300 more of the joined name
_SLICE = 40_000_000  # keys that are sorted at a time: 640 MB
_FAMILY = 0x0F
_LAST_KEY = 0xFFFFFFFF

Arrays = dict[str, memoryview]


@dataclass(frozen=True, slots=True)
class Rows:
    """Readings of all names in the order of their aliases."""

    kind: memoryview  # number of the family, EXACT_ONLY, ACRONYM
    origin: memoryview
    legal: memoryview
    crowd: memoryview
    acronym: memoryview
    alias: memoryview
    word_at: memoryview
    words: memoryview
    initial_at: memoryview
    initials: memoryview


@dataclass(frozen=True, slots=True)
class Words:
    """Words as the segments have them; each is known by the first that is the same."""

    same: memoryview
    text: memoryview
    text_at: memoryview
    symbols: memoryview
    symbols_at: memoryview
    skeleton: memoryview  # as text
    skeletons: memoryview  # as codes, of the same length
    skeleton_at: memoryview


def rows_of(whole: Whole, first_alias: memoryview) -> Rows:
    """All entities, and the first alias of each -> their rows."""
    alias, row_at = whole.spans("row_alias", "row_at")
    assemble.add_starts(alias, _owners(row_at, len(alias)), first_alias)
    words, _ = whole.words("row_words")
    initials, _ = whole.spans("initials", "initials_at")

    def column(name: str) -> memoryview:
        return whole.spans(f"row_{name}", "row_at")[0]

    return Rows(
        kind=column("kind"),
        origin=column("origin"),
        legal=column("legal"),
        crowd=column("crowd"),
        acronym=column("acronym"),
        alias=alias,
        word_at=_starts(column("size")),
        words=words,
        initial_at=_starts(column("letters")),
        initials=initials,
    )


def words_of(whole: Whole) -> Words:
    """All entities -> the words of their rows."""
    return Words(
        same=whole.same_word,
        text=whole.joined("word"),
        text_at=whole.joined_starts("word_at"),
        symbols=whole.joined("symbols"),
        symbols_at=whole.joined_starts("symbols_at"),
        skeleton=whole.joined("skeleton"),
        skeletons=whole.joined("skeletons"),
        skeleton_at=whole.joined_starts("skeleton_at"),
    )


def form_arrays(whole: Whole, words: Words, prefix: str) -> Arrays:
    """All entities and the words of the segments -> the words of each alias, and their letters and symbols."""
    used, _ = whole.words("form_words")
    distinct, numbers = numbered(used, words.same)
    letters, letters_at = spans(words.text, words.text_at, distinct)
    symbols, symbols_at = spans(words.symbols, words.symbols_at, distinct)
    made = {
        "form_at": _starts(whole.spans("form_size", "alias_at")[0]), "form_words": numbers, "letters": letters,
        "letters_at": letters_at, "symbols": symbols, "symbols_at": symbols_at,
    }  # fmt: skip
    return {prefix + name: values for name, values in made.items()}


def _owners(starts: memoryview, count: int) -> memoryview:
    out = assemble.room("I", count)
    assemble.owners(starts, out)
    return out


def _starts(sizes: memoryview) -> memoryview:
    out = assemble.room("I", len(sizes) + 1)
    assemble.starts_of_sizes(sizes, out)
    return out


def build(rows: Rows, words: Words) -> Iterator[Arrays]:
    """Rows and their words -> the arrays of each family, a few at a time: together they would fill the memory."""
    for number, family in enumerate(FAMILIES):
        yield from _Family(rows, words, number, family).arrays()


class _Family:
    """The rows of one family; those that are found by their spelling stand first."""

    def __init__(self, rows: Rows, words: Words, number: int, family: str) -> None:
        self._prefix, self._name = f"names.{family}.", family
        room = assemble.room("I", len(rows.kind))
        self._searched = assemble.places_where(rows.kind, _FAMILY | EXACT_ONLY, number, room)
        rest = assemble.places_where(rows.kind, _FAMILY | EXACT_ONLY, number | EXACT_ONLY, room[self._searched :])
        self._rows, self._words = rows, words
        self._order = room[: self._searched + rest]
        used, self._row_start = spans(rows.words, rows.word_at, self._order)
        self._distinct, self._row_words = numbered(used, words.same)

    def arrays(self) -> Iterator[Arrays]:
        prefix, rows, words = self._prefix, self._rows, self._words
        symbols, symbols_at = spans(words.symbols, words.symbols_at, self._distinct)
        skeletons, skeleton_at = spans(words.skeletons, words.skeleton_at, self._distinct)
        crowd = assemble.room("B", len(self._order))
        assemble.count_alike(taken(rows.crowd, self._order), crowd)
        columns = {
            "row_start": self._row_start, "row_words": self._row_words, "row_origin": taken(rows.origin, self._order),
            "row_legal": taken(rows.legal, self._order), "row_crowd": crowd, "word_start": symbols_at, "word_symbols": symbols,
            "skeleton_start": skeleton_at, "skeletons": skeletons, "row_alias": taken(rows.alias, self._order),
            "searched": memoryview(array("I", [self._searched])),
        }  # fmt: skip
        yield {prefix + name: values for name, values in columns.items()} | self._rarities() | self._acronyms()
        norms = assemble.room("f", len(grams.VIEWS) * self._searched)  # those of a row side by side: they are read together
        for view, codes in zip(
            grams.VIEWS, ((symbols_at, symbols), (skeleton_at, skeletons), (skeleton_at, skeletons)), strict=True
        ):
            arrays, norms[view :: len(grams.VIEWS)] = self._view(view, *codes)
            yield arrays
        yield {prefix + "norms": norms}

    def _rarities(self) -> Arrays:
        """How many names hold each word, and each skeleton; how rare that makes a word."""
        words = self._words
        texts = [word.decode() for word in pieces(*spans(words.text, words.text_at, self._distinct))]
        keys = [key.decode() for key in pieces(*spans(words.skeleton, words.skeleton_at, self._distinct))]
        skeletons: dict[str, int] = {}
        groups = array("I", (skeletons.setdefault(key, len(skeletons)) for key in keys))
        counts = Counts(
            len(self._order),
            dict(zip(texts, self._counted(memoryview(array("I", range(len(texts)))), len(texts)), strict=True)),
            dict(zip(skeletons, self._counted(memoryview(groups), len(skeletons)), strict=True)),
        )
        rarity = Rarity(counts, at_large(self._name))
        made: dict[str, array[int] | array[float]] = {
            "word_rarity": array("f", map(rarity.of, texts)),
            "word_flags": array("B", (any(map(str.isdigit, text)) for text in texts)),
        }
        arrays = {self._prefix + name: memoryview(values) for name, values in made.items()}
        return arrays | {name: memoryview(values) for name, values in counts_arrays(counts, self._prefix).items()}

    def _counted(self, groups: memoryview, count: int) -> memoryview:
        out = assemble.room("I", count)
        assemble.count_rows(self._row_start, self._row_words, groups, out)
        return out

    def _acronyms(self) -> Arrays:
        """Rows by the letters that their names may be cut to, and by the letters that they are."""
        rows = self._rows
        made: Arrays = {}
        initials, at = spans(rows.initials, rows.initial_at, self._order)
        short = assemble.room("I", len(self._order))
        count = assemble.places_where(taken(rows.kind, self._order), ACRONYM, ACRONYM, short)
        acronyms = taken(taken(rows.acronym, self._order), short[:count])
        for kind, keys, places in (("initials", initials, _owners(at, len(initials))), ("acronyms", acronyms, short[:count])):
            spare_keys, spare_places = assemble.room("I", len(keys)), assemble.room("I", len(keys))
            grams.sort_by_key(keys, places, len(keys), spare_keys, spare_places)
            made |= {f"{self._prefix}{kind}": keys, f"{self._prefix}{kind}_rows": places}
        return made

    # ------------------------------------------------------------ keys

    def _view(self, view: int, starts: memoryview, codes: memoryview) -> tuple[Arrays, memoryview]:
        """One view -> its distinct keys, where the rows of each start, and the rows; and 1 / length of every row."""
        keys, at, rows = array("I"), array("I", [0]), array("I")
        for low, high in self._slices(view, starts, codes):
            some_keys, some_at, some_rows = self._posted(view, starts, codes, low, high)
            assemble.shift_all(some_at, len(rows))
            keys.frombytes(some_keys.cast("B"))
            at.frombytes(some_at[1:].cast("B"))
            rows.frombytes(some_rows.cast("B"))
        norms = assemble.room("f", self._searched)
        assemble.norms(memoryview(at), memoryview(rows), len(keys), norms)
        made = {"keys": memoryview(keys), "starts": memoryview(at), "rows": memoryview(rows)}
        return {f"{self._prefix}{view}.{name}": values for name, values in made.items()}, norms

    def _slices(self, view: int, starts: memoryview, codes: memoryview) -> list[tuple[int, int]]:
        """Ranges of keys, both ends included, with about as many keys each; one range when they fit into memory together."""
        if not self._searched:
            return []
        some = min(self._searched, _CHUNK)
        keys = sorted(self._pairs(view, starts, codes, some, 0, _LAST_KEY)[0])
        parts = 1 + len(keys) * (self._searched // some) // _SLICE
        cuts = sorted({keys[len(keys) * part // parts] for part in range(1, parts)} - {0})
        return list(zip([0, *cuts], [*(cut - 1 for cut in cuts), _LAST_KEY], strict=True))

    def _pairs(
        self, view: int, starts: memoryview, codes: memoryview, count: int, low: int, high: int
    ) -> tuple[array[int], array[int]]:
        """The first so many rows -> their keys from low to high, and the row of each."""
        keys, rows = array("I"), array("I")
        size = min(_CHUNK, count) * _KEYS_PER_ROW
        key_room, row_room = assemble.room("I", size), assemble.room("I", size)
        for first in range(0, count, _CHUNK):
            last = min(count, first + _CHUNK)
            made = grams.all_keys(
                self._row_start, self._row_words, starts, codes, first, last, view, low, high, key_room, row_room
            )
            keys.frombytes(key_room[:made].cast("B"))
            rows.frombytes(row_room[:made].cast("B"))
        return keys, rows

    def _posted(
        self, view: int, starts: memoryview, codes: memoryview, low: int, high: int
    ) -> tuple[memoryview, memoryview, memoryview]:
        """Range of keys -> those that occur, where the rows of each begin, and the rows."""
        pairs = self._pairs(view, starts, codes, self._searched, low, high)
        keys, rows = memoryview(pairs[0]), memoryview(pairs[1])
        at, spare = assemble.room("I", len(keys) + 1), assemble.room("I", len(keys))
        grams.sort_by_key(keys, rows, len(keys), at, spare)
        distinct, kept = grams.group(keys, rows, len(keys), at)
        return keys[:distinct], at[: distinct + 1], rows[:kept]
