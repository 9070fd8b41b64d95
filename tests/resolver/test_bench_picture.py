"""Records of measurements become one picture, the same each time."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from aliases.errors import MissingDataError
from resolver import bench_picture
from resolver.cli import cli

SPEED = "names,tagger,mchar_per_s\n10000,aka,2.5\n100000,aka,2\n10000,other & rival,not installed\n100000,third,0.5\n"
LATENCY = "names,finder,p50_ms,p99_ms\n100000,aka,1.5,9\n10000,aka,0.8,4\n"


@pytest.fixture
def records(tmp_path: Path) -> Path:
    (tmp_path / "2026-11-30-speed.csv").write_text("names,tagger,mchar_per_s\n10,old,1\n", encoding="utf-8")
    (tmp_path / "2026-12-01-speed.csv").write_text(SPEED, encoding="utf-8")
    (tmp_path / "2026-12-01-latency.csv").write_text(LATENCY, encoding="utf-8")
    return tmp_path


def test_the_picture_is_well_formed_and_shows_every_line_that_was_measured(records: Path) -> None:
    drawn = bench_picture.picture(records)
    shown = {element.text for element in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")}  # noqa: S314 - our own
    assert {"aka", "third", "aka, p50", "aka, p99", "10k", "100k"} <= shown
    assert drawn == bench_picture.picture(records)


def test_a_rival_that_was_not_installed_and_an_older_record_are_not_drawn(records: Path) -> None:
    drawn = bench_picture.picture(records)
    assert "rival" not in drawn
    assert ">old<" not in drawn


def test_points_of_a_line_go_by_the_size_of_the_list(records: Path) -> None:
    lines = bench_picture.lines_of(bench_picture.newest(records, "latency"), ["p50_ms"], by="finder")
    assert lines == {"aka": [(10000.0, 0.8), (100000.0, 1.5)]}


def test_twice_the_factor_is_twice_the_way() -> None:
    axis = bench_picture._Axis([1, 100], 0, 100)
    assert [axis.at(value) for value in (1, 10, 100)] == [0, 50, 100]


def test_without_records_it_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="aka bench speed --record"):
        bench_picture.picture(tmp_path)


def test_the_command_writes_the_file(records: Path) -> None:
    out = records / "picture.svg"
    done = CliRunner().invoke(cli, ["bench", "picture", "--records", str(records), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.read_text(encoding="utf-8") == bench_picture.picture(records)
