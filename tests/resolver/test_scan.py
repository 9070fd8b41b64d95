"""The scanner against a slow obvious reference, on both of its roads, and case by case."""

import re
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roads import FOLDER, ROADS

from aliases import fold as folding
from resolver import tokens


class Finder:
    """Forms -> a function that finds them: [(start, end, form numbers)]; without a sieve every token is walked from."""

    def __init__(self, forms: list[str], road: str = "built", *, sieve: bool = True) -> None:
        self.road = ROADS[road]
        builder = self.road.trie.Builder()
        for number, form in enumerate(forms):
            builder.add(number, form)
        self.arrays: dict[str, array[int]] = builder.arrays()
        if not sieve:
            self.arrays |= {"scan_starts": array("Q", [2**64 - 1]), "scan_pairs": array("Q", [2**64 - 1])}
        views = {name: memoryview(values) for name, values in self.arrays.items()}
        self.automaton = self.road.trie.automaton(views, self.road.trie.letters(views))

    def __call__(self, text: str) -> list[tuple[int, int, tuple[int, ...]]]:
        at, postings = self.arrays["scan_posting_at"], self.arrays["scan_postings"]
        hits = self.road.scan.scan(self.automaton, text)
        return [(start, end, tuple(postings[at[node] : at[node + 1]])) for start, end, node in hits]

    def surfaces(self, text: str) -> list[str]:
        return [text[start:end] for start, end, _ in self(text)]


FOUND = [
    ("in its place", "Raqqa", "near Raqqa, on", "Raqqa"),
    ("in any case", "Raqqa", "RAQQA fell", "RAQQA"),
    ("with another article", "Deir al-Zor", "in Deir ez-Zor", "Deir ez-Zor"),
    ("without its inner article", "Deir al-Zor", "in Deir Zor", "Deir Zor"),
    ("with the article glued on", "Deir al-Zor", "in Deir Alzor", "Deir Alzor"),
    ("without its leading article", "al-Mayadeen", "to Mayadeen", "Mayadeen"),
    ("in one word", "Islamic State", "#IslamicState now", "IslamicState"),
    ("spelled out", "ISIS", "I.S.I.S said", "I.S.I.S"),
    ("broken at a line end", "Islamic State", "the Isla-\nmic State", "Isla-\nmic State"),
    ("over a line break", "Islamic State", "the Islamic\r\n    State", "Islamic\r\n    State"),
    ("before a possessive", "Assad", "Assad’s men", "Assad"),
    ("in a compound", "Assad", "pro-Assad forces", "Assad"),
    ("with an apostrophe put in", "Daesh", "Da'esh", "Da'esh"),
    ("behind an Arabic article", "عراق", "في العراق", "العراق"),
    ("without the Arabic article", "العراق", "في عراق", "عراق"),
    ("behind wa-", "العراق", "سوريا والعراق", "العراق"),
    ("behind bi-", "داعش", "بداعش", "داعش"),
    ("behind wa- and bi-", "العراق", "وبالعراق", "العراق"),
    ("behind li- which swallows the article", "الأنبار", "للأنبار", "لأنبار"),
    ("in a text without spaces", "北京", "在北京市", "北京"),
    ("beyond the first plane", "Raqqa", "😀 𝐑𝐚𝐪𝐪𝐚 😀", "𝐑𝐚𝐪𝐪𝐚"),
    ("among bidi controls", "Raqqa", "\u2068Raqqa\u2069", "Raqqa"),
]
NOT_FOUND = [
    ("inside a word", "ISIS", "the crISISward"),
    ("at the head of a word", "Iran", "Iranian"),
    ("at the tail of a word", "Iran", "HomeIran News"),
    ("over a sentence end", "Islamic State", "It is Islamic! State your"),
    ("over a paragraph", "Islamic State", "Islamic\n\nState"),
    ("joined over a space", "Somalia", "so mali a"),
    ("without its article, which was no hyphenated one", "El Salvador", "in Salvador"),
    ("one token of two", "Islamic State", "Islamic law"),
    ("a short clitic word", "مر", "امر"),
]


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize(("form", "text", "surface"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_a_form_is_found(form: str, text: str, surface: str, road: str) -> None:
    assert surface in Finder([form], road).surfaces(text)


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize(("form", "text"), [row[1:] for row in NOT_FOUND], ids=[row[0] for row in NOT_FOUND])
def test_a_form_is_not_found(form: str, text: str, road: str) -> None:
    assert Finder([form], road).surfaces(text) == []


WORDS = st.sampled_from(
    "aka Deir al ez zor ZOR Raqqa isis i s I S عراق العراق والعراق 北 京 市 Да 'x ÉÀ a\u0301 \u200b 😀".split(" ")
)
GAPS = st.sampled_from([" ", "-", "'", ". ", ", ", "\n", "\n\n", "", "  ", "-\n", "_", "’"])
TEXT = st.lists(st.tuples(WORDS, GAPS), max_size=12).map(lambda parts: "".join(word + gap for word, gap in parts))
FORMS = st.lists(TEXT.filter(lambda form: folding.fold_name(form) != ""), min_size=1, max_size=5)


def _brute(forms: list[str], text: str) -> set[tuple[str, int]]:
    """Every place where the folded tokens of a form stand as plain words behind single spaces: the obvious subset."""
    words, found, at = text.split(" "), set(), 0
    starts = []
    for word in words:
        starts.append(at)
        at += len(word) + 1
    for number, form in enumerate(forms):
        size = len(form.split(" "))
        for place in range(len(words) - size + 1):
            surface = " ".join(words[place : place + size])
            if surface == form:
                found.add((surface, number))
    return found


PLAIN = st.lists(st.sampled_from("Deir Raqqa isis عراق Дамаск Kobani أربيل café".split()), min_size=1, max_size=4).map(" ".join)


@settings(deadline=None, max_examples=300)
@given(st.lists(PLAIN, min_size=1, max_size=5), st.lists(PLAIN, min_size=1, max_size=4).map(" ".join))
def test_nothing_that_a_plain_search_finds_is_missed(forms: list[str], text: str) -> None:
    finder = Finder(forms)
    found = {(text[start:end], number) for start, end, numbers in finder(text) for number in numbers}
    assert _brute(forms, text) <= found


@settings(deadline=None, max_examples=300)
@given(FORMS, TEXT)
def test_every_hit_holds_the_letters_of_its_form(forms: list[str], text: str) -> None:
    finder = Finder(forms)
    for start, end, numbers in finder(text):
        surface = text[start:end]
        assert 0 <= start < end <= len(text)
        for number in numbers:
            assert _letters(surface) & _letters(forms[number]) or not _letters(forms[number])


def _letters(text: str) -> set[str]:
    return set(folding.fold_name(text).replace(" ", ""))


@settings(deadline=None, max_examples=300)
@given(FORMS, TEXT)
def test_both_roads_answer_alike(forms: list[str], text: str) -> None:
    assert Finder(forms, "built")(text) == Finder(forms, "interpreted")(text)


@settings(deadline=None, max_examples=300)
@given(FORMS, TEXT)
def test_the_sieve_holds_back_nothing_that_a_walk_would_find(forms: list[str], text: str) -> None:
    assert Finder(forms)(text) == Finder(forms, sieve=False)(text)


def test_the_sieve_holds_back_most_of_what_begins_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = [f"the {word} of {word}s" for word in ("bank", "gate", "lake", "isle", "tomb")] + ["Raqqa"]
    text = " ".join(f"the {number:x} of the {number * 7:x}" for number in range(400))
    walked: list[int] = []
    finders = [Finder(forms, "interpreted"), Finder(forms, "interpreted", sieve=False)]
    scan = finders[0].road.scan
    walk = scan.walk
    monkeypatch.setattr(scan, "walk", lambda *asked: walked.append(1) or walk(*asked))
    assert finders[0](text) == []
    sieved = len(walked)
    assert finders[1](text) == []
    assert len(walked) - sieved > 1900
    assert sieved < 500


def test_both_roads_make_the_same_sieve() -> None:
    forms = [f"{first} {second}" for first in "al the of de".split() for second in "Raqqa Zor عراق 北".split()]
    built, interpreted = Finder(forms, "built").arrays, Finder(forms, "interpreted").arrays
    assert all(bytes(built[name]) == bytes(interpreted[name]) for name in ("scan_starts", "scan_pairs"))


def _tokens(text: str, road: str) -> list[tuple[int, int, int, int, int]]:
    found: list[tuple[int, int, int, int, int]] = ROADS[road].tokenizer.tokens_of(ROADS[road].trie.Reader().letters, text)
    return found


LONG_WORDS = st.text("aeulAdÉß9Жعا北\u0301\u200b\x00", min_size=1, max_size=30)
LONG_GAPS = st.sampled_from([" ", "-", "’", "", "\n", "\n \n", ", ", " " * 13, "(", "😀", "\x01 "])


@settings(deadline=None, max_examples=500)
@given(st.lists(st.tuples(LONG_WORDS, LONG_GAPS), max_size=10).map(lambda parts: "".join(word + gap for word, gap in parts)))
def test_both_roads_read_the_same_tokens_with_the_same_hashes(text: str) -> None:
    assert _tokens(text, "built") == _tokens(text, "interpreted")


def test_both_roads_hold_the_same_short_words_for_articles() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    text = " ".join(
        [*letters, *(a + b for a in letters for b in letters), *(a + b + c for a in "aeuth1" for b in letters for c in "hls3")]
    )
    built = _tokens(text, "built")
    assert built == _tokens(text, "interpreted")
    articles = {text[start:end] for start, end, _, flags, _ in built if flags & tokens.TOKEN_ARTICLE}
    assert articles == {"ul", "ud", "ur"} | {a + b for a in "ae" for b in ("l", "d", "n", "r", "s", "t", "z", "sh", "th", "dh")}


@pytest.mark.parametrize("road", ROADS)
def test_words_have_one_hash_however_they_are_dressed_and_another_for_every_other_word(road: str) -> None:
    words = ["a", "abcdefgh", "abcdefghi", "abcdefghabcdefgh", "bcdefgha", "abcdefg", "Aß", "Ж", "Жa"]
    hashes = [_tokens(word, road)[0][4] for word in words]
    assert len(set(hashes)) == len(words)
    assert hashes == [_tokens(f"Ж {word.upper()}\u0301 ", road)[1][4] for word in words]


def test_the_c_compiler_is_told_the_same_numbers_as_python() -> None:
    told = (FOLDER / "resolver" / "tokens.pxd").read_text()
    numbers = {name: int(value) for name, value in re.findall(r"^    ([A-Z_]+) = (\d+)$", told, re.M)}
    numbers |= {name: int(value, 16) for name, value in re.findall(r"#define AKA_([A-Z]+) (0x[0-9A-F]+)ULL$", told, re.M)}
    assert numbers == {name: value for name, value in vars(tokens).items() if name.isupper()}


@settings(deadline=None, max_examples=200)
@given(FORMS, st.text(max_size=40))
def test_any_text_is_scanned_by_both_roads_alike(forms: list[str], text: str) -> None:
    assert Finder(forms, "built")(text) == Finder(forms, "interpreted")(text)


@pytest.mark.parametrize(
    "hostile", ["a" * 5000, "I " * 3000, "a\u0300" * 3000, "-" * 5000, "ﷺ" * 2000, "al " * 2000, "\ud800" * 100]
)
def test_hostile_texts_are_scanned_to_the_end(hostile: str) -> None:
    assert Finder(["Raqqa"]).surfaces(hostile + " , Raqqa") in (["Raqqa"], [])


def test_the_same_forms_give_the_same_bytes() -> None:
    one, other = Finder(["Deir al-Zor", "ISIS"]).arrays, Finder(["Deir al-Zor", "ISIS"]).arrays
    assert one == other


def test_an_empty_trie_finds_nothing() -> None:
    assert Finder([])("Deir al-Zor") == []


@pytest.mark.parametrize("hostile", ["I ", "Al-", "A-", "Al Al-", "Bank of the ", "a\u0300\u0301", "و", "x'"])
def test_the_work_of_a_scan_grows_with_the_text_and_is_bounded_a_character(hostile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look-ups are counted, not seconds: at most 40 a character, and twice the text at most about twice as many."""
    finder = Finder(["Al", "Al Bank", "Bank of the Bank of the Bank", "I I", "A-A", "x"], "interpreted")
    counted = []
    look_up = finder.road.walks.find_token
    for module in (finder.road.scan, finder.road.walks):
        monkeypatch.setattr(module, "find_token", lambda *asked: counted.append(1) or look_up(*asked))
    work = []
    for size in (1000, 2000):
        counted.clear()
        finder((hostile * size)[:size])
        work.append(len(counted))
    assert work[1] <= 40 * 2000
    assert work[1] <= 2.2 * work[0] + 50
