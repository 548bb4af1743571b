"""What a worker does for sittings: nothing expires unjustly, and one fault stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from assessment import clock, transactions
from assessment.access import Actor
from assessment.demo.builders.examinations import build_examination, build_learner
from assessment.extensions import db
from assessment.sittings import duties, service
from assessment.sittings.models import Outage, Sitting, SittingState
from assessment.transactions import writing


@pytest.fixture(autouse=True)
def at_hand() -> Iterator[None]:
    """Let no test leave the database away for the next."""
    yield
    duties._database_away.clear()


def open_sittings(app: Flask, number: int) -> list[Actor]:
    """Begin the pre-test for some learners, committed."""
    with app.app_context(), writing():
        examination = build_examination()
        learners = [build_learner()[1] for _ in range(number)]
        for learner in learners:
            service.begin(examination.pre, learner)
        service.beat()
    return learners


def at(monkeypatch: pytest.MonkeyPatch, ahead: timedelta) -> None:
    later = clock.now() + ahead
    monkeypatch.setattr(clock, "now", lambda: later)


def test_time_in_which_the_database_was_away_is_given_back_before_anything_expires(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_sittings(app, 2)

    def away() -> None:
        raise OperationalError("BEGIN", {}, OSError("gone"))

    with monkeypatch.context() as lost:
        lost.setattr(service, "beat", away)
        with app.app_context(), pytest.raises(OperationalError):
            duties.beat()
    at(monkeypatch, timedelta(hours=2))
    with app.app_context():
        duties.expire()
        duties.beat()
        duties.expire()
        assert db.session.scalars(select(Outage)).one().sittings_credited == 2
        assert {each.state for each in db.session.scalars(select(Sitting))} == {SittingState.OPEN}


def test_a_worker_that_was_only_slow_gives_nothing_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_sittings(app, 1)
    at(monkeypatch, timedelta(hours=2))
    with app.app_context():
        duties.beat()
        duties.expire()
        assert db.session.scalars(select(Outage)).all() == []
        assert db.session.scalars(select(Sitting)).one().state == SittingState.SCORED


def test_a_sitting_that_cannot_be_scored_keeps_no_other_open(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second = sorted(each.learner_id for each in open_sittings(app, 2))
    at(monkeypatch, timedelta(hours=2))
    expire = service.expire

    def faulty(learner_id: str, sitting_id: str) -> service.Ended:
        if learner_id == first:
            raise RuntimeError("no key")
        return expire(learner_id, sitting_id)

    monkeypatch.setattr(service, "expire", faulty)
    with app.app_context():
        duties.expire()
        transactions.rollback()
        rows = select(Sitting).order_by(Sitting.learner_id)
        states = [each.state for each in db.session.scalars(rows)]
        assert states == [SittingState.OPEN, SittingState.SCORED]
