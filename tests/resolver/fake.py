"""A resolver of five entities that finds names as they stand: enough to test a door, nothing to test a match with."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from aliases.entity import Alias, Entity
from aliases.errors import Problem
from aliases.store import FILE, Store
from resolver.match import Candidate, Mention, Reason

DEIR = Entity(
    "deir-ez-zor", "place", "Deir ez-Zor",
    aliases=(
        Alias("Deir al-Zor", lang="en", script="Latn", source="places.toml"),
        Alias("دير الزور", kind="native", lang="ar", script="Arab", source="places.toml"),
    ),
    lists=("seeds",), properties={"country": "SY", "geonames": 170794, "lat": 35.33588},
)  # fmt: skip
RAQQA = Entity("raqqa", "place", "Raqqa", aliases=(Alias("الرقة", kind="native"),), lists=("seeds",))
ISIS = Entity("islamic-state", "organization", "Islamic State", aliases=(Alias("ISIS", "acronym", case=True),),
              lists=("seeds", "un"))  # fmt: skip
STATE = Entity("state", "other", "State", lists=("seeds",))
EVIL = Entity("evil", "other", "<script>alert(1)</script>", lists=("seeds",))
ENTITIES = {entity.id: entity for entity in (DEIR, EVIL, ISIS, RAQQA, STATE)}


@cache
def record() -> Path:
    """-> a record with the two lists; `un` in three versions, of which the last changed and rejected something."""
    path = Path(tempfile.mkdtemp(prefix="aka-fake-")) / FILE
    older = Entity("islamic-state", "organization", "Islamic State in Iraq")
    states = [("seeds", list(ENTITIES.values())), ("un", [older]), ("un", [ISIS, RAQQA]), ("un", [ISIS])]
    with Store.open(path, write=True) as store:
        for name, entities in states:
            version = store.stage(name, entities, source=f"{name}.xml", sha256="0" * 64)
            if name == "un":
                version = store.note_rejected(version, count=1, problems=[Problem("line 7", "it has no name")])
            store.commit(version, generation="fake-generation")
            store.mark_live(version)
    return path


class FakeResolver:
    """Answers as Resolver does, from exact forms."""

    generation = "fake-generation"

    @property
    def record(self):
        return record()

    def warmed(self):
        return self

    def lookup(self, name, *, types=None, lists=None, limit=5, min_score=None, country=None, birth_date=None):
        found = [
            Candidate(entity, 1.0, alias.form, "exact", (Reason("same_text", 1.0, "the same text"),))
            for entity in self._allowed(types, lists)
            for alias in entity.surface_forms()
            if alias.form.casefold() == name.casefold() and (country is None or entity.properties.get("country") == country)
        ]
        return found[:limit]

    def lookup_many(self, names, **filters):
        return [self.lookup(name, **filters) for name in names]

    def mentions(self, text, *, types=None, lists=None, min_score=None, overlaps="longest"):
        found = []
        for entity in self._allowed(types, lists):
            for alias in entity.surface_forms():
                start = text.find(alias.form)
                while start >= 0:
                    end = start + len(alias.form)
                    found.append(Mention(start, end, text[start:end], entity, 0.987654, alias.form, "exact", (STATE,)))
                    start = text.find(alias.form, end)
        found.sort(key=lambda mention: (mention.start, -mention.end))
        if overlaps == "all":
            return found
        kept = []
        for mention in found:
            if not kept or mention.start >= kept[-1].end:
                kept.append(mention)
        return kept

    def mentions_and_overlaps(self, text, **options):
        return self.mentions(text, **options), self.mentions(text, overlaps="all", **options)

    def mentions_many(self, texts, **options):
        for text in texts:
            yield self.mentions(text, **options)

    def entity(self, entity_id):
        return ENTITIES.get(entity_id)

    def entities(self, q="", *, type=None, list=None, cursor="", limit=50):
        ids = [
            key for key, entity in ENTITIES.items()
            if key > cursor and q.casefold() in entity.name.casefold()
            and type in (None, entity.type) and (list is None or list in entity.lists)
        ]  # fmt: skip
        page = [ENTITIES[key] for key in ids[:limit]]
        return page, (page[-1].id if len(ids) > limit else "")

    def lists(self):
        return ["seeds", "un"]

    @staticmethod
    def _allowed(types, lists):
        return [
            entity for entity in ENTITIES.values()
            if (not types or entity.type in types) and (not lists or set(lists) & set(entity.lists))
        ]  # fmt: skip
