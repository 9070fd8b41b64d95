"""A list of entities -> how fast and how well what else is installed finds a name in it, each over the same list and names."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

from aliases.entity import Entity
from resolver import measuring
from resolver.measuring import Row

Find = Callable[[str], str]  # name -> id of the entity that it is found to mean, '' for none
BRUTE_QUERIES = 30  # of a finder that looks at every name, 60 ms each at 100,000 names
PAIRWISE_QUERIES = 3  # of one that compares two entities in .7 ms
LEAST = 0.5  # score that a found name must have; with its own .97, juditha finds few of the names asked


def measure(listed: Sequence[Entity], asked: Sequence[tuple[str, str]]) -> list[Row]:
    """Entities, and names with the id that each means -> one row a rival."""
    rows: list[Row] = []
    for finder, queries, most, make in _FINDERS:
        about: Row = {"names": sum(1 + len(entity.aliases) for entity in listed), "finder": finder}
        try:
            find = make(listed) if len(listed) <= most else None
        except ImportError:
            rows.append(about | {"p50_ms": "not installed"})
            continue
        rows.append(about | (_row(find, asked[:queries]) if find else {"p50_ms": "too slow to be measured here"}))
    return rows


def _row(find: Find, asked: Sequence[tuple[str, str]]) -> Row:
    found: list[str] = []
    taken = measuring.milliseconds([_call(found, find, name) for name, _ in asked])
    right = sum(identifier == meant for identifier, (_, meant) in zip(found, asked, strict=True))
    return {
        "queries": len(asked), "first_is_right": round(right / len(asked), 3), "p50_ms": measuring.share(taken, 0.5),
        "p99_ms": measuring.share(taken, 0.99),
    }  # fmt: skip


def _call(found: list[str], find: Find, name: str) -> Callable[[], object]:
    return lambda: found.append(find(name))


def _rapidfuzz(listed: Sequence[Entity]) -> Find:
    """Every listed form compared with the name (WRatio): what is done where there is no index."""
    process, utils = import_module("rapidfuzz.process"), import_module("rapidfuzz.utils")
    owners = [entity.id for entity in listed for _ in entity.surface_forms()]
    forms = [utils.default_process(alias.form) for entity in listed for alias in entity.surface_forms()]

    def find(name: str) -> str:
        best = process.extractOne(utils.default_process(name), forms)
        return owners[best[2]] if best else ""

    return find


def _proxies(listed: Sequence[Entity]) -> Iterator[Any]:
    """Entities -> the same as FollowTheMoney knows them; places are named like any legal entity, which is all that juditha loads."""
    make = import_module("ftmq.util").make_entity
    for entity in listed:
        schema = "Person" if entity.type == "person" else "LegalEntity"
        names = {"name": [entity.name], "alias": [alias.form for alias in entity.aliases]}
        yield make({"id": entity.id, "schema": schema, "properties": names})


def _juditha(listed: Sequence[Entity]) -> Find:
    """Its own index (tantivy), asked for one best name."""
    module, place = import_module("juditha.store"), tempfile.TemporaryDirectory(prefix="aka-juditha-")
    store = module.BuildStore(place.name)
    store.aggregator.load_entities(_proxies(listed))
    store.build()
    owners = {entity.name: entity.id for entity in listed}

    def find(name: str, _kept: object = place) -> str:  # the directory goes with the function that reads it
        best = store.search(name, threshold=LEAST)
        return next((owners[form] for form in sorted(best.names) if form in owners), "") if best else ""

    return find


def _nomenklatura(listed: Sequence[Entity]) -> Find:
    """Every entity compared with the name (logic-v2), which yente does for those that its index proposes."""
    matching, config = (
        import_module("nomenklatura.matching"),
        import_module("nomenklatura.matching.types").ScoringConfig.defaults(),
    )
    proxies, make = list(_proxies(listed)), import_module("ftmq.util").make_entity

    def find(name: str) -> str:
        asked = make({"id": "asked", "schema": "LegalEntity", "properties": {"name": [name]}})
        return str(max(proxies, key=lambda proxy: matching.LogicV2.compare(asked, proxy, config).score).id)

    return find


_FINDERS: tuple[tuple[str, int, int, Callable[[Sequence[Entity]], Find]], ...] = (  # name, queries, most entities, how
    ("rapidfuzz", BRUTE_QUERIES, 1_000_000, _rapidfuzz),
    ("juditha", 10 * BRUTE_QUERIES, 50_000, _juditha),
    ("nomenklatura logic-v2", PAIRWISE_QUERIES, 5_000, _nomenklatura),
)
