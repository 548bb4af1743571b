"""The assessors' desk: what waits, and the page on which one performance is rated."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.assessors import dashboard_views, seeding, trust_views, watching
from assessment.assessors.blueprint import blueprint
from assessment.assessors.forms import NOT_OBSERVED, read_given
from assessment.locale import gettext as _
from assessment.performances import service
from assessment.performances.downloads import download, picture

__all__ = ["blueprint", "dashboard_views", "trust_views"]


@blueprint.get("/assessor")
@action(Action.ASSESS)
def desk() -> ResponseReturnValue:
    """What waits to be rated, the oldest first."""
    return render_template("assessors/desk.html", queue=service.queue_of(actor()))


@blueprint.post("/assessor/next")
@action(Action.ASSESS)
def claim() -> ResponseReturnValue:
    """Take what waited longest."""
    taken = seeding.take_next(actor())
    transactions.commit()
    if taken is None:
        flash(_("Nothing waits for you at the moment."), "info")
        return redirect(url_for("assessors.desk"), 303)
    return redirect(url_for("assessors.marking", assignment_id=taken.id), 303)


@blueprint.get("/assessor/<assignment_id>")
@action(Action.ASSESS)
def marking(assignment_id: str) -> ResponseReturnValue:
    """The evidence beside the rubric."""
    return _page(assignment_id)


def _page(assignment_id: str, unfinished: service.Unfinished | None = None) -> str:
    return render_template(
        "assessors/marking.html",
        page=service.marking_page(assignment_id, actor()),
        unfinished=unfinished,
        not_observed=NOT_OBSERVED,
    )


@blueprint.post("/assessor/<assignment_id>")
@action(Action.ASSESS)
def mark(assignment_id: str) -> ResponseReturnValue:
    """Save what was entered, and release it if the button says so."""
    given = read_given(request.form)
    if request.form.get("go") != "release":
        return _told(assignment_id, service.save(assignment_id, given, actor()).hold)
    match watching.release(assignment_id, given, actor()):
        case service.Kept(hold=hold):
            return _told(assignment_id, hold)
        case service.Unfinished() as unfinished:
            transactions.commit()
            return _page(assignment_id, unfinished), 422
        case watching.Consequence() as consequence:
            transactions.commit()
            return trust_views.told(assignment_id, consequence)
    transactions.commit()
    flash(_("Released. It counts, and can be changed no more."), "good")
    return redirect(url_for("assessors.desk"), 303)


def _told(assignment_id: str, hold: service.Hold) -> ResponseReturnValue:
    """Keep the draft, and say whether the place is still the assessor's."""
    transactions.commit()
    match hold:
        case service.Hold.HELD:
            flash(_("Saved. Nobody sees it before you release it."), "good")
        case service.Hold.RENEWED:
            sentence = _(
                "Your time for this had run out, and nobody had taken it meanwhile. It is yours "
                "again, with what you entered; nothing is released yet."
            )
            flash(sentence, "warn")
        case service.Hold.LOST:
            sentence = _(
                "This is no longer yours to rate. What you entered is kept for you, and counts for"
                " nothing."
            )
            flash(sentence, "warn")
    return redirect(url_for("assessors.marking", assignment_id=assignment_id), 303)


@blueprint.get("/assessor/<assignment_id>/artefacts/<artefact_id>")
@action(Action.ASSESS)
def evidence(assignment_id: str, artefact_id: str) -> Response:
    """A file that is no picture, to be taken away; a picture is only shown."""
    piece = service.file_of(assignment_id, artefact_id, actor())
    return download(piece.artefact, piece.position)


@blueprint.get("/assessor/<assignment_id>/pictures/<artefact_id>")
@action(Action.ASSESS)
def drawn(assignment_id: str, artefact_id: str) -> Response:
    """A picture, drawn anew without what a camera wrote beside it."""
    return picture(service.picture_of(assignment_id, artefact_id, actor()))
