"""Records as a published list gives them -> checked entities, and a Problem for each record or name that cannot be taken.

A list that others publish is not ours to correct: one bad record must not keep a thousand good ones out. So what is wrong with
one record is reported with its line and the rest is read; what puts the whole file in doubt (an id for two entities, nothing
that can be taken) refuses it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec

from aliases.assemble import assemble, checked
from aliases.common import is_common_word
from aliases.entity import MAX_ALIASES, MAX_NAME, Alias, AliasKind, Entity, check_id
from aliases.errors import InvalidError, Problem
from aliases.fold import fold_name
from aliases.sources.seen import Seen

Record = Entity | Problem
Content = TypeVar("Content")

MAX_PROBLEMS = 1_000  # kept of a file of which nothing could be taken

# What people write where there is no name.
_NO_NAME = frozenset("n/a|-0-|unknown|null|none|nil|not available|not known|no name|unnamed|tbd|tbc|name unknown".split("|"))
# A text is full of these in any case and position; as a name they can only be a mistake.
_FUNCTION_WORDS = frozenset("the of and or a an in on at to by for from with is are was as it".split())
_WITHOUT_CASE = ("Hani", "Hang", "Jpan")  # scripts in which one or two characters are a whole name
_SHORT = 2  # letters; names of that length are also words, initials and codes


@dataclass(slots=True)
class Draft:
    """One record of a list: its fields as they stand there, and the line it starts on."""

    line: int
    id: str
    type: str
    name: str
    aliases: list[Alias] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)

    def add(self, form: str, kind: AliasKind = "alias", *, lang: str = "") -> None:
        """Surface form, or '' when the record has none there -> one more alias."""
        if form := tidy(form):
            self.aliases.append(Alias(form, kind=kind, lang=lang))

    def say(self, key: str, value: str) -> None:
        """Value of a property that there may be several of -> kept once; '' says nothing."""
        values = self.properties.setdefault(key, [])
        if (value := tidy(value)) and value not in values:
            values.append(value)


def tidy(text: str) -> str:
    """Text of a cell or an element -> the same with single spaces, '' for the `-0-` that stands for nothing."""
    text = " ".join(text.split())
    return "" if text == "-0-" else text


def entities(drafts: Iterable[Draft | Problem], *, file: str) -> Iterator[Record]:
    """Records in the order of the file -> entities, and problems where they occur; InvalidError when the file is refused."""
    problems: list[Problem] = []
    with Seen() as seen:
        for draft in drafts:
            for record in _settled(draft, seen, file):
                if isinstance(record, Problem) and len(problems) < MAX_PROBLEMS:
                    problems.append(record)
                yield record
        if not seen.count:
            raise InvalidError(
                f"{file} holds no entity that can be taken: is it the list that you meant, and complete?", problems
            )


def _settled(draft: Draft | Problem, seen: Seen, file: str) -> Iterator[Record]:
    if isinstance(draft, Problem):
        yield draft
        return
    place = f"line {draft.line}"
    try:
        aliases, problems = _fit_aliases(draft, place)
        entity = _entity(draft, aliases)
    except InvalidError as error:
        yield Problem(place, error.detail)
        return
    mark = _mark(entity)
    first = seen.meet(entity.id, draft.line, mark=mark)
    if first is None:
        yield from problems
        yield entity
    elif first.mark == mark:
        yield Problem(place, f"id '{entity.id}' says again what line {first.line} says: it was taken once")
    else:
        message = f"id '{entity.id}' on line {draft.line} is already that of another entity on line {first.line}"
        raise InvalidError(f"{file}: {message}, so nothing was taken: give each its own", [Problem(place, message)])


def _mark(entity: Entity) -> int:
    return int.from_bytes(blake2b(msgspec.json.encode(entity), digest_size=8).digest(), signed=True)


def _entity(draft: Draft, aliases: list[Alias]) -> Entity:
    check_id(draft.id)
    name = check_name(tidy(draft.name))
    if _is_weak(name):
        aliases = [Alias(name, kind="weak", case=True), *aliases]
    properties = {key: value for key, value in draft.properties.items() if value not in ("", [], None)}
    _check_values([draft.id, *properties, *properties.values()])
    return assemble(draft.id, entity_type=draft.type, name=name, aliases=aliases, properties=properties)


def _check_values(values: Iterable[Any]) -> None:
    """Values of a record -> nothing; InvalidError for what could not be exported, or could end a text early elsewhere."""
    for value in values:
        if isinstance(value, list):
            _check_values(value)
        elif isinstance(value, float) and not math.isfinite(value):
            raise InvalidError(f"a property is {value}, which is no number: correct it")
        elif isinstance(value, str) and "\0" in value:
            raise InvalidError(f"{value[:60]!a} holds U+0000, which is not text: remove it")


def _fit_aliases(draft: Draft, place: str) -> tuple[list[Alias], list[Problem]]:
    """The names that can be taken, and what is wrong with the others; those made of letters that any text has become weak."""
    if len(draft.aliases) > MAX_ALIASES:
        raise InvalidError(f"{len(draft.aliases)} aliases are too many: at most {MAX_ALIASES} fit one entity")
    fit: list[Alias] = []
    problems: list[Problem] = []
    for alias in draft.aliases:
        try:
            check_name(alias.form)
            checked(alias)
        except InvalidError as error:
            problems.append(Problem(place, f"a name of '{draft.id[:40]}' was left out: {error.detail}"))
        else:
            weak = alias.kind not in ("acronym", "weak") and _is_weak(alias.form)
            fit.append(msgspec.structs.replace(alias, kind="weak", case=True) if weak else alias)
    return fit, problems


def check_name(form: str) -> str:
    """Surface form of a published list -> the same; InvalidError when it names nobody or was damaged on its way."""
    if form.lower() in _NO_NAME:
        raise InvalidError(f"'{form}' stands for a name that is not known: leave it empty")
    if form.lower() in _FUNCTION_WORDS or (len(form) == 1 and not _has_no_case(form)) or (len(form) <= _SHORT and form.isdigit()):
        raise InvalidError(f"{form!a} is in every text: give a name")
    if "\ufffd" in form:
        raise InvalidError(f"{form[:60]!a} holds U+FFFD, the mark of letters that were lost: fetch the list again")
    if _is_mojibake(form):
        raise InvalidError(f"{form[:60]!a} is UTF-8 that was read as Latin-1 and encoded again: fetch the list again")
    if len(form) <= MAX_NAME and not form.isascii() and not fold_name(form):  # of ASCII, what is no letter is told later
        raise InvalidError(f"{form[:60]!a} has no letter or digit: give a name that can be written")
    return form


def _is_mojibake(form: str) -> bool:
    """Whether a text is the bytes of UTF-8 taken for letters of Latin-1: real Latin-1 text is almost never valid UTF-8."""
    if form.isascii() or max(form) > "\xff":
        return False
    try:
        form.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_weak(form: str) -> bool:
    """Whether the letters of a name are those of an everyday word, a number or initials: then only its own case is sure."""
    if form.isascii() and form.isalpha() and is_common_word(form.lower()):
        return True
    return sum(map(str.isalpha, form)) <= _SHORT and not _has_no_case(form)


def _has_no_case(form: str) -> bool:
    return checked(Alias(form)).script in _WITHOUT_CASE if any(map(str.isalnum, form)) else False


def each(records: Iterable[tuple[int, Content] | Problem], draft: Callable[[int, Content], Draft]) -> Iterator[Draft | Problem]:
    """Line and content of each record -> its draft, or a Problem where `draft` raises InvalidError; Problems pass.

    A record of another shape than its schema makes `draft` stumble in ways that no list of checks foresees: also a Problem.
    """
    for record in records:
        if isinstance(record, Problem):
            yield record
            continue
        line, content = record
        try:
            yield draft(line, content)
        except InvalidError as error:
            yield Problem(f"line {line}", error.detail)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            yield Problem(
                f"line {line}", f"the record is not of the shape of its schema ({type(error).__name__}): it was left out"
            )
