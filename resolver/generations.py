"""Data directory -> its current generation; the shipped seeds -> a generation compiled at first use and kept in a cache."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from aliases import seeds
from aliases.errors import MissingDataError, NotReadyError
from resolver.compiling import compile_generation
from resolver.index import Index, stamp

POINTER = "current"
FILE = "aka.db"  # the record; the same name as in aliases.store, which loads the database
_IMPORT = "`aka import FORMAT FILE --list NAME --data {}`"


def current_generation(data: Path) -> Path:
    """Data directory -> the generation directory that its pointer names; MissingDataError when there is none."""
    if not data.is_dir():
        raise MissingDataError(f"data directory '{data}' does not exist: make it with {_IMPORT.format(data)}")
    try:
        name = (data / POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise MissingDataError(f"data directory '{data}' holds no generation: fill it with {_IMPORT.format(data)}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise NotReadyError(f"pointer {data / POINTER} cannot be read ({error}); import a list again") from error
    directory = data / "generations" / Path(name).name
    if not name or not directory.is_dir():
        raise NotReadyError(f"pointer {data / POINTER} names '{name}', which is not there; import a list again")
    return directory


def seeds_generation() -> Path:
    """-> the compiled generation of the shipped seeds, compiled now when no cache holds it.

    The cache is `AKA_CACHE`, else the user's cache directory; where neither can be written, a temporary directory serves this
    process. Its name is a digest of the seed files and of the program's stamp, so that neither can go stale.
    """
    home = seeds.home()
    name = f"seeds-{_digest(home)}"
    for root in _cache_roots():
        directory = root / name
        if (directory / "manifest.json").exists() and _readable(directory):
            return directory
        try:
            return _compile_into(home, root, name)
        except OSError:
            continue  # read-only or absent: the next root, at last a temporary one
    raise NotReadyError("no directory can be written to compile the seeds into: set AKA_CACHE to one that can")


def _cache_roots() -> Iterator[Path]:
    if os.environ.get("AKA_CACHE"):
        yield Path(os.environ["AKA_CACHE"])
    yield Path(platformdirs.user_cache_dir("aka"))
    yield Path(tempfile.gettempdir()) / f"aka-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"
    yield Path(tempfile.mkdtemp(prefix="aka-"))


def _readable(directory: Path) -> bool:
    try:
        Index.open(directory)
    except NotReadyError:
        shutil.rmtree(directory, ignore_errors=True)  # damaged: compile it again
        return False
    return True


def _compile_into(home: Path, root: Path, name: str) -> Path:
    """Compile beside, then rename: two processes that start at once both end with a whole generation."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _beside(root) as draft:
        compile_generation(sorted(seeds.read(home), key=lambda entity: entity.id), draft)
        try:
            draft.rename(root / name)
        except OSError:
            if not (root / name / "manifest.json").exists():
                raise
    return root / name


@contextmanager
def _beside(root: Path) -> Iterator[Path]:
    parent = Path(tempfile.mkdtemp(prefix=".compiling-", dir=root))
    try:
        yield parent / "generation"
    finally:
        shutil.rmtree(parent, ignore_errors=True)


def _digest(home: Path) -> str:
    digest = hashlib.sha256(json.dumps(stamp(), sort_keys=True).encode())
    for path in sorted(home.glob("*.toml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
