"""A plain XML list -> entities, one an `entry`. The schema is ours, for programs that write XML more easily than JSON:

    <list>
      <entry id="..." type="place"><name>...</name><alias kind="native" lang="ar">...</alias><country>SY</country></entry>
    </list>

in no namespace; `type` is `other` where it is missing, and every child with another name is a property.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aliases.entity import check_kind
from aliases.errors import InvalidError
from aliases.sources import xml_stream
from aliases.sources.drafts import Draft, Record, each, entities
from aliases.sources.packed import opened
from aliases.sources.xml_stream import Element


def read(path: Path) -> Iterator[Record]:
    """XML list -> its entities and the problems of single entries; MalformedError or InvalidError refuses the file."""
    with opened(path) as stream:
        found = xml_stream.records(stream, name=path.name, root="list", tags={"entry"}, namespace="")
        yield from entities(each(((entry.line, entry) for entry in found), _draft), file=path.name)


def _draft(line: int, entry: Element) -> Draft:
    if "id" not in entry.attributes:
        raise InvalidError("the entry has no id: give it one")
    draft = Draft(line, entry.attributes["id"], entry.get("type") or "other", entry.first("name"))
    for alias in entry.all("alias"):
        draft.add(alias.text(), check_kind(alias.get("kind") or "alias"), lang=alias.get("lang"))
    for child in entry.children:
        if child.tag not in ("name", "alias"):
            draft.say(child.tag, child.text())
    return draft
