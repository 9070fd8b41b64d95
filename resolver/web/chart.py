"""Versions of a list -> a chart of its size and of what each changed, as numbers that the template draws in SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from aliases.store import Version

WIDTH, HEIGHT = 960, 276  # of the drawing
LEFT, RIGHT, TOP, MIDDLE, BOTTOM = 64, 8, 12, 150, 240  # margins; size above MIDDLE, changes around the line below it
FOOT = 256  # of the lines that name the versions
LABELS = 9  # versions that are named below it; more would touch
MOST = 60  # versions drawn; a list that is fetched daily has as many in two months
_LINES = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One version as it is drawn."""

    version: Version
    x: float  # middle
    y: float  # of its size
    width: float
    added: float  # heights
    changed: float
    removed: float
    label: str  # day of the import; '' where there is no room for it


@dataclass(frozen=True)
class Chart:
    """The drawing: a column for each version, and lines of the scale."""

    columns: tuple[Column, ...]
    scale: tuple[tuple[float, int], ...]  # height, entities
    most_changes: int
    zero: float = (MIDDLE + BOTTOM) / 2 + 6  # line of the changes
    half: float = (BOTTOM - MIDDLE) / 2 - 8  # height of the most changes

    @property
    def span(self) -> tuple[float, float]:
        """Chart -> where its line begins, and how far it goes."""
        begin, end = self.columns[0].x, self.columns[-1].x
        return begin, max(end - begin, 1.0)

    @property
    def line(self) -> str:
        """Chart -> points of the line of sizes."""
        return " ".join(f"{column.x:.1f},{column.y:.1f}" for column in self.columns)


def chart(versions: Sequence[Version]) -> Chart:
    """Versions of one list, oldest first -> their chart; the last MOST of them."""
    drawn = versions[-MOST:]
    top = _round_up(max((version.entities for version in drawn), default=1))
    # The first import adds everything: it would leave nothing to see of the others, and is drawn as high as the highest of them.
    later = [version for version in drawn if version.number > 1] or drawn
    changes = max((max(v.added + v.changed, v.removed) for v in later), default=0) or max(v.entities for v in drawn)
    step = (WIDTH - LEFT - RIGHT) / max(len(drawn), 1)
    half = Chart.half
    every = -(-len(drawn) // LABELS)

    def height(count: int) -> float:
        return 0.0 if not count else min(half, max(1.5, half * count / changes))

    columns = tuple(
        Column(
            version=version,
            x=LEFT + step * (place + 0.5),
            y=MIDDLE - (MIDDLE - TOP) * version.entities / top,
            width=max(2.0, min(28.0, step * 0.6)),
            added=height(version.added),
            changed=height(version.changed),
            removed=height(version.removed),
            label=version.imported_at[:10] if (len(drawn) - 1 - place) % every == 0 else "",
        )
        for place, version in enumerate(drawn)
    )
    marks = sorted({top * number // _LINES for number in range(_LINES + 1)})
    scale = tuple((MIDDLE - (MIDDLE - TOP) * count / top, count) for count in marks)
    return Chart(columns, scale, changes)


def _round_up(count: int) -> int:
    """Count -> the next number of the form 1, 2, 4, 5 or 8 times a power of ten: a scale that reads well."""
    power = 10 ** int(math.log10(max(count, 1)))
    return next(int(power * factor) for factor in (1, 2, 4, 5, 8, 10) if power * factor >= count)
