"""`bill.py sbom.json requirements.txt seeds/`: puts the seeds into a bill of materials, each file with its licence.

Exit status 1, with the reasons, when the packages in it are not just those that are locked, or one has no licence.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from packaging.markers import Marker

LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+?)(?: ; (.*?))? \\$", re.MULTILINE)
# Packages whose licence the bill does not take over, as their own files say it.
READ = {"sqlite-fts4": "Apache-2.0"}


def locked(text: str) -> dict[str, str]:
    """Text of a file of requirements -> names and versions of those that this machine installs."""
    return {plain(name): version for name, version, marker in LOCKED.findall(text) if not marker or Marker(marker).evaluate()}


def plain(name: str) -> str:
    """Name of a package -> the one way to write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def seeds(folder: Path) -> list[dict[str, Any]]:
    """Folder of seeds -> a component of the bill for each file."""
    return [
        {
            "type": "data",
            "bom-ref": f"seeds/{path.name}",
            "name": f"seeds/{path.name}",
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
            "licenses": [{"expression": tomllib.loads(path.read_text("utf-8"))["file"]["licence"]}],
        }
        for path in sorted(folder.glob("*.toml"))
    ]


def wrong(bill: dict[str, Any], wanted: dict[str, str]) -> list[str]:
    """Bill of materials and the packages that are locked -> what is wrong with it."""
    packages = [one for one in bill["components"] if one.get("type") != "data"]
    found = {plain(one["name"]): one["version"] for one in packages}
    unlicensed = sorted({plain(one["name"]) for one in packages if not one.get("licenses")} - READ.keys())
    return [
        *(f"{name} {version} is installed and not locked" for name, version in sorted(found.items() - wanted.items())),
        *(f"{name} {version} is locked and not installed" for name, version in sorted(wanted.items() - found.items())),
        *(f"{name} says no licence: read it, and write it down in .ci/bill.py" for name in unlicensed),
        *([] if bill["metadata"]["component"].get("licenses") else ["the bill does not say the licence of aka"]),
    ]


def main() -> None:
    """Arguments -> the bill with the seeds in it; what is wrong with it, on standard error."""
    file, requirements, folder = map(Path, sys.argv[1:])
    bill = json.loads(file.read_text("utf-8"))
    bill["components"] = [one for one in bill["components"] if one.get("type") != "data"] + seeds(folder)
    file.write_text(json.dumps(bill, indent=2), "utf-8")
    sys.exit("\n".join(wrong(bill, locked(requirements.read_text("utf-8")))) or 0)


if __name__ == "__main__":
    main()
