"""Types of `resolver.context`, whose annotations are those of Cython."""

from collections.abc import Callable, Mapping

from resolver.forms import Forms

COMPILED: bool
NAMES: tuple[str, ...]
LISTED: int

class Document:
    def __init__(
        self, forms: Forms, arrays: Mapping[str, memoryview], dress: Callable[[str, int], bool], ending: Callable[[int], bool]
    ) -> None: ...
