"""Mail is written with what causes it, sealed until sent, sent once, and held on demand."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import clock, mail, transactions
from assessment.config import Settings
from assessment.extensions import db
from assessment.jobs import worker
from assessment.jobs.models import Job, JobState


@pytest.fixture
def outbox(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an outbox of this test's own."""
    folder = tmp_path / "outbox"
    settings = app.extensions["attest_settings"]
    monkeypatch.setattr(mail, "_settings", lambda: _with_outbox(settings, folder))
    return folder


def _with_outbox(settings: Settings, folder: Path) -> Settings:
    return replace(settings, mail_url=folder.as_uri())


def written(app: Flask, **changes: str) -> None:
    words = {"to": "ana@example.org", "subject": "Bonjour é", "text": "A link: TOKEN\n", **changes}
    with app.app_context(), transactions.writing():
        mail.send(words["to"], words["subject"], words["text"], language="fr")


def jobs(app: Flask) -> list[Job]:
    with app.app_context():
        found = list(db.session.scalars(select(Job)))
        db.session.expunge_all()
    return found


def test_mail_arrives_whole_in_the_outbox(app: Flask, outbox: Path) -> None:
    written(app)
    assert not outbox.exists()
    assert worker.run_all(app) == 1
    (path,) = outbox.iterdir()
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["To"] == "ana@example.org"
    assert message["Subject"] == "Bonjour é"
    assert message["Content-Language"] == "fr"
    assert message.get_content().strip() == "A link: TOKEN"
    assert path.stat().st_mode & 0o077 == 0


def test_what_waits_is_sealed_and_what_was_sent_is_forgotten(app: Flask, outbox: Path) -> None:
    written(app)
    (job,) = jobs(app)
    assert "TOKEN" not in str(job.payload)
    assert "ana@" not in str(job.payload)
    worker.run_all(app)
    (job,) = jobs(app)
    assert (job.state, job.payload) == (JobState.DONE, {})


def test_a_mail_that_is_sent_twice_is_one_file(app: Flask, outbox: Path) -> None:
    written(app)
    (job,) = jobs(app)
    with app.app_context():
        mail.deliver(job.payload)
        mail.deliver(job.payload)
    assert len(list(outbox.iterdir())) == 1


def test_held_mail_waits_until_it_is_released(app: Flask, outbox: Path) -> None:
    with app.app_context(), transactions.writing():
        mail.hold()
    written(app)
    worker.run_all(app)
    assert not outbox.exists()
    with app.app_context(), transactions.writing():
        assert mail.release() == 1
    worker.run_all(app)
    assert len(list(outbox.iterdir())) == 1


def test_mail_that_was_taken_back_is_not_sent(app: Flask, outbox: Path) -> None:
    with app.app_context():
        transactions.begin_writing()
        mail.send("ana@example.org", "s", "t", language="en")
        transactions.rollback()
    assert worker.run_all(app) == 0


@pytest.mark.parametrize(
    "to",
    [
        "ana@example.org\r\nBcc: eve@example.org",
        "ana@example.org\nBcc: eve@example.org",
        "ana@example.org, eve@example.org",
        "Ana <ana@example.org>",
        "ana",
        "@example.org",
        "",
        "a" * 500 + "@example.org",
    ],
)
def test_an_address_cannot_add_a_header_or_a_receiver(app: Flask, to: str) -> None:
    with pytest.raises(ValueError, match=r"`to` must be one e-mail address"):
        written(app, to=to)
    assert jobs(app) == []


@pytest.mark.parametrize("space", ["\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"])
def test_a_subject_in_french_is_sent_as_it_is_set(app: Flask, outbox: Path, space: str) -> None:
    subject = f"Un rappel{space}: qui l’a vu?"
    written(app, subject=subject)
    assert worker.run_all(app) == 1
    (path,) = outbox.iterdir()
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["Subject"] == subject


@pytest.mark.parametrize("subject", ["Hi\r\nBcc: eve@example.org", "Hi\nX: y", "Hi\x00", "a" * 999])
def test_a_subject_cannot_add_a_header(app: Flask, subject: str) -> None:
    with pytest.raises(ValueError, match=r"`subject` must be one printable line"):
        written(app, subject=subject)


def test_a_mail_sealed_under_another_key_is_given_up(
    app: Flask, outbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(app)
    other = replace(mail._settings(), secret_key="another " * 8)
    monkeypatch.setattr(mail, "_settings", lambda: other)
    worker.run_all(app)
    (job,) = jobs(app)
    assert job.state == JobState.GIVEN_UP
    assert "secret key" in job.last_error


class Server:
    """What smtplib would do, noted."""

    notes: ClassVar[list[str]] = []

    def __init__(self, host: str, port: int, **_options: object) -> None:
        self.notes[:] = [f"{host}:{port}"]

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_error: object) -> None:
        self.notes.append("closed")

    def starttls(self, **_options: object) -> None:
        self.notes.append("tls")

    def login(self, user: str, password: str) -> None:
        self.notes.append(f"login {user} {password}")

    def send_message(self, message: email.message.EmailMessage) -> None:
        self.notes.append(f"{message['From']} > {message['To']}")


def test_smtp_is_encrypted_before_it_is_trusted(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smtplib.SMTP", Server)
    note = mail.Mail("1", "ana@example.org", "s", "t", "en", clock.now().isoformat())
    mail.send_by_smtp(note, "smtp://us%40er:p%3Aw@mail.example.org?from=attest@example.org")
    assert Server.notes == [
        "mail.example.org:587",
        "tls",
        "login us@er p:w",
        "attest@example.org > ana@example.org",
        "closed",
    ]
