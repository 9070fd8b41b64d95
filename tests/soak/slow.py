"""Clients that hold a connection and send next to nothing: others are answered as before.

`python -m tests.soak.slow --sockets 200` -> one line of JSON a kind of client.
"""

from __future__ import annotations

import argparse
import json
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.soak.service import Load, percentile, post, publish, serving, write_list

KINDS = {
    "silent": b"",
    "half a head": b"GET /lookup?name=a HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    "body that does not come": b"POST /mentions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{",
    "stream that does not come": b"POST /mentions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n",
}
QUESTION = post("/lookup", {"names": ["Zubayda Marker"], "limit": 1})


@contextmanager
def held(address: str, sent: bytes, *, sockets: int) -> Iterator[None]:
    """Address and what each client sends -> so many clients that send it and then wait."""
    host, port = address.rsplit(":", 1)
    with ExitStack() as stack:
        for _ in range(sockets):
            line = stack.enter_context(socket.create_connection((host, int(port)), timeout=30))
            line.sendall(sent)
        yield


def asked(address: str, *, rate: float, seconds: float) -> dict[str, float]:
    """Address -> how many of the questions failed, and how long the others took, in milliseconds."""
    answers = Load(address, rate, question=lambda _: QUESTION).run(seconds)
    good = [answer.done - answer.due for answer in answers if answer.status == 200]
    return {
        "requests": len(answers),
        "failed": len(answers) - len(good),
        "p50_ms": round(percentile(good, 0.5), 2),
        "p99_ms": round(percentile(good, 0.99), 2),
    }


def main() -> None:
    """Arguments -> a line for each kind of client."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=200)
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--seconds", type=float, default=15)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory) / "data"
        publish(data, write_list(Path(directory) / "list.jsonl", version=0, size=200))
        with serving(data, "--workers", "2") as (address, _):
            asked(address, rate=chosen.rate, seconds=2)
            for kind, sent in KINDS.items():
                alone = asked(address, rate=chosen.rate, seconds=chosen.seconds)
                with held(address, sent, sockets=chosen.sockets):
                    beside = asked(address, rate=chosen.rate, seconds=chosen.seconds)
                print(json.dumps({"kind": kind, "alone": alone, "beside": beside}), flush=True)


if __name__ == "__main__":
    main()
