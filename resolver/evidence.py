"""What a caller knows of the entity beside its name -> log odds for and against each candidate, and the reasons.

The weights are log ratios of how often a true and a false candidate of a close name agree: of 100 records of one entity about
two disagree on the country, of 100 near names of different places about fifteen share it; birth dates are off by a year in
about one of thirty records, and equal by chance in one of 20,000.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from aliases.entity import Entity
from resolver.match import Reason

SAME_COUNTRY, OTHER_COUNTRY = 1.9, -3.7
SAME_DAY, SAME_YEAR, NEXT_YEAR, OTHER_YEAR = 5.0, 2.5, 0.0, -4.0
_COUNTRY_KEYS = ("country", "countries", "nationality", "citizenship")
_BIRTH_KEYS = ("birth_date", "birthDate", "birthdate", "date_of_birth")
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-9]{2})\b")


class Given(NamedTuple):
    """Evidence from the caller; false when there is none."""

    country: str | None = None
    birth_date: str | None = None

    def __bool__(self) -> bool:
        return bool(self.country or self.birth_date)


def evidence_odds(entity: Entity, given: Given) -> float:
    """Entity and evidence -> log odds to add; 0 where the entity says nothing on it."""
    return sum(odds for odds, _ in _judge(entity, given))


def evidence_reasons(entity: Entity, given: Given) -> list[Reason]:
    """Entity and evidence -> one reason for each piece that speaks for or against it."""
    return [reason for _, reason in _judge(entity, given)]


def _judge(entity: Entity, given: Given) -> list[tuple[float, Reason]]:
    found = []
    if given.country:
        known = {value.casefold() for value in _values(entity, _COUNTRY_KEYS)}
        if known:
            same = given.country.casefold() in known
            text = "the country is the same" if same else f"the country differs: {', '.join(sorted(known))}"
            odds = SAME_COUNTRY if same else OTHER_COUNTRY
            found.append((odds, Reason("country", 1.0 if same else 0.0, text)))
    if given.birth_date:
        judged = [_dates(given.birth_date, value) for value in _values(entity, _BIRTH_KEYS)]
        known_dates = [pair for pair in judged if pair]
        if known_dates:
            odds, text = max(known_dates)
            found.append((odds, Reason("birth_date", odds, text)))
    return found


def _values(entity: Entity, keys: tuple[str, ...]) -> list[str]:
    """Entity -> the strings under any of the keys, whether one or a list."""
    out: list[str] = []
    for key in keys:
        value: Any = entity.properties.get(key)
        out += [str(item) for item in (value if isinstance(value, list) else [value]) if item]
    return out


def _dates(asked: str, known: str) -> tuple[float, str] | None:
    """Two dates, each ISO 8601 or with a year in it -> (log odds, text); None when one has no year."""
    if len(asked) == 10 and asked == known[:10]:
        return SAME_DAY, "the birth date is the same"
    years = _YEAR.search(asked), _YEAR.search(known)
    if not years[0] or not years[1]:
        return None
    apart = abs(int(years[0].group()) - int(years[1].group()))
    if apart == 0:
        both_full = len(asked) == 10 and len(known) >= 10
        if both_full:
            return NEXT_YEAR, "the year of birth is the same, the day is not"
        return SAME_YEAR, "the year of birth is the same"
    if apart == 1:
        return NEXT_YEAR, "the years of birth are next to each other"
    return OTHER_YEAR, f"the birth dates are {apart} years apart"
