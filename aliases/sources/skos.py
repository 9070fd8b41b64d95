"""SKOS concepts in Turtle or N-Triples -> entities. Schema: W3C "SKOS Simple Knowledge Organization System Reference" (2009).

`skos:prefLabel` (one a language) names a concept, `skos:altLabel` gives aliases, `skos:hiddenLabel` weak ones, which are there to
be found and not to be shown; SKOS-XL's labels are read where they have a `literalForm`. The id is the last part of the URI. Needs
rdflib (the extra `skos`). RDF/XML and JSON-LD are not read: they may refer to other documents, which a parser would fetch.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aliases.entity import ENTITY_TYPES, AliasKind, script_of
from aliases.errors import InvalidError, MalformedError, TooLargeError
from aliases.sources.drafts import Draft, Record, each, entities, tidy
from aliases.sources.packed import opened

MAX_BYTES = 128 << 20  # a graph is held whole, at about ten times the size of its file

_SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = "http://purl.org/dc/terms/type"
_XL = "http://www.w3.org/2008/05/skos-xl#"
_BASE = "https://relative.invalid/"  # of URIs in a file that names no base: not the folder that it happens to lie in
_LANGUAGES = ("en", "", "mul")  # of the canonical name, first that there is
_LABELS: tuple[tuple[str, AliasKind], ...] = (("prefLabel", "name"), ("altLabel", "alias"), ("hiddenLabel", "weak"))


def read(path: Path) -> Iterator[Record]:
    """Turtle or N-Triples -> the concepts that have labels, sorted by URI, and problems of single ones.

    MalformedError refuses what is no Turtle, TooLargeError what is longer than MAX_BYTES, InvalidError a missing rdflib.
    """
    graph = _graph(path)
    concepts = sorted({str(one) for label, _ in _LABELS for one in graph.subjects(_term(_SKOS + label))} | _with_xl(graph))
    yield from entities(each(enumerate(concepts, 1), lambda number, uri: _draft(number, uri, graph)), file=path.name)


def _graph(path: Path) -> Any:
    try:
        from rdflib import Graph
    except ImportError:
        raise InvalidError("rdflib is not installed, which reads SKOS: pip install 'aka-resolver[skos]'") from None
    with opened(path) as stream:
        raw = bytearray()
        while piece := stream.read():
            raw += piece
            if len(raw) > MAX_BYTES:
                raise TooLargeError(f"{path.name} has more than {MAX_BYTES:,} bytes of SKOS: split it")
    graph = Graph()
    try:
        graph.parse(data=bytes(raw).decode("utf-8-sig"), format="turtle", publicID=_BASE)
    except (
        SyntaxError,
        ValueError,
        LookupError,
        RecursionError,
        AssertionError,
        AttributeError,
        TypeError,
    ) as error:  # what rdflib raises for no Turtle
        said = " ".join(str(error).split())[:160]
        raise MalformedError(f"{path.name} is no Turtle or N-Triples in UTF-8 ({said}): convert it to Turtle") from None
    return graph


def _term(uri: str) -> Any:
    from rdflib import URIRef

    return URIRef(uri)


def _with_xl(graph: Any) -> set[str]:
    return {str(one) for label, _ in _LABELS for one in graph.subjects(_term(_XL + label))}


def _draft(number: int, uri: str, graph: Any) -> Draft:
    labels = [(form, lang, kind) for label, kind in _LABELS for form, lang in _forms(graph, uri, label)]
    preferred = [(form, lang) for form, lang, kind in labels if kind == "name"]
    if not preferred:
        raise InvalidError(f"concept {uri[:80]!a} has no prefLabel: it cannot be named")
    preferred.sort(key=lambda label: _LANGUAGES.index(label[1]) if label[1] in _LANGUAGES else len(_LANGUAGES))
    draft = Draft(number, unquote(uri.rstrip("/#").replace("#", "/").rpartition("/")[2]), _type(graph, uri), preferred[0][0])
    for form, lang, kind in labels:
        native = kind != "weak" and script_of(form) not in ("Latn", "Zyyy")
        draft.add(form, "native" if native else kind, lang=lang)
    draft.aliases = [alias for alias in draft.aliases if (alias.form, alias.lang) != preferred[0]]
    draft.properties["uri"] = uri
    for name, key in (("notation", "notation"), ("exactMatch", "same_as"), ("closeMatch", "like")):
        for value in sorted(map(str, graph.objects(_term(uri), _term(_SKOS + name)))):
            draft.say(key, value)
    return draft


def _type(graph: Any, uri: str) -> str:
    """Concept -> its type where `aka export` said it, else `other`."""
    said = {str(value) for value in graph.objects(_term(uri), _term(TYPE))}
    return said.pop() if len(said) == 1 and said <= set(ENTITY_TYPES) else "other"


def _forms(graph: Any, uri: str, label: str) -> list[tuple[str, str]]:
    """Concept and kind of label -> form and language of each, sorted: a graph has no order of its own."""
    found = list(graph.objects(_term(uri), _term(_SKOS + label)))
    for node in graph.objects(_term(uri), _term(_XL + label)):
        found += graph.objects(node, _term(_XL + "literalForm"))
    return sorted((tidy(str(literal)), getattr(literal, "language", None) or "") for literal in found if tidy(str(literal)))
