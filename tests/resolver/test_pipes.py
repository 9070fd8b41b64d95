"""`aka lookup` and `aka mentions` between two programs: JSON Lines and tables, several processes, endless input, a reader that leaves."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path

import pytest

from resolver import cli, limits, pipeline
from resolver.columns import safe
from resolver.resolve import Resolver
from tests.soak import stream

NAMES = ["Deir az-Zur", "Daesch", "Nobody At All Here", "دير الزور", "ISIS"]


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver.open()


@pytest.fixture
def piped(monkeypatch, capfdbinary):
    """Run a command over a standard input -> status, what it wrote, what it told."""

    def run(raw: bytes, *arguments: str) -> tuple[int, bytes, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), "utf-8"))
        status = cli.run(arguments)
        out, err = capfdbinary.readouterr()
        return status, out, err.decode()

    return run


def table(raw: bytes, *, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=delimiter))


# ---------------------------------------------------------------- JSON Lines


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_every_line_comes_back_with_the_candidates_of_the_library(piped, resolver, jobs):
    lines = [{"row": row, "name": name} for row, name in enumerate(NAMES * 40)]
    status, out, err = piped("".join(json.dumps(line) + "\n" for line in lines).encode(), "lookup", "--jsonl", "-j", jobs)
    assert (status, err) == (0, "")
    found = [json.loads(line) for line in out.splitlines()]
    assert [{"row": one["row"], "name": one["name"]} for one in found] == lines
    expected = [[one.entity.id for one in resolver.lookup(line["name"])] for line in lines]
    assert [[one["entity"]["id"] for one in line["candidates"]] for line in found] == expected


def test_several_processes_answer_as_one_does_also_where_lines_are_bad(piped):
    texts = [b'{"text": "ISIS lost Raqqa in %d"}' % number for number in range(60)]
    raw = b"\n".join([*texts[:20], b"{broken", *texts[20:40], b"", b'{"body": 1}', *texts[40:]])
    one, two = piped(raw, "mentions", "--jsonl"), piped(raw, "mentions", "--jsonl", "-j", "2")
    assert one == two
    assert one[0] == 65
    assert [message.split(":")[2] for message in one[2].splitlines()] == [" line 21", " line 43"]
    assert one[1].count(b"\n") == 60


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_strict_stops_at_the_first_bad_line_behind_the_good_ones(piped, jobs):
    raw = b'{"name": "ISIS"}\n{"name": 5}\n{"name": "Raqqa"}\n'
    status, out, err = piped(raw, "lookup", "--jsonl", "--strict", "-j", jobs)
    assert status == 65
    assert [json.loads(line)["name"] for line in out.splitlines()] == ["ISIS"]
    assert "standard input: line 2: the field 'name' is no text" in err


def test_options_of_a_look_up_hold_in_a_pipe(piped):
    raw = b'{"who": "Raqqa"}\n{"who": "ISIS"}\n'
    _, out, _ = piped(raw, "lookup", "--jsonl", "--field", "who", "--type", "place", "--limit", "1")
    raqqa, isis = (json.loads(line)["candidates"] for line in out.splitlines())
    assert len(raqqa) == 1
    assert all(one["entity"]["type"] == "place" for one in raqqa + isis)


def test_a_blank_name_and_one_that_is_too_long_are_bad_lines(piped):
    status, out, err = piped(b'{"name": " "}\n{"name": "%s"}\n' % (b"x" * 600), "lookup", "--jsonl")
    assert (status, out) == (65, b"")
    assert "line 1: the name is empty" in err
    assert "line 2: the name has 600 characters" in err


class Endless:
    """A stream of one line without an end, up to a size."""

    def __init__(self, size: int, tail: bytes) -> None:
        self.left, self.tail = size, tail

    def read(self, size: int) -> bytes:
        if self.left <= 0:
            tail, self.tail = self.tail, b""
            return tail
        self.left -= size
        return b"x" * size


def test_a_line_that_never_ends_does_not_fill_memory():
    chunks = list(pipeline.chunks(Endless(3 * limits.PIPE_LINE_BYTES, b"x\n{}\n")))
    assert chunks == [pipeline.Lines(1, (None, b"{}"))]
    told: list[str] = []
    assert list(pipeline.annotate(chunks[0].lines, lambda text: [], bad=lambda _, error: told.append(error.detail))) == []
    assert "longer than" in told[0]


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_lines_are_the_same_however_they_arrive(size):
    raw = b"one\n\ntwo\r\n" + b"long" * 30_000 + b"\nlast"
    stream = io.BytesIO(raw)

    class Dripping:
        def read(self, _: int) -> bytes:
            return stream.read(size)

    numbered = [(chunk.first + place, line) for chunk in pipeline.chunks(Dripping()) for place, line in enumerate(chunk.lines)]
    assert [line for _, line in numbered] == raw.split(b"\n")
    assert [number for number, _ in numbered] == [1, 2, 3, 4, 5]


# ---------------------------------------------------------------- a process of its own


@contextmanager
def start(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", "from resolver.cli import main; main()", *arguments]
    pipe = subprocess.PIPE
    started = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, start_new_session=True)
    try:
        yield started
    finally:
        started.kill()
        started.wait()
        for stream in (started.stdin, started.stdout, started.stderr):
            stream.close()


def endless() -> Iterator[bytes]:
    for number in count():
        yield b'{"text": "ISIS lost Raqqa", "n": %d, "pad": "%s"}\n' % (number, b"x" * 2_000)


def feed(stream) -> None:
    try:
        for line in endless():
            stream.write(line)
    except (BrokenPipeError, ValueError):
        pass


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_reader_that_leaves_ends_an_endless_stream_without_a_word(jobs):
    import threading

    with start("mentions", "--jsonl", "-j", jobs) as aka:
        threading.Thread(target=feed, args=(aka.stdin,), daemon=True).start()
        with io.BufferedReader(aka.stdout) as out:
            found = [json.loads(line)["n"] for line in islice(out, 1_000)]
        assert aka.wait(60) == 0
        assert aka.stderr.read() == b""
    assert found == list(range(1_000))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_line_is_answered_before_the_next_one_is_sent(jobs):
    with start("lookup", "--jsonl", "-j", jobs) as aka:
        for name in ("Raqqa", "Daesch", "Homs"):
            aka.stdin.write(json.dumps({"name": name}).encode() + b"\n")
            aka.stdin.flush()
            assert json.loads(aka.stdout.readline())["name"] == name
        aka.stdin.close()
        assert aka.wait(60) == 0


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_it_with_130_and_without_a_traceback(jobs):
    with start("mentions", "--jsonl", "-j", jobs) as aka:
        aka.stdin.write(b'{"text": "ISIS"}\n')
        aka.stdin.flush()
        assert aka.stdout.readline()
        os.killpg(aka.pid, signal.SIGINT)  # a terminal sends it to all processes of the pipe
        assert aka.wait(60) == 130
        assert aka.stderr.read().strip() == b""


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="there is no /proc that tells what processes hold")
def test_a_long_stream_is_answered_whole_and_in_order_in_the_same_memory():
    """A process that kept its lines would grow by 6 MB here; the long form is `python -m tests.soak.stream --gigabytes 10`."""
    found = stream.measured(16_000_000, jobs=2)
    assert (found["status"], found["wrong"]) == (0, 0)
    assert found["lines"] > 2_000
    assert found["mentions"] > found["lines"]
    assert found["growth_kb"] < 4_000


# ---------------------------------------------------------------- tables


def test_a_table_of_names_comes_back_with_the_best_candidate_of_each(piped):
    raw = b'id,name\n1,Deir az-Zur\n2,\n3,Nobody At All Here\n4,"Daesch"\n'
    status, out, err = piped(raw, "lookup", "--csv")
    assert (status, err) == (0, "")
    found = table(out)
    assert [(row["id"], row["name"], row["aka_id"], row["aka_type"]) for row in found] == [
        ("1", "Deir az-Zur", "deir-ez-zor", "place"),
        ("2", "", "", ""),
        ("3", "Nobody At All Here", "", ""),
        ("4", "Daesch", "islamic-state", "organization"),
    ]
    assert found[0]["aka_name"] == "Deir ez-Zor"
    assert 0.5 < float(found[0]["aka_score"]) <= 1


def test_a_row_comes_once_for_every_answer_that_is_asked_for(piped, resolver):
    _, out, _ = piped(b"name\nTripoli\n", "lookup", "--csv", "--limit", "3")
    assert [row["aka_id"] for row in table(out)] == [one.entity.id for one in resolver.lookup("Tripoli", limit=3)]
    assert len(table(out)) > 1


def test_a_table_of_texts_comes_back_with_a_row_for_every_mention(piped):
    raw = b'n,text\n1,"ISIS lost Raqqa,\nthen ""more"""\n2,nothing\n'
    status, out, _ = piped(raw, "mentions", "--csv")
    found = table(out)
    assert status == 0
    assert [(row["n"], row["aka_id"], row["aka_surface"], row["aka_start"], row["aka_end"]) for row in found] == [
        ("1", "islamic-state", "ISIS", "0", "4"), ("1", "raqqa", "Raqqa", "10", "15"), ("2", "", "", "", ""),
    ]  # fmt: skip
    assert found[0]["text"] == 'ISIS lost Raqqa,\nthen "more"'


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_rows_keep_their_order_over_several_processes(piped, jobs):
    raw = "n,name\n" + "".join(f"{row},{NAMES[row % len(NAMES)]}\n" for row in range(300))
    _, out, _ = piped(raw.encode(), "lookup", "--csv", "-j", jobs)
    assert [int(row["n"]) for row in table(out)] == list(range(300))
    assert table(out)[4]["aka_id"] == "islamic-state"


@pytest.mark.parametrize(
    ("raw", "delimiter"),
    [
        (b"id;name\n1;Raqqa\n", ";"), (b"id\tname\n1\tRaqqa\n", "\t"), (b"id|name\n1|Raqqa\n", "|"),
        (b'"a,b,c";name\n1;Raqqa\n', ";"), (b"name\nRaqqa\n", ","), (b'name;"x;y"\nRaqqa;1\n', ";"),
    ],
)  # fmt: skip
def test_the_delimiter_is_told_by_the_head_and_kept(piped, raw, delimiter):
    status, out, _ = piped(raw, "lookup", "--csv")
    assert status == 0
    assert [row["aka_id"] for row in table(out, delimiter=delimiter)] == ["raqqa"]


def test_line_ends_and_the_mark_of_excel_are_kept(piped):
    _, out, _ = piped(codecs.BOM_UTF8 + b"name\r\nRaqqa\r\n", "lookup", "--csv")
    assert out.startswith(codecs.BOM_UTF8 + b"name,aka_id")
    assert out.count(b"\r\n") == out.count(b"\n") == 2
    _, out, _ = piped(b"name\nRaqqa\n", "lookup", "--csv")
    assert b"\r" not in out
    assert not out.startswith(codecs.BOM_UTF8)


@pytest.mark.parametrize(
    ("raw", "more"),
    [
        ("name\nالرقة\n".encode("utf-16"), []), ("name\nالرقة\n".encode("windows-1256"), ["--encoding", "windows-1256"]),
        ("name\nالرقة\n".encode("utf-8-sig"), []),
    ],
)  # fmt: skip
def test_encodings_are_read_and_utf_8_is_written(piped, raw, more):
    _, out, _ = piped(raw, "lookup", "--csv", *more)
    assert [(row["name"], row["aka_id"]) for row in table(out)] == [("الرقة", "raqqa")]


def test_no_cell_that_is_added_is_a_formula(piped, tmp_path):
    assert [safe(text) for text in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "x=1", "")] == [
        "'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "x=1", "",
    ]  # fmt: skip
    listed = {"id": "evil", "type": "organization", "name": "=HYPERLINK Trading Company", "aliases": ["Hyperlink Trading"]}
    (tmp_path / "list.jsonl").write_text(json.dumps(listed) + "\n")
    data = str(tmp_path / "data")
    assert cli.run(["import", "jsonl", str(tmp_path / "list.jsonl"), "--list", "mine", "--data", data]) == 0
    piped(b"", "lists", "--data", data)
    _, out, _ = piped(b"name,sum\nHyperlink Trading,=1+1\n", "lookup", "--csv", "--data", data)
    (row,) = table(out)
    assert row["aka_name"] == "'=HYPERLINK Trading Company"
    assert row["sum"] == "=1+1", "what the user's own table holds is not ours to change"


@pytest.mark.parametrize(
    ("raw", "more", "says"),
    [
        (b"", [], "has no head"),
        (b"id,Name\n1,Raqqa\n", [], "no column 'name': there are 'id', 'Name'"),
        (b"name,aka_id\nRaqqa,x\n", [], "'aka_id' is there already"),
        (b"name,name\nRaqqa,x\n", [], "twice"),
        (b"name\n\xff\n", [], "0xFF at offset 5"),
        (b"name\nx\n", ["--encoding", "klingon"], "'klingon' is unknown"),
        (b"name\nx\n", ["--delimiter", ";;"], "';;' is not allowed"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_one_message(piped, raw, more, says):
    status, _, err = piped(raw, "lookup", "--csv", *more)
    assert status == 65
    assert says in err
    assert err.count("\n") == 1


def test_rows_before_a_quote_that_is_never_closed_are_answered_and_the_rest_is_refused(piped):
    status, out, err = piped(b'name\nRaqqa\nISIS\n"never closed\nHoms\n', "lookup", "--csv")
    assert status == 65
    assert [row["aka_id"] for row in table(out)] == ["raqqa", "islamic-state"]
    assert "from line 4 on" in err


def test_a_bad_row_is_told_and_a_name_that_is_too_long_comes_back_without_an_answer(piped):
    raw = b"id,name\n1,Raqqa,more\n2," + b"x" * 600 + b"\n3\n4,ISIS\n"
    status, out, err = piped(raw, "lookup", "--csv")
    assert status == 65
    assert [(row["id"], row["aka_id"]) for row in table(out)] == [("2", ""), ("3", ""), ("4", "islamic-state")]
    assert "line 2: 3 cells under 2 columns" in err
    assert "line 3: the name has 600 characters" in err


def test_a_cell_may_hold_a_whole_document(piped):
    before = csv.field_size_limit()
    raw = b"text\n" + b"word " * 60_000 + b"ISIS lost Raqqa\n"
    status, out, _ = piped(raw, "mentions", "--csv")
    assert status == 0
    assert out.count(b",islamic-state,") == 1
    assert csv.field_size_limit() == before, "the limit is one of the whole process and belongs to its other readers too"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["lookup", "--jsonl", "--csv"], "one of them"),
        (["lookup", "Raqqa", "-j", "2"], "-j"),
        (["mentions", "--strict"], "--strict"),
        (["lookup", "--jsonl", "--delimiter", ";"], "--csv"),
        (["lookup", "--csv", "Raqqa"], "'Raqqa' is none"),
        (["lookup", "--jsonl", "--json"], "--json"),
        (["lookup", "--csv", __file__, __file__], "one FILE"),
        (["mentions", "--csv", "--offsets", "utf8"], "code points"),
        (["mentions", "--jsonl", "-j", "300"], "-j"),
        (["lookup"], "NAME"),
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments, says, capfd):
    assert cli.run(arguments) == 2
    assert says in capfd.readouterr().err


def test_files_are_read_one_after_the_other(tmp_path: Path, capfdbinary):
    for name, text in (("a", "Raqqa"), ("b", "ISIS")):
        (tmp_path / name).write_text(json.dumps({"name": text}) + "\n")
    assert cli.run(["lookup", "--jsonl", str(tmp_path / "a"), str(tmp_path / "b")]) == 0
    assert [json.loads(line)["name"] for line in capfdbinary.readouterr().out.splitlines()] == ["Raqqa", "ISIS"]
