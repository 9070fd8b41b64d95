"""The linter finds what is wrong with seeds and names both lines; what is right it leaves alone. Cases are in tests/lint."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from aliases import lint as lint_module
from aliases import seeds
from aliases.errors import UnknownError
from aliases.lint import COUNTRIES, lint

CASES = sorted((Path(__file__).parents[1] / "lint").glob("*.toml"))
HEADER = '[file]\nsource = "tests"\nlicence = "CC0-1.0"\ntype = "place"\n'


def _messages(path: Path) -> list[str]:
    return [f"{finding.line}: {finding.message}".replace(f"{path.parent}/", "") for finding in lint(path)]


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_the_findings_of_a_file_are_those_beside_it(case: Path) -> None:
    """`x.toml` gives the lines of `x.txt`, nothing more and nothing less."""
    assert _messages(case) == case.with_suffix(".txt").read_text("utf-8").splitlines()


def test_the_shipped_seeds_are_clean() -> None:
    """What we ship is what we ask of others."""
    assert [str(finding) for finding in lint(seeds.home())] == []


def test_a_finding_begins_with_file_and_line(tmp_path: Path) -> None:
    """Editors jump to `file:line`."""
    path = tmp_path / "x.toml"
    path.write_text(HEADER + '\n[a]\nname = "hope"\n')
    (finding,) = lint(path)
    assert str(finding).startswith(f"{path}:7: a: 'hope' is an ordinary English word")


def test_clashes_are_found_across_files(tmp_path: Path) -> None:
    """Ids and forms are looked for in the whole folder, and the message names the other file."""
    (tmp_path / "a.toml").write_text(HEADER + '\n[x]\nname = "Homs"\n')
    (tmp_path / "b.toml").write_text(HEADER + '\n[x]\nname = "Hims"\n[y]\nname = "HOMS"\n')
    other = f"{tmp_path / 'a.toml'}"
    assert [(finding.line, finding.message) for finding in lint(tmp_path)] == [
        (6, f"id 'x' is already at {other}:6: ids are unique, rename or join one of them"),
        (9, f"y: 'HOMS' also means x as 'Homs' at {other}:7: remove one, make one weak, or say homonym_of"),
    ]


def test_windows_line_ends_and_a_byte_order_mark_do_not_move_lines(tmp_path: Path) -> None:
    """Files come from every editor."""
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEADER + '\n[a]\nname = "hope"\n').replace("\n", "\r\n").encode())
    assert [finding.line for finding in lint(path)] == [7]


def test_a_path_without_seeds_is_an_error_and_not_a_clean_bill(tmp_path: Path) -> None:
    """`aka lint` of a mistyped path must not say that all is well."""
    for path in (tmp_path, tmp_path / "none.toml"):
        with pytest.raises(UnknownError, match="no seed file"):
            lint(path)


def test_the_word_list_is_of_plain_lower_case_words_each_once() -> None:
    """It is kept by hand, so its own mistakes are looked for."""
    path = Path(lint_module.__file__).parent / "common_words.txt"
    words = [word for line in path.read_text("utf-8").splitlines() if not line.startswith("#") for word in line.split()]
    assert len(words) > 1_500
    assert [word for word in words if not (word.isascii() and word.isalpha() and word.islower())] == []
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_country_codes_are_the_249_of_iso_and_kosovo() -> None:
    """A code too many or too few would let a typing error through or refuse a country."""
    assert len(COUNTRIES) == 250
    assert {"SY", "IQ", "XK", "PS", "SS"} <= COUNTRIES
    assert COUNTRIES.isdisjoint({"UK", "EU", "XX", "SU"})


def test_no_mutilated_seed_file_makes_the_linter_fail(tmp_path: Path) -> None:
    """Cut, shuffled or with lines repeated: there are findings or none, but never an exception."""
    dice = random.Random(7)
    path = tmp_path / "x.toml"
    for case in CASES:
        whole = case.read_bytes()
        for _ in range(15):
            lines = whole.split(b"\n")
            match dice.randrange(3):
                case 0:
                    lines = [whole[: dice.randrange(len(whole))]]
                case 1:
                    dice.shuffle(lines)
                case _:
                    lines.insert(dice.randrange(len(lines)), dice.choice(lines))
            path.write_bytes(b"\n".join(lines))
            assert all(finding.line >= 1 and finding.message for finding in lint(path))
