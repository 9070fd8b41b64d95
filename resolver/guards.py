"""A new version of a list, before it goes live -> stopped when it differs from the one before as only a broken file does.

A list that was cut off, whose ids were renumbered, or whose schema drifted parses without an error. It is told by its counts, and
by the names that a person wrote into `probes.tsv` of the data directory, which must go on being found.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aliases.errors import AkaError, GuardError, InvalidError, NotReadyError, Problem
from aliases.store import Version

if TYPE_CHECKING:
    from resolver.resolve import Resolver

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


# ---------------------------------------------------------------- names that must go on being found

PROBES = "probes.tsv"
NOBODY = "-"  # in place of an id: the name must find nothing
MAX_PROBES = 10_000  # at a millisecond each an import still ends


class Probe(NamedTuple):
    """A name, and the id of the entity that it must find first; NOBODY for none."""

    line: int
    name: str
    id: str


def probes(data: Path) -> list[Probe]:
    """Data directory -> the probes in it, a line each (`name`, tab, `id`), without comments (`#`); none where there is no file.

    InvalidError for a line that is none.
    """
    try:
        lines = (data / PROBES).read_bytes().decode("utf-8-sig").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidError(f"{data / PROBES} cannot be read as UTF-8 ({error}): mend it, or move it away") from None
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            name, _, identifier = (part.strip() for part in line.partition("\t"))
            if not name or not identifier or "\t" in identifier:
                raise InvalidError(f"{PROBES} line {number} is no probe: write a name, a tab, and an id (or {NOBODY} for nobody)")
            found.append(Probe(number, name, identifier))
    if len(found) > MAX_PROBES:
        raise InvalidError(f"{PROBES} has {len(found)} probes, at most {MAX_PROBES} are tried: keep the telling ones")
    return found


def check_probes(wanted: Sequence[Probe], served: Path, compiled: Path) -> None:
    """Probes, the generation that is served and the new one -> nothing; GuardError names those that hold in the first alone.

    A probe that does not hold now (its list was not imported yet) stops nothing.
    """
    if not wanted:
        return
    from resolver.index import Index
    from resolver.resolve import Resolver

    try:
        before, after = Resolver(Index.open(served)), Resolver(Index.open(compiled))
    except NotReadyError:
        return  # nothing is served that could get lost
    lost = [probe for probe in wanted if _holds(before, probe) and not _holds(after, probe)]
    if lost:
        shown = ", ".join(f"'{probe.name[:60]}' ({probe.id[:60]})" for probe in lost[:5])
        more = f" and {len(lost) - 5} more" if len(lost) > 5 else ""
        message = f"{len(lost)} of {len(wanted)} names of {PROBES} are no longer answered as they must be: {shown}{more}"
        problems = [Problem(f"{PROBES} line {probe.line}", f"'{probe.name}' does not find {probe.id}") for probe in lost]
        raise GuardError(f"{message}. Look at the file; --force takes it as it is", problems)


def _holds(resolver: Resolver, probe: Probe) -> bool:
    try:
        found = resolver.lookup(probe.name, limit=1)
    except AkaError:
        return False
    wanted = resolver.index.merged.get(probe.id, probe.id)
    return not found if wanted == NOBODY else bool(found) and found[0].entity.id == wanted
