"""A new password by mail: the same answer and work for every address, and every sign-in ends."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from assessment import clock
from assessment.demo.builders.people import PASSWORD, build_person, build_sign_in
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.people import duties, passwords, service, signed_in, tickets
from assessment.people.models import Person, Purpose, Ticket
from assessment.people.sign_ins import SignInRefused
from assessment.people.tickets import LinkSpent
from tests.assessment.people.mailed import token_for

HERE = "192.0.2.7"
CHOSEN = "another long sentence"


def asked(email: str) -> str:
    service.ask_for_reset(email, "en", HERE)
    return token_for(email, Purpose.RESET)


def rows() -> tuple[int, int]:
    return (
        db.session.scalar(select(func.count()).select_from(Ticket)) or 0,
        db.session.scalar(select(func.count()).select_from(Job)) or 0,
    )


def test_a_new_password_takes_the_place_of_the_old(context: Flask) -> None:
    person = build_person("ada@example.org")
    service.reset_password(asked(person.email), CHOSEN, HERE)
    assert service.authenticate(person.email, CHOSEN, HERE) is person
    with pytest.raises(SignInRefused):
        service.authenticate(person.email, PASSWORD, HERE)


def test_every_sign_in_ends(context: Flask) -> None:
    person = build_person("ada@example.org")
    row = build_sign_in(person)
    service.reset_password(asked(person.email), CHOSEN, HERE)
    assert signed_in.load(row.id) is None


def test_it_proves_the_mailbox(context: Flask) -> None:
    person = build_person("ada@example.org", email_confirmed_at=None)
    service.reset_password(asked(person.email), CHOSEN, HERE)
    assert person.email_confirmed_at is not None


def test_a_link_sets_one_password_and_ends_the_others(context: Flask) -> None:
    person = build_person("ada@example.org")
    first, second = asked(person.email), asked(person.email)
    service.reset_password(second, CHOSEN, HERE)
    for spent in (first, second, "made-up"):
        with pytest.raises(LinkSpent):
            service.reset_password(spent, CHOSEN, HERE)


def test_a_refused_password_does_not_use_the_link_up(context: Flask) -> None:
    token = asked(build_person("ada@example.org").email)
    with pytest.raises(Invalid):
        service.reset_password(token, "short", HERE)
    service.reset_password(token, CHOSEN, HERE)


def test_an_unknown_address_makes_the_same_rows(context: Flask) -> None:
    build_person("ada@example.org")
    service.ask_for_reset("ada@example.org", "en", HERE)
    for_known = rows()
    service.ask_for_reset("nobody@example.org", "en", HERE)
    assert rows() == (2 * for_known[0], 2 * for_known[1])


def test_an_unknown_address_gets_no_mail_and_is_not_kept(context: Flask) -> None:
    service.ask_for_reset("nobody@example.org", "en", HERE)
    ticket = db.session.scalars(select(Ticket)).one()
    ticket_id = ticket.id
    db.session.commit()
    duties.mail_ticket({"ticket_id": ticket_id})
    assert db.session.scalars(select(Ticket)).all() == []
    assert db.session.scalars(select(Job).where(Job.kind == "mail.send")).all() == []


def test_a_token_of_an_unknown_address_resets_nothing(context: Flask) -> None:
    token = asked("nobody@example.org")
    with pytest.raises(LinkSpent):
        service.reset_password(token, CHOSEN, HERE)


def test_a_closed_account_is_an_unknown_one(context: Flask) -> None:
    person = build_person("ada@example.org", disabled_at=clock.now())
    with pytest.raises(LinkSpent):
        service.reset_password(asked(person.email), CHOSEN, HERE)


def test_a_sign_in_does_not_outlive_a_password_changed_meanwhile(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = build_person("ada@example.org")
    real = passwords.matches

    def changed_while_hashing(password: str, stored: str | None) -> bool:
        fresh = db.session.get_one(Person, person.id)
        fresh.password_hash = passwords.NOBODYS
        db.session.commit()
        return real(password, stored)

    monkeypatch.setattr(passwords, "matches", changed_while_hashing)
    with pytest.raises(SignInRefused):
        service.authenticate(person.email, PASSWORD, HERE)


def test_tokens_are_unguessable(context: Flask) -> None:
    assert len(tickets.token_of("a" * 26)) == 43  # 256 bits
