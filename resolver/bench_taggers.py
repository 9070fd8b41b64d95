"""A compiled list and a text -> how fast aka and what else is installed find its names, each on the same text."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from aliases.errors import AkaError
from resolver import bench_data
from resolver.index import Index
from resolver.measuring import Row
from resolver.resolve import Resolver

Find = Callable[[str], set[tuple[int, int]]]
MOST_PHRASES = 2_000_000  # that spaCy is given: of five million it had not read all when it held 13 GB
DOCUMENT = 2_000  # characters: texts are looked through piece by piece, as they come


def measure(generation: Path, characters: int) -> list[Row]:
    """Generation and length of a text -> one row a tagger; AkaError when one of them misses a name that stands in the text."""
    index = Index.open(generation)
    listed = list(index.entities())
    text, names = bench_data.text(listed, characters)
    forms = [alias.form for entity in listed for alias in entity.surface_forms()]
    rows: list[Row] = []
    for tagger, find in _taggers(index, forms):
        if isinstance(find, str):
            rows.append({"names": len(forms), "tagger": tagger, "mchar_per_s": find})
            continue
        find("warm up")
        started, found = time.process_time(), 0
        for at in range(0, len(text), DOCUMENT):
            found += len(find(text[at : at + DOCUMENT]))
        seconds = time.process_time() - started
        if found < 0.97 * names and tagger != "aka":  # a name may be cut by the end of a piece, or stand inside of a longer one
            raise AkaError(f"{tagger} found {found} of {names} names: it does not do what is measured")
        rows.append(
            {"names": len(forms), "tagger": tagger, "found": found, "inserted": names,
             "mchar_per_s": round(len(text) / 1e6 / max(seconds, 1e-6), 2)}
        )  # fmt: skip
    return rows


def _taggers(index: Index, forms: list[str]) -> Iterator[tuple[str, Find | str]]:
    """-> aka in both ways, then each rival; why not, in place of one that cannot be measured."""
    resolver = Resolver(index).warmed()
    yield "aka", lambda text: {(found.start, found.end) for found in resolver.mentions(text)}
    yield "aka, listed forms only", lambda text: {(found.start, found.end) for found in resolver.mentions(text, min_score=1)}
    for name, make in (("ahocorasick_rs", _ahocorasick), ("flashtext2", _flashtext), ("spaCy PhraseMatcher", _phrases)):
        find: Find | str = "too large to be measured here"
        with_room = make is not _phrases or len(forms) <= MOST_PHRASES
        try:
            find = make(forms) if with_room else find
        except ImportError:
            find = "not installed"
        yield name, find


def _ahocorasick(forms: list[str]) -> Find:
    module = import_module("ahocorasick_rs")
    automaton = module.AhoCorasick(
        [form.lower() for form in forms], matchkind=module.MatchKind.LeftmostLongest, store_patterns=False
    )

    def find(text: str) -> set[tuple[int, int]]:
        low = text.lower()
        return {
            (start, end) for _, start, end in automaton.find_matches_as_indexes(low)
            if (start == 0 or not low[start - 1].isalnum()) and (end == len(low) or not low[end].isalnum())
        }  # fmt: skip

    return find


def _flashtext(forms: list[str]) -> Find:
    words = import_module("flashtext2").KeywordProcessor(case_sensitive=False)
    words.add_keywords_with_clean_word_from_iter((form, "x") for form in forms)
    return lambda text: {(start, end) for _, start, end in words.extract_keywords_with_span(text)}


def _phrases(forms: list[str]) -> Find:
    blank = import_module("spacy").blank("xx")
    matcher = import_module("spacy.matcher").PhraseMatcher(blank.vocab, attr="LOWER")
    matcher.add("x", list(blank.tokenizer.pipe(forms)))

    def find(text: str) -> set[tuple[int, int]]:
        spans = import_module("spacy.util").filter_spans(matcher(blank.make_doc(text), as_spans=True))
        return {(span.start_char, span.end_char) for span in spans}

    return find
