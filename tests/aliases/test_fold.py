"""The one normaliser: what it makes equal, what it keeps apart, and that its offsets lead back."""

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aliases import confusables
from aliases import fold as folding
from aliases.confusables import GREEK_OR_CYRILLIC, TO_CYRILLIC, TO_GREEK, TO_LATIN
from aliases.fold import clean, fold, fold_name, fold_readings, undisguise

TEXTS = st.text(
    st.one_of(
        st.characters(), st.sampled_from("aIiıİß'’-&#;<b>/*_ اأإآةىيکہ\u0640\u064e\u200b\u202e\u0301\u0323\u00ad가ﬁﷺ𝐈北が\n")
    ),
    max_size=60,
)

SAME = [
    ("case", "Islamic State", "iSLAMIC sTATE"),
    ("dotted and dotless i", "Islamic State", "İslamıc State"),
    ("accents dropped", "Ḥamās", "Hamas"),
    ("accents added as marks", "Raqqa", "Ra\u0304qqa\u0304"),
    ("strike-through and stacked marks", "ISIS", "I\u0336S\u0336\u0300\u0330I\u0489S"),
    ("full width", "Islamic", "Ｉｓｌａｍｉｃ"),
    ("mathematical letters", "Islamic", "𝐈𝐬𝐥𝐚𝐦𝐢𝐜"),
    ("circled letters", "Is", "Ⓘⓢ"),
    ("small capitals", "ISIS", "ɪꜱɪꜱ"),
    ("ligatures", "First", "Firﬆ"),
    ("hyphen for space", "Deir al-Zor", "Deir al Zor"),
    ("every hyphen", "Deir al-Zor", "Deir al‑Zor"),
    ("underscore for space", "Islamic State", "Islamic_State"),
    ("any white space", "Islamic State", "Islamic\u3000\r\n  State"),
    ("every apostrophe", "Da'ish", "Daʿish"),
    ("apostrophe left out", "Da'ish", "Daish"),
    ("possessive", "Assad", "Assad’s"),
    ("zero-width characters", "ISIS", "I\u200bS\u200dI\ufeffS"),
    ("bidi controls", "ISIS", "\u2067I\u200fSIS\u2069"),
    ("soft hyphen", "Islamic", "Isla\u00admic"),
    ("tag characters", "ISIS", "I\U000e0078SIS"),
    ("HTML entity", "Islamic", "&#73;slamic"),
    ("entity escaped twice", "Islamic", "&amp;#73;slamic"),
    ("inline markup", "Islamic", "<b>Is</b>lamic"),
    ("comment inside", "Islamic", "Isla<!-- x -->mic"),
    ("Markdown emphasis", "Islamic", "**Is**lamic"),
    ("one Cyrillic look-alike", "Islamic", "Islаmic"),
    ("all look-alikes", "Islamic State", "Іѕӏаmіс Ѕtаtе"),
    ("Greek look-alikes", "Hezbollah", "Ηεzbοllah".replace("ε", "e")),
    ("Latin look-alikes in Cyrillic", "Хезболла", "Xeзбoллa"),
    ("a part wholly in Latin look-alikes", "Мерса-Матрух", "Mepca-Maтpyx"),
    ("Latin look-alike before an apostrophe", "Вʼєтнам", "Bʼєтнaм"),
    ("Greek and Cyrillic look-alikes in one word", "NYC", "ΝҮС"),
    ("words wholly in look-alikes, one of them no ordinary word", "BP plc", "ВР рӏс"),
    ("hamza carriers", "الأنبار", "الانبار"),
    ("decomposed hamza", "الأنبار", unicodedata.normalize("NFD", "الأنبار")),
    ("teh marbuta", "حركة حماس", "حركه حماس"),
    ("Persian yeh and kaf", "كربلائي", "کربلائی"),
    ("tatweel", "داعش", "دــاعــش"),
    ("short vowels", "داعش", "دَاعِش"),
    ("presentation forms", "داعش", "ﺩﺍﻉﺵ"),
    ("letters of Windows-1252 without their label", "Dragiša", "Dragi\x9aa"),
    ("Hebrew acronyms", 'ארה"ב', "ארה״ב"),
    ("Arabic digits", "F-16", "F-١٦"),
    ("ideographs with spaces", "北京市", "北 京 市"),
]
APART = [
    ("another letter", "Raqqa", "Raqqah"),
    ("another vowel", "Deir al-Zor", "Deir al-Zur"),
    ("another Cyrillic word", "сор", "cop"),
    ("a Russian acronym is no Latin one", "СССР", "CCCP"),
    ("a Latin word joined to a plain Cyrillic one", "COP-завод", "СОР-завод"),
    ("a plain Cyrillic word beside one that needs to be Cyrillic", "BP завод рӏс", "ВР завод рӏс"),
    ("another order", "Islamic State", "State Islamic"),
    ("another digit", "9th Brigade", "19th Brigade"),
    ("Indic vowel signs are letters", "कि", "कु"),
    ("kana voicing is a letter", "か", "が"),
    ("Arabic letters of one shape", "بنت", "ثبت"),
    ("ain is a letter in Arabic", "عمر", "مر"),
]


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_dress_folds_away(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other) != ""


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in APART], ids=[row[0] for row in APART])
def test_letters_stay_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@pytest.mark.parametrize("empty", ["", " ", "---", "'", "\u200b", "\u0301\u0301", "☺", "<b></b>", "&nbsp;", "\u3164"])
def test_a_name_without_letters_folds_to_nothing(empty: str) -> None:
    assert fold_name(empty) == ""
    assert fold_readings(empty) == ()


def test_a_line_end_hyphen_is_read_both_ways() -> None:
    assert fold_readings("Isla-\nmic State") == ("isla mic state", "islamic state")
    assert fold_readings("Deir al-\nZor") == ("deir al zor", "deir alzor")


def test_letters_spelled_out_are_also_read_as_a_word() -> None:
    assert fold_readings("I.S.I.S.") == ("i s i s", "isis")
    assert fold_readings("北京市") == ("北 京 市",)


def test_an_index_card_is_read_both_ways() -> None:
    assert fold_readings("Hussein, Saddam") == ("hussein saddam", "saddam hussein")
    assert fold_readings("aa, bb, cc") == ("aa bb cc",)


def test_a_leading_article_may_be_left_out() -> None:
    assert fold_readings("The Revolutionary Guards") == ("the revolutionary guards", "revolutionary guards")
    assert fold_readings("The") == ("the",)


@pytest.mark.parametrize(
    ("dressed", "plain"), [("  Deir \t al-Zor ", "Deir al-Zor"), ("Ｓyria", "Syria"), ("Da\u200bmascus", "Damascus")]
)
def test_clean_keeps_case_and_marks(dressed: str, plain: str) -> None:
    assert clean(dressed) == plain
    assert clean("Ḥamāh") == "Ḥamāh"


@given(TEXTS)
@example("&lt;b&gt;")
@example("&amp;lt;b>")
def test_folding_is_idempotent_on_folded_text(text: str) -> None:
    """But for look-alike letters, which are judged by what is around them, and folding changes that."""
    once = fold_name(text)
    if not GREEK_OR_CYRILLIC.search(once):
        assert fold_name(once) == once


def test_what_a_letter_folds_to_folds_no_further() -> None:
    """Of the two planes that hold the letters of living scripts: `Ʀ` is a small capital's capital, `ŉ` holds an apostrophe."""
    for code in range(0x20000):
        folded = folding.fold_char(chr(code))
        assert "".join(map(folding.fold_char, folded)) == folded, hex(code)


@given(TEXTS)
def test_offsets_never_fall_and_stay_inside_the_text(text: str) -> None:
    folded = fold(text)
    assert len(folded.offsets) == len(folded.text) + 1
    assert folded.offsets[-1] == len(text)
    assert all(a <= b for a, b in zip(folded.offsets, folded.offsets[1:], strict=False))
    assert all(start < end <= len(text) for start, end in zip(folded.offsets, folded.ends, strict=False))


@given(TEXTS)
def test_undisguised_text_leads_back_to_the_original(text: str) -> None:
    plain = undisguise(text)
    assert len(plain.ends) == len(plain.text)
    assert all(start < end for start, end in zip(plain.offsets, plain.ends, strict=False))
    single = [
        (char, text[start]) for char, start, end in zip(plain.text, plain.offsets, plain.ends, strict=False) if end == start + 1
    ]
    assert all(fold_name(was) == fold_name(char) or char in read_as(was) for char, was in single)


def read_as(letter: str) -> set[str]:
    """Letter -> what it may be read as where scripts are mixed."""
    bare = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", letter))[:1]
    return {table.get(bare, "") for table in (TO_LATIN, TO_CYRILLIC, TO_GREEK)} - {""}


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="*_<&"), max_size=40))
def test_canonically_equal_texts_fold_alike(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert sorted(fold_name(composed)) == sorted(fold_name(decomposed))


@given(TEXTS, TEXTS)
def test_one_character_folds_alike_wherever_it_stands(left: str, right: str) -> None:
    assert "".join(map(folding.fold_char, left + right)) == "".join(map(folding.fold_char, left)) + "".join(
        map(folding.fold_char, right)
    )


@pytest.mark.parametrize(
    "flood", ["\u0300\u0323", "\u0300", "\u064e\u0651", "&#73;", "<b>", "*", "_", "І", "a\u0300", "&amp;", "<!--"]
)
def test_work_grows_with_length_and_no_faster(flood: str) -> None:
    """Counted in characters that the normaliser is given, not in seconds: each is looked at a bounded number of times."""
    counts = [_calls(flood * n) for n in (500, 1000, 2000)]
    assert counts[2] - counts[1] <= 2.2 * max(1, counts[1] - counts[0])


def _calls(text: str) -> int:
    steps = 0

    def tick(*_args: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(tick)
    try:
        fold_name(text)
        clean(text)
    finally:
        sys.setprofile(None)
    return steps


def test_normalisation_never_sees_a_long_run_of_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = unicodedata.normalize
    monkeypatch.setattr(folding.unicodedata, "normalize", lambda form, text: seen.append(text) or real(form, text))
    clean("a" + "\u0300\u0323" * 5000)
    assert max(map(len, seen)) <= folding.MAX_MARK_RUN + 1


@given(st.text(alphabet=st.sampled_from('aаοI&;<b>*_"\u00ad\x1b[31m\nא é9amp#8217'), max_size=30) | st.text(max_size=30))
def test_undisguised_is_the_text_of_undisguise(text: str) -> None:
    assert folding.undisguised(text) == undisguise(text).text


@given(st.text(st.sampled_from("abYé -'’‑.( асеШщжαοΩ\u0301\u200b\u00ad\u0482\u0483ʼⓐ𝐀ｂ\U0001d6a8"), max_size=30))
def test_compounds_are_those_of_a_scan_over_the_whole_text(text):
    """What is read around each Greek or Cyrillic letter is what a scan from the start would read there."""
    obvious = [found.span() for found in confusables._COMPOUND.finditer(text) if GREEK_OR_CYRILLIC.search(found.group())]
    assert [found.span() for found in confusables._compounds(text)] == obvious
    assert confusables.mend_homoglyphs(text) == confusables.mend_homoglyphs(text.translate(confusables._DRESSED))
