"""Seed files -> what a careful editor would find wrong with them, each with `file:line` and the line that it clashes with.

Two rules that are decisions:

- One folded form at two entities is a clash, unless one of them names the other in `homonym_of`, or one side is `weak` or a
  `demonym` (which say already that the form means other things too), or both match only in their own, different case.
- A form that is an ordinary English word must be `weak`, a `demonym`, or match in its case only. A canonical name that is
  written with a capital is exempt: Turkey, Chad and Jordan are called so, and no other spelling could stand in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from aliases.entity import script_of
from aliases.fold import fold_name
from aliases.seeds import HEADER, KIND_KEYS, Finding, Form, Seed, SeedFile, already, files, parse

__all__ = ["Finding", "lint"]

# ISO 3166-1 alpha-2, officially assigned (2024), and XK, which the EU, the IMF and others use for Kosovo.
_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF "
    "CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH "
    "GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW "
    "KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG "
    "NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN "
    "SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT "
    "ZA ZM ZW XK"
)
COUNTRIES = frozenset(_COUNTRIES.split())

# Fields whose misspelling would silently become a property of its own.
_FIELDS = ("name", "type", "homonym_of", *KIND_KEYS, "country", "geonames", "lat", "lon", "wikidata", "birth_date", "death_date")
_NEAR = 0.8  # difflib ratio from which a field is taken for a misspelt one: contry .92, wikidate .88, demonyms .93; capital .5

_PLAIN_ID = re.compile(r"[A-Za-z0-9._:-]+")  # published lists have others; those given by hand can be typed anywhere
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_WIKIDATA = re.compile(r"Q[1-9]\d*")
_TOKEN = re.compile(r"[^\W_]+")
_JOINERS = "\u200c\u200d"  # zero-width (non-)joiner: spelling, not disguise, inside Arabic-script and Indic words
_MIXABLE = ({"Hani", "Jpan"}, {"Hani", "Hang"})  # scripts that one word is rightly written in together


def lint(path: Path) -> list[Finding]:
    """A seed file or a folder of them -> what is wrong, in order of file and line; UnknownError when there is no seed file."""
    parsed = [parse(file) for file in files(path)]
    findings = [finding for file in parsed for finding in file.findings]
    for file in parsed:
        findings += _header(file)
        for seed in file.seeds:
            findings += _forms(seed)
            findings += _properties(seed)
    seeds = [seed for file in parsed for seed in file.seeds]
    findings += _clashes(seeds)
    return sorted(set(findings), key=lambda found: (found.file, found.line, found.message))


def _header(file: SeedFile) -> Iterator[Finding]:
    for key in ("source", "licence"):
        if file.header and key not in file.header:
            message = f"[{HEADER}] says no '{key}': every file says where its facts come from and under which licence"
            yield Finding(str(file.path), file.header_line, message)


# ---------------------------------------------------------------- one entity


def _forms(seed: Seed) -> Iterator[Finding]:
    """Seed -> what is wrong with its id and its forms taken one by one, and which of them it gives twice."""
    if not _PLAIN_ID.fullmatch(seed.entity.id):
        yield Finding(seed.file, seed.line, f"{seed.entity.id}: an id of ours has only A-Z a-z 0-9 . _ : -: rename it")
    name = _name(seed)
    first: dict[str, Form] = {name.alias.form: name}
    for form in (name, *seed.forms):
        for message in _form(form):
            yield Finding(seed.file, form.line, f"{seed.entity.id}: {message}")
        earlier = first.setdefault(form.alias.form, form)
        if earlier is not form:
            where = "is the canonical name" if earlier is name else "is already a form"
            message = f"{seed.entity.id}: '{form.alias.form}' {where}, at line {earlier.line}: remove one of them"
            yield Finding(seed.file, form.line, message)


def _name(seed: Seed) -> Form:
    return Form(next(seed.entity.surface_forms()), seed.name_line)


def _form(form: Form) -> Iterator[str]:
    text = form.alias.form
    if not unicodedata.is_normalized("NFC", text):
        yield f"'{text}' is not NFC: write {unicodedata.normalize('NFC', text)!a}"
    if text != " ".join(text.split()):
        yield f"{text!a} has white space at an end, doubled, or other than plain spaces: correct it"
    if not (text.isascii() and text.isprintable()):
        yield from _letters(text)
    if _is_common_word(form):
        yield f"'{text}' is an ordinary English word: make it weak, or give it case = true"


def _letters(text: str) -> Iterator[str]:
    for place, char in enumerate(text):
        if _invisible(text, place):
            yield f"{text!a} holds the invisible U+{ord(char):04X} {unicodedata.name(char, '')}".rstrip() + ": remove it"
            break
    for token in _TOKEN.findall(text):
        scripts = _scripts(token)
        if len(scripts) > 1 and not any(scripts <= mixable for mixable in _MIXABLE):
            yield f"'{token}' mixes {' and '.join(sorted(scripts))} letters ({_minority(token)}): write it in one script"


def _invisible(text: str, place: int) -> bool:
    char = text[place]
    if char in _JOINERS and 0 < place < len(text) - 1:
        return text[place - 1].isascii() or text[place + 1].isascii()
    return unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp")


def _scripts(token: str) -> set[str]:
    return {_script(char) for char in token if char.isalpha()} - {"Zyyy"}


_script = lru_cache(maxsize=None)(script_of)  # called with single letters only, of which there are few


def _minority(token: str) -> str:
    """Token in two scripts -> the letters that are not in the script of most of it, with their code points."""
    main = script_of(token)
    strange = dict.fromkeys(char for char in token if char.isalpha() and _script(char) not in (main, "Zyyy"))
    return ", ".join(f"{char} is U+{ord(char):04X}" for char in strange)


def _is_common_word(form: Form) -> bool:
    alias = form.alias
    if alias.case or alias.kind in ("weak", "demonym") or alias.form.lower() not in _common_words():
        return False
    return alias.kind != "name" or not alias.form[:1].isupper()


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    text = (Path(__file__).parent / "common_words.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _properties(seed: Seed) -> Iterator[Finding]:
    for key, value in seed.entity.properties.items():
        message = _CHECKS[key](value) if key in _CHECKS else _misspelt(key)
        if message:
            yield Finding(seed.file, seed.property_lines[key], f"{seed.entity.id}: {message}")
    missing = {"lat", "lon"} - seed.entity.properties.keys()
    if len(missing) == 1:
        (other,) = {"lat", "lon"} - missing
        message = f"{seed.entity.id}: '{other}' stands without '{missing.pop()}': give both or none"
        yield Finding(seed.file, seed.property_lines[other], message)


def _misspelt(key: str) -> str:
    near = get_close_matches(key, _FIELDS, n=1, cutoff=_NEAR)
    return f"unknown field '{key}': is '{near[0]}' meant?" if near else ""


def _country(value: Any) -> str:
    codes = value if isinstance(value, list) else [value]
    wrong = [code for code in codes if code not in COUNTRIES]
    return f"country {wrong[0]!r} is no ISO 3166-1 alpha-2 code: write one such as SY" if wrong else ""


def _coordinate(key: str, limit: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        good = isinstance(value, (int, float)) and not isinstance(value, bool) and -limit <= value <= limit
        return "" if good else f"{key} {value!r} is not between -{limit} and {limit} degrees"

    return check


def _geonames(value: Any) -> str:
    good = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return "" if good else f"geonames {value!r} is no id: write the number without quotes"


def _wikidata(value: Any) -> str:
    good = isinstance(value, str) and _WIKIDATA.fullmatch(value)
    return "" if good else f"wikidata {value!r} is no id: write Q and a number"


def _date(value: Any) -> str:
    good = isinstance(value, str) and _DATE.fullmatch(value)
    return "" if good else f'{value!r} is no ISO 8601 date: write "1970", "1970-01" or "1970-01-31"'


_CHECKS: dict[str, Callable[[Any], str]] = {
    "country": _country,
    "lat": _coordinate("lat", 90),
    "lon": _coordinate("lon", 180),
    "geonames": _geonames,
    "wikidata": _wikidata,
    "birth_date": _date,
    "death_date": _date,
}


# ---------------------------------------------------------------- several entities


def _clashes(seeds: list[Seed]) -> Iterator[Finding]:
    """All seeds -> ids given twice, homonyms that do not exist, and folded forms that two entities have."""
    known: dict[str, Seed] = {}
    for seed in seeds:
        earlier = known.setdefault(seed.entity.id, seed)
        if earlier is not seed:
            yield already(seed, earlier)
    for seed in seeds:
        for identifier in seed.homonym_of:
            if identifier not in known:
                message = f"{seed.entity.id}: homonym_of names '{identifier}', which is no id here: correct it"
                yield Finding(seed.file, seed.line, message)
    yield from _shared_forms(list(known.values()))


def _shared_forms(seeds: list[Seed]) -> Iterator[Finding]:
    owners: dict[str, list[tuple[Seed, Form]]] = {}
    for seed in seeds:
        for form in (_name(seed), *seed.forms):
            folded = fold_name(form.alias.form)
            others = owners.setdefault(folded, [])
            for other, theirs in others:
                if not _may_share(seed, form, other, theirs):
                    yield _clash(seed, form, other, theirs)
                    break
            others.append((seed, form))


def _may_share(seed: Seed, form: Form, other: Seed, theirs: Form) -> bool:
    """Two forms that fold alike -> whether that is right."""
    one, two = form.alias, theirs.alias
    return (
        seed.entity.id == other.entity.id
        or seed.entity.id in other.homonym_of
        or other.entity.id in seed.homonym_of
        or not {one.kind, two.kind}.isdisjoint({"weak", "demonym"})
        or (one.case and two.case and one.form != two.form)
    )


def _clash(seed: Seed, form: Form, other: Seed, theirs: Form) -> Finding:
    spelt = "" if form.alias.form == theirs.alias.form else f" as '{theirs.alias.form}'"
    message = (
        f"{seed.entity.id}: '{form.alias.form}' also means {other.entity.id}{spelt} at {other.file}:{theirs.line}: "
        "remove one, make one weak, or say homonym_of"
    )
    return Finding(seed.file, form.line, message)
