"""What persons said of two entities - one, or two - kept across the versions of their lists; every word can be taken back.

A judgement is never changed: of one pair the last one holds, and taking back is a judgement of its own (`open`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import combinations
from typing import Literal

import msgspec

from aliases import audit
from aliases.entity import MAX_ID
from aliases.errors import InvalidError
from aliases.store import Store

Verdict = Literal["same", "different", "open"]

MAX_TEXT = 2_000  # characters of a note or of the name of whoever judges
_FIELDS = "id, keep, other, verdict, judged_at, judged_by, note, score, generation"


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """One word of one person on two entities."""

    id: int  # in the order of judging
    keep: str  # id that both are known by when they are one
    other: str
    verdict: Verdict
    judged_at: str  # ISO 8601, UTC
    judged_by: str
    note: str
    score: float | None  # of the suggestion that it answers, if it does
    generation: str  # the first that was compiled with it; '' while it waits for the next one


def record(
    store: Store, keep: str, others: Collection[str], *, verdict: Verdict, by: str, note: str = "", score: float | None = None
) -> list[Judgement]:
    """Id, ids of entities that it is (not) one with, and who says so -> the judgements, committed.

    InvalidError when an id is judged against itself or a text is too long. That the entities exist is for the caller to see to.
    """
    _check(keep, others, by=by, note=note)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with store.transaction() as connection:
        numbers = [
            connection.execute(
                "INSERT INTO judgements (keep, other, verdict, judged_at, judged_by, note, score, generation) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, '')",
                (keep, other, verdict, now, by, note, score),
            ).lastrowid
            for other in others
        ]
        audit.note(connection, action="judge", entity=keep, after={"verdict": verdict, "others": list(others), "note": note})
    return [judgement for judgement in recorded(store) if judgement.id in numbers]


def _check(keep: str, others: Collection[str], *, by: str, note: str) -> None:
    if not others:
        raise InvalidError("a judgement needs two ids: name the other entity too")
    if keep in others:
        raise InvalidError(f"'{keep[:80]}' cannot be judged against itself: name two entities")
    for what, text, longest in [("an id", keep, MAX_ID), ("the note", note, MAX_TEXT), ("the name of who judges", by, MAX_TEXT)]:
        if len(text) > longest or "\0" in text:
            raise InvalidError(f"{what} has {len(text)} characters or holds U+0000, at most {longest} are allowed: shorten it")
    if not by.strip():
        raise InvalidError("it is not said who judges: give a name")


def recorded(store: Store) -> list[Judgement]:
    """Record -> every judgement that was ever made, oldest first."""
    rows = store.rows(f"SELECT {_FIELDS} FROM judgements ORDER BY id")  # noqa: S608
    return [Judgement(**dict(zip(Judgement.__struct_fields__, row, strict=True))) for row in rows]


def in_force(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Judgements -> the last of each pair, in the order of judging, without those that were taken back."""
    last = {frozenset((one.keep, one.other)): one for one in judgements}
    return sorted((one for one in last.values() if one.verdict != "open"), key=lambda one: one.id)


def groups(judgements: Iterable[Judgement]) -> list[tuple[str, ...]]:
    """Judgements -> ids that are one entity, group by group: first the one it is known by, then in the order of judging.

    The id of a group is the first `keep` that no judgement puts under another; where they go in a circle, the first of all.
    """
    same = [one for one in in_force(judgements) if one.verdict == "same"]
    group_of: dict[str, list[str]] = {}
    for one in same:
        left, right = group_of.setdefault(one.keep, [one.keep]), group_of.setdefault(one.other, [one.other])
        if left is not right:
            left += right
            group_of.update(dict.fromkeys(right, left))
    under = {one.other for one in same}
    kept = [one.keep for one in same]
    heads = {id(group_of[keep]): keep for keep in reversed(kept)}
    heads |= {id(group_of[keep]): keep for keep in reversed(kept) if keep not in under}
    first = dict.fromkeys(id(group_of[keep]) for keep in kept)  # groups in the order of their first judgement
    return [_headed(group_of[heads[group]], heads[group]) for group in first]


def _headed(group: list[str], head: str) -> tuple[str, ...]:
    return (head, *(member for member in group if member != head))


def contradictions(judgements: Iterable[Judgement]) -> Iterator[Judgement]:
    """Judgements -> those in force that say `different` of two ids which others make one."""
    held = in_force(judgements)
    group_of = {member: number for number, group in enumerate(groups(held)) for member in group}
    for one in held:
        if one.verdict == "different" and one.keep in group_of and group_of[one.keep] == group_of.get(one.other):
            yield one


def judged_pairs(judgements: Iterable[Judgement]) -> set[frozenset[str]]:
    """Judgements -> the pairs that need no further judgement: those in force, and all within one group."""
    held = in_force(judgements)
    pairs = {frozenset((one.keep, one.other)) for one in held}
    return pairs | {frozenset(pair) for group in groups(held) for pair in combinations(group, 2)}


def members(groups: Iterable[tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Groups -> id: the group that it is in."""
    return {member: group for group in groups for member in group}
