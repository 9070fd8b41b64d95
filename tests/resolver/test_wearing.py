"""A process that stops taking connections leaves them to whoever else listens there, and keeps those that it has."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from resolver import wearing
from tests.resolver.served import ROOT

linux = pytest.mark.skipif(sys.platform != "linux", reason="descriptors are told by /proc, on Linux")
PROGRAM = """
import socket, sys
from resolver import wearing

listener = socket.socket(fileno=int(sys.argv[1]))
listener.setblocking(False)
taken, _ = listener.accept()
print(wearing.stop_taking(), flush=True)
input()  # another connection is made
try:
    listener.accept()
    print("taken", flush=True)
except BlockingIOError:
    print("nothing there", flush=True)
taken.sendall(b"kept")
"""


@linux
def test_what_is_taken_is_kept_and_what_comes_then_is_left_to_the_other_process():
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as first:
        listener.set_inheritable(True)
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(listener.fileno())],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, pass_fds=[listener.fileno()],
        ) as process:  # fmt: skip
            assert process.stdout.readline() == "1\n"
            with socket.create_connection(listener.getsockname()) as second:
                process.stdin.write("\n")
                process.stdin.flush()
                assert process.stdout.readline() == "nothing there\n"
                assert first.makefile("rb").read() == b"kept"
                there, name = listener.accept()
                there.close()
                assert name == second.getsockname()
            assert process.wait(timeout=60) == 0


@linux
def test_only_what_listens_is_found():
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as asking,
        open(os.devnull) as file,
    ):
        assert wearing._listens(listener.fileno())
        assert [wearing._listens(number) for number in (asking.fileno(), file.fileno())] == [False, False]
        closed = listener.fileno()
    assert not wearing._listens(closed)
