"""A name and what kind of entity it names -> its words as they are compared: no articles, titles, legal forms or noise.

What is taken out is kept where it is evidence (legal forms, initials). Every reading of a name is prepared for itself.
"""

from __future__ import annotations

import functools
import re

import msgspec

from aliases.romanize import ORIGINS, origin_of, readings

VERSION = 5  # raise with every change of what any name is prepared to

# Types that are compared with one set of rules and weights; the order is that of the compiled index.
FAMILIES = ("person", "organization", "place", "vessel", "other")
_FAMILY_OF = {"person": "person", "organization": "organization", "place": "place", "vessel": "vessel", "aircraft": "vessel"}

MAX_WORDS = 12  # of one name; the alignment of longer ones grows with the product of both
MAX_LETTERS = 24  # of one word
MAX_ACRONYM = 8
MAX_PARTS, MAX_PART = 3, 4  # words of an acronym in parts, and letters of each


class Prepared(msgspec.Struct, frozen=True, gc=False):
    """One reading of a name, ready to be compared."""

    words: tuple[str, ...]  # romanized, 1 to MAX_WORDS of them
    origin: int  # place in ORIGINS
    legal: int = 0  # bit set of legal forms, see LEGAL_FORMS; of a place HEAD_ONLY
    initials: tuple[str, ...] = ()  # acronyms that the name may be cut to
    acronym: str = ""  # the name itself when it may be an acronym


def family_of(type_: str) -> str:
    """Entity type -> the one of FAMILIES that compares it."""
    return _FAMILY_OF.get(type_, "other")


@functools.lru_cache(maxsize=4096)
def prepare(name: str, family: str) -> tuple[Prepared, ...]:
    """Name and family -> its readings, likeliest first; () when it holds no letter or digit."""
    if family == "person":
        return tuple(
            _person(reading.text, reading.origin, name) for reading in readings(_asides_dropped(name), person=not name.isascii())
        )
    if family == "organization":
        return tuple(_organization(reading.text, reading.origin) for reading in readings(name))
    if family == "place":
        return _place(_asides_dropped(name))
    return tuple(_plain(reading.text, reading.origin, family) for reading in readings(name))


_CLOSING = re.compile(r"[)）\]]")
_ASIDE = re.compile(r"\s*[(（\[][^()（）\[\]]*[)）\]]\s*$")


def _asides_dropped(name: str) -> str:
    """`Ivan Petrov (politician)` -> `Ivan Petrov`; names that are all brackets stay."""
    return (_ASIDE.sub("", name) or name) if _CLOSING.search(name) else name


def _capped(words: list[str]) -> tuple[str, ...]:
    if len(words) <= MAX_WORDS and max(map(len, words)) <= MAX_LETTERS:
        return tuple(words)
    return tuple(word[:MAX_LETTERS] for word in words[:MAX_WORDS])


ARTICLES = frozenset("al el ad ed az ez as es ash esh ar er an en at et ul ud ur us il ol l".split())
_ARABIC_ARTICLES = frozenset(("al", "el", "l"))  # as Arabic letters write them: `آن` is Ann, not the `an` of `an-Nur`
_PARTICLES = frozenset("de la le les di da do das dos del the of and y e i von van der den du af av zu und et".split())


def _without(words: list[str], dropped: frozenset[str]) -> list[str]:
    """Words -> those that are not dropped; an article or particle at the end is a word (`Abu Al`)."""
    if dropped.isdisjoint(words):
        return words
    kept = [word for at, word in enumerate(words) if word not in dropped or at + 1 == len(words)]
    return kept or words


# ---------------------------------------------------------------- persons

_TITLES = frozenset(
    "mr mrs ms miss dr sir dame lord lady sheikh shaykh sheik cheikh shaikh haji hajji hajj hadji mullah mulla mawlawi maulavi "
    "mawlana maulana gen general brig brigadier col colonel lt lieutenant maj major capt captain sgt adm admiral ayatollah "
    "hojatoleslam hojjatoleslam sayyid sayyed seyed sayed saiyid prof professor hon honourable president minister".split()
)
_SURNAMES_TOO = frozenset("sheikh shaykh sheik shaikh sayyid sayyed seyed sayed saiyid".split())  # titles that end names as well
_NEPALI_TITLES = frozenset(("ma", "da"))  # मा. माननीय, डा. डाक्टर
_LINEAGE = frozenset("bin ibn ben bint binti bn".split())
_KUNYA = dict.fromkeys(("abou", "aboo", "abo", "abi", "ebu", "abw"), "abu") | dict.fromkeys(("oum", "om", "um"), "umm")
_SUFFIXES = {"jr": "2", "junior": "2", "sr": "1", "senior": "1", "ii": "2", "iii": "3", "iv": "4"}
_ABD = frozenset("abd abdu abdul abdel abdal abdol abdoul abdil abdur abdus".split())
_ABD_JOINED = re.compile(r"^abd[aeiou]{1,2}(?:l(?=[^l])|([rszndt])(?=\1))")


def _person(text: str, origin: str, name: str) -> Prepared:
    words = text.split(" ")
    if origin == "Deva" and len(words) > 2:
        while words[0] in _NEPALI_TITLES and len(words) > 2:
            words = words[1:]
    words = [_KUNYA.get(word, word) for word in words]
    if "abd" in text:
        words = _one_abd(words)
    untitled = [word for word in words[:-1] if word not in _TITLES]
    if words[-1] not in _TITLES or (untitled and words[-1] in _SURNAMES_TOO):
        untitled.append(words[-1])
    untitled = untitled or words
    first, rest = untitled[:1], [word for word in untitled[1:] if word not in _LINEAGE]
    articles = _ARABIC_ARTICLES if origin == "Arab" else ARTICLES
    words = _without(first + rest if first[0] not in articles else untitled, articles | _PARTICLES)
    if len(words) > 2 and words[-1] in _SUFFIXES:
        words[-1] = _SUFFIXES[words[-1]]
    return Prepared(_capped(words), ORIGINS.index(origin))


def _one_abd(words: list[str]) -> list[str]:
    """`abd al rahman`, `abdul rahman`, `abdurrahman` -> `abdrahman`: one name, however it is cut."""
    out: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word in _ABD and at < len(words):
            if words[at] in ARTICLES and at + 1 < len(words):
                at += 1
            word = "abd" + words[at]
            at += 1
        elif len(word) > 6 and _ABD_JOINED.match(word):
            word = "abd" + _ABD_JOINED.sub("", word)
        out.append(word)
    return out


# ---------------------------------------------------------------- organizations

# Forms that mean much the same company in different countries share a bit.
LEGAL_FORMS: tuple[tuple[str, ...], ...] = (
    ("llc", "ooo", "ood", "eood", "tov", "too", "kft", "sro", "doo", "wll", "limited liability company", "l l c", "d o o",
     "obshchestvo s ogranichennoy otvetstvennostyu", "obshchestvo s ogranichennoi otvetstvennostyu", "fz llc"),
    ("jsc", "ojsc", "cjsc", "pjsc", "pjs", "pjsco", "oao", "zao", "pao", "ao", "at", "prat", "chao", "ad", "saoc", "sae", "psc",
     "joint stock company", "public joint stock company", "open joint stock company", "closed joint stock company",
     "private joint stock", "publichnoe aktsionernoe obshchestvo", "otkrytoe aktsionernoe obshchestvo",
     "zakrytoe aktsionernoe obshchestvo", "aktsionernoe obshchestvo"),
    ("ltd", "limited", "plc", "pte", "pvt", "bhd", "sti", "p l c", "pte ltd", "pvt ltd", "private limited", "sdn bhd", "ltda",
     "sociedade limitada", "eirl"),
    ("inc", "incorporated", "corp", "corporation"),
    ("co", "company", "cia", "y cia", "sirketi", "tic", "compagnie", "compania"),
    ("gmbh", "kg", "ag", "a g"),
    ("sa", "sas", "spa", "s a", "s a s", "s p a", "sociedad anonima"),
    ("srl", "sarl", "sal", "s r l"),
    ("llp", "lp", "l l p", "limited liability partnership"),
    ("bv", "nv", "oy", "ab", "as", "b v", "n v", "a s"),
    ("fze", "fzco", "fzc", "fzllc", "free zone establishment", "free zone company"),
    ("sacv", "srlcv", "sa de cv", "s a de c v", "sociedad anonima de capital variable", "s de r l de c v"),
    ("fgup", "federal state unitary enterprise"),
    ("ip", "individual entrepreneur"),
    ("est", "establishment"),
    ("spc", "offshore"),
)  # fmt: skip
_LEGAL_BIT = {form: 1 << bit for bit, forms in enumerate(LEGAL_FORMS) for form in forms}
_LEGAL_PHRASE = re.compile(
    r"(?<![a-z0-9])(?:" + "|".join(sorted((form for form in _LEGAL_BIT if " " in form), key=len, reverse=True)) + ")(?![a-z0-9])"
)
# Words that organizations share, in other languages and short forms -> one of each.
_SAME_WORD = {
    "intl": "international", "int": "international", "org": "organization", "organisation": "organization",
    "assoc": "association",
    "grp": "group", "gruppa": "group", "grupo": "group", "groupe": "group", "mfg": "manufacturing", "bros": "brothers",
    "dept": "department", "univ": "university", "inst": "institute", "tech": "technology",
    "svcs": "services", "ind": "industries",
    "eng": "engineering", "engg": "engineering", "trdg": "trading", "gen": "general", "natl": "national", "centre": "center",
    "tsentr": "center", "centro": "center", "banque": "bank", "banco": "bank", "banka": "bank", "fdn": "foundation",
    "fondation": "foundation", "mvt": "movement", "ministerstvo": "ministry",
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8",
    "ninth": "9", "tenth": "10", "eleventh": "11", "twelfth": "12", "one": "1", "two": "2", "three": "3",
}  # fmt: skip
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_NOT_INITIAL = frozenset("of the and for de la el los las del y e i in on to a an al und et des du da do".split())
_SMALL_OR_LEGAL = _NOT_INITIAL.union(*(form.split(" ") for form in _LEGAL_BIT))


def _organization(text: str, origin: str) -> Prepared:
    raw = text.split(" ")
    legal = 0
    for phrase in _LEGAL_PHRASE.findall(text) if len(raw) > 1 else ():
        legal |= _LEGAL_BIT[phrase]
    bare = (_LEGAL_PHRASE.sub(" ", text).split() if legal else raw) or raw
    words = bare
    body = [word for word in words if word not in _LEGAL_BIT]
    if body:
        for word in words:
            legal |= _LEGAL_BIT.get(word, 0)
        words = body
    words = _letters_joined(words)
    kept = [_number(_SAME_WORD.get(word, word)) for word in _without(words, ARTICLES | _PARTICLES)]
    alone = len(kept) == 1 and len(raw) == 1
    return Prepared(
        _capped(kept),
        ORIGINS.index(origin),
        legal,
        () if alone else _initials(raw, bare),
        _acronym(kept),
    )


def _number(word: str) -> str:
    if not word[0].isdigit():
        return word
    found = _ORDINAL.match(word)
    return (found[1] if found else word).lstrip("0") or "0"


def _letters_joined(words: list[str]) -> list[str]:
    """`i s i s group` -> `isis group`."""
    if min(map(len, words)) > 1:
        return words
    out: list[str] = []
    run: list[str] = []
    for word in [*words, "  "]:
        if len(word) == 1 and word.isalpha():
            run.append(word)
            continue
        if run:
            out += ["".join(run)] if len(run) > 1 else run
            run = []
        out.append(word)
    return out[:-1]


def _initials(words: list[str], bare: list[str]) -> tuple[str, ...]:
    """Words, and those that no legal form of several words is in -> the acronyms that they may be cut to.

    With and without small words and legal forms; of legal forms at the end, with those before the last ones (`China Railway
    Construction Corporation Limited` is CRCC).
    """
    if _SMALL_OR_LEGAL.isdisjoint(words):  # all ways are one
        letters = "".join(word[0] for word in words)
        return (letters,) if 2 <= len(letters) <= MAX_ACRONYM else ()
    ways: list[list[str]] = []
    for some in (words, bare):
        full = [word for word in some if word not in _NOT_INITIAL]
        ways += [some, full, [w for w in full if w not in _LEGAL_BIT], [w for w in some if w not in _LEGAL_BIT]]
        while full and full[-1] in _LEGAL_BIT:
            full = full[:-1]
            ways.append(full)
    found = dict.fromkeys("".join(word[0] for word in way) for way in ways)
    return tuple(letters for letters in found if 2 <= len(letters) <= MAX_ACRONYM)


def _acronym(words: list[str]) -> str:
    """Words of an organization less its legal form -> the acronym that they may be, also one in parts (`IPC SB RAS`); "" if none."""
    joined = "".join(words)
    whole = len(words) == 1 or (len(words) <= MAX_PARTS and all(len(word) <= MAX_PART for word in words))
    return joined if whole and 2 <= len(joined) <= MAX_ACRONYM else ""


# ---------------------------------------------------------------- places, vessels, the rest

_VESSEL_PREFIXES = frozenset("mv mt ms ss uss hms rfa fv sv my motor vessel tanker ship".split())
_PLACE_WORDS = {"saint": "st", "sainte": "st", "ste": "st", "san": "st", "santa": "st", "mount": "mt"}


HEAD_ONLY = 1 << 30  # stands with the legal forms: what follows the comma of a place was left out
_COMMA = re.compile("[,،、]")
_TAIL = re.compile(r"\s*[,،、]\s*\S.*$")


def _place(name: str) -> tuple[Prepared, ...]:
    """Name of a place -> its readings; where a wider place follows after a comma, also without that."""
    whole = tuple(_plain(reading.text, reading.origin, "place") for reading in readings(name))
    head = _TAIL.sub("", name) if _COMMA.search(name) else name
    if head == name or not head:
        return whole
    short = (_plain(reading.text, reading.origin, "place", HEAD_ONLY) for reading in readings(head)[:1])
    return whole + tuple(short)


def _plain(text: str, origin: str, family: str, legal: int = 0) -> Prepared:
    words = text.split(" ")
    if family == "vessel":
        words = [word for word in words if word not in _VESSEL_PREFIXES] or words
    elif family == "place":
        words = [_PLACE_WORDS.get(word, word) if len(words) > 1 else word for word in words]
    kept = _without(words, ARTICLES | _PARTICLES)
    acronym = kept[0] if family == "other" and len(kept) == 1 and 2 <= len(kept[0]) <= MAX_ACRONYM else ""
    initials = _initials(words, words) if family == "other" and len(words) > 1 else ()
    return Prepared(_capped(kept), ORIGINS.index(origin), legal, initials, acronym)


def origin_index(name: str) -> int:
    """Name -> place in ORIGINS of the script that it is written in."""
    return ORIGINS.index(origin_of(name))
