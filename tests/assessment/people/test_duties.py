"""What the worker does: the mails with links, in their reader's language."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import mail
from assessment.access import Role
from assessment.demo.builders.people import build_institution, build_person, build_staff
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.people import duties, service, tickets
from assessment.people.accounts import actor_of as actor_for
from assessment.people.models import Purpose, Ticket
from tests.assessment.people.clocks import StoppedClock


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """Return the mails that are written from now on."""
    written: list[dict[str, str]] = []
    real = mail.send

    def send(to: str, subject: str, text: str, *, language: str, once_key: str) -> None:
        written.append({"to": to, "subject": subject, "text": text, "language": language})
        real(to, subject, text, language=language, once_key=once_key)

    monkeypatch.setattr(mail, "send", send)
    return written


def mail_all() -> None:
    query = select(Job.payload).where(Job.kind == tickets.MAIL_TICKET)
    payloads = db.session.scalars(query).all()
    db.session.commit()
    for payload in payloads:
        duties.mail_ticket(payload)


def test_a_mail_brings_the_link(context: Flask, sent: list[dict[str, str]]) -> None:
    build_person("ada@example.org")
    service.ask_for_reset("ada@example.org", "en", "here")
    mail_all()
    token = tickets.token_of(db.session.scalars(select(Ticket.id)).one())
    assert [one["to"] for one in sent] == ["ada@example.org"]
    assert f"http://localhost:8000/reset/{token}\n" in sent[0]["text"]
    assert tickets.find(token, Purpose.RESET)


def test_a_mail_is_in_its_reader_s_language(context: Flask, sent: list[dict[str, str]]) -> None:
    build_person("ada@example.org", language="fr")
    service.ask_for_reset("ada@example.org", "en", "here")
    mail_all()
    assert sent[0]["language"] == "fr"


def test_a_job_that_runs_twice_sends_one_mail(context: Flask) -> None:
    build_person("ada@example.org")
    service.ask_for_reset("ada@example.org", "en", "here")
    mail_all()
    mail_all()
    assert len(db.session.scalars(select(Job).where(Job.kind == mail.KIND)).all()) == 1


def test_a_link_works_after_the_secret_key_has_changed(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_person("ada@example.org")
    service.ask_for_reset("ada@example.org", "en", "here")
    monkeypatch.setitem(context.config, "SECRET_KEY", "another-" * 5)
    mail_all()
    assert tickets.find(
        tickets.token_of(db.session.scalars(select(Ticket.id)).one()), Purpose.RESET
    )


def test_an_invitation_says_where_and_what(context: Flask, sent: list[dict[str, str]]) -> None:
    place = build_institution(name={"en": "North\nCollege", "fr": "Collège du Nord"})
    administrator = actor_for(
        build_staff(Role.ADMINISTRATOR, place, display_name="Buy at evil.example")
    )
    service.invite("grace@example.org", place.id, Role.REGISTRAR, "en", administrator)
    mail_all()
    assert sent[0]["subject"] == "An invitation from North College"
    assert "Registrar" in sent[0]["text"]
    assert "evil.example" not in sent[0]["text"]


def test_a_name_travels_in_no_mail(context: Flask, sent: list[dict[str, str]]) -> None:
    details = service.Registration("ada@example.org", "Visit evil.example", "a tidal river")
    service.register(details, "here")
    mail_all()
    assert len(sent) == 1
    assert "evil.example" not in str(sent)


def test_a_withdrawn_invitation_is_not_mailed(context: Flask, sent: list[dict[str, str]]) -> None:
    place = build_institution()
    administrator = actor_for(build_staff(Role.ADMINISTRATOR, place))
    service.invite("grace@example.org", place.id, Role.REGISTRAR, "en", administrator)
    service.withdraw(service.pending(place.id, administrator)[0].ticket_id, administrator)
    mail_all()
    assert sent == []


def test_a_ticket_that_is_gone_is_no_error(context: Flask) -> None:
    duties.mail_ticket({"ticket_id": "gone"})


def test_the_sweep_runs(context: Flask, stopped_clock: StoppedClock) -> None:
    service.ask_for_reset("nobody@example.org", "en", "here")
    db.session.commit()
    stopped_clock.move(days=40)
    duties.sweep()
    assert db.session.scalars(select(Ticket)).all() == []
