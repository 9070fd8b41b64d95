"""SKOS in Turtle and N-Triples: labels of three kinds, in many languages; nothing else is fetched or read."""

from __future__ import annotations

from pathlib import Path

import pytest

from aliases.errors import AkaError, TooLargeError
from aliases.sources import skos
from tests.sources.reading import goes_round, taken, written

LIST = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
@base <https://example.org/concepts/> .
<c1> a skos:Concept ; skos:prefLabel "Exempelstadt"@de, "Example City"@en, "مدينة المثال"@ar ;
  skos:altLabel "Example Town"@en, "Old Example" ; skos:hiddenLabel "Exampel City"@en ; skos:notation "EX1" ;
  skos:exactMatch <https://example.com/1> ; skos:broader <c2> .
<c2#part> skos:prefLabel "Example Part" ; xl:altLabel [ xl:literalForm "Part of Example"@en ] .
<c3> skos:altLabel "Nameless One"@en .
"""


def test_a_concept_is_named_by_its_english_label(tmp_path: Path) -> None:
    """Hidden labels are weak, other scripts native; a concept without a preferred label is told."""
    entities, problems = taken("skos", written(tmp_path, "a.ttl", LIST))
    city, part = entities
    assert (city.id, city.type, city.name) == ("c1", "other", "Example City")
    assert [(a.form, a.kind, a.lang) for a in city.aliases] == [
        ("Exempelstadt", "name", "de"),
        ("مدينة المثال", "native", "ar"),
        ("Example Town", "alias", "en"),
        ("Old Example", "alias", ""),
        ("Exampel City", "weak", "en"),
    ]
    assert city.properties == {
        "uri": "https://example.org/concepts/c1",
        "notation": ["EX1"],
        "same_as": ["https://example.com/1"],
    }
    assert (part.id, part.name, [alias.form for alias in part.aliases]) == ("part", "Example Part", ["Part of Example"])
    assert problems == ["line 3: concept 'https://example.org/concepts/c3' has no prefLabel: it cannot be named"]
    assert goes_round(tmp_path, entities)


@pytest.mark.parametrize(
    "content",
    [
        LIST[:300],
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
        '{"@context": "http://127.0.0.1:9/context"}',
        "id,name\n1,One\n",
        "",
        "# nothing\n",
        LIST.encode("utf-16"),
        "<a> <b> " + "[ <c> " * 5_000,
        LIST.replace("<c2#part>", "<https://example.com/c1>"),
    ],
    ids=["cut", "RDF/XML", "JSON-LD", "table", "empty", "no triples", "UTF-16", "deep", "one id for two"],
)
def test_what_is_no_turtle_is_refused(tmp_path: Path, content: str | bytes) -> None:
    """Whole."""
    with pytest.raises(AkaError):
        taken("skos", written(tmp_path, "a.ttl", content))


def test_a_graph_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is held whole, so it has a limit."""
    monkeypatch.setattr(skos, "MAX_BYTES", 100)
    with pytest.raises(TooLargeError, match="more than 100 bytes"):
        taken("skos", written(tmp_path, "a.ttl", LIST))
