"""Names that are ordinary words too are not looked up where they stand in lower case, and nothing is lost by it."""

import zlib
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliases import common, fold
from aliases.entity import Alias, Entity
from resolver import Resolver, scan, trie, words
from resolver.compiling import compile_generation
from resolver.forms import Forms
from resolver.index import Index
from resolver.readings import Found, read
from resolver.tokenizer import Room, load, text_hash

NAMES = {
    "reading": ("place", "Reading", ("Reading Abbey", "READING")),
    "of": ("place", "Of", ("Of-Trabzon",)),
    "hit": ("place", "Hit", ("hit",)),
    "turkey": ("place", "Turkey", ("Turkish",)),
    "levis": ("other", "Levi's", ("Levis",)),
    "don": ("place", "Дон", ("Don",)),
    "strasse": ("place", "Straße", ()),
    "x": ("other", "X", ("It",)),
    "aleppo": ("place", "Aleppo", ()),
    "nice": ("place", "Nice", ("nIce",)),
}


def _entity(id: str, type: str, name: str, others: tuple[str, ...]) -> Entity:
    aliases = tuple(Alias(form, "demonym" if form == "Turkish" else "alias", case=form in ("READING", "It")) for form in others)
    return Entity(id, type, name, aliases)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    directory: Path = tmp_path_factory.mktemp("sieve") / "generation"
    compile_generation(sorted((_entity(id, *told) for id, told in NAMES.items()), key=lambda entity: entity.id), directory)
    return Index.open(directory)


@pytest.fixture(scope="module")
def readings(index: Index) -> Callable[[str, bool], object]:
    """-> text and whether the sieve is asked -> readings and demonyms."""
    full = {"scan_starts": memoryview(array("Q", [2**64 - 1])), "scan_pairs": memoryview(array("Q", [2**64 - 1]))}
    unsieved = trie.automaton({**index.arrays, **full}, trie.letters(index.arrays))
    forms = {True: Forms(index.automaton, index.arrays, words.table()), False: Forms(unsieved, index.arrays, words.table())}

    def of(text: str, sieved: bool) -> object:
        room = Room(max(1, len(text)))
        load(room, text)
        return read(forms[sieved], room, Found(), text, 255, None)

    return of


WORDS = st.sampled_from(
    "reading Reading READING of Of OF hit Hit turkey turkish Turkish levis levi levi's don дон Дон straße strasse it It x X nice nIce"
    " re\u0301ading read\u00ading abbey Abbey trabzon aleppo".split(" ")
)


@settings(deadline=None, max_examples=500)
@given(
    text=st.lists(st.tuples(WORDS, st.sampled_from([" ", "-", "’", ", ", "."])), max_size=8).map(
        lambda p: "".join(map("".join, p))
    )
)
def test_what_is_never_a_mention_in_lower_case_is_passed_over_and_nothing_else(
    readings: Callable[[str, bool], object], text: str
) -> None:
    assert readings(text, True) == readings(text, False)


@pytest.mark.parametrize(
    ("text", "hits"), [("reading of it", 0), ("Reading Of It", 3), ("hit nice aleppo turkish", 4), ("x it", 0)]
)
def test_an_ordinary_word_in_lower_case_is_looked_up_only_where_some_form_is_written_so(
    index: Index, text: str, hits: int
) -> None:
    assert len(scan.scan(index.automaton, text)) == hits


def test_names_are_told_as_they_are_written(index: Index) -> None:
    told = [mention.surface for mention in Resolver(index).mentions("Reading is reading of Hit and hit, nice Nice.", min_score=1)]
    assert told == ["Reading", "Hit", "hit", "nice", "Nice"]


def test_the_lists_of_ordinary_words_are_those_of_their_version() -> None:
    """Raise `words.VERSION` together with this number: it says to which words compiled generations were held."""
    listed = "\n".join(sorted(common.common_words()) + sorted(common.english_words()))
    assert (words.VERSION, zlib.crc32(listed.encode())) == (1, 956818132)


def test_the_table_tells_ordinary_words_from_others() -> None:
    letters = trie.letters(trie.letter_arrays())
    told = {word: words.is_ordinary(text_hash(letters, fold.fold_name(word))) for word in ("of", "reading", "Aleppo", "zxqy")}
    assert told == {"of": True, "reading": True, "Aleppo": False, "zxqy": False}
