"""Work in several processes: answers in order, input read only as far as it is answered, failures told, nobody left behind."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count, islice

import pytest

from aliases.errors import AkaError, InvalidError
from resolver import workers


def squares() -> Callable[[int], tuple[int, int]]:
    return lambda number: (number * number, os.getpid())


def picky() -> Callable[[int], int]:
    def task(number: int) -> int:
        if number == 3:
            raise InvalidError("three is not allowed")
        return number

    return task


def deadly() -> Callable[[int], int]:
    return lambda number: os._exit(9)


def unable() -> Callable[[int], int]:
    raise InvalidError("there is nothing to open")


@pytest.mark.parametrize("jobs", [1, 2])
def test_answers_come_in_the_order_of_the_chunks(jobs: int) -> None:
    with closing(workers.each(range(50), squares, jobs=jobs)) as answers:
        found = list(answers)
    assert [square for square, _ in found] == [number * number for number in range(50)]
    assert (os.getpid() in {pid for _, pid in found}) is (jobs == 1)


def test_an_endless_input_is_read_only_as_far_as_it_is_answered() -> None:
    read = 0

    def endless() -> Iterator[int]:
        nonlocal read
        for number in count():
            read = number
            yield number

    with closing(workers.each(endless(), squares, jobs=2)) as answers:
        taken = [square for square, _ in islice(answers, 300)]
        assert read <= 300 + 2 * workers.AHEAD
    assert taken == [number * number for number in range(300)]


def test_input_that_waits_holds_no_answer_back() -> None:
    more = threading.Event()

    def slow() -> Iterator[int]:
        yield 1
        assert more.wait(60), "the first answer never came"
        yield 2

    with closing(workers.each(slow(), squares, jobs=2)) as answers:
        assert next(answers)[0] == 1
        more.set()
        assert next(answers)[0] == 4


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failure_of_the_task_comes_behind_the_answers_before_it(jobs: int) -> None:
    with closing(workers.each(range(10), picky, jobs=jobs)) as answers:
        assert list(islice(answers, 3)) == [0, 1, 2]
        with pytest.raises(InvalidError, match="three"):
            next(answers)


def test_a_failure_of_reading_comes_behind_the_answers_before_it() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise InvalidError("the input broke off")

    with closing(workers.each(broken(), squares, jobs=2)) as answers:
        assert next(answers)[0] == 1
        with pytest.raises(InvalidError, match="broke off"):
            next(answers)


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_cannot_be_opened_is_told_once(jobs: int) -> None:
    with pytest.raises(InvalidError, match="nothing to open"):
        list(workers.each(range(3), unable, jobs=jobs))


def test_a_killed_worker_is_told_with_the_fix() -> None:
    with pytest.raises(AkaError, match="fewer with -j"):
        list(workers.each(range(3), deadly, jobs=2))


def test_workers_end_with_the_iterator() -> None:
    with closing(workers.each(count(), squares, jobs=2)) as answers:
        pids = {pid for _, pid in islice(answers, 20)}
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_workers_end_with_the_process_that_started_them(tmp_path) -> None:
    import subprocess
    import sys

    program = (
        "import itertools, sys\nsys.path.insert(0, 'tests/resolver')\nfrom resolver import workers\nimport test_workers\n"
        "if __name__ == '__main__':\n"
        "    for square, pid in workers.each(itertools.count(), test_workers.squares, jobs=2):\n"
        "        print(pid, flush=True)\n"
    )
    (tmp_path / "run.py").write_text(program)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([os.getcwd(), *sys.path])}
    with subprocess.Popen([sys.executable, str(tmp_path / "run.py")], stdout=subprocess.PIPE, env=environment) as started:
        assert started.stdout is not None
        pids = {int(line) for line in islice(started.stdout, 20)}
        started.kill()
    assert pids
    deadline = time.monotonic() + 60
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < deadline, "a worker outlived its parent by a minute"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().split(")")[-1].split()[0] != "Z"
    except FileNotFoundError:
        return False
