"""What a worker does for observers: mailing links, and reminding on days 3 and 7, then never."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale

from assessment import mail, transactions
from assessment.extensions import db
from assessment.jobs.handlers import Payload, handler
from assessment.observations import letters, naming
from assessment.observations.links import OPEN, hashed, stage_of, token_of
from assessment.observations.models import Asks, Nomination
from assessment.people import service as people

_PATHS = {Asks.WHAT: "observe", Asks.WHO: "who-saw"}
_ASKING = {Asks.WHAT: letters.asking, Asks.WHO: letters.asking_who}
_REMINDING = {Asks.WHAT: letters.reminding, Asks.WHO: letters.reminding_who}


@handler(naming.MAIL_LINK)
def mail_link(payload: Payload) -> None:
    """Mail the link of a nomination that is still open, once for each time it was asked for."""
    with transactions.writing():
        row = _open(payload)
        if row is None:
            return
        place = people.institution(row.institution_id).name
        with force_locale(row.language):
            told = (_name(row), row.task_title, place, _link(row))
            letter = _ASKING[row.asks](*told)
            if row.is_by_employer:
                letter = letters.asking_for_employer(_contact(row), *told)
        _send(row, letter, f"nomination:{row.id}:{row.sent}")


@handler(naming.REMIND)
def remind(payload: Payload) -> None:
    """Remind somebody of a link that waits; nobody who answered, and nobody after the last day."""
    with transactions.writing():
        row = _open(payload)
        day = int(payload["day"])
        if row is None or naming.is_past(row, day):
            return
        last = day == naming.REMINDER_DAYS[-1]
        with force_locale(row.language):
            remind = _REMINDING[row.asks]
            letter = remind(_name(row), row.task_title, _link(row), is_last=last)
        _send(row, letter, f"nomination:{row.id}:day {day}")


def _open(payload: Payload) -> Nomination | None:
    row = db.session.get(Nomination, (payload["learner_id"], payload["nomination_id"]))
    is_open = row is not None and row.email is not None and stage_of(row) in OPEN
    return row if is_open else None


def _name(row: Nomination) -> str:
    learner = people.person_of_learner(row.learner_id)
    return learner.display_name if learner is not None else ""


def _contact(row: Nomination) -> str:
    """Return who at the employer named somebody, in the language in force; "" for themselves."""
    contact_id = row.nominated_by.partition(":")[2]
    contact = db.session.get(Nomination, (row.learner_id, contact_id))
    if contact is None:
        return letters.contact_of("", row.employer or "")
    if contact.mailbox == row.mailbox:
        return ""
    return letters.contact_of(contact.name or "", contact.employer or "")


def _link(row: Nomination) -> str:
    token = token_of(row.nonce)
    row.token_hash = hashed(token)  # the secret key may have changed since
    return f"{current_app.extensions['attest_settings'].base_url}/{_PATHS[row.asks]}/{token}"


def _send(row: Nomination, letter: letters.Letter, once_key: str) -> None:
    mail.send(
        row.email or "", letter.subject, letter.text, language=row.language, once_key=once_key
    )
