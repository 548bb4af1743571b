"""Mails to assessors about the trust in them."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale

from assessment import mail
from assessment.extensions import db
from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.people.models import Person
from assessment.performances.publishing import current_rubric, rubric_of


def tell_suspended(person_id: str, rubric_key: str) -> None:
    """Write to somebody who was suspended: what happened, and what they can do."""
    person, row = db.session.get_one(Person, person_id), current_rubric(rubric_key)
    title = wording(rubric_of(row).title, person.language) if row else rubric_key
    base = current_app.extensions["attest_settings"].base_url
    with force_locale(person.language):
        subject = _("Your rating is paused")
        text = _(
            "Among the work that you rate there is now and then some that had been rated before,"
            " with levels agreed on by several people. Too many of yours lay away from them. It"
            " happens to careful people, and it is no judgement of you.\n\nUntil you have gone"
            " through the training and the gate again, nothing on “%(title)s” is handed out to you."
            " What you rated lately is looked at by somebody else.\n\nBegin here: %(address)s",
            title=title,
            address=f"{base}/assessor/training/{rubric_key}",
        )
        mail.send(person.email, subject, text, language=person.language)
