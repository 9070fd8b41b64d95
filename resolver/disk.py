"""Every change that publishing makes to files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


class Disk:
    """Every change that publishing makes to files, in one place, so that a test can let each of them fail in turn."""

    def write(self, path: Path, text: str) -> None:
        """Make a file hold a text, on the disk and not only in memory."""
        with path.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def replace(self, old: Path, new: Path) -> None:
        """Rename, over what may be there."""
        os.replace(old, new)

    def sync(self, directory: Path) -> None:
        """Make the names in a directory last."""
        if os.name == "posix":  # elsewhere a directory cannot be opened, and renames are journalled
            handle = os.open(directory, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def remove(self, path: Path) -> None:
        """Remove a file or a whole directory; one that is not there is no failure."""
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
