"""Appeals as far as the registrar has to know, and complaints, which they answer."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment.access import Action, action, actor
from assessment.errors import Invalid
from assessment.locale import gettext as _
from assessment.people import service as people
from assessment.performances import complaining
from assessment.performances.appeal_forms import matter_names
from assessment.registry import appeals as appealed
from assessment.registry.blueprint import blueprint
from assessment.registry.deciding import refusal_of
from assessment.registry.forms import AnswerForm


@blueprint.get("/registrar/appeals")
@action(Action.GRANT_CREDIT)
def appeals() -> ResponseReturnValue:
    """The appeals: what waits, and what waits for somebody whom there is not."""
    return render_template("registry/appeals.html", appeals=appealed.appeals_for(actor()))


@blueprint.get("/registrar/complaints")
@action(Action.ANSWER_COMPLAINTS)
def complaints() -> ResponseReturnValue:
    """The complaints to one's institutions, those without an answer first."""
    found = complaining.complaints_for(actor())
    return render_template("registry/complaints.html", complaints=found, matters=matter_names())


@blueprint.get("/registrar/complaints/<complaint_id>")
@action(Action.ANSWER_COMPLAINTS)
def complaint(complaint_id: str) -> ResponseReturnValue:
    """One complaint, and the form to answer it."""
    return _complaint(complaint_id, AnswerForm(formdata=None))


def _complaint(complaint_id: str, form: AnswerForm, problem: str = "") -> str:
    found = complaining.complaint_for(complaint_id, actor())
    return render_template(
        "registry/complaint.html",
        complaint=found,
        person=people.person_of_learner(found.learner_id),
        evidence_id=appealed.latest_evidence(found.performance, actor()),
        matters=matter_names(),
        form=form,
        problem=problem,
    )


@blueprint.post("/registrar/complaints/<complaint_id>")
@action(Action.ANSWER_COMPLAINTS)
def answer(complaint_id: str) -> ResponseReturnValue:
    """Answer a complaint, once and for all."""
    form = AnswerForm()
    if not form.validate():
        return _complaint(complaint_id, form), 422
    refusal = refusal_of(lambda: complaining.answer(complaint_id, form.text.data, actor()))
    if isinstance(refusal, Invalid):
        form.refuse(refusal, "text")
        return _complaint(complaint_id, form), refusal.status
    if refusal:
        return _complaint(complaint_id, form, refusal.sentence), refusal.status
    flash(_("Answered. The learner gets a mail that says so."), "success")
    return redirect(url_for("registry.complaints"), 303)
