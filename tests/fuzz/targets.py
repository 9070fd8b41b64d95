"""Bytes -> each place where bytes from outside come in; whatever else than a told failure comes out is a find.

The targets know nothing of a fuzzer: `tests.fuzz.run` lets atheris look for inputs, the test replays those that are kept.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from aliases import fold, sources, strict_json
from aliases.confusables import GREEK_OR_CYRILLIC
from aliases.entity import Entity
from aliases.errors import AkaError
from resolver import index
from resolver.compiling import compile_generation
from resolver.index import Index
from resolver.resolve import Resolver
from resolver.service import create_app

SLOW = 1.0  # seconds that no input may take
FORMATS = tuple(sorted(sources.FORMATS))
# Formats of several files: the name of the first, and of the one beside it, which comes behind `BESIDE` in the bytes.
BESIDE = b"\n=====\n"
_TWO = {"geonames": ("allCountries.txt", "alternateNamesV2.txt"), "ofac-csv": ("SDN.CSV", "ALT.CSV")}
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
    """Folding is the same twice, and every letter of it says where in the text it came from.

    Look-alike letters are judged by what is around them, which folding changes: with them in it, a text may fold further.
    """
    given = text(data)
    folded = fold.fold(given)
    assert len(folded.offsets) == len(folded.text) + 1
    assert len(folded.ends) == len(folded.text)
    assert folded.offsets[-1] == len(given)
    assert all(0 <= before <= after for before, after in pairwise(folded.offsets))
    assert all(before <= after <= len(given) for before, after in pairwise([0, *folded.ends]))
    assert all(start <= end for start, end in zip(folded.offsets, folded.ends, strict=False))
    assert len(folded.text) <= 20 * len(given) + 20
    once = fold.fold_name(given)
    if not GREEK_OR_CYRILLIC.search(once):
        assert fold.fold_name(once) == once, (given, once)


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
    first, second = _TWO.get(format, ("list.toml", ""))

    def read(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / first
            if second:
                data, _, beside = data.partition(BESIDE)
                path.with_name(second).write_bytes(beside)
            path.write_bytes(data)
            for record in sources.read(format, path, options={}):
                str(record).encode("utf-8")

    return read


def manifest(data: bytes) -> None:
    """Bytes in place of a manifest, or JSON whose members go over those of a good one that is then sealed anew: opened or refused."""
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        for path in _generation().iterdir():
            shutil.copyfile(path, directory / path.name)
        (directory / "manifest.json").write_bytes(_forged(data))
        Index.open(directory)


def _forged(data: bytes) -> bytes:
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return data
    if not isinstance(said, dict):
        return data
    whole: dict[str, Any] = json.loads((_generation() / "manifest.json").read_bytes())
    for name, value in said.items():
        old = whole.get(name)
        whole[name] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    whole["check"] = index.check_of(whole)
    return json.dumps(whole).encode()


def arrays(data: bytes) -> None:
    """Bytes over the arrays of a generation, from the place that the first four say: refused, unless they are what stood there."""
    whole = bytearray((_generation() / "arrays.bin").read_bytes())
    at, put = int.from_bytes(data[:4], "little") % (len(whole) + 1), data[4:]
    damaged = bytes(whole[:at] + put + whole[at + len(put) :]) if len(data) % 2 else bytes(whole[:at] + put)
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        shutil.copyfile(_generation() / "manifest.json", directory / "manifest.json")
        (directory / "arrays.bin").write_bytes(damaged)
        try:
            Index.open(directory)
        except AkaError:
            assert damaged != whole
            raise
        assert damaged == whole


class _Shown(HTMLParser):
    """The text that the page shows as the one that was searched, and the elements in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.tags: set[str] = set()
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth:
            self.tags.add(tag)
            self._depth += tag == "div"
        elif tag == "div" and ("class", "text") in attrs:
            self._depth = 1

    def handle_endtag(self, tag: str) -> None:
        self._depth -= bool(self._depth and tag == "div")

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.parts.append(data)


@cache
def _client() -> FlaskClient:
    return create_app(_resolver()).test_client()


def highlight(data: bytes) -> None:
    """The page shows the text that was sent, and in it no element but its own."""
    given = data.decode("utf-8", "replace")
    answer = _client().post("/", data={"text": given})
    assert answer.status_code == 200, answer.status
    page = _Shown()
    page.feed(answer.get_data(as_text=True))
    page.close()
    assert "".join(page.parts) == given.replace("\r\n", "\n"), given
    assert page.tags <= {"mark", "a", "bdi"}, page.tags


TARGETS: dict[str, Callable[[bytes], None]] = {
    "folding": folding, "mentions": mentions, "lookup": lookup, "json_body": json_body,
    "manifest": manifest, "arrays": arrays, "highlight": highlight,
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
