"""Letters of the scripts that names come in -> Latin spellings, one table a script. Values only, apart from building the tables.

The spellings follow what names of people and places use (BGN/PCGN and press usage), not scholarly transliteration: what a table
leaves ambiguous (waw as w, u, o or v) is settled by the learned edit costs, not here.
"""

from __future__ import annotations

from collections.abc import Iterator


def _pairs(text: str) -> dict[str, str]:
    """`ab=x c=y` -> {"a": "x", "b": "x", "c": "y"}: every letter left of the sign has the spelling right of it."""
    table: dict[str, str] = {}
    for word in text.split():
        letters, _, spelling = word.partition("=")
        table.update((letter, spelling) for letter in letters)
    return table


ARABIC = _pairs(
    "اأآٱىةعٲە=a إ=i ءٔ= ؤوۋ=w ئيیےې=y بٻ=b پ=p تطټٹ=t ث=th ج=j چ=ch حهھہۂ=h خ=kh دضډڈ=d ذ=dh رړڑڕ=r زظ=z ژږ=zh "
    "سص=s شښ=sh غ=gh ف=f ڤ=v ق=q كکڪ=k گګڨݣڳ=g لڵ=l م=m نںڼ=n ۇۊۈ=u ۆۉ=o ۃۀ=a ڭ=ng ێ=e ۍ=y ځ=dz څ=ts ٿ=th ڃ=n"
)
HEBREW = _pairs("אע=a ב=b ג=g ד=d ה=h ו=w ז=z ח=h ט=t י=y כך=k ל=l מם=m נן=n ס=s פף=p צץ=ts ק=k ר=r ש=sh ת=t ׳=  ״=")
CYRILLIC = _pairs(
    "аәӑ=a б=b в=v гґѓ=g д=d еэӗ=e ё=yo ж=zh з=z иіӣ=i й=y к=k л=l м=m н=n оө=o п=p р=r с=s т=t уүұӯ=u ф=f х=kh "
    "ц=ts ч=ch ш=sh щ=shch ъьӏ= ы=y ю=yu я=ya ї=yi є=ye ў=w ј=j љ=lj њ=nj ћ=c ђ=dj џ=dzh ќ=k ѕ=dz қ=q ғ=gh "
    "ҳһ=h ҷҗ=j ң=ng ҫ=s ѣ=e"
)
GREEK = _pairs("α=a β=v γ=g δ=d ε=e ζ=z ηι=i θ=th κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o")
GREEK_DIGRAPHS = {
    "μπ": "b", "ντ": "nt", "γκ": "gk", "γγ": "ng", "γχ": "nch", "ου": "ou",
    "αι": "ai", "ει": "ei", "οι": "oi", "αυ": "av", "ευ": "ev", "τζ": "tz",
}  # fmt: skip
ARMENIAN = _pairs(
    "ա=a բ=b գ=g դ=d ե=e զ=z է=e ը=y թ=t ժ=zh ի=i լ=l խ=kh ծ=ts կ=k հ=h ձ=dz ղ=gh ճ=ch մ=m յ=y ն=n շ=sh ո=o չ=ch "
    "պ=p ջ=j ռ=r ս=s վ=v տ=t ր=r ց=ts ւ=v փ=p ք=k օ=o ֆ=f"
)
GEORGIAN = _pairs(
    "ა=a ბ=b გ=g დ=d ე=e ვ=v ზ=z თ=t ი=i კ=k ლ=l მ=m ნ=n ო=o პ=p ჟ=zh რ=r ს=s ტ=t უ=u ფ=p ქ=k ღ=gh ყ=q შ=sh ჩ=ch "
    "ც=ts ძ=dz წ=ts ჭ=ch ხ=kh ჯ=j ჰ=h"
)
# Latin letters that stripping the mark would misread: Turkish, Slavic, Baltic, Romanian, Azeri, Icelandic, scholarly Arabic.
LATIN = _pairs(
    "şșšśŝ=sh çčćĉ=ch žż=zh ğ=g ı=i ł=l đ=d ð=d þ=th ß=ss æœ=e øǿ=o ə=a ħ=h ţț=ts ź=z ǧġ=gh ǰĵ=j ẖḫ=kh ĥ=h ŋ=ng ȝ=gh "
    "ʿʾ‘’'`ʻʼ´ʹʺ”“\"′″׳״=  ɣ=gh ʃ=sh ʒ=zh ɛ=e ɔ=o ɖ=d ƙ=k ɓ=b ɗ=d ƴ=y"
)

# The Brahmic blocks of Unicode lie parallel: the same offset from the start of a block is the same letter in each.
_BRAHMIC_STARTS = (0x0900, 0x0980, 0x0A00, 0x0A80, 0x0B00, 0x0B80, 0x0C00, 0x0C80, 0x0D00)
_BRAHMIC_CONSONANTS = (
    "k kh g gh ng ch ch j jh n t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h".split()
)  # offsets 0x15 to 0x39
_BRAHMIC_VOWELS = "a a i i u u ri li e e e ai o o o au".split()  # offsets 0x05 to 0x14
_BRAHMIC_SIGNS = "a i i u u ri ri e e e ai o o o au".split()  # offsets 0x3E to 0x4C
_BRAHMIC_NUKTA = {"k": "q", "kh": "kh", "g": "gh", "j": "z", "ph": "f", "d": "r", "dh": "rh"}
SCHWA_DROPPED = frozenset((0x0900, 0x0980, 0x0A00, 0x0A80))  # Hindi, Bengali, Punjabi, Gujarati do not speak a final a


def brahmic(word: str) -> str:
    """Word of an Indian script -> Latin letters; inherent vowels written out, the final one only where it is spoken."""
    out: list[str] = []
    open_syllable = False  # the last consonant still carries its inherent vowel
    start = 0
    for char in word:
        code = ord(char)
        start, offset = code & ~0x7F, code & 0x7F
        if start not in _BRAHMIC_STARTS:
            out.append("a" * open_syllable + char)
            open_syllable = False
        elif 0x15 <= offset <= 0x39:
            out.append("a" * open_syllable + _BRAHMIC_CONSONANTS[offset - 0x15])
            open_syllable = True
        elif offset == 0x3C and out:
            out[-1] = _softened(out[-1])
        elif offset == 0x4D:
            open_syllable = False
        else:
            vowel, keeps = _brahmic_vowel(offset)
            out.append("a" * (open_syllable and keeps) + vowel)
            open_syllable = False
    if open_syllable and start not in SCHWA_DROPPED:
        out.append("a")
    return "".join(out)


def _softened(consonant: str) -> str:
    bare = consonant[1:] if consonant[:1] == "a" and len(consonant) > 1 else consonant
    return consonant[: len(consonant) - len(bare)] + _BRAHMIC_NUKTA.get(bare, bare)


def _brahmic_vowel(offset: int) -> tuple[str, bool]:
    """Offset in the block -> (letters, whether the inherent vowel before it is spoken)."""
    if 0x05 <= offset <= 0x14:
        return _BRAHMIC_VOWELS[offset - 0x05], True
    if 0x3E <= offset <= 0x4C:
        return _BRAHMIC_SIGNS[offset - 0x3E], False
    if 0x66 <= offset <= 0x6F:
        return str(offset - 0x66), True
    return {0x01: "n", 0x02: "n", 0x03: "h"}.get(offset, ""), True


def is_brahmic(char: str) -> bool:
    """Character -> whether `brahmic` reads it."""
    return "\u0900" <= char < "\u0d80"


_HANGUL_INITIALS = "g kk n d tt r m b pp s ss  j jj ch k t p h".split(" ")
_HANGUL_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_HANGUL_FINALS = " k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split(" ")


def hangul(char: str) -> str:
    """Hangul syllable -> Revised Romanization of that syllable alone."""
    index = ord(char) - 0xAC00
    initial, rest = divmod(index, 588)
    vowel, final = divmod(rest, 28)
    return _HANGUL_INITIALS[initial] + _HANGUL_VOWELS[vowel] + _HANGUL_FINALS[final]


def is_hangul(char: str) -> bool:
    """Character -> whether it is a composed Hangul syllable."""
    return "\uac00" <= char <= "\ud7a3"


def _kana() -> Iterator[tuple[str, str]]:
    rows = {
        "": "あいうえお", "k": "かきくけこ", "g": "がぎぐげご", "s": "さしすせそ", "z": "ざじずぜぞ", "t": "たちつてと",
        "d": "だぢづでど", "n": "なにぬねの", "h": "はひふへほ", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ", "m": "まみむめも",
        "r": "らりるれろ",
    }  # fmt: skip
    hepburn = {"si": "shi", "zi": "ji", "ti": "chi", "tu": "tsu", "di": "ji", "du": "zu", "hu": "fu"}
    for consonant, letters in rows.items():
        for letter, vowel in zip(letters, "aiueo", strict=True):
            yield letter, hepburn.get(consonant + vowel, consonant + vowel)
    yield from zip("やゆよわをんゔゐゑ", ("ya", "yu", "yo", "wa", "o", "n", "vu", "i", "e"), strict=True)
    yield from zip("ぁぃぅぇぉ", "aiueo", strict=True)


KANA = dict(_kana())
_SMALL_Y = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
_SMALL_VOWEL = {"ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}


def kana(text: str) -> str:
    """Hiragana or katakana -> Hepburn letters without length marks; other characters pass unchanged."""
    out: list[str] = []
    double = False
    for raw in text:
        char = chr(ord(raw) - 0x60) if "ァ" <= raw <= "ヴ" else raw
        if char == "っ":
            double = True
            continue
        if char in _SMALL_Y and out and out[-1].endswith("i"):
            stem = out[-1][:-1]
            out[-1] = stem + ("" if stem.endswith(("sh", "ch", "j")) else "y") + _SMALL_Y[char]
        elif char in _SMALL_VOWEL and out and len(out[-1]) > 1:
            out[-1] = out[-1][:-1] + _SMALL_VOWEL[char]  # ファ fa, ティ ti, ヴェ ve
        elif char != "ー":
            spelled = KANA.get(char, _SMALL_Y.get(char, char))
            out.append(spelled[:1] * double + spelled)
            double = False
    return "".join(out)


def is_kana(char: str) -> bool:
    """Character -> whether it is hiragana or katakana."""
    return "\u3041" <= char <= "\u30ff"


def is_han(char: str) -> bool:
    """Character -> whether it is a Chinese character (as used in Chinese, Japanese or Korean)."""
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003134f" or char == "々"


ALPHABETS: dict[int, str] = {
    ord(letter): spelling
    for table in (ARABIC, HEBREW, CYRILLIC, GREEK, ARMENIAN, GEORGIAN, LATIN)
    for letter, spelling in table.items()
}
