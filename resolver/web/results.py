"""A text and its mentions -> what the page shows of them: pieces, entities, and for every spelling why it is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

from aliases.entity import Alias, Entity, script_of
from resolver.explaining import Bar, explanation
from resolver.match import Mention
from resolver.suggestions import context, is_new, one_line

STRIP = 240  # places of the strip that shows where in the text an entity is mentioned
EXPLAINED = 500  # spellings that are explained; a page with more is read by nobody
ALTERNATIVES = 8
SAMPLE = 2_000  # letters that tell the script of a text

SHORT = 200  # characters of a name, which a page says many times; what was found for a longer text is not kept
_kept_script = lru_cache(maxsize=8192)(script_of)
_RTL = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo"})
# A language where the script tells it, for fonts, voices and hyphenation; else only the script is said (BCP 47, `und-Cyrl`).
_LANGUAGES = {"Hebr": "he", "Grek": "el", "Hang": "ko", "Jpan": "ja", "Thai": "th", "Geor": "ka", "Armn": "hy"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the submitted text: plain, or one mention. The template writes each piece apart, escaped."""

    text: str
    mention: Mention | None = None
    number: int = 0  # of the mention, from 1
    spelling: str = ""  # id of the Spelling that explains it

    @property
    def lang(self) -> str:
        """Piece -> language tag of its script, '' for Latin."""
        return lang_of(self.text)

    @property
    def percent(self) -> int:
        """Piece -> score of its mention of a hundred."""
        return round(self.mention.score * 100) if self.mention else 0


@dataclass(slots=True)
class Spelling:
    """One surface form of one entity in the text, with why it is one."""

    id: str
    surface: str
    mention: Mention  # the best of them
    sentence: str
    bars: tuple[Bar, ...]
    alias: Alias
    is_new: bool  # on no list: could become an alias
    context: str
    numbers: list[int] = field(default_factory=list)  # of its mentions
    overlapping: dict[str, tuple[str, Entity]] = field(default_factory=dict)  # readings of spans that overlap: surface, entity

    @property
    def alternatives(self) -> Sequence[Entity]:
        """Spelling -> other entities that it could mean, best first."""
        return self.mention.alternatives[:ALTERNATIVES]

    @property
    def percent(self) -> int:
        """Spelling -> its score of a hundred."""
        return round(self.mention.score * 100)


@dataclass(slots=True)
class Found:
    """One entity that the text mentions."""

    entity: Entity
    first: int  # number of its first mention
    line: int  # of that one, from 1
    spellings: list[Spelling] = field(default_factory=list)
    ticks: set[int] = field(default_factory=set)  # places of the strip, 0 to STRIP - 1

    @property
    def count(self) -> int:
        """Entity -> how often it is mentioned."""
        return sum(len(spelling.numbers) for spelling in self.spellings)

    @property
    def drawn(self) -> str:
        """Entity -> the places of the strip as the path of an SVG drawing."""
        return "".join([f"M{min(tick, STRIP - 2) + 1} 0V10" for tick in sorted(self.ticks)])


def lang_of(text: str) -> str:
    """Text -> BCP 47 tag of the script that most of its letters are in, the first SAMPLE of a long one; '' for Latin or none."""
    script = _script(text)
    return "" if script in ("Latn", "Zyyy") else _LANGUAGES.get(script, f"und-{script}")


def is_rtl(text: str) -> bool:
    """Text -> whether most of its letters, the first SAMPLE of a long one, are written from right to left."""
    return _script(text) in _RTL


def _script(text: str) -> str:
    if text.isascii():
        return "Latn"
    return _kept_script(text) if len(text) <= SHORT else script_of(text[:SAMPLE])


def pieces(text: str, mentions: Sequence[Mention]) -> list[Piece]:
    """Text and its mentions by start, none inside another -> the text cut into pieces, which joined are the text."""
    found: list[Piece] = []
    last = 0
    for number, mention in enumerate(mentions, 1):
        if mention.start > last:
            found.append(Piece(text[last : mention.start]))
        found.append(Piece(text[mention.start : mention.end], mention, number, spelling_id(mention)))
        last = mention.end
    if last < len(text):
        found.append(Piece(text[last:]))
    return found


def spelling_id(mention: Mention) -> str:
    """Mention -> id of its spelling in the page, the same at every score."""
    key = f"{mention.entity.id}\0{one_line(mention.surface)}".encode("utf-8", "surrogatepass")
    return f"w-{blake2b(key, digest_size=5).hexdigest()}"


def found(text: str, mentions: Sequence[Mention], overlapping: Sequence[Mention] = ()) -> list[Found]:
    """Text, its mentions, and those of spans that overlap them -> the entities, most mentioned first, then in their order."""
    entities: dict[str, Found] = {}
    spellings: dict[str, Spelling] = {}
    lines = _Lines(text)
    for number, mention in enumerate(mentions, 1):
        entity = entities.get(mention.entity.id)
        if entity is None:
            entity = entities[mention.entity.id] = Found(mention.entity, number, lines.of(mention.start))
        entity.ticks.add(mention.start * STRIP // max(len(text), 1))
        identifier = spelling_id(mention)
        spelling = spellings.get(identifier)
        if spelling is None:
            spelling = spellings[identifier] = _spelling(text, mention, identifier, explained=len(spellings) < EXPLAINED)
            entity.spellings.append(spelling)
        elif mention.score > spelling.mention.score:
            spelling.mention = mention
        spelling.numbers.append(number)
    _add_overlapping(mentions, overlapping, spellings)
    return sorted(entities.values(), key=lambda entity: (-entity.count, entity.first))


def _spelling(text: str, mention: Mention, identifier: str, *, explained: bool) -> Spelling:
    around = context(text, mention.start, mention.end)
    if not explained:
        return Spelling(identifier, mention.surface, mention, "", (), Alias(mention.matched), False, around)
    why = explanation(mention)
    surface = one_line(mention.surface)
    new = mention.kind in ("variant", "fuzzy") and is_new(surface, mention.entity)
    return Spelling(identifier, surface, mention, why.sentence, why.bars, why.alias, new, around)


def _add_overlapping(mentions: Sequence[Mention], others: Sequence[Mention], spellings: dict[str, Spelling]) -> None:
    """Readings of other spans -> put beside the mention that they overlap; both come by start."""
    first = 0
    for mention in mentions:
        while first < len(others) and others[first].end <= mention.start:
            first += 1
        spelling = spellings[spelling_id(mention)]
        for place in range(first, len(others)):
            other = others[place]
            if other.start >= mention.end:
                break
            another = other.entity.id != mention.entity.id and (other.start, other.end) != (mention.start, mention.end)
            if another and other.end > mention.start:
                spelling.overlapping.setdefault(f"{other.entity.id} {other.surface}", (one_line(other.surface), other.entity))


class _Lines:
    """Places of a text that come in rising order -> the lines they are in, in one pass."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at, self._line = 0, 1

    def of(self, place: int) -> int:
        self._line += self._text.count("\n", self._at, place)
        self._at = place
        return self._line
