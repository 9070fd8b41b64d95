"""Date as a published list writes it -> ISO 8601 as far as it is known: year, month or day."""

from __future__ import annotations

import re

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ISO = re.compile(r"\d{4}(-\d\d){0,2}")
_WORDS = re.compile(r"(?:(\d{1,2}) )?(?:([A-Z][a-z]{2})[a-z]* )?(\d{4})")  # `16 Nov 1973`, `Nov 1973`, `1973`
_SLASHES = re.compile(r"(\d{1,2}|dd)/(\d{1,2}|mm)/(\d{4})")  # day first; 00, dd or mm where it is not known


def iso(text: str) -> str:
    """`16 Nov 1973`, `16/11/1973`, `00/00/1973`, `dd/mm/1973`, `1973-11-16T00:00` -> the date; the text itself when it is written otherwise."""
    text = text.strip()
    if found := _ISO.match(text):
        return found.group()
    if found := _WORDS.fullmatch(text):
        day, month, year = found.groups()
        if month and month.lower() in _MONTHS:
            return f"{year}-{_MONTHS[month.lower()]:02}" + (f"-{int(day):02}" if day else "")
        return text if month else year
    if found := _SLASHES.fullmatch(text):
        day, month, year = (part if part.isdigit() else "0" for part in found.groups())
        if int(month) == 0 or int(month) > 12:
            return year
        return f"{year}-{int(month):02}" + (f"-{int(day):02}" if 0 < int(day) <= 31 else "")
    return text
