"""What the measurements of `aka bench` share: costs and how they grow, memory, records."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from resolver import measuring


def test_a_slope_is_one_where_a_cost_grows_as_its_size_and_nought_where_it_stays() -> None:
    rows = [{"names": 10, "ms": 2.0, "mb": 7}, {"names": 1000, "ms": 200.0, "mb": 7}]
    made = measuring.with_slopes(rows, along="names", of=("ms", "mb"))
    assert made == [rows[0], {**rows[1], "ms_slope": 1.0, "mb_slope": 0.0}]


@pytest.mark.parametrize("cost", ["not installed", None, 0])
def test_a_row_without_such_a_cost_has_no_slope_nor_has_the_one_behind_it(cost: object) -> None:
    rows = [{"names": 10, "ms": 2.0}, {"names": 100, "ms": cost}, {"names": 1000, "ms": 2.0}]
    assert measuring.with_slopes(rows, along="names", of=("ms",)) == rows


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory is told by Linux")
def test_a_build_tells_the_memory_that_it_took_at_most(tmp_path: Path) -> None:
    generation, cost = measuring.compiled(tmp_path, 40)
    assert (generation / "arrays.bin").stat().st_size
    assert isinstance(cost["peak_mb"], int)
    assert 5 < cost["peak_mb"] < 5_000


def test_a_record_is_a_table_and_a_dated_file_with_the_machine_in_every_row(tmp_path: Path) -> None:
    said = measuring.record([{"names": 10}, {"names": 20, "ms": 1.5}], str(tmp_path), "speed")
    assert "names" in said
    (file,) = tmp_path.glob("[0-9]*-speed.csv")
    with file.open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["names"], row["ms"]) for row in rows] == [("10", ""), ("20", "1.5")]
    assert {row["python"] for row in rows} == {sys.version.split()[0]}
