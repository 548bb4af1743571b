"""Links: used once, for a while, by one reader; only their hash is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import transactions
from assessment.demo.builders.people import build_person
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.people import tickets
from assessment.people.models import Purpose, Ticket
from assessment.people.tickets import LinkSpent
from tests.assessment.people.clocks import StoppedClock
from tests.conftest import DATABASES, build_app

EMAIL = "ada@example.org"


def issued(purpose: Purpose = Purpose.RESET) -> str:
    return tickets.token_of(tickets.issue(purpose, EMAIL, "en").id)


def test_a_link_works_once(context: Flask) -> None:
    token = issued()
    assert tickets.redeem(token, Purpose.RESET).email == EMAIL
    with pytest.raises(LinkSpent):
        tickets.redeem(token, Purpose.RESET)
    assert LinkSpent.status == 410


def test_looking_at_a_link_uses_nothing_up(context: Flask) -> None:
    token = issued()
    for _ in range(3):
        assert tickets.find(token, Purpose.RESET).used_at is None
    tickets.redeem(token, Purpose.RESET)
    with pytest.raises(LinkSpent):
        tickets.find(token, Purpose.RESET)


def test_a_link_is_good_for_its_purpose_alone(context: Flask) -> None:
    token = issued(Purpose.CONFIRMATION)
    with pytest.raises(LinkSpent):
        tickets.redeem(token, Purpose.RESET)
    assert tickets.redeem(token, Purpose.CONFIRMATION)


@pytest.mark.parametrize(
    ("purpose", "hours"),
    [(Purpose.RESET, 2), (Purpose.INVITATION, 24), (Purpose.CONFIRMATION, 72)],
)
def test_a_link_runs_out(
    context: Flask, stopped_clock: StoppedClock, purpose: Purpose, hours: int
) -> None:
    early, late = issued(purpose), issued(purpose)
    stopped_clock.move(hours=hours - 0.1)
    assert tickets.redeem(early, purpose)
    stopped_clock.move(hours=0.1)
    with pytest.raises(LinkSpent):
        tickets.redeem(late, purpose)
    with pytest.raises(LinkSpent):
        tickets.find(late, purpose)


def test_no_table_holds_the_token(context: Flask) -> None:
    token = issued()
    ticket = db.session.scalars(select(Ticket)).one()
    job = db.session.scalars(select(Job).where(Job.kind == tickets.MAIL_TICKET)).one()
    assert token not in str([vars(ticket), vars(job)])
    assert ticket.token_hash == tickets.hashed(token)


def test_a_token_follows_from_the_secret_key(context: Flask) -> None:
    first = tickets.token_of("a" * 26)
    assert first == tickets.token_of("a" * 26) != tickets.token_of("b" * 26)
    context.config["SECRET_KEY"], kept = "another", context.config["SECRET_KEY"]
    try:
        assert tickets.token_of("a" * 26) != first
    finally:
        context.config["SECRET_KEY"] = kept


def test_a_link_is_bound_to_the_address_that_the_account_has(context: Flask) -> None:
    person = build_person(EMAIL)
    ticket = tickets.issue(Purpose.RESET, EMAIL, "en", person_id=person.id)
    assert tickets.owner(ticket) is person
    person.email = "countess@example.org"
    with pytest.raises(LinkSpent):
        tickets.owner(ticket)


def test_old_tickets_are_swept(context: Flask, stopped_clock: StoppedClock) -> None:
    issued()
    stopped_clock.move(days=31)
    kept = issued()
    tickets.sweep()
    assert db.session.scalars(select(Ticket.token_hash)).all() == [tickets.hashed(kept)]


@pytest.mark.parametrize("kind", DATABASES)
def test_of_twenty_readers_one_uses_the_link(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app(kind, tmp_path, request)
    with app.app_context(), transactions.writing():
        token = issued()

    def attempt(_: int) -> bool:
        with app.app_context():
            try:
                with transactions.writing():
                    tickets.redeem(token, Purpose.RESET)
            except LinkSpent:
                return False
            return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(attempt, range(20))) == 1
