"""Types of `resolver.sums`, whose annotations are those of Cython."""

COMPILED: bool

class Sums:
    """Working memory of one query: the rows that its keys have, as they are met, and the sums of each in three views."""

    def __init__(self, most: int, kept: int, keys: int) -> None: ...
