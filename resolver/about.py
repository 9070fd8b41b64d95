"""What this installation is: the versions that an answer depends on, and the road that the hot path takes."""

from __future__ import annotations

import importlib
import platform
from importlib import metadata
from importlib.machinery import EXTENSION_SUFFIXES
from typing import Literal

from resolver.hot import HOT

_PARTS = ("aka-resolver", "flask", "msgspec", "rapidfuzz", "Unidecode", "anyascii", "granian", "waitress")


def versions() -> dict[str, str]:
    """Nothing -> versions of the parts by name, sorted; parts that are not installed are left out."""
    found = {"python": platform.python_version()}
    for part in _PARTS:
        try:
            found[part] = metadata.version(part)
        except metadata.PackageNotFoundError:
            if part == "aka-resolver":
                found[part] = "0+source"  # run from a checkout that was not installed
    fold = importlib.import_module("aliases.fold")
    found["fold"] = str(fold.VERSION)
    return dict(sorted(found.items()))


def road() -> Literal["compiled", "interpreted"]:
    """Nothing -> `compiled` when every module of the hot path is an extension module."""
    files = [importlib.import_module(name).__file__ or "" for name in HOT]
    return "compiled" if all(file.endswith(tuple(EXTENSION_SUFFIXES)) for file in files) else "interpreted"
