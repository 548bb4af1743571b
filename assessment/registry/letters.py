"""Mails of the registrar's desk to learners; nothing in them tells what it is about."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale

from assessment import mail
from assessment.evidence.models import Evidence
from assessment.locale import gettext as _
from assessment.people import service as people


def tell_set_aside(row: Evidence) -> None:
    """Mail a learner that something they showed no longer counts."""
    person = people.person_of_learner(row.learner_id)
    if person is None:
        return
    base = current_app.extensions["attest_settings"].base_url
    with force_locale(person.language):
        subject = _("Something on your record was set aside")
        text = _(
            "A registrar has decided that something you showed no longer counts. Nothing that you"
            " were awarded is revoked by it: if an award rests on it, the registrar looks at that"
            " next.\n\n%(link)s\n\nAsk the registrar if you do not know why.\n",
            link=f"{base}/me",
        )
    once = f"evidence set aside:{row.id}"
    mail.send(person.email, subject, text, language=person.language, once_key=once)
