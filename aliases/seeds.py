"""Hand-kept TOML seeds -> checked entities, and for each of their forms the file and line that it stands on.

The format is described in seeds/README.md.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aliases.assemble import assemble, checked
from aliases.entity import Alias, AliasKind, Entity, check_form
from aliases.errors import InvalidError, Problem, UnknownError
from aliases.toml_lines import Lines

LIST = "seeds"  # the list that every seed is on

HEADER = "file"  # the table that says what a file holds, where it came from and under which licence
HEADER_KEYS = frozenset({"about", "source", "licence", "type", "native"})
KIND_KEYS: Mapping[str, AliasKind] = {"acronym": "acronym", "former": "former", "weak": "weak", "demonym": "demonym"}
FORM_KEYS = frozenset({"form", "lang", "case"})

# ISO 639-1, the codes in force (Library of Congress, the registration authority).
_LANGUAGES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu "
    "fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km "
    "kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om "
    "or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr "
    "ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
LANGUAGES = frozenset(_LANGUAGES.split())


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong at one line of one file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Form:
    """A surface form with the line that it stands on."""

    alias: Alias
    line: int


@dataclass(frozen=True, slots=True)
class Seed:
    """One table of a seed file: the entity in it, and where its parts stand."""

    file: str
    line: int  # of the table's header
    name_line: int
    entity: Entity
    forms: tuple[Form, ...]  # every form as written, repeated ones included
    property_lines: dict[str, int]
    homonym_of: tuple[str, ...]


@dataclass(slots=True)
class SeedFile:
    """One file, read as far as it can be: its header, its seeds, and what kept the rest from being read."""

    path: Path
    header: dict[str, Any] = field(default_factory=dict)
    header_line: int = 1
    seeds: list[Seed] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def wrong(self, line: int, message: str) -> None:
        """Note what is wrong at a line."""
        self.findings.append(Finding(str(self.path), line, message))


def home() -> Path:
    """Nothing -> the folder of the shipped seeds: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parent
    for folder in (package / "_seeds", package.parent / "seeds"):
        if any(folder.glob("*.toml")):
            return folder
    raise UnknownError(f"the shipped seeds are neither in {package / '_seeds'} nor in {package.parent / 'seeds'}: reinstall aka")


def files(path: Path) -> list[Path]:
    """A file, or a folder of seeds -> its .toml files in order of their paths; UnknownError when there is none."""
    if path.is_file():
        return [path]
    found = sorted(path.rglob("*.toml"))
    if not found:
        raise UnknownError(f"there is no seed file (.toml) at {path}: check the path")
    return found


def read(path: Path | None = None) -> Iterator[Entity]:
    """A file or folder of seeds (the shipped ones without path) -> its entities; InvalidError names every wrong `file:line`."""
    seen: dict[str, Seed] = {}
    findings: list[Finding] = []
    entities: list[Entity] = []
    for file in files(home() if path is None else path):
        parsed = parse(file)
        findings += parsed.findings
        for seed in parsed.seeds:
            earlier = seen.setdefault(seed.entity.id, seed)
            if earlier is not seed:
                findings.append(already(seed, earlier))
            entities.append(seed.entity)
    if findings:
        problems = [Problem(f"{finding.file}:{finding.line}", finding.message) for finding in findings]
        raise InvalidError(f"the seeds have {len(findings)} wrong places: correct them (aka lint shows them all)", problems)
    yield from entities


def already(seed: Seed, earlier: Seed) -> Finding:
    """Two seeds of one id -> the finding that says so."""
    message = f"id '{seed.entity.id}' is already at {earlier.file}:{earlier.line}: ids are unique, rename or join one of them"
    return Finding(seed.file, seed.line, message)


def parse(path: Path) -> SeedFile:
    """Seed file -> its header, its seeds and its findings; never raises for what stands in the file."""
    parsed = SeedFile(path)
    try:
        text = path.read_bytes().decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        parsed.wrong(error.object[: error.start].count(b"\n") + 1, f"not UTF-8 ({error.reason}): save the file as UTF-8")
        return parsed
    lines = Lines(text)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        parsed.wrong(*_broken(str(error), lines))
        return parsed
    _read_header(parsed, tables, lines)
    for key, table in tables.items():
        if key != HEADER:
            _read_seed(parsed, key, table, lines)
    return parsed


def _broken(message: str, lines: Lines) -> tuple[int, str]:
    """What tomllib says -> line and message; for a key or table given twice, with the line of the first."""
    found = re.search(r" \(at line (\d+), column (\d+)\)", message)
    if not found:
        return lines.last, f"not TOML: {message}"
    line = int(found[1])
    for number, what, first in lines.repeated:
        if number == line:
            return line, f"{what} is already at line {first}: join the two"
    return line, f"not TOML: {message.replace(found[0], '')} (column {found[2]})"


def _read_header(parsed: SeedFile, tables: dict[str, Any], lines: Lines) -> None:
    header = tables.get(HEADER)
    if not isinstance(header, dict):
        parsed.wrong(1, f"the table [{HEADER}] is missing: say in it what the file is about, its source and its licence")
        return
    parsed.header_line = lines.table(HEADER)
    for key, value in header.items():
        line = lines.key(HEADER, key)
        if key not in HEADER_KEYS:
            parsed.wrong(line, f"unknown field '{key}' in [{HEADER}]: use {' '.join(sorted(HEADER_KEYS))}")
        elif key == "native":
            if not isinstance(value, list) or not all(isinstance(item, str) and item in LANGUAGES for item in value):
                parsed.wrong(line, '\'native\' is not a list of ISO 639-1 codes: write ["ar", "ku"]')
                continue
        elif not isinstance(value, str) or not value.strip():
            parsed.wrong(line, f"'{key}' in [{HEADER}] is not a text: write it in quotes")
            if key == "type":
                continue
        parsed.header[key] = value


def _read_seed(parsed: SeedFile, identifier: str, table: Any, lines: Lines) -> None:
    if not isinstance(table, dict):
        message = f"'{identifier}' stands outside of any table: move it under the [id] it belongs to"
        parsed.wrong(lines.key("", identifier), message)
        return
    before = len(parsed.findings)
    name = table.get("name")
    if name is None:
        parsed.wrong(lines.table(identifier), f"{identifier}: 'name' is missing: give the canonical name")
    if "type" not in table and "type" not in parsed.header:
        parsed.wrong(lines.table(identifier), f"{identifier}: 'type' is missing: give it here, or in [{HEADER}] for all")
    forms, properties = _read_fields(parsed, identifier, table, lines)
    if len(parsed.findings) > before:
        return
    try:
        entity = assemble(
            identifier,
            entity_type=table.get("type") or parsed.header["type"],
            name=table["name"],
            aliases=(form.alias for form in forms),
            properties=properties,
            lists=(LIST,),
        )
    except InvalidError as error:
        parsed.wrong(lines.table(identifier), f"{identifier}: {error.detail}")
        return
    seed = Seed(
        file=str(parsed.path),
        line=lines.table(identifier),
        name_line=lines.key(identifier, "name"),
        entity=entity,
        forms=tuple(forms),
        property_lines={key: lines.key(identifier, key) for key in properties},
        homonym_of=tuple(table.get("homonym_of", ())),
    )
    parsed.seeds.append(seed)


def _read_fields(parsed: SeedFile, identifier: str, table: dict[str, Any], lines: Lines) -> tuple[list[Form], dict[str, Any]]:
    """Table -> its forms and its properties; what is wrong with one field is noted, and the others are read."""
    forms: list[Form] = []
    properties: dict[str, Any] = {}
    for key, value in table.items():
        try:
            if key in ("name", "type"):
                _check_text(key, value)
            elif key == "homonym_of":
                _check_ids(value)
            elif key in KIND_KEYS or len(key) == 2:
                forms += _read_forms(parsed, identifier, key, value, lines)
            else:
                properties[key] = _property(key, value)
        except InvalidError as error:
            parsed.wrong(lines.key(identifier, key), f"{identifier}: {error.detail}")
    return forms, properties


def _read_forms(parsed: SeedFile, identifier: str, key: str, value: Any, lines: Lines) -> list[Form]:
    """List of forms under one key -> Forms; each that is wrong is noted at its line. InvalidError when it is no such list."""
    if key not in KIND_KEYS and key not in LANGUAGES:
        raise InvalidError(f"'{key}' is no ISO 639-1 code: use one, or a property name of more letters")
    if not isinstance(value, list):
        raise InvalidError(f"'{key}' is not a list: write {key} = [\"...\"]")
    kind = KIND_KEYS.get(key) or ("native" if key in parsed.header.get("native", ()) else "alias")
    lang = "" if key in KIND_KEYS else key
    plain = Alias("", kind=kind, lang=lang, source=f"{LIST}/{parsed.path.stem}", case=kind == "acronym")
    forms: list[Form] = []
    seen: dict[str, int] = {}
    for item in value:
        written = item.get("form", "") if isinstance(item, dict) else str(item)
        nth = seen[str(written)] = seen.get(str(written), -1) + 1
        line = lines.form(identifier, key, str(written), nth)
        try:
            forms.append(Form(_alias(item, plain), line))
        except InvalidError as error:
            parsed.wrong(line, f"{identifier}: {error.detail}")
    return forms


def _alias(item: Any, plain: Alias) -> Alias:
    """A form as it is written, and what its key says of all forms beside it -> Alias."""
    fields = {"form": item} if isinstance(item, str) else item
    if not isinstance(fields, dict) or not isinstance(fields.get("form"), str):
        raise InvalidError(f'the form {item!r} is neither a text nor {{ form = "..." }}')
    unknown = sorted(fields.keys() - FORM_KEYS)
    if unknown:
        raise InvalidError(f"unknown field '{unknown[0]}' of the form '{fields['form']}': use {' '.join(sorted(FORM_KEYS))}")
    lang, case = fields.get("lang", plain.lang), fields.get("case", plain.case)
    if not isinstance(lang, str) or not isinstance(case, bool):
        raise InvalidError(f"the form '{fields['form']}' needs lang = \"...\" and case = true or false")
    return checked(Alias(fields["form"], kind=plain.kind, lang=lang, source=plain.source, case=case))


def _check_text(key: str, value: Any) -> None:
    if not isinstance(value, str):
        raise InvalidError(f"'{key}' is not a text: write it in quotes")
    if key == "name":
        check_form(value)


def _check_ids(value: Any) -> None:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidError("'homonym_of' is not a list of ids: write [\"id\"]")


def _property(key: str, value: Any) -> Any:
    if isinstance(value, (datetime.date, datetime.time)):  # datetime is a date
        return value.isoformat()
    if isinstance(value, list):
        return [_property(key, item) for item in value]
    if isinstance(value, dict):
        raise InvalidError(f"'{key}' is a table in a table: put an id that holds a dot in quotes, or write plain values")
    if isinstance(value, float) and value - value != 0:  # nan or infinite
        raise InvalidError(f"'{key}' is {value}: give a finite number")
    return value
