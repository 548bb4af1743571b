"""Throttles: counted though the rest is rolled back, and never passed by parallel tries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from assessment import transactions
from assessment.errors import TooMany
from assessment.extensions import db
from assessment.people import throttle
from assessment.people.models import Throttle
from assessment.people.throttle import Limit, Try
from tests.assessment.people.clocks import StoppedClock
from tests.conftest import DATABASES, build_app

THREE = Limit("three", 3, timedelta(minutes=10))
TWO = Limit("two", 2, timedelta(minutes=10))


def admitted(one: Try) -> bool:
    try:
        throttle.admit(one)
    except TooMany:
        return False
    return True


def test_a_window_takes_so_many_tries(context: Flask, stopped_clock: StoppedClock) -> None:
    assert [admitted(Try(THREE, "ada")) for _ in range(5)] == [True, True, True, False, False]
    assert admitted(Try(THREE, "grace"))
    stopped_clock.move(minutes=10)
    assert admitted(Try(THREE, "ada"))


def test_a_refused_try_counts_though_the_rest_is_rolled_back(
    context: Flask, stopped_clock: StoppedClock
) -> None:
    for _ in range(3):
        admitted(Try(THREE, "ada"))
        transactions.rollback()
    assert not admitted(Try(THREE, "ada"))


def test_it_says_how_long_to_wait(context: Flask, stopped_clock: StoppedClock) -> None:
    for _ in range(3):
        admitted(Try(THREE, "ada"))
    stopped_clock.move(minutes=8)
    with pytest.raises(TooMany, match="in 2 minutes") as refused:
        throttle.admit(Try(THREE, "ada"))
    assert refused.value.retry_after == 91  # from 9:08:30 to 9:10, and one


def test_the_stricter_of_two_limits_counts(context: Flask, stopped_clock: StoppedClock) -> None:
    throttle.admit(Try(THREE, "ada"), Try(TWO, "here"))
    throttle.admit(Try(THREE, "grace"), Try(TWO, "here"))
    with pytest.raises(TooMany):
        throttle.admit(Try(THREE, "joan"), Try(TWO, "here"))


def test_tries_are_taken_back_one_by_one_or_all(
    context: Flask, stopped_clock: StoppedClock
) -> None:
    one = Try(TWO, "ada")
    throttle.admit(one)
    throttle.forgive(one)
    throttle.admit(one)
    throttle.admit(one)
    assert not admitted(one)
    throttle.forget(one)
    assert admitted(one)


def test_one_network_of_ipv6_is_one_address() -> None:
    near = throttle.from_address(THREE, "2001:db8:1:2::1")
    assert near == throttle.from_address(THREE, "2001:db8:1:2:ffff::9")
    assert near != throttle.from_address(THREE, "2001:db8:1:3::1")
    assert throttle.from_address(THREE, "192.0.2.1") != throttle.from_address(THREE, "192.0.2.2")
    assert throttle.from_address(THREE, "unknown").subject == "unknown"


def test_the_table_holds_no_address(context: Flask) -> None:
    throttle.admit(Try(THREE, "ada@example.org"))
    keys = db.session.scalars(select(Throttle.key_hash)).all()
    assert keys
    assert all(len(key) == 64 and "ada@example" not in key for key in keys)


def test_old_windows_are_swept(context: Flask, stopped_clock: StoppedClock) -> None:
    throttle.admit(Try(THREE, "ada"))
    stopped_clock.move(days=3)
    throttle.admit(Try(THREE, "grace"))
    throttle.sweep()
    assert db.session.scalar(select(func.count()).select_from(Throttle)) == 1


@pytest.mark.parametrize("kind", DATABASES)
def test_parallel_tries_do_not_slip_past(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, stopped_clock: StoppedClock
) -> None:
    app = build_app(kind, tmp_path, request)

    def attempt(_: int) -> bool:
        with app.app_context():
            transactions.begin_writing()
            return admitted(Try(THREE, "ada"))

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(attempt, range(20))) == 3
