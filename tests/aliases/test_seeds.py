"""Seeds come in as the entities that their keys say, and whatever is wrong is named with file and line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aliases import seeds
from aliases.entity import Alias, Entity
from aliases.errors import InvalidError, UnknownError
from aliases.sources import FORMATS

ROOT = Path(__file__).parents[2]
HEADER = '[file]\nsource = "tests"\nlicence = "CC0-1.0"\ntype = "place"\nnative = ["ar"]\n'


def _read(directory: Path, content: str, name: str = "towns.toml") -> list[Entity]:
    (directory / name).write_text(content)
    return list(seeds.read(directory))


def _alias(form: str, **fields: object) -> Alias:
    return Alias(form, source="seeds/towns", **fields)  # type: ignore[arg-type]


def test_every_key_gives_its_kind_and_language(tmp_path: Path) -> None:
    """Languages, native languages, acronyms, former, weak and demonyms, in the order of the file."""
    (entity,) = _read(
        tmp_path,
        HEADER
        + """
[deir-ez-zor]
name = "Deir ez-Zor"
country = "SY"
lat = 35.3
en = ["Deir al-Zor", { form = "Deir", case = true }]
ar = ["دير الزور"]
ru = ["Дейр-эз-Зор"]
acronym = ["DEZ", { form = "ДЭЗ", lang = "ru" }, { form = "Dez", case = false }]
former = ["Auzara"]
weak = [{ form = "الدير", lang = "ar" }]
demonym = ["Deiri"]
homonym_of = ["deir"]
""",
    )
    assert entity == Entity(
        id="deir-ez-zor",
        type="place",
        name="Deir ez-Zor",
        aliases=(
            _alias("Deir al-Zor", lang="en", script="Latn"),
            _alias("Deir", lang="en", script="Latn", case=True),
            _alias("دير الزور", kind="native", lang="ar", script="Arab"),
            _alias("Дейр-эз-Зор", lang="ru", script="Cyrl"),
            _alias("DEZ", kind="acronym", script="Latn", case=True),
            _alias("ДЭЗ", kind="acronym", lang="ru", script="Cyrl", case=True),
            _alias("Dez", kind="acronym", script="Latn"),
            _alias("Auzara", kind="former", script="Latn"),
            _alias("الدير", kind="weak", lang="ar", script="Arab"),
            _alias("Deiri", kind="demonym", script="Latn"),
        ),
        lists=("seeds",),
        properties={"country": "SY", "lat": 35.3},
    )


def test_a_type_of_its_own_goes_before_that_of_the_file(tmp_path: Path) -> None:
    """The file's type is for those that say none."""
    entities = _read(tmp_path, HEADER + '\n[a]\nname = "A"\n[b]\nname = "B"\ntype = "person"\n')
    assert [entity.type for entity in entities] == ["place", "person"]


def test_dates_become_text_and_lists_stay_lists(tmp_path: Path) -> None:
    """Properties are what JSON can hold."""
    (entity,) = _read(tmp_path, HEADER + '\n[a]\nname = "A"\nbirth_date = 1969-09-08\ncountry = ["SY", "IQ"]\n')
    assert entity.properties == {"birth_date": "1969-09-08", "country": ["SY", "IQ"]}


def test_files_are_read_in_order_of_their_names_and_entities_in_order_of_the_file(tmp_path: Path) -> None:
    """The same seeds give the same stream on every machine."""
    _read(tmp_path, HEADER + '\n[z]\nname = "Z"\n[a]\nname = "A"\n', "b.toml")
    assert [entity.id for entity in _read(tmp_path, HEADER + '\n[m]\nname = "M"\n', "a.toml")] == ["m", "z", "a"]


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ('\n[a]\nname = "A"\nen = ["B", "-"]\n', 9, "no letter or digit"),
        ('\n[a]\nname = "A"\nen = [\n  "B",\n  { form = "C", kind = "weak" },\n]\n', 11, "unknown field 'kind'"),
        ('\n[a]\nen = ["B"]\n', 7, "'name' is missing"),
        ("\n[a]\nname = 7\n", 8, "'name' is not a text"),
        ('\n[a b]\nname = "A"\n', 7, "not TOML"),
        ('\n["a/b"]\nname = "A"\n', 7, "id 'a/b' is not allowed"),
        ('\n[a]\nname = "A"\ntype = "town"\n', 7, "type 'town' is unknown"),
        ('\n[a]\nname = "A"\nlat = nan\n', 9, "finite"),
        ('\n[a]\nname = "A"\n[a]\nname = "B"\n', 9, "table [a] is already at line 7"),
    ],
)
def test_a_wrong_place_is_named_with_file_and_line(tmp_path: Path, content: str, line: int, says: str) -> None:
    """Nothing is given out, and the problem says where to look."""
    with pytest.raises(InvalidError) as caught:
        _read(tmp_path, HEADER + content)
    problem = caught.value.problems[0]
    assert problem.pointer == f"{tmp_path / 'towns.toml'}:{line}"
    assert says in problem.detail


def test_an_id_in_two_files_is_refused_with_both_places(tmp_path: Path) -> None:
    """Two editors may both have added it."""
    _read(tmp_path, HEADER + '\n[a]\nname = "A"\n', "one.toml")
    with pytest.raises(InvalidError) as caught:
        _read(tmp_path, HEADER + '\n[a]\nname = "B"\n', "two.toml")
    (problem,) = caught.value.problems
    assert problem.pointer.endswith("two.toml:7")
    assert "one.toml:7" in problem.detail


def test_all_wrong_places_of_all_files_are_named_at_once(tmp_path: Path) -> None:
    """An editor corrects them in one go."""
    (tmp_path / "one.toml").write_text(HEADER + '\n[a]\nname = ""\n[b]\nname = "B"\nen = "B"\n')
    with pytest.raises(InvalidError, match="3 wrong places") as caught:
        _read(tmp_path, HEADER + "\n[c]\n", "two.toml")
    assert [problem.pointer.rsplit("/", 1)[1] for problem in caught.value.problems] == ["one.toml:8", "one.toml:11", "two.toml:7"]


def test_a_folder_without_seeds_is_an_error(tmp_path: Path) -> None:
    """An empty list of names would answer `nothing found` to everything."""
    with pytest.raises(UnknownError, match="no seed file"):
        list(seeds.read(tmp_path))


def test_the_shipped_seeds_are_the_default() -> None:
    """Without a path the seeds of the checkout or the wheel are read, all on the list `seeds`."""
    assert FORMATS["seeds"] is seeds.read
    entities = list(seeds.read())
    assert len(entities) >= 450
    assert {entity.lists for entity in entities} == {("seeds",)}
    assert len({entity.id for entity in entities}) == len(entities)


def test_an_installed_package_finds_its_seeds_inside_itself(tmp_path: Path) -> None:
    """In a wheel they lie in `aliases/_seeds`; a folder that happens to be called `seeds` beside it is not ours."""
    shutil.copytree(ROOT / "aliases", tmp_path / "aliases", ignore=shutil.ignore_patterns("__pycache__", "*.so", "*.c"))
    for folder, identifier in (("aliases/_seeds", "ours"), ("seeds", "strange")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.toml").write_text(HEADER + f'\n[{identifier}]\nname = "A"\n')
    code = "from aliases import seeds; print(*(entity.id for entity in seeds.read()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "ours\n"


def test_the_example_of_the_readme_is_read(tmp_path: Path) -> None:
    """What seeds/README.md shows is what it says."""
    text = (ROOT / "seeds" / "README.md").read_text("utf-8")
    example = text.split("```toml\n", 1)[1].split("```", 1)[0]
    (entity,) = _read(tmp_path, example)
    assert (entity.id, entity.type, entity.properties["geonames"]) == ("deir-ez-zor", "place", 170794)
    assert [alias.kind for alias in entity.aliases] == ["alias", "alias", "native", "alias"]
