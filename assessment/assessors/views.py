"""The assessors' desk: what waits, what is under way, and the hours that it took."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.assessors import (
    comment_views,  # noqa: F401 - registers its views
    dashboard_views,  # noqa: F401 - registers its views
    evidence_views,  # noqa: F401 - registers its views
    leaving_views,  # noqa: F401 - registers its views
    marking_views,  # noqa: F401 - registers its views
    service,
    trust_views,  # noqa: F401 - registers its views
)
from assessment.assessors.blueprint import blueprint
from assessment.assessors.forms import QueueForm, read_choice
from assessment.assessors.words import due_once, language_names, on_day_once
from assessment.locale import gettext as _

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""So that spreadsheets read a CSV file as UTF-8."""


@blueprint.get("/assessor")
@action(Action.ASSESS)
def desk() -> ResponseReturnValue:
    """What waits to be rated, in the order in which it is given out."""
    reach = service.reach_of(actor())
    skills = service.skills_in(reach)
    form = QueueForm(request.args, skills)
    form.validate()
    found = service.desk_of(actor(), form.choice(), reach)
    words = {"skills": skills, "languages": language_names()}
    days = {"due_in": due_once(), "on_day": on_day_once()}
    return render_template("assessors/desk.html", desk=found, form=form, **words, **days)


@blueprint.post("/assessor/next")
@action(Action.ASSESS)
def claim() -> ResponseReturnValue:
    """Take what comes next, of the part of the queue that the form names."""
    choice, another = read_choice(request.form), "another" in request.form
    taken = service.take_next(actor(), choice, another=another)
    place = url_for("assessors.marking", assignment_id=taken.id) if taken else None
    transactions.commit()
    if place is None:
        flash(_("Nothing waits for you at the moment."), "info")
        return redirect(url_for("assessors.desk"), 303)
    return redirect(place, 303)


@blueprint.get("/assessor/hours.csv")
@action(Action.ASSESS)
def hours() -> Response:
    """What I rated, when, and how long it took, as CSV."""
    response = Response(BYTE_ORDER_MARK + service.hours_csv(actor()), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=hours.csv"
    return response
