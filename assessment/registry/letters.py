"""Mails of the registrar's desk to learners; nothing in them tells what it is about."""

from __future__ import annotations

from assessment.evidence.models import Evidence
from assessment.locale import gettext as _
from assessment.performances.letters import Letter, address, send_to_learner


def tell_set_aside(row: Evidence) -> None:
    """Mail a learner that something they showed no longer counts."""
    send_to_learner(row.learner_id, _set_aside, f"evidence set aside:{row.id}")


def _set_aside() -> Letter:
    text = _(
        "A registrar has decided that something you showed no longer counts. Nothing that you"
        " were awarded is revoked by it: if an award rests on it, the registrar looks at that"
        " next.\n\n%(link)s\n\nAsk the registrar if you do not know why.\n",
        link=address("/me"),
    )
    return Letter(_("Something on your record was set aside"), text)
