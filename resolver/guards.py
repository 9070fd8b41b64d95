"""A new version of a list, before it goes live -> stopped when it differs from the one before as only a broken file does.

A list that was cut off, whose ids were renumbered, or whose schema drifted parses without an error. It is told by its counts.
"""

from __future__ import annotations

from aliases.errors import GuardError, Problem
from aliases.store import Version

SMALL = 20  # entities: a shorter list, kept by hand, changes in whole parts
MAX_SHRINK = 0.10  # of the entities of the version before
MAX_GROWTH = 3.0  # times as many
MAX_CHANGED_IDS = 0.25  # of the ids of the version before are gone while others came
MAX_REJECTED = 0.10  # of the records could not be taken


def check(version: Version, before: Version | None) -> None:
    """Staged version and the live one -> nothing; GuardError names every limit that it breaks."""
    broken = [*_compared(version, before)] if before and before.entities >= SMALL else []
    records = version.entities + version.rejected
    if records >= SMALL and version.rejected > MAX_REJECTED * records:
        broken.append(f"{version.rejected} of {records} records could not be taken, the limit is {MAX_REJECTED:.0%}")
    if broken:
        message = f"the list '{version.list}' was not replaced: {'; '.join(broken)}. Look at the file; --force takes it as it is"
        raise GuardError(message, [Problem(version.list, reason) for reason in broken])


def _compared(version: Version, before: Version) -> list[str]:
    old, new = before.entities, version.entities
    broken = []
    if new < old * (1 - MAX_SHRINK):
        broken.append(f"it would shrink from {old} entities to {new}, the limit is {MAX_SHRINK:.0%}")
    if new > old * MAX_GROWTH:
        broken.append(f"it would grow from {old} entities to {new}, the limit is {MAX_GROWTH:g} times")
    if min(version.removed, version.added) > old * MAX_CHANGED_IDS:
        broken.append(f"{version.removed} of {old} ids would go and {version.added} come, the limit is {MAX_CHANGED_IDS:.0%}")
    return broken
