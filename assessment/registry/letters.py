"""Mails of the registrar's desk to learners; nothing in them tells what it is about."""

from __future__ import annotations

from functools import partial

from assessment.evidence.models import Evidence
from assessment.locale import gettext as _
from assessment.performances.letters import Letter, address, send_to_learner


def tell_set_aside(row: Evidence, page: str) -> None:
    """Mail a learner that something they showed no longer counts; `page` says why."""
    send_to_learner(row.learner_id, partial(_set_aside, page), f"evidence set aside:{row.id}")


def _set_aside(page: str) -> Letter:
    text = _(
        "A registrar has decided that something you showed no longer counts. Nothing that you"
        " were awarded is revoked by it: if an award rests on it, the registrar looks at that"
        " next.\n\nWhat it is, and the reason, stand here:\n\n%(link)s\n\nIf you think that this"
        " is wrong, ask the registrar to look at it again.\n",
        link=address(page),
    )
    return Letter(_("Something on your record was set aside"), text)
