"""Registration: open, at once, and once per address."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from assessment import transactions
from assessment.demo.builders.people import build_person
from assessment.errors import Conflict, Invalid, TooMany
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.people import service, throttle, tickets
from assessment.people.accounts import EmailTaken
from assessment.people.accounts import actor_of as actor_for
from assessment.people.models import Learner, Person, Purpose
from assessment.people.registration import Registration
from tests.assessment.people.mailed import token_for
from tests.conftest import DATABASES, build_app

HERE = "192.0.2.7"
ADA = Registration("Ada@Example.org", "Ada", "a tidal river", "fr")


def test_an_account_stands_at_once(context: Flask) -> None:
    person = service.register(ADA, HERE)
    assert (person.email, person.display_name, person.language) == ("ada@example.org", "Ada", "fr")
    assert person.email_confirmed_at is None
    assert person.terms_version == service.TERMS_VERSION
    assert service.person_of_learner(person.learner_id) is person
    assert service.authenticate("ada@example.org", "a tidal river", HERE) is person


def test_the_learner_is_opaque(context: Flask) -> None:
    person = service.register(ADA, HERE)
    assert person.learner_id != person.id


def test_a_link_to_confirm_is_mailed(context: Flask) -> None:
    service.register(ADA, HERE)
    assert db.session.scalars(select(Job).where(Job.kind == tickets.MAIL_TICKET)).one()
    person = service.confirm(token_for("ada@example.org", Purpose.CONFIRMATION), HERE)
    assert person.email_confirmed_at is not None


def test_a_new_link_is_mailed_until_the_address_is_confirmed(context: Flask) -> None:
    person = service.register(ADA, HERE)
    service.send_confirmation(actor_for(person), HERE)
    service.confirm(token_for("ada@example.org", Purpose.CONFIRMATION), HERE)
    with pytest.raises(Conflict):
        service.send_confirmation(actor_for(person), HERE)


@pytest.mark.usefixtures("one_window")
def test_one_mailbox_gets_five_links_an_hour(context: Flask) -> None:
    person = service.register(ADA, HERE)
    for _ in range(4):
        service.send_confirmation(actor_for(person), HERE)
    with pytest.raises(TooMany):
        service.send_confirmation(actor_for(person), HERE)


@pytest.mark.usefixtures("one_window")
def test_one_address_opens_so_many_accounts(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = throttle.Limit("registration", 1, throttle.REGISTER_FROM_ADDRESS.window)
    monkeypatch.setattr(throttle, "REGISTER_FROM_ADDRESS", small)
    service.register(ADA, HERE)
    with pytest.raises(TooMany):
        service.register(Registration("eve@example.org", "Eve", "a tidal river"), HERE)


def test_an_address_has_one_account(context: Flask) -> None:
    build_person("ada@example.org")
    before = db.session.scalar(select(func.count()).select_from(Person))
    with pytest.raises(EmailTaken) as refused:
        service.register(ADA, HERE)
    assert refused.value.details == {"field": "email"}
    assert db.session.scalar(select(func.count()).select_from(Person)) == before


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (Registration("ada", "Ada", "a tidal river"), "email"),
        (Registration("ada@example.org", " ", "a tidal river"), "display_name"),
        (Registration("ada@example.org", "Ada\nBcc: x", "a tidal river"), "display_name"),
        (Registration("ada@example.org", "Ada", "short"), "password"),
        (Registration("ada@example.org", "Ada", "ada@example.org"), "password"),
    ],
)
def test_a_refusal_names_its_field(context: Flask, details: Registration, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        service.register(details, HERE)
    assert refused.value.details["field"] == field


@pytest.mark.parametrize("kind", DATABASES)
def test_of_ten_parallel_registrations_one_opens_the_account(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "MAIL_TO_ADDRESS", throttle.REGISTER_FROM_ADDRESS)
    app = build_app(kind, tmp_path, request)

    def attempt(_: int) -> str:
        with app.app_context():
            try:
                service.register(ADA, HERE)
                transactions.commit()
            except (EmailTaken, TooMany) as refused:
                transactions.rollback()
                return refused.code
            return "opened"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(10)))
    assert answers.count("opened") == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 1
        assert db.session.scalar(select(func.count()).select_from(Learner)) == 1
