"""Keys of words on both roads against the rules as regular expressions, one pass after the other."""

import re

from hypothesis import given
from hypothesis import strategies as st
from roads import ROADS

from aliases import _nocython, keys

DIGRAPHS = {
    "shch": "S", "sch": "S", "tsch": "C", "tch": "C", "sh": "S", "ch": "C", "zh": "Z", "kh": "X", "gh": "G", "th": "T",
    "dh": "D", "dzh": "J", "dj": "J", "ts": "Q", "tz": "Q", "ph": "f", "ou": "U", "oo": "U", "ei": "E", "ai": "E",
    "ay": "E", "ey": "E", "aw": "O", "au": "O", "iy": "I", "yi": "I", "ee": "I", "ii": "I", "ya": "A", "ia": "A",
    "yu": "V", "iu": "V", "ck": "k",
}  # fmt: skip
DIGRAPH = re.compile("|".join(sorted(DIGRAPHS, key=len, reverse=True)))
FINE = (
    ("tsch|tch|tsj|cz|shch|sch|sh|ch|sj", "C"), ("dzh|dj|dsch|zh|dzs|j", "J"), ("kh|x", "H"), ("gh", "g"), ("ph", "f"),
    ("th", "t"), ("dh", "d"), ("ck|cc|qu?(?=[ei])|q", "k"), ("c(?=[eiy])", "s"), ("c", "k"), ("tz|ts", "z"), ("h", "H"),
    ("w", "v"), (r"(.)\1+", r"\1"),
)  # fmt: skip
FOREIGN = (("tsch", "ch"), ("tsj", "ch"), ("dsch", "j"), ("zj", "zh"), ("sj", "sh"), ("iy", "y"), ("ij", "y"), ("j", "y"))
COARSE = str.maketrans({"g": "k", "p": "b", "v": "f", "z": "s", "J": "s", "C": "s"})

WORDS = st.text("aeiouybcdfghjklmnpqrstvwxz0123", min_size=1, max_size=14)


def symbols(word: str) -> str:
    if word.isdigit():
        return word
    return re.sub(r"(.)\1+", r"\1", DIGRAPH.sub(lambda found: DIGRAPHS[found.group()], word))


def skeleton(word: str) -> str:
    if word.isdigit():
        return word
    for pattern, letter in FINE:
        word = re.sub(pattern, letter, word)
    head = "A" if word[0] in "aeiouy" else word[0]
    tail = re.sub("[aeiouyvH]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", (head + tail).translate(COARSE))


def foreign(word: str) -> str:
    for letters, sound in FOREIGN:
        word = word.replace(letters, sound)
    return re.sub("c(?![hkeiyz])", "s", word)


@given(WORDS)
def test_symbols_are_those_of_the_rules_on_both_roads(word: str) -> None:
    wanted = bytes(keys.SYMBOLS.index(symbol) + 1 for symbol in symbols(word))
    assert [road.keys.symbols(word) for road in ROADS.values()] == [wanted] * len(ROADS)


@given(WORDS)
def test_skeletons_are_those_of_the_rules_on_both_roads(word: str) -> None:
    wanted = tuple(dict.fromkeys((skeleton(word), skeleton(foreign(word)))))
    assert [road.keys.skeletons(word) for road in ROADS.values()] == [wanted] * len(ROADS)


@given(st.text(max_size=8), st.text(max_size=8))
def test_both_roads_give_one_key_that_is_never_0(one: str, other: str) -> None:
    made = {road.keys.pair_key(road.keys.key_of(one), road.keys.key_of(other)) for road in ROADS.values()}
    assert len(made) == 1
    assert 0 not in made


@given(st.text(max_size=8), st.text(max_size=8))
def test_a_pair_has_one_key_whichever_word_comes_first(one: str, other: str) -> None:
    a, b = keys.key_of(one), keys.key_of(other)
    assert keys.pair_key(a, b) == keys.pair_key(b, a)


@given(st.text("abcdefg", min_size=1, max_size=8), st.text("abcdefg", min_size=1, max_size=8))
def test_different_texts_have_different_keys(one: str, other: str) -> None:
    assert (keys.key_of(one) == keys.key_of(other)) == (one == other)


def test_two_skeletons_that_differ_in_one_letter_meet_with_it_left_out() -> None:
    assert set(keys.shortened("Asrbk")) & set(keys.shortened("Asnbk"))


def test_short_and_long_skeletons_are_not_shortened() -> None:
    assert keys.shortened("srk") == []
    assert keys.shortened("srkbdmnlt") == []


def test_where_cython_is_missing_a_cast_to_a_whole_type_cuts_the_fraction() -> None:
    """A view of whole numbers takes no others, and not every machine that runs interpreted has Cython."""
    cut = [_nocython.cast(type_, value) for type_ in (_nocython.int, _nocython.Py_ssize_t) for value in (2.7, -2.7)]
    assert [(type(value), value) for value in cut] == [(int, 2), (int, -2)] * 2
    assert _nocython.cast(_nocython.float, 2.7) == 2.7
