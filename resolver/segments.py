"""Entities -> columns of all that an index says of each alone: what a build can do piece by piece, in any process, and keep.

Nothing here depends on the other entities, on their order or on their numbers: a segment prepared for one build serves the next
as long as the entity, and the program that reads names, are the same (`made_with`). `resolver.compiling` puts them together.
"""

from __future__ import annotations

import functools
import hashlib
import json
import mmap
import sys
import unicodedata
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from aliases import fold, keys
from aliases.entity import ALIAS_KINDS, ENTITY_TYPES, Alias, Entity
from aliases.romanize import last_resort
from resolver import entries, traits, trie
from resolver.prepare import FAMILIES, Prepared, family_of, prepare

FORMAT = 4  # raise with every change of what the columns mean
CASE_FLAG = 0x10  # bit of `flags` beside the number of the alias kind
EXACT_ONLY = 0x80  # bit of `row_kind` beside the number of the family: not to be found by its spelling
ACRONYM = 0x40  # bit of `row_kind`: `row_acronym` says something
DIGEST_BYTES = 16  # two states of one entity collide once in 2**64 tries
_ALIGNMENT = 8

# Column -> typecode. `X_at` says where the part of each entity begins in X and, at its end, where the last one ends.
COLUMNS = {
    "digest": "B", "type": "B", "list_set": "I", "blob": "B", "blob_at": "I", "id": "B", "id_at": "I", "folded": "B", "folded_at": "I",
    "flags": "B", "exact": "Q", "alias_at": "I",
    "alias_form": "Q", "alias_fold": "Q", "alias_bare": "I", "alias_traits": "I",
    "scan_keys": "Q", "scan_keys_at": "I", "scan_size": "H", "scan_alias": "I", "scan_at": "I",
    "variant_keys": "Q", "variant_keys_at": "I", "variant_size": "H", "variant_alias": "I", "variant_entered": "B", "variant_at": "I",
    "form_size": "B", "form_words": "I", "form_words_at": "I",
    "row_kind": "B", "row_origin": "B", "row_legal": "I", "row_crowd": "Q", "row_acronym": "I", "row_alias": "I", "row_size": "B",
    "row_letters": "B", "row_at": "I", "row_words": "I", "row_words_at": "I", "initials": "I", "initials_at": "I",
    "word": "B", "word_at": "I", "symbols": "B", "symbols_at": "I", "skeleton": "B", "skeletons": "B", "skeleton_at": "I",
}  # fmt: skip
# What ends an entity's part of which columns: (where it begins, a column that it begins in).
_PER_ENTITY = (
    ("blob_at", "blob"), ("id_at", "id"), ("folded_at", "folded"), ("alias_at", "flags"), ("scan_keys_at", "scan_keys"),
    ("scan_at", "scan_size"), ("variant_keys_at", "variant_keys"), ("variant_at", "variant_size"), ("form_words_at", "form_words"),
    ("row_at", "row_kind"),
    ("row_words_at", "row_words"), ("initials_at", "initials"),
)  # fmt: skip


def name_hash(folded: str) -> int:
    """Folded name -> 64-bit key of the exact table, the same on every machine; 0 stands for no name."""
    if not folded:
        return 0
    return int.from_bytes(hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def digest_of(blob: bytes) -> bytes:
    """Encoded entity -> what its part of a segment is known by."""
    return hashlib.blake2b(blob, digest_size=DIGEST_BYTES).digest()


@functools.cache
def made_with() -> str:
    """-> digest of all that decides what a name is prepared to: the very sources that read names, and their tables."""
    whole = hashlib.sha256(f"{FORMAT} {sys.byteorder} {unicodedata.unidata_version} {last_resort()}".encode())
    for package in ("aliases", "resolver"):
        for file in sorted(resources.files(package).iterdir(), key=lambda file: file.name):
            if file.name.endswith((".py", ".txt")):
                whole.update(file.name.encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


@functools.lru_cache(maxsize=1 << 16)
def _crowd(words: tuple[str, ...]) -> int:
    return _hash64(" ".join(sorted(map(keys.skeleton, words))).encode())


def _hash64(text: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")


class Preparing:
    """Collects entities into the columns of one segment."""

    def __init__(self) -> None:
        self.columns: dict[str, array[Any]] = {name: array(code) for name, code in COLUMNS.items()}
        for starts in (*(name for name, _ in _PER_ENTITY), "word_at", "symbols_at", "skeleton_at"):
            self.columns[starts].append(0)
        self.list_sets: dict[tuple[str, ...], int] = {}
        self._words: dict[str, int] = {}
        self._decode = msgspec.msgpack.Decoder(Entity).decode

    def add(self, blob: bytes) -> None:
        """Encoded entity -> the ends of all columns."""
        entity, columns = self._decode(blob), self.columns
        columns["digest"].frombytes(digest_of(blob))
        columns["type"].append(ENTITY_TYPES.index(entity.type))
        columns["list_set"].append(self.list_sets.setdefault(entity.lists, len(self.list_sets)))
        columns["blob"].frombytes(blob)
        columns["id"].frombytes(entity.id.encode())
        for number, alias in enumerate(entity.surface_forms()):
            self._add_alias(number, alias, entity.type)
        for starts, column in _PER_ENTITY:
            columns[starts].append(len(columns[column]))

    def _add_alias(self, number: int, alias: Alias, type_: str) -> None:
        columns = self.columns
        columns["flags"].append(ALIAS_KINDS.index(alias.kind) | (CASE_FLAG if alias.case else 0))
        folded = fold.fold_name(alias.form)
        columns["folded"].frombytes(folded.encode("utf-8", "surrogatepass") + b"\n")
        columns["exact"].append(name_hash(folded))
        for column, value in zip(traits.NAMES, traits.of(alias, type_, folded, _reader().letters), strict=True):
            columns[column].append(value)
        for sequence in _reader().sequences(alias.form):
            columns["scan_keys"].extend(sequence)
            columns["scan_size"].append(len(sequence))
            columns["scan_alias"].append(number)
        for sequence, entered in entries.sequences(0, alias, type_):
            columns["variant_keys"].extend(sequence)
            columns["variant_size"].append(len(sequence))
            columns["variant_alias"].append(number)
            columns["variant_entered"].append(entered)
        words = entries.entered_form(alias, type_)
        columns["form_size"].append(len(words))
        columns["form_words"].extend(map(self._word, words))
        self.add_rows(number, alias, family_of(type_))

    def add_rows(self, number: int, alias: Alias, family: str) -> None:
        """Number of an alias within its entity, the alias and its family -> a row for each of its readings."""
        kind = FAMILIES.index(family) | (EXACT_ONLY if alias.case or alias.kind == "acronym" else 0)
        for name in prepare(alias.form, family):
            self._add_row(number, kind, name)

    def _add_row(self, number: int, kind: int, name: Prepared) -> None:
        columns = self.columns
        columns["row_kind"].append(kind | (ACRONYM if name.acronym else 0))
        columns["row_origin"].append(name.origin)
        columns["row_legal"].append(name.legal)
        columns["row_crowd"].append(_crowd(name.words))
        columns["row_acronym"].append(letters_hash(name.acronym))
        columns["row_alias"].append(number)
        columns["row_size"].append(len(name.words))
        columns["row_letters"].append(len(name.initials))
        columns["row_words"].extend(map(self._word, name.words))
        columns["initials"].extend(map(letters_hash, name.initials))

    def _word(self, word: str) -> int:
        number = self._words.get(word)
        if number is None:
            number = self._words[word] = len(self._words)
            columns = self.columns
            columns["word"].frombytes(word.encode())
            columns["symbols"].frombytes(keys.symbols(word) or b"\1")
            columns["skeleton"].frombytes(keys.skeleton(word).encode())
            columns["skeletons"].frombytes(keys.skeleton_codes(word))
            for starts, column in (("word_at", "word"), ("symbols_at", "symbols"), ("skeleton_at", "skeleton")):
                columns[starts].append(len(columns[column]))
        return number


@functools.cache
def _reader() -> trie.Reader:
    return trie.Reader()


def letters_hash(letters: str) -> int:
    """Acronym -> the 32-bit key that it is found by."""
    return zlib.crc32(letters.encode())


class Segment:
    """Columns of some entities, in the order in which they were prepared."""

    def __init__(self, columns: Mapping[str, memoryview], list_sets: Sequence[tuple[str, ...]]) -> None:
        self.columns = columns
        self.list_sets = list_sets
        self.count = len(columns["type"])

    def digests(self) -> Iterable[bytes]:
        """-> of each entity what it is known by."""
        whole = bytes(self.columns["digest"])
        return (whole[at : at + DIGEST_BYTES] for at in range(0, len(whole), DIGEST_BYTES))


def prepared(blobs: Iterable[bytes]) -> Segment:
    """Encoded entities -> their Segment."""
    preparing = Preparing()
    for blob in blobs:
        preparing.add(blob)
    return Segment({name: memoryview(values) for name, values in preparing.columns.items()}, list(preparing.list_sets))


def write(segment: Segment, path: Path) -> None:
    """Segment -> a file: a line of JSON that says what is in it and its SHA-256, then the columns."""
    whole, pieces, places, at = hashlib.sha256(), [], [], 0
    for name in COLUMNS:
        column = segment.columns[name]
        raw = column.tobytes() + bytes(-column.nbytes % _ALIGNMENT)
        places.append([name, at, column.nbytes])
        at += len(raw)
        pieces.append(raw)
        whole.update(raw)
    head = {"made_with": made_with(), "sha256": whole.hexdigest(), "columns": places, "list_sets": segment.list_sets}
    line = json.dumps(head, separators=(",", ":")).encode()
    with path.open("wb") as file:
        file.write(line + b" " * (-(len(line) + 1) % _ALIGNMENT) + b"\n")
        file.writelines(pieces)


def read(path: Path) -> Segment | None:
    """File that `write` made -> its Segment, mapped; None when it is damaged, or was made by another version of aka."""
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline())
            start = file.tell()
            mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))[start:]
        if head["made_with"] != made_with() or hashlib.sha256(mapped).hexdigest() != head["sha256"]:
            return None
        columns = {name: mapped[at : at + size].cast(COLUMNS[name]) for name, at, size in head["columns"]}  # type: ignore[call-overload]
        return Segment(columns, [tuple(names) for names in head["list_sets"]])
    except (OSError, ValueError, KeyError, TypeError):
        return None
