"""GeoNames' allCountries.txt (or one country's), with alternateNamesV2.txt beside it -> places.

Schema: the readme.txt of GeoNames' export folder. Tab-separated, nothing quoted, no head. The first has 19 columns: geonameid,
name, asciiname, alternatenames, latitude, longitude, feature class and code, country code, cc2, admin1 to admin4, population,
elevation, dem, timezone, date. The second has 10: id, geonameid, isolanguage, name, isPreferredName, isShortName, isColloquial,
isHistoric, from, to; what stands as language may be no language (post, link, iata, wkdt, ...). Without the second file the
alternate names of the first are taken, less those that a program made. CC BY 4.0, <https://www.geonames.org>.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from pathlib import Path

from aliases.entity import AliasKind, script_of
from aliases.errors import Problem
from aliases.sources import tables
from aliases.sources.drafts import Draft, Record, entities, tidy
from aliases.sources.packed import opened
from aliases.sources.places import is_machine_made

_WIDTH, _NAMES_WIDTH = 19, 10
_DIGITS = 18  # of a number; those of GeoNames have eight today
_NAMES_FILES = ("alternateNamesV2.txt", "alternateNamesV2.zip", "alternateNamesV2.txt.gz")
_CHOSEN = "SELECT 1 FROM chosen WHERE place = ?"
_NO_LANGUAGES = frozenset("post link iata icao faac unlc tcid phon piny lauc fr_1793 abbr wkdt".split())


def beside(path: Path) -> list[Path]:
    """File of places -> the file of alternate names in the same folder, if there is one."""
    return [path.parent / name for name in _NAMES_FILES if (path.parent / name).is_file()][:1]


def read(
    path: Path, *, countries: Collection[str] = (), features: Collection[str] = (), min_population: int = 0
) -> Iterator[Record]:
    """GeoNames -> its places that are in these countries, of these feature classes or codes, with so many people.

    Without a filter everything is taken. Memory does not grow with the files: alternate names wait in a temporary database.
    MalformedError refuses a file of another format.
    """
    with closing(_scratch()) as names:
        wanted = _Wanted(frozenset(countries), frozenset(features), min_population)
        for file in beside(path):
            if wanted:
                names.executemany("INSERT OR IGNORE INTO chosen VALUES (?)", wanted.ids(path))
            yield from _load(file, names, only_chosen=bool(wanted))
        yield from entities(_drafts(path, wanted, names, with_own=not beside(path)), file=path.name)


class _Wanted:
    """The filter of the user; false when it lets everything pass."""

    def __init__(self, countries: Collection[str], features: Collection[str], min_population: int) -> None:
        self._countries = countries
        self._features = features
        self._min_population = min_population

    def __bool__(self) -> bool:
        return bool(self._countries or self._features or self._min_population)

    def fits(self, cells: list[str]) -> bool:
        """Row of a place -> whether it is wanted; ValueError when its population is no number."""
        return (
            (not self._countries or cells[8] in self._countries)
            and (not self._features or cells[6] in self._features or cells[7] in self._features)
            and (not self._min_population or int(cells[14] or "0") >= self._min_population)
        )

    def ids(self, path: Path) -> Iterator[tuple[int]]:
        """File of places -> the numbers of those that fit; a row that cannot be told is left to those who read it for good."""
        for row in _rows(path, _WIDTH):
            with suppress(ValueError):
                if not isinstance(row, Problem) and self.fits(row[1]):
                    yield (int(row[1][0]),)


def _scratch() -> sqlite3.Connection:
    """Nothing -> an empty database in a temporary file that SQLite removes."""
    connection = sqlite3.connect("", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000;"
        "CREATE TABLE chosen (place INTEGER PRIMARY KEY);"
        "CREATE TABLE names (place INTEGER, lang TEXT, form TEXT, kind TEXT); BEGIN"
    )
    return connection


def _rows(path: Path, width: int) -> Iterator[tuple[int, list[str]] | Problem]:
    with opened(path, members=(path.with_suffix(".txt").name, "allCountries.txt", "alternateNamesV2.txt")) as stream:
        found = tables.lines(tables.text(stream, name=path.name), name=path.name)
        for row in tables.rows(found, name=path.name, delimiter="\t", quoted=False):
            if isinstance(row, Problem):
                yield row
            elif len(row[1]) != width or not _is_number(row[1][0]):
                yield Problem(
                    f"line {row[0]}", f"{len(row[1])} cells from {row[1][0][:20]!a} on, expected {width} from a number on"
                )
            else:
                yield row


def _is_number(cell: str) -> bool:
    """Cell -> whether it is the number of a place, which SQLite can hold."""
    return cell.isascii() and cell.isdigit() and len(cell) <= _DIGITS


def _load(path: Path, names: sqlite3.Connection, *, only_chosen: bool) -> Iterator[Problem]:
    """File of alternate names -> its names in the temporary database; problems of single rows."""
    for row in _rows(path, _NAMES_WIDTH):
        if isinstance(row, Problem):
            yield Problem(f"{path.name} {row.pointer}", row.detail)
        elif (name := _alternate(row[1])) and not (only_chosen and not names.execute(_CHOSEN, name[:1]).fetchone()):
            names.execute("INSERT INTO names VALUES (?, ?, ?, ?)", name)
    names.execute("CREATE INDEX by_place ON names (place)")


def _alternate(cells: list[str]) -> tuple[int, str, str, str] | None:
    """Row of the alternate names -> place, language, form and kind; None when it holds no name of a place."""
    _, place, lang, form, _, _, colloquial, historic, *_ = cells
    if not _is_number(place) or (lang in _NO_LANGUAGES and lang not in ("abbr", "wkdt")):
        return None
    if lang == "abbr":
        return int(place), "", form, "acronym"
    if lang == "wkdt":
        return int(place), lang, form, ""
    return int(place), lang, form, "former" if historic == "1" else "weak" if colloquial == "1" else "alias"


def _drafts(path: Path, wanted: _Wanted, names: sqlite3.Connection, *, with_own: bool) -> Iterator[Draft | Problem]:
    for row in _rows(path, _WIDTH):
        if isinstance(row, Problem):
            yield row
            continue
        try:
            if wanted.fits(row[1]):
                yield _draft(*row, names, with_own=with_own)
        except ValueError:
            yield Problem(f"line {row[0]}", f"place {row[1][0][:20]} has no number where its position or its people should be")


def _draft(line: int, cells: list[str], names: sqlite3.Connection, *, with_own: bool) -> Draft:
    number, name, ascii_name, alternates, latitude, longitude, class_, code, country = cells[:9]
    draft = Draft(line, f"geonames-{number}", "place", name)
    draft.properties = {
        "country": country, "geonames": int(number), "lat": float(latitude), "lon": float(longitude),
        "feature": f"{class_}.{code}".strip("."), "population": int(cells[14] or "0") or None,
    }  # fmt: skip
    if ascii_name and ascii_name != name:
        draft.add(ascii_name)
    for form in alternates.split(",") if with_own else ():
        if tidy(form) and not is_machine_made(tidy(form)):
            draft.add(form, _kind(form, "alias"))
    found = names.execute("SELECT lang, form, kind FROM names WHERE place = ? ORDER BY rowid", (int(number),))
    for lang, form, kind in found.fetchall():
        if lang == "wkdt":
            draft.properties["wikidata"] = form
        else:
            draft.add(form, _kind(form, kind), lang=lang)
    draft.aliases = list(dict.fromkeys(draft.aliases))
    return draft


def _kind(form: str, kind: AliasKind) -> AliasKind:
    return "native" if kind == "alias" and script_of(form) not in ("Latn", "Zyyy") else kind
