"""Types of `resolver.proclitics`, whose annotations are those of Cython."""

COMPILED: bool
