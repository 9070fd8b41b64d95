"""Types of `resolver.gating`, whose annotations are those of Cython."""

COMPILED: bool
GATE_NAMES: tuple[str, ...]
