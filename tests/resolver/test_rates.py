"""A client's bucket of requests: how much it holds, how it fills, whom it is shared with."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolver import rates
from resolver.limits import RATE_BYTES
from resolver.rates import Rates

SECOND = 1_000_000_000


@pytest.fixture
def clock(monkeypatch) -> list[int]:
    """The time in nanoseconds, which a test sets."""
    now = [10**15]
    monkeypatch.setattr(rates.time, "monotonic_ns", lambda: now[0])
    return now


def allowed(rate: Rates, *, of: int, client: str = "a") -> int:
    """How many of so many requests, all at once, are let through."""
    return sum(rate.wait(client) == 0 for _ in range(of))


def test_a_burst_is_let_through_and_then_as_many_as_flow_in(clock):
    rate = Rates("60/minute")
    assert allowed(rate, of=100) == 60
    clock[0] += 5 * SECOND
    assert allowed(rate, of=100) == 5
    clock[0] += 3600 * SECOND
    assert allowed(rate, of=100) == 60  # a bucket does not grow


def test_no_moment_lets_a_client_have_two_bursts_in_a_row(clock):
    for wait in (
        0.001,
        0.5,
        29.9,
        30.1,
        59.9,
    ):  # a window that began with the first request, or with the minute, would end in one of these
        rate = Rates("60/minute")
        assert allowed(rate, of=60, client=f"at {wait}") == 60
        clock[0] += round(wait * SECOND)
        assert allowed(rate, of=60, client=f"at {wait}") == int(wait)


def test_who_is_refused_is_told_how_long_to_wait_and_may_go_on_then_and_not_before(clock):
    rate = Rates("4/minute")
    assert allowed(rate, of=4) == 4
    assert rate.wait("a") == 15
    assert rate.wait("a", size=RATE_BYTES) == 30
    clock[0] += 15 * SECOND - 1
    assert rate.wait("a") == 1e-9
    clock[0] += 1
    assert rate.wait("a") == 0


def test_a_refusal_costs_nothing_and_clients_do_not_wait_for_each_other(clock):
    rate = Rates("2/second")
    assert (allowed(rate, of=50), allowed(rate, of=50, client="b")) == (2, 2)
    clock[0] += SECOND
    assert (allowed(rate, of=50), allowed(rate, of=50, client="b")) == (2, 2)


def test_a_body_without_a_length_empties_the_bucket_and_no_more(clock):
    rate = Rates("10/minute")
    rate.charge("a", before=0, now=RATE_BYTES - 1)
    assert allowed(rate, of=3) == 3
    rate.charge("a", before=0, now=4 * RATE_BYTES)
    assert allowed(rate, of=10) == 3
    rate.charge("a", before=RATE_BYTES, now=1_000 * RATE_BYTES)
    assert rate.wait("a") == 6


@given(
    st.sampled_from(["1/second", "3/second", "7/minute", "1200/minute", "1000003/hour"]),
    st.lists(st.tuples(st.integers(0, 90 * SECOND), st.sampled_from("ab"), st.integers(0, 12)), max_size=60),
)
def test_a_bucket_is_what_a_bucket_is(rate, requests):
    amount, _, unit = rate.partition("/")
    whole = {"second": 1, "minute": 60, "hour": 3600}[unit] * SECOND
    now, level, asked = 10**15, {"a": whole, "b": whole}, Rates(rate)
    for pause, client, pieces in requests:
        now += pause
        level = {one: min(whole, there + pause) for one, there in level.items()}
        cost = min(pieces + 1, int(amount)) * whole // int(amount)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rates.time, "monotonic_ns", lambda: now)  # noqa: B023 - it is called in this round only
            wait = asked.wait(client, size=pieces * RATE_BYTES)
        if cost <= level[client]:
            assert wait == 0
            level[client] -= cost
        else:
            assert wait == pytest.approx((cost - level[client]) / SECOND)


def test_workers_take_from_the_same_buckets_and_full_ones_are_forgotten(tmp_path, clock):
    first, second = Rates("3/minute", shared=tmp_path), Rates("3/minute", shared=tmp_path)
    assert [one.wait("a") == 0 for one in (first, second, first, second)] == [True, True, True, False]
    assert second.wait("b") == 0
    clock[0] += 20 * SECOND
    first.sweep()
    assert kept(tmp_path) == ["a"]
    clock[0] += 40 * SECOND
    first.sweep()
    assert kept(tmp_path) == []
    assert (allowed(second, of=4), allowed(first, of=4)) == (3, 0)


def kept(directory: Path) -> list[str]:
    """Directory -> the clients whose buckets are in it."""
    database = sqlite3.connect(directory / "rates.db")
    try:
        return [client for (client,) in database.execute("SELECT client FROM buckets ORDER BY client")]
    finally:
        database.close()


def test_many_threads_get_no_more_than_one_bucket_holds(tmp_path):
    both = Rates("50/hour", shared=tmp_path), Rates("50/hour", shared=tmp_path)
    let: list[int] = []
    threads = [threading.Thread(target=lambda one=one: let.append(allowed(one, of=40))) for one in both * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(let) == 50


def test_counting_that_fails_stops_nobody(tmp_path):
    rate = Rates("1/minute", shared=tmp_path)
    assert [rate.wait("a") == 0 for _ in range(2)] == [True, False]
    database = sqlite3.connect(tmp_path / "rates.db")
    database.execute("DROP TABLE buckets")
    database.close()
    rate.charge("a", before=0, now=RATE_BYTES)
    assert rate.wait("a") == 0
    assert Rates("1/minute", shared=tmp_path / "nowhere").wait("a") == 0


def test_without_a_rate_nobody_waits(tmp_path):
    assert allowed(Rates("", shared=tmp_path), of=1_000) == 1_000
    assert list(tmp_path.iterdir()) == []
