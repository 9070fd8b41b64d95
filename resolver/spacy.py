"""A spaCy component: `nlp.add_pipe("aka")` -> `doc.ents` with ids of entities in `kb_id_`, every mention in `doc.spans["aka"]`.

Works in any pipeline, a blank one of any language too. Needs the extra `spacy`; the rest of aka does not import it.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from aliases.errors import NotReadyError
from resolver import score
from resolver.index import Index
from resolver.match import Mention
from resolver.mentions import Overlaps
from resolver.resolve import Resolver

try:
    from spacy.language import Language
    from spacy.tokens import Doc, Span
    from spacy.util import filter_spans
except ImportError as error:
    raise ImportError("the spaCy component needs spaCy: pip install 'aka-resolver[spacy]'") from error

# Labels that trained pipelines use, where they have one for such entities.
LABELS = {
    "person": "PERSON", "organization": "ORG", "place": "LOC", "vessel": "VESSEL", "aircraft": "AIRCRAFT", "event": "EVENT",
    "other": "MISC",
}  # fmt: skip

_FILES = ("manifest.json", "arrays.bin")  # of a generation
_KEPT = "aka"  # key in `doc.user_data`


class Found(NamedTuple):
    """What is known of one mention beside its span; plain values, so that spaCy can store and send it."""

    score: float
    surface: str
    matched: str
    kind: str
    type: str
    alternatives: tuple[str, ...]


class AkaComponent:
    """Doc -> the same Doc with mentions; opens its data at the first Doc."""

    def __init__(
        self,
        *,
        data: str | None = None,
        types: Collection[str] | None = None,
        lists: Collection[str] | None = None,
        min_score: float | None = None,
        overlaps: Overlaps = "longest",
        spans_key: str = "aka",
        labels: Mapping[str, str] | None = None,
        set_ents: bool = True,
    ) -> None:
        self._settings: dict[str, Any] = {
            "data": data, "types": types, "lists": lists, "min_score": min_score, "overlaps": overlaps,
            "spans_key": spans_key, "labels": dict(labels or {}), "set_ents": set_ents,
        }  # fmt: skip
        self._resolver: Resolver | None = None
        self._saved: Path | None = None  # generation that came with a stored pipeline

    def __reduce__(self) -> tuple[Any, ...]:
        """-> how another process makes the same: it maps the same files, nothing is copied."""
        return _restored, (self._settings, self._saved)

    @property
    def resolver(self) -> Resolver:
        """The resolver that answers; opening it raises what `Resolver.open` does."""
        if self._resolver is None:
            if self._saved is None:
                self._resolver = Resolver.open(self._settings["data"])
            else:
                self._resolver = Resolver(Index.open(self._saved))
        return self._resolver

    def __call__(self, doc: Doc) -> Doc:
        """Doc -> the same Doc: mentions in `doc.spans`, and in `doc.ents` where no entity stands yet."""
        asked = {name: self._settings[name] for name in ("types", "lists", "min_score", "overlaps")}
        kept: dict[str, Found] = {}
        spans = []
        for mention in self.resolver.mentions(doc.text, **asked):
            span = self._span(doc, mention)
            if span is not None:
                kept.setdefault(_place(span), _found(mention))
                spans.append(span)
        doc.user_data[_KEPT] = {**doc.user_data.get(_KEPT, {}), **kept}
        doc.spans[self._settings["spans_key"]] = spans
        if self._settings["set_ents"]:
            doc.ents = tuple(sorted(_beside(list(doc.ents), spans)))
        return doc

    def _span(self, doc: Doc, mention: Mention) -> Span | None:
        """Mention -> the tokens that it touches: an Arabic token may hold a conjunction before the name."""
        label = self._settings["labels"].get(mention.entity.type) or LABELS[mention.entity.type]
        return doc.char_span(
            mention.start, mention.end, label=label, kb_id=mention.entity.id, span_id=mention.entity.id, alignment_mode="expand"
        )

    # ------------------------------------------------------------ stored with its pipeline

    def to_disk(self, path: str | PathLike[str], *, exclude: Iterable[str] = ()) -> None:
        """Directory -> settings and the generation are in it: the stored pipeline needs no data directory."""
        directory = Path(path)
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "settings.json").write_bytes(msgspec.json.encode(self._settings))
        for name in _FILES:
            shutil.copyfile(self.resolver.index.directory / name, directory / name)

    def from_disk(self, path: str | PathLike[str], *, exclude: Iterable[str] = ()) -> AkaComponent:
        """Directory that `to_disk` wrote -> the component answers from the generation in it, with the settings of now."""
        self._saved, self._resolver = Path(path), None
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """-> the id of the generation. The data is not in it: it may be large, and whoever reads the bytes has it."""
        return self.resolver.generation.encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> AkaComponent:
        """What `to_bytes` gave -> nothing changes; NotReadyError where other data answers than answered there."""
        if self.resolver.generation != data.decode():
            raise NotReadyError(
                f"the pipeline was written over generation {data.decode()}, here is {self.resolver.generation}: "
                "set the component's `data`, or use to_disk and from_disk, which take the data with them"
            )
        return self


def _restored(settings: dict[str, Any], saved: Path | None) -> AkaComponent:
    component = AkaComponent(**settings)
    return component if saved is None else component.from_disk(saved)


def _place(span: Span) -> str:
    """Span -> its key among what is kept; a string, since spaCy's stored form has no other keys."""
    return f"{span.start_char}:{span.end_char}:{span.kb_id_}"


def _found(mention: Mention) -> Found:
    others = tuple(other.id for other in mention.alternatives)
    return Found(mention.score, mention.surface, mention.matched, mention.kind, mention.entity.type, others)


def _beside(there: list[Span], spans: list[Span]) -> list[Span]:
    """Entities that are there and new ones -> both, the new ones only where none was; of two that share tokens the longer."""
    taken = {token for span in there for token in range(span.start, span.end)}
    free = [span for span in spans if taken.isdisjoint(range(span.start, span.end))]
    return there + filter_spans(free)


def _of(span: Span) -> Found | None:
    kept = span.doc.user_data.get(_KEPT, {}).get(_place(span))
    return None if kept is None else Found(*kept)._replace(alternatives=tuple(kept[-1]))


def _add_extension(name: str) -> None:
    def value(span: Span) -> Any:
        found = _of(span)
        return None if found is None else getattr(found, name)

    Span.set_extension(f"aka_{name}", getter=value, force=True)


def _reasons(span: Span) -> list[str] | None:
    """Span -> why the surface form is held for the listed one, in sentences; worked out when it is asked for."""
    found = _of(span)
    if found is None:
        return None
    if found.surface == found.matched:
        return ["the listed form itself"]
    return [reason.text for reason in score.compare(found.surface, found.matched, type=found.type).reasons]


for _name in ("score", "surface", "matched", "kind", "alternatives"):
    _add_extension(_name)
Span.set_extension("aka_reasons", getter=_reasons, force=True)


@Language.factory(
    "aka",
    assigns=["doc.ents", "doc.spans"],
    default_config={
        "data": None, "types": None, "lists": None, "min_score": None, "overlaps": "longest", "spans_key": "aka", "labels": {},
        "set_ents": True,
    },
)  # fmt: skip
def make(
    nlp: Language,
    name: str,
    data: str | None,
    types: list[str] | None,
    lists: list[str] | None,
    min_score: float | None,
    overlaps: Overlaps,
    spans_key: str,
    labels: dict[str, str],
    set_ents: bool,
) -> AkaComponent:
    """Settings of a pipeline -> its component; `data` is a data directory, without one the shipped seeds answer."""
    return AkaComponent(
        data=data, types=types, lists=lists, min_score=min_score, overlaps=overlaps, spans_key=spans_key, labels=labels,
        set_ents=set_ents,
    )  # fmt: skip
