"""A generation: what is compiled is what is opened, the same bytes each time, and nothing damaged is ever served."""

import json
import random
from pathlib import Path

import pytest

from aliases.entity import Alias, Entity
from aliases.errors import MissingDataError, NotReadyError
from resolver.compiling import compile_generation
from resolver.index import Index, check_of
from tests.resolver.damage import DAMAGE

ENTITIES = [
    Entity("deir-ez-zor", "place", "Deir ez-Zor", (Alias("دير الزور", "native", lang="ar"),), ("seeds",), {"country": "SY"}),
    Entity("isis", "organization", "Islamic State", (Alias("IS", "acronym", case=True), Alias("Daesh")), ("seeds", "un")),
    Entity("nobody", "person", "José Nobody"),
]


@pytest.fixture
def generation(tmp_path: Path) -> Path:
    compile_generation(ENTITIES, tmp_path / "generation")
    return tmp_path / "generation"


def test_every_entity_and_alias_comes_back(generation: Path) -> None:
    index = Index.open(generation)
    assert list(index.entities()) == ENTITIES
    forms = [alias.form for entity in ENTITIES for alias in entity.surface_forms()]
    assert [index.alias(number).form for number in range(index.alias_count)] == forms
    assert index.lists() == ["seeds", "un"]


def test_an_entity_is_found_by_its_id_and_another_is_not(generation: Path) -> None:
    index = Index.open(generation)
    assert index.entity_number("isis") == 1
    assert [index.entity_number(other) for other in ("", "a", "isi", "isis2", "zzz")] == [None] * 5


def test_an_alias_is_found_by_its_folded_name_and_another_is_not(generation: Path) -> None:
    index = Index.open(generation)
    assert index.exact("deir ez zor") == [0]
    assert index.exact("jose nobody") == [5]
    assert [index.exact(other) for other in ("", "deir", "deir ez zor city")] == [[], [], []]


def test_compiling_twice_gives_the_same_bytes_and_id(tmp_path: Path) -> None:
    ids = [compile_generation(ENTITIES, tmp_path / name) for name in ("one", "two")]
    assert ids[0] == ids[1]
    assert (tmp_path / "one" / "arrays.bin").read_bytes() == (tmp_path / "two" / "arrays.bin").read_bytes()


def test_another_content_gives_another_id(tmp_path: Path) -> None:
    assert compile_generation(ENTITIES, tmp_path / "one") != compile_generation(ENTITIES[:2], tmp_path / "two")


def test_a_list_without_entities_can_be_compiled_and_asked(tmp_path: Path) -> None:
    compile_generation([], tmp_path / "generation")
    index = Index.open(tmp_path / "generation")
    assert (index.entity_count, index.exact("syria"), index.entity_number("x")) == (0, [], None)


def test_a_generation_is_never_overwritten(generation: Path) -> None:
    with pytest.raises(FileExistsError):
        compile_generation(ENTITIES, generation)


@pytest.mark.parametrize("field", ["format", "fold", "unicode", "scorer", "words", "byteorder"])
def test_a_generation_of_another_version_is_refused_with_the_fix(generation: Path, field: str) -> None:
    manifest = json.loads((generation / "manifest.json").read_text())
    manifest[field] = "another"
    (generation / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(NotReadyError, match=rf"another version of aka \({field} another, here .*import the list again"):
        Index.open(generation)


@pytest.mark.parametrize("kind", DAMAGE)
def test_damaged_arrays_are_refused(generation: Path, kind: str) -> None:
    path = generation / "arrays.bin"
    whole = path.read_bytes()
    chance = random.Random(kind)
    for _ in range(10):
        damaged = bytes(DAMAGE[kind](bytearray(whole), chance.randrange(len(whole))))
        if damaged == whole:
            continue
        path.write_bytes(damaged)
        with pytest.raises(NotReadyError, match=r"damaged|cannot be mapped|outside its file"):
            Index.open(generation)


def test_every_damage_to_a_manifest_is_refused(generation: Path) -> None:
    path = generation / "manifest.json"
    whole = path.read_bytes()
    chance = random.Random("manifest")
    for _ in range(200):
        raw = bytearray(whole)
        raw[chance.randrange(len(raw) - 1)] = chance.randrange(33, 127)
        path.write_bytes(raw)
        if json.loads(whole) != _said(raw):
            with pytest.raises(NotReadyError, match="import the list again"):
                Index.open(generation)


def _said(raw: bytearray) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 1}', "\x00", '{"arrays": 3}'])
def test_a_damaged_manifest_is_refused(generation: Path, text: str) -> None:
    (generation / "manifest.json").write_text(text)
    with pytest.raises(NotReadyError, match="import the list again"):
        Index.open(generation)


def test_an_array_that_reaches_beyond_the_file_is_refused(generation: Path) -> None:
    manifest = json.loads((generation / "manifest.json").read_text())
    manifest["arrays"]["exact_hash"][2] = 1 << 40
    manifest["check"] = check_of(manifest)
    (generation / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(NotReadyError, match="outside its file"):
        Index.open(generation)


def test_a_missing_generation_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="aka import"):
        Index.open(tmp_path / "nowhere")
