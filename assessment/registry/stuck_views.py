"""The list of work that nobody may rate, for those who can find somebody."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from assessment.access import Action, action, actor
from assessment.locale import gettext as _
from assessment.performances.models import AssignmentRole
from assessment.performances.stuck_letters import why_in_words
from assessment.registry.blueprint import blueprint
from assessment.registry.stuck import stuck_for


@blueprint.get("/registrar/stuck")
@action(Action.FIND_RATERS)
def stuck() -> ResponseReturnValue:
    """What nobody may rate at one's institutions: since when, why, and what can be done."""
    found = stuck_for(actor(), request.args.get("page", 1, type=int))
    return render_template("registry/stuck.html", found=found, needed=_needed(), why=why_in_words)


def _needed() -> dict[str, str]:
    """Return who is missing, by the role of the place."""
    return {
        AssignmentRole.ASSESSOR: _("An assessor"),
        AssignmentRole.THIRD: _("Another assessor"),
        AssignmentRole.ADJUDICATOR: _("Somebody who decides"),
        AssignmentRole.REVIEWER: _("Somebody new, on appeal"),
    }
