"""Both roads of the hot path in one process: the package as it was built, and all its sources run as plain Python."""

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import ModuleType, SimpleNamespace

import resolver
from resolver.hot import HOT

FOLDER = Path(resolver.__file__).parent.parent


class _SourcesOnly:
    """Finds the modules of the hot path as source files, also where compiled ones shadow them."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        file = FOLDER / f"{name.replace('.', '/')}.py"
        if name not in HOT:
            return None
        return importlib.util.spec_from_file_location(name, file, loader=SourceFileLoader(name, str(file)))


def _is_ours(name: str) -> bool:
    """The whole package, and what it shares with the other road in compiled form."""
    return name.split(".")[0] == "resolver" or name in HOT


@contextmanager
def _without_package() -> Iterator[None]:
    """The package is imported afresh inside; what was there before comes back."""
    before = {name: sys.modules.pop(name) for name in list(sys.modules) if _is_ours(name)}
    finder = _SourcesOnly()
    sys.meta_path.insert(0, finder)  # type: ignore[arg-type]
    try:
        yield
    finally:
        sys.meta_path.remove(finder)  # type: ignore[arg-type]
        for name in list(sys.modules):
            if _is_ours(name):
                del sys.modules[name]
        sys.modules.update(before)
        for name in HOT:  # the packages know their modules by attributes as well
            parent, _, child = name.rpartition(".")
            if name in before and parent in sys.modules:
                setattr(sys.modules[parent], child, before[name])


def _modules() -> SimpleNamespace:
    names = (
        "align",
        "edits",
        "fitted",
        "index",
        "listed",
        "mentions",
        "resolve",
        "retrieve",
        "scan",
        "spelling",
        "tokenizer",
        "traits",
        "trie",
        "variants",
        "walks",
    )
    modules = {name: importlib.import_module(f"resolver.{name}") for name in names}
    return SimpleNamespace(keys=importlib.import_module("aliases.keys"), **modules)


def roads() -> dict[str, SimpleNamespace]:
    """-> the modules that texts are tagged with, by road."""
    built = _modules()
    with _without_package():
        interpreted = _modules()
    assert not interpreted.scan.COMPILED
    return {"built": built, "interpreted": interpreted}


ROADS = roads()
