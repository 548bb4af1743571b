"""How mails about performances are sent: in the reader's language, to whoever is still there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale

from assessment import clock, mail
from assessment.people import service as people
from assessment.people.models import Person


@dataclass(frozen=True)
class Letter:
    """A mail's subject and text."""

    subject: str
    text: str


def address(path: str) -> str:
    """Return the address of a page of this installation."""
    return f"{current_app.extensions['attest_settings'].base_url}{path}"


def today() -> str:
    """Return the day, for the key of a mail that comes at most once a day."""
    return clock.now().date().isoformat()


def send(person: Person, write: Callable[[], Letter], once_key: str) -> None:
    """Send what `write` says in the person's language, once for each key."""
    with force_locale(person.language):
        letter = write()
    mail.send(
        person.email, letter.subject, letter.text, language=person.language, once_key=once_key
    )


def send_to_learner(learner_id: str, write: Callable[[], Letter], once_key: str) -> None:
    """Send it to a learner, unless their account is erased."""
    person = people.person_of_learner(learner_id)
    if person is not None:
        send(person, write, once_key)
