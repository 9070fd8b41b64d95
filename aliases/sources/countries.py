"""Name of a country as a published list writes it -> ISO 3166 alpha-2 code, by the shipped seeds."""

from __future__ import annotations

from functools import cache

from aliases import seeds
from aliases.fold import fold_name

_FILE = "countries.toml"
_KINDS = ("name", "alias", "former")  # demonyms and weak forms are no way to write a country's name


def code(name: str) -> str:
    """Name in any spelling that the seeds have, or already a code -> the code; the name itself when it is not known."""
    if len(name) == 2 and name.isascii() and name.isalpha():
        return name.upper()
    return _codes().get(fold_name(name), name)


@cache
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for entity in seeds.read(seeds.home() / _FILE):
        iso = entity.properties.get("country")
        if isinstance(iso, str):
            for form in entity.surface_forms():
                if form.kind in _KINDS:
                    found.setdefault(fold_name(form.form), iso)
    return found
