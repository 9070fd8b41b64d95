"""Entities -> one immutable generation directory -> Index, memory-mapped and shared by every worker.

A generation is two files: `arrays.bin`, flat little-endian arrays one behind the other, and `manifest.json`, which says where
each begins, what wrote them (format, fold version, Unicode version, scorer) and the SHA-256 of the arrays. Nothing in it is ever
changed: a new state is a new directory, and one pointer file is switched by a rename (`resolver.publish`).
"""

from __future__ import annotations

import hashlib
import json
import mmap
import sys
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from aliases import fold
from aliases.entity import Alias, Entity
from aliases.errors import MissingDataError, NotReadyError
from resolver import score, seal, trie, words
from resolver.finding import Sorted
from resolver.segments import name_hash

FORMAT = 12  # raise with every change of what the arrays mean
ALIGNMENT = 64  # a cache line; every array begins on one
CASE_FLAG = 0x10  # bit of `alias_flags` beside the number of the alias kind

Progress = Callable[[int, int | None, str], None]
if TYPE_CHECKING:
    Array = array[int] | array[float] | bytes

_TYPECODES = {"B": 1, "I": 4, "Q": 8, "f": 4, "i": 4, "H": 2, "b": 1, "d": 8, "h": 2, "q": 8, "L": 8}


def stamp() -> dict[str, object]:
    """-> what a generation must have been compiled with to be readable by this program."""
    return {
        "format": FORMAT,
        "fold": fold.VERSION,
        "unicode": unicodedata.unidata_version,
        "scorer": score.VERSION,
        "words": words.VERSION,
        "byteorder": sys.byteorder,
    }


class Index:
    """One generation, mapped read-only. Entities and aliases are known by number; entities are in the order of their ids."""

    def __init__(self, directory: Path, manifest: Mapping[str, object], mapped: mmap.mmap) -> None:
        self.directory = directory
        self.manifest = manifest
        self.generation = str(manifest["id"])
        merged = manifest.get("merged")
        self.merged: dict[str, str] = dict(merged) if isinstance(merged, dict) else {}  # id merged away -> id that stands for it
        self._mapped = mapped
        self.arrays = _views(memoryview(mapped), manifest)
        self.entity_count = int(str(manifest["entities"]))
        self.alias_count = int(str(manifest["aliases"]))
        self.list_sets = [tuple(names) for names in manifest["list_sets"]]  # type: ignore[attr-defined]
        self.entity_type = self.arrays["entity_type"]
        self.entity_list_set = self.arrays["entity_list_set"]
        self.alias_entity = self.arrays["alias_entity"]
        self.alias_flags = self.arrays["alias_flags"]
        self._first_alias = self.arrays["entity_first_alias"]
        self._blob, self._blob_at = self.arrays["entity_blob"], self.arrays["entity_blob_at"]
        self._ids, self._id_at = self.arrays["entity_ids"], self.arrays["entity_id_at"]
        self._folded, self._folded_at = self.arrays["folded"], self.arrays["folded_at"]
        self._exact = Sorted(self.arrays["exact_hash"], self.arrays["exact_alias"])
        decode = msgspec.msgpack.Decoder(Entity).decode
        self.entity = lru_cache(maxsize=65536)(lambda number: decode(self._slice(number)))
        self.automaton = trie.automaton(self.arrays, trie.letters(self.arrays))

    @classmethod
    def open(cls, directory: Path, *, trusting: bool = True) -> Index:
        """Generation directory -> Index; NotReadyError when it is damaged or was compiled by another version of aka.

        A generation that was found whole before and has not been touched since is not read again (`resolver.seal`), unless it
        is opened without `trusting`.
        """
        manifest = _read_manifest(directory)
        path = directory / "arrays.bin"
        try:
            whole = seal.is_whole(path, str(manifest["sha256"]), trusting=trusting)
            with path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise NotReadyError(f"generation {directory} cannot be mapped ({error}); import the list again") from error
        if not whole:
            raise NotReadyError(f"generation {directory} is damaged (SHA-256 differs from manifest.json); import the list again")
        try:
            return cls(directory, manifest, mapped)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise NotReadyError(f"generation {directory} does not fit together ({error!r}); import the list again") from error

    def _slice(self, number: int) -> memoryview:
        return self._blob[self._blob_at[number] : self._blob_at[number + 1]]

    def entity_id(self, number: int) -> str:
        """Entity number -> its id, without decoding the entity."""
        return bytes(self._ids[self._id_at[number] : self._id_at[number + 1]]).decode()

    def entity_number(self, entity_id: str) -> int | None:
        """Entity id -> its number, None when there is no such entity."""
        at = bisect_left(range(self.entity_count), entity_id, key=self.entity_id)
        return at if at < self.entity_count and self.entity_id(at) == entity_id else None

    def alias(self, number: int) -> Alias:
        """Alias number -> Alias; the first of an entity is its canonical name."""
        owner = self.alias_entity[number]
        entity: Entity = self.entity(owner)
        place = number - self._first_alias[owner]
        return entity.aliases[place - 1] if place else Alias(entity.name, kind="name")

    def aliases_of(self, number: int) -> int:
        """Entity number -> how many surface forms it has."""
        last = self._first_alias[number + 1] if number + 1 < self.entity_count else self.alias_count
        return int(last - self._first_alias[number])

    def exact(self, folded: str) -> list[int]:
        """Folded name (`fold_name`) -> numbers of the aliases that fold to it."""
        found = self._exact.of(name_hash(folded))
        return [number for number in found if self.folded(number) == folded] if found else found

    def folded(self, number: int) -> str:
        """Alias number -> its folded name (`fold_name`), '' when it has no letter."""
        owner = self.alias_entity[number]
        place = number - self._first_alias[owner]
        names = bytes(self._folded[self._folded_at[owner] : self._folded_at[owner + 1]]).split(b"\n", place + 1)
        return names[place].decode()

    def find(self, name: str, part: bytes, first: int = 0) -> int:
        """Name of an array of bytes, bytes, where to begin -> where they stand next in it, -1 when they do not."""
        _, offset, size = self.manifest["arrays"][name]  # type: ignore[index]
        place = self._mapped.find(part, offset + first, offset + size)
        return place - offset if place >= 0 else -1

    def postings(self, node: int) -> memoryview:
        """Node of the scanner's trie -> numbers of the aliases that end there."""
        at = self.arrays["scan_posting_at"]
        return self.arrays["scan_postings"][at[node] : at[node + 1]]

    def lists(self) -> list[str]:
        """-> names of all watch lists, sorted."""
        return sorted({name for names in self.list_sets for name in names})

    def entities(self) -> Iterator[Entity]:
        """-> every entity, by id."""
        return (self.entity(number) for number in range(self.entity_count))


def _read_manifest(directory: Path) -> dict[str, object]:
    try:
        manifest: dict[str, object] = json.loads((directory / "manifest.json").read_bytes())
        wrong = [name for name, value in stamp().items() if manifest[name] != value]
        places = manifest["arrays"]
    except FileNotFoundError as error:
        raise MissingDataError(f"{directory} holds no generation: make one with `aka import`") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotReadyError(f"{directory / 'manifest.json'} cannot be read ({error!r}); import the list again") from error
    if wrong or not isinstance(places, dict):
        theirs = ", ".join(f"{name} {manifest[name]}, here {stamp()[name]}" for name in wrong)
        raise NotReadyError(f"generation {directory} was compiled by another version of aka ({theirs}); import the list again")
    if manifest.get("check") != check_of(manifest):
        raise NotReadyError(f"generation {directory} is damaged (manifest.json was changed); import the list again")
    return manifest


def check_of(manifest: Mapping[str, object]) -> str:
    """Manifest -> SHA-256 of all that it says, but of that: a damaged place of an array would lead to wrong answers."""
    said = {name: value for name, value in manifest.items() if name != "check"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _views(mapped: memoryview, manifest: Mapping[str, object]) -> dict[str, memoryview]:
    """Mapped file and manifest -> typed views by array name; NotReadyError when a place lies outside the file."""
    views = {}
    places: Mapping[str, tuple[str, int, int]] = manifest["arrays"]  # type: ignore[assignment]
    for name, (typecode, offset, size) in places.items():
        if typecode not in _TYPECODES or not 0 <= offset <= offset + size <= len(mapped) or size % array(typecode).itemsize:
            raise NotReadyError(f"array {name} of generation {manifest['id']} lies outside its file; import the list again")
        views[name] = mapped[offset : offset + size].cast("B").cast(typecode)  # type: ignore[call-overload]
    return views
