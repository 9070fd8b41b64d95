"""Types of `resolver.strings`, whose annotations are those of Cython."""

COMPILED: bool
