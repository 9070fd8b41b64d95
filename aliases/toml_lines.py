"""TOML text -> the line that each table, key and quoted text stands on, which `tomllib` does not tell."""

from __future__ import annotations

import re
import tomllib
from typing import Any

_KEY = r"""("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_HEADER_LINE = re.compile(rf"\s*\[\s*{_KEY}\s*[.\]]")  # of a dotted header, the first key
_KEY_LINE = re.compile(rf"\s*{_KEY}\s*=")
_TOKEN = re.compile(r"""(?P<text>"(?:[^"\\]|\\.)*"|'[^']*')|(?P<note>\#.*)|(?P<open>[\[{])|(?P<close>[\]}])""")


class Lines:
    """TOML text -> the line of each table, key and quoted text; good enough for seeds, which have no multi-line strings."""

    def __init__(self, text: str) -> None:
        self.repeated: list[tuple[int, str, int]] = []  # line, what is repeated there, line of the first
        self._tables: dict[str, int] = {}
        self._keys: dict[tuple[str, str], int] = {}
        self._texts: dict[tuple[str, str, str], list[int]] = {}
        self._table = self._key = ""
        depth = 0
        rows = text.split("\n")
        for number, row in enumerate(rows, 1):
            start = self._start(row, number) if depth == 0 else 0
            depth = max(0, depth + self._note_texts(row, start, number))
        self.last = len(rows)

    def _start(self, row: str, number: int) -> int:
        """A line outside of any value: note the table or the key that it opens -> where its value begins."""
        header = _HEADER_LINE.match(row)
        if header:
            self._table, self._key = _plain(header[1]), ""
            self._first(self._tables, self._table, number, f"table [{self._table}]")
            return len(row)
        key = _KEY_LINE.match(row)
        if not key:
            return 0
        self._key = _plain(key[1])
        self._first(self._keys, (self._table, self._key), number, f"'{self._key}' of [{self._table}]")
        return key.end()

    def _first(self, known: dict[Any, int], key: Any, number: int, what: str) -> None:
        first = known.setdefault(key, number)
        if first != number:
            self.repeated.append((number, what, first))

    def _note_texts(self, row: str, start: int, number: int) -> int:
        """Note the quoted texts of a line -> by how much brackets opened in it outnumber those closed."""
        depth = 0
        for token in _TOKEN.finditer(row, start):
            if token["text"]:
                self._texts.setdefault((self._table, self._key, _plain(token["text"])), []).append(number)
            elif not token["note"]:
                depth += 1 if token["open"] else -1
        return depth

    def table(self, table: str) -> int:
        """Table -> the line of its header; 1 when it was not seen."""
        return self._tables.get(table, 1)

    def key(self, table: str, key: str) -> int:
        """Table and key -> the line that the key stands on, or else that of the table."""
        return self._keys.get((table, key)) or self.table(table)

    def form(self, table: str, key: str, form: str, nth: int) -> int:
        """Table, key and form -> the line of its nth occurrence (from 0), or else that of the key."""
        found = self._texts.get((table, key, form))
        return found[min(nth, len(found) - 1)] if found else self.key(table, key)


def _plain(written: str) -> str:
    """A key or text as TOML writes it -> its value."""
    if written[0] == "'":
        return written[1:-1]
    if written[0] != '"':
        return written
    if "\\" not in written:
        return written[1:-1]
    try:
        return str(tomllib.loads(f"x = {written}")["x"])
    except tomllib.TOMLDecodeError:
        return written[1:-1]
