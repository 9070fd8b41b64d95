"""Cells of a table that a spreadsheet would run as a formula -> cells that it shows, and back (OWASP, "CSV injection")."""

from __future__ import annotations

_FIRST = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"  # the last four are the first in full width


def safe(cell: str) -> str:
    """Cell -> the same, with an apostrophe before what would begin a formula (or before such an apostrophe)."""
    return f"'{cell}" if cell.startswith(tuple(_FIRST)) or _is_guarded(cell) else cell


def plain(cell: str) -> str:
    """Cell -> the same without the apostrophe that `safe` put there."""
    return cell[1:] if _is_guarded(cell) else cell


def _is_guarded(cell: str) -> bool:
    return cell.startswith("'") and cell.lstrip("'").startswith(tuple(_FIRST))
