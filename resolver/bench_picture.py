"""Recorded measurements -> a picture (SVG) of how fast texts are tagged and names looked up as lists grow.

The same records give the same bytes. Both axes are logarithmic: a straight level line is a cost that does not grow with the list.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from aliases.errors import MissingDataError

Line = list[tuple[float, float]]  # names in the list, what was measured
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 420, 300, 64, 40, 44  # of one panel, and the room around its lines; pixels
_COLOURS = ("#0b5fa5", "#b3541e", "#3d7a3d", "#7a3d78", "#6b6b00", "#555555", "#a8325e", "#1f7a7a")
_DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 2", "12 4", "10 2", "3 6")  # told apart without colours as well


def newest(directory: Path, name: str) -> list[dict[str, str]]:
    """Directory of records and the name of a measurement -> the rows of its newest file; MissingDataError when there is none."""
    files = sorted(directory.glob(f"[0-9]*-{name}.csv"))
    if not files:
        raise MissingDataError(f"{directory} holds no record of '{name}': make one with aka bench {name} --record {directory}")
    with files[-1].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines_of(rows: Iterable[Mapping[str, str]], columns: Sequence[str], *, by: str) -> dict[str, Line]:
    """Rows -> for each value of the column `by`, and each of some columns, its points; cells without a number are none."""
    found: dict[str, Line] = defaultdict(list)
    for row in rows:
        for column in columns:
            try:
                point = (float(row["names"]), float(row[column]))
            except ValueError:  # a rival that is not installed
                continue
            found[f"{row[by]}, {column.partition('_')[0]}" if len(columns) > 1 else row[by]].append(point)
    return {name: sorted(line) for name, line in found.items()}


def picture(directory: Path) -> str:
    """Directory of records -> the picture, as SVG."""
    speed = lines_of(newest(directory, "speed"), ["mchar_per_s"], by="tagger")
    latency = lines_of(newest(directory, "latency"), ["p50_ms", "p99_ms"], by="finder")
    panels = (_panel(0, "Tagging: million characters a second", speed), _panel(WIDTH, "One look-up: milliseconds", latency))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT}" width="{2 * WIDTH}" height="{HEIGHT}" '
        'font-family="sans-serif" font-size="12" role="img">'
    )
    title = "<title>Speed of tagging and of look-ups against the number of listed names</title>"
    return "\n".join([head, title, f'<rect width="{2 * WIDTH}" height="{HEIGHT}" fill="white"/>', *panels, "</svg>", ""])


def _panel(left: int, title: str, lines: Mapping[str, Line]) -> str:
    points = [point for line in lines.values() for point in line]
    if not points:
        raise MissingDataError(f"the records hold no number for '{title}': measure again")
    across = _Axis([x for x, _ in points], left + LEFT, left + WIDTH - 16)
    up = _Axis([y for _, y in points], HEIGHT - BOTTOM, TOP + 16 * math.ceil(len(lines) / 2))
    parts = [f'<text x="{left + LEFT}" y="20" font-weight="bold">{escape(title)}</text>']
    parts += [_grid_across(across, 10**k) for k in range(across.low, across.high + 1)]
    parts += [_grid_up(up, 10**k, left) for k in range(up.low, up.high + 1)]
    for place, (name, line) in enumerate(lines.items()):
        parts += _drawn(place, name, [(across.at(x), up.at(y)) for x, y in line], left)
    parts.append(f'<text x="{left + WIDTH - 16}" y="{HEIGHT - 8}" text-anchor="end">names in the list</text>')
    return "\n".join(parts)


class _Axis:
    """Values -> whole powers of ten around them, and where each value stands between two pixels."""

    def __init__(self, values: Sequence[float], first: float, last: float) -> None:
        least = max(1e-6, min(values))
        self.low, self.high = math.floor(math.log10(least)), math.ceil(math.log10(max(*values, 1.01 * least)))
        self._first, self._last = first, last

    def at(self, value: float) -> float:
        """Value -> pixel, a tenth exactly."""
        share = (math.log10(max(value, 1e-6)) - self.low) / max(1, self.high - self.low)
        return round(self._first + share * (self._last - self._first), 1)


def _grid_across(axis: _Axis, value: float) -> str:
    at = axis.at(value)
    shown = f"{value / 1e6:g}M" if value >= 1e6 else f"{value / 1e3:g}k" if value >= 1e3 else f"{value:g}"
    return (
        f'<path d="M{at} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
        f'<text x="{at}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{shown}</text>'
    )


def _grid_up(axis: _Axis, value: float, left: int) -> str:
    at = axis.at(value)
    return (
        f'<path d="M{left + LEFT} {at}H{left + WIDTH - 16}" stroke="#ddd"/>'
        f'<text x="{left + LEFT - 6}" y="{round(at + 4, 1)}" text-anchor="end">{value:g}</text>'
    )


def _drawn(place: int, name: str, points: Sequence[tuple[float, float]], left: int) -> list[str]:
    """One line with its points, and its name in the legend above the panel."""
    style = f'stroke="{_COLOURS[place % len(_COLOURS)]}" stroke-width="2" stroke-dasharray="{_DASHES[place % len(_DASHES)]}"'
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    x, y = left + LEFT + 170 * (place % 2), TOP + 16 * (place // 2) - 4
    dots = [f'<circle cx="{px}" cy="{py}" r="3" fill="{_COLOURS[place % len(_COLOURS)]}"/>' for px, py in points]
    legend = f'<path d="M{x} {y}h22" {style}/><text x="{x + 28}" y="{y + 4}">{escape(name)}</text>'
    return [f'<path d="{path}" fill="none" {style}/>', *dots, legend]
