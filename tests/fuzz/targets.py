"""Bytes -> each place where bytes from outside come in; whatever else than a told failure comes out is a find.

The targets know nothing of a fuzzer: `tests.fuzz.run` lets atheris look for inputs, the test replays those that are kept.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from aliases import fold, sources, strict_json
from aliases.entity import Entity
from aliases.errors import AkaError
from resolver.compiling import compile_generation
from resolver.index import Index
from resolver.resolve import Resolver

SLOW = 1.0  # seconds that no input may take
FORMATS = ("csv", "eu", "ftm", "jsonl", "ofac-sdn", "uk", "un", "wikidata", "xml")
_ENTITIES = (
    Entity("deir-ez-zor", "place", "Deir ez-Zor", aliases=()),
    Entity("islamic-state", "organization", "Islamic State", aliases=()),
    Entity("soleimani", "person", "Qassem Soleimani", aliases=()),
)


@cache
def _generation() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="aka-fuzz-")) / "generation"
    compile_generation(_ENTITIES, directory)
    return directory


@cache
def _resolver() -> Resolver:
    return Resolver(Index.open(_generation()))


def text(data: bytes) -> str:
    """Bytes -> a text, lone surrogates and all that UTF-8 would not let through included."""
    return (
        data.decode("utf-8", "surrogatepass")
        if _is_utf8(data)
        else data.decode("utf-16-le", "surrogatepass" if len(data) % 2 == 0 else "replace")
    )


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def folding(data: bytes) -> None:
    """Folding is the same twice, and its offsets never go back or beyond the text."""
    given = text(data)
    once = fold.fold_name(given)
    assert fold.fold_name(once) == once, (given, once)
    plain = fold.undisguise(given)
    assert len(plain.text) <= len(given) * 20 + 20


def mentions(data: bytes) -> None:
    """Every mention is where it says that it is."""
    given = text(data)
    for found in _resolver().mentions(given, min_score=0.0):
        assert given[found.start : found.end] == found.surface


def lookup(data: bytes) -> None:
    """Scores are probabilities, best first."""
    scores = [found.score for found in _resolver().lookup(text(data)[:512], min_score=0.0)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def json_body(data: bytes) -> None:
    """What is read as JSON has no half surrogate pair in it."""
    str(strict_json.decode(data)).encode("utf-8")


def importer(format: str) -> Callable[[bytes], None]:
    """Name of a format -> target that reads bytes as a list of it."""

    def read(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "list"
            path.write_bytes(data)
            for record in sources.read(format, path, options={}):
                str(record).encode("utf-8")

    return read


TARGETS: dict[str, Callable[[bytes], None]] = {
    "folding": folding, "mentions": mentions, "lookup": lookup, "json_body": json_body,
    **{f"import_{format}": importer(format) for format in FORMATS},
}  # fmt: skip


def tried(name: str, data: bytes, *, seconds: float = float("inf")) -> None:
    """Target and bytes -> nothing; AssertionError, or what came out, when they are a find, or take more seconds of a processor."""
    began = time.process_time()
    try:
        TARGETS[name](data)
    except AkaError as told:
        if not told.detail:
            raise AssertionError("a failure says nothing") from told
    assert time.process_time() - began < seconds, f"{name} takes {time.process_time() - began:.1f} s for {len(data)} bytes"
