"""The two golden files, read: names with the entity that each means, and texts with their mentions marked in place."""

import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
_MARKED = re.compile(r"\[([^\[\]]+)\]\(([A-Za-z0-9._:-]+)\)")


@dataclass(frozen=True)
class Case:
    """One row of cases.tsv."""

    name: str
    type: str  # '' for any
    entity: str  # '' where nothing must be answered
    strength: str  # strong medium weak
    line: int


@dataclass(frozen=True)
class Text:
    """One text of texts.md."""

    title: str
    lang: str
    text: str
    mentions: tuple[tuple[int, int, str], ...]  # start, end, entity id


def cases() -> list[Case]:
    """-> the rows of cases.tsv; `\\uXXXX` stands for that character."""
    lines = (HERE / "cases.tsv").read_text(encoding="utf-8").splitlines()
    rows = [(number, line.split("\t")) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    return [
        Case(_unescaped(row[0]), row[1], "" if row[2] == "-" else row[2], row[3], number)
        for number, row in rows
        if row[0] != "name"
    ]


def _unescaped(name: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found.group(1), 16)), name)


def texts() -> list[Text]:
    """-> the texts of texts.md, markings taken out and turned into offsets."""
    parts = re.split(r"^## (\w+) (.+)\n", (HERE / "texts.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [_text(lang, title, body.strip("\n")) for lang, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True)]


def _text(lang: str, title: str, body: str) -> Text:
    plain, mentions, done = "", [], 0
    for found in _MARKED.finditer(body):
        plain += body[done : found.start()]
        mentions.append((len(plain), len(plain) + len(found.group(1)), found.group(2)))
        plain += found.group(1)
        done = found.end()
    return Text(title, lang, plain + body[done:], tuple(mentions))
