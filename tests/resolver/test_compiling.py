"""A generation is put together from what was prepared for each entity: the same bytes, whatever was prepared when and by whom."""

from __future__ import annotations

import importlib.util
import sys
from array import array
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliases.entity import Alias, Entity
from aliases.errors import AkaError
from resolver import assemble, compiling, preparers, segments, tries
from resolver.compiling import compile_generation
from resolver.index import Index

NAMES = [
    "Deir ez-Zor", "دير الزور", "Raqqa", "Bashar al-Assad", "Islamic State of Iraq and the Levant", "ISIL", "北京", "Αθήνα",
    "Gazprom OOO", "Ivan Petrov (politician)", "M/V Sea Star", "O'Brien", "Abd al-Rahman", "A", "007", "--", "김정은", "Σ 9th Brigade",
]  # fmt: skip
TYPES = ["person", "organization", "place", "vessel", "other", "aircraft", "event"]


def _entity(number: int, version: int = 0) -> Entity:
    names = [NAMES[(number * k + version + k) % len(NAMES)] for k in range(1, 3 + number % 4)]
    aliases = tuple(
        Alias(name, "acronym" if name.isupper() and name.isascii() else "alias", case=name == "ISIL") for name in names[1:]
    )
    lists = (("a",), ("b",), ("a", "b"), ())[number % 4]
    return Entity(f"e{number:04}", TYPES[number % len(TYPES)], f"{names[0]} {number % 5}", aliases, lists)  # type: ignore[arg-type]


def _entities(count: int, changed: frozenset[int] = frozenset()) -> list[Entity]:
    return [_entity(number, 1 if number in changed else 0) for number in range(count)]


def _bytes(directory: Path) -> tuple[bytes, bytes]:
    return (directory / "arrays.bin").read_bytes(), (directory / "manifest.json").read_bytes()


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "CHUNK", 40)
    monkeypatch.setattr(compiling, "PARALLEL", 80)


def test_chunks_and_processes_do_not_change_a_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_generation(_entities(120), tmp_path / "whole", jobs=1)
    monkeypatch.setattr(compiling, "CHUNK", 40)
    monkeypatch.setattr(compiling, "PARALLEL", 80)
    compile_generation(_entities(120), tmp_path / "in chunks", jobs=1)
    compile_generation(_entities(120), tmp_path / "by two", jobs=2)
    assert _bytes(tmp_path / "whole") == _bytes(tmp_path / "in chunks") == _bytes(tmp_path / "by two")
    assert {path.name for path in (tmp_path / "by two").iterdir()} == {"arrays.bin", "manifest.json"}


@settings(max_examples=15, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.integers(1, 60), st.frozensets(st.integers(0, 59), max_size=8), st.frozensets(st.integers(0, 59), max_size=8)),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_a_build_upon_what_was_prepared_gives_the_bytes_of_a_full_one(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, frozenset[int], frozenset[int]]]
) -> None:
    """Whatever came, went and changed between the builds."""
    directory = tmp_path_factory.mktemp("builds")
    for place, (count, changed, gone) in enumerate(steps):
        entities = [entity for number, entity in enumerate(_entities(count, changed)) if number not in gone]
        compile_generation(entities, directory / f"upon {place}", prepared=directory / "prepared")
        compile_generation(entities, directory / f"full {place}")
        assert _bytes(directory / f"upon {place}") == _bytes(directory / f"full {place}")


def test_only_what_changed_is_prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_chunks: None) -> None:
    compile_generation(_entities(100), tmp_path / "first", prepared=tmp_path / "prepared", jobs=1)
    seen: list[bytes] = []
    prepared = segments.prepared

    def counted(blobs: list[bytes]) -> segments.Segment:
        seen.extend(blobs)
        return prepared(blobs)

    monkeypatch.setattr(segments, "prepared", counted)
    compile_generation(_entities(100, frozenset({3, 50})), tmp_path / "second", prepared=tmp_path / "prepared", jobs=1)
    assert len(seen) == 2


def test_segments_that_are_hardly_used_are_dropped(tmp_path: Path) -> None:
    compile_generation(_entities(100), tmp_path / "first", prepared=tmp_path / "prepared")
    compile_generation(_entities(3), tmp_path / "second", prepared=tmp_path / "prepared")
    assert list((tmp_path / "prepared").iterdir()) == []


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "no JSON", "another version"])
def test_a_damaged_segment_is_prepared_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    compile_generation(_entities(30), tmp_path / "first", prepared=tmp_path / "prepared")
    (path,) = (tmp_path / "prepared").iterdir()
    whole = path.read_bytes()
    path.unlink()
    if damage == "another version":
        path.write_bytes(whole.replace(segments.made_with().encode(), b"0" * 64))
    else:
        flipped = whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:]
        path.write_bytes({"cut": whole[:-8], "flipped": flipped, "empty": b"", "no JSON": b"x" + whole}[damage])
    assert segments.read(path) is None
    compile_generation(_entities(30), tmp_path / "second", prepared=tmp_path / "prepared")
    assert _bytes(tmp_path / "first") == _bytes(tmp_path / "second")
    assert segments.read(path)


def test_a_worker_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_chunks: None) -> None:
    monkeypatch.setattr(preparers, "_START", "raise SystemExit(3) #")
    with pytest.raises(AkaError, match="killed or failed"):
        compile_generation(_entities(120), tmp_path / "generation", jobs=2)


def test_an_iterator_that_fails_leaves_no_process_and_passes_on_its_error(tmp_path: Path, small_chunks: None) -> None:
    def failing() -> object:
        yield from _entities(100)
        raise ValueError("the list broke off")

    with pytest.raises(ValueError, match="broke off"):
        compile_generation(failing(), tmp_path / "generation", jobs=2)  # type: ignore[arg-type]


def test_progress_counts_entities_and_then_steps(tmp_path: Path) -> None:
    told: list[tuple[int, int | None, str]] = []
    compile_generation(_entities(2100), tmp_path / "g", jobs=1, progress=lambda *step: told.append(step))
    assert told[:2] == [(1000, None, "read"), (2000, None, "read")]
    steps = [(done, of) for done, of, phase in told if phase == "assemble"]
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]
    assert told[-1][2] == "done"


def test_what_is_compiled_is_found(tmp_path: Path) -> None:
    compile_generation(_entities(60), tmp_path / "g")
    index = Index.open(tmp_path / "g")
    assert list(index.entities()) == _entities(60)
    for number in range(index.alias_count):
        folded = index.folded(number)
        assert not folded or number in index.exact(folded)


# ---------------------------------------------------------------- the compiled and the interpreted road


def _interpreted(name: str) -> ModuleType:
    path = Path(segments.__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"{name}_interpreted", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


ROADS = [assemble, _interpreted("assemble")]
TRIES = [tries, _interpreted("tries")]
KEYS = st.integers(1, 12) | st.integers(1, (1 << 64) - 1)


@pytest.mark.parametrize("road", TRIES, ids=["as installed", "interpreted"])
@settings(max_examples=60, deadline=None)
@given(sequences=st.lists(st.tuples(st.lists(KEYS, max_size=5), st.integers(0, 9)), max_size=400))
def test_a_trie_leads_to_what_was_put_into_it(road: ModuleType, sequences: list[tuple[list[int], int]]) -> None:
    """Every node's numbers are those that a dictionary of tuples holds, in the order in which they came."""
    keys = memoryview(array("Q", [key for sequence, _ in sequences for key in sequence]))
    sizes = memoryview(array("H", [len(sequence) for sequence, _ in sequences]))
    trie, nodes = road.Trie(), assemble.room("I", len(sequences))
    trie.add_all(keys, sizes, nodes)
    known: dict[tuple[int, ...], int] = {(): 0}
    expected: dict[int, list[int]] = {}
    for place, (sequence, number) in enumerate(sequences):
        assert known.setdefault(tuple(sequence), nodes[place]) == nodes[place]
        if sequence and expected.setdefault(nodes[place], [])[-1:] != [number]:
            expected[nodes[place]].append(number)
    assert len(set(known.values())) == len(known)
    at, out = assemble.room("I", trie.size() + 1), assemble.room("I", max(1, len(sequences)))
    count = road.post(nodes, memoryview(array("I", [number for _, number in sequences])), at, out)
    assert count == at[trie.size()]
    assert {node: list(out[at[node] : at[node + 1]]) for node in range(trie.size()) if at[node] < at[node + 1]} == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 3) | st.integers(0, (1 << 64) - 1), max_size=300))
def test_both_roads_sort_and_count_alike(values: list[int]) -> None:
    made = []
    for road in ROADS:
        keys, places, alike = array("Q", values), array("I", range(len(values))), road.room("B", len(values))
        road.sort_wide(memoryview(keys), memoryview(places), road.room("Q", len(values)), road.room("I", len(values)))
        road.count_alike(memoryview(array("Q", values)), alike)
        made.append((list(keys), list(places), list(alike)))
    assert made[0] == made[1]
    assert made[0][0] == sorted(values)
    assert made[0][1] == sorted(range(len(values)), key=lambda place: values[place])
    assert made[0][2] == [min(255, values.count(value) - 1) for value in values]
