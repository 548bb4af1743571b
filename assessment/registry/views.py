"""The registrar's desk: awards, holds, and an invigilator's start codes."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.errors import AssessmentError
from assessment.locale import gettext as _
from assessment.locale import ngettext
from assessment.registry import (
    appeal_desk_views,
    second_look_views,
    service,
    stuck_views,
    voiding_views,
    waiting,
    words,
)
from assessment.registry.blueprint import blueprint
from assessment.registry.forms import (
    HoldForm,
    HoldSomebodyForm,
    ListForm,
    RevokeForm,
    StartCodeForm,
)
from assessment.rules import Identity, Supervision

__all__ = ["appeal_desk_views", "blueprint", "second_look_views", "stuck_views", "voiding_views"]
BYTE_ORDER_MARK = "\ufeff"
"""Without it, a spreadsheet reads the accents of a CSV file wrongly."""


@blueprint.context_processor
def _names() -> dict[str, object]:
    return {"words": words}


def _list_form() -> ListForm:
    return ListForm(request.args, service.achievements_of(actor()))


@blueprint.get("/registrar")
@action(Action.GRANT_CREDIT)
def desk() -> ResponseReturnValue:
    """The awards of one's institutions, searched, sorted and paged, and what waits elsewhere."""
    form = _list_form()
    if not form.validate():
        return _desk(form), 422
    filters = form.filters()
    found = service.listed(filters, actor(), form.page.data or 1)
    return _desk(form, found=found, filters=filters)


def _desk(form: ListForm, **found: object) -> str:
    number = waiting.waiting_for(actor())
    return render_template("registry/desk.html", form=form, waiting=number, **found)


@blueprint.get("/registrar/awards.csv")
@action(Action.GRANT_CREDIT)
def export() -> ResponseReturnValue:
    """The same list, whole, as CSV."""
    form = _list_form()
    if not form.validate():
        return _desk(form), 422
    text = BYTE_ORDER_MARK + service.csv_of(form.filters(), actor())
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=awards.csv"
    return response


@blueprint.get("/registrar/awards/<award_id>")
@action(Action.GRANT_CREDIT)
def award(award_id: str) -> ResponseReturnValue:
    """One award: its evidence, its decision, its credential, and holds on the record."""
    return _award_page(award_id, HoldForm())


def _award_page(award_id: str, form: HoldForm) -> str:
    record = service.record_of(award_id, actor())
    return render_template("registry/award.html", record=record, award=record.award, form=form)


@blueprint.route("/registrar/awards/<award_id>/revoke", methods=["GET", "POST"])
@action(Action.GRANT_CREDIT)
def revoke(award_id: str) -> ResponseReturnValue:
    """Revoke an award, after seeing what rests on it."""
    form, award = RevokeForm(), service.revocable(award_id, actor())
    if form.validate_on_submit():
        service.revoke(award_id, form.reason.data, form.sort_of_reason, actor())
        transactions.commit()
        flash(_("Revoked. The credential's page and the status list say so now."), "success")
        return redirect(url_for("registry.award", award_id=award_id), 303)
    page = render_template(
        "registry/revoke.html", award=award, resting=service.resting_on(award), form=form
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/registrar/awards/<award_id>/holds")
@action(Action.GRANT_CREDIT)
def hold(award_id: str) -> ResponseReturnValue:
    """Place a hold on the record of the learner who holds an award."""
    form = HoldForm()
    learner_id = service.record_of(award_id, actor()).award.learner_id
    if not form.validate():
        return _award_page(award_id, form), 422
    service.place(learner_id, form.reason.data, actor())
    transactions.commit()
    flash(_("The hold stands. Nothing that it vetoes is awarded until it is lifted."), "success")
    return redirect(url_for("registry.award", award_id=award_id), 303)


@blueprint.route("/registrar/holds", methods=["GET", "POST"])
@action(Action.GRANT_CREDIT)
def holds() -> ResponseReturnValue:
    """The holds that stand, and placing one on somebody's record."""
    form = HoldSomebodyForm()
    problem = ""
    if form.validate_on_submit():
        try:
            learner_id = service.learner_called(form.learner.data, actor())
            service.place(learner_id, form.reason.data, actor())
        except AssessmentError as refusal:
            problem = refusal.sentence
        else:
            transactions.commit()
            flash(_("The hold stands."), "success")
            return redirect(url_for("registry.holds"), 303)
    held = service.holds_known_to(actor())
    page = render_template("registry/holds.html", form=form, held=held, problem=problem)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/registrar/holds/<hold_id>/lift")
@action(Action.GRANT_CREDIT)
def lift(hold_id: str) -> ResponseReturnValue:
    """Lift a hold; what it kept from being awarded is awarded at once."""
    granted = len(service.lift(hold_id, actor()))
    transactions.commit()
    flash(_("The hold is lifted."), "success")
    if granted:
        said = ngettext("%(num)s award followed at once.", "%(num)s awards followed.", granted)
        flash(said, "success")
    return redirect(url_for("registry.holds"), 303)


@blueprint.route("/registrar/codes", methods=["GET", "POST"])
@action(Action.INVIGILATE)
def codes() -> ResponseReturnValue:
    """Start codes for sittings that somebody supervises; a new one is shown this once."""
    tests = service.tests_to_invigilate(actor())
    form, issued = StartCodeForm(tests), None
    if form.validate_on_submit():
        checked = Supervision(form.supervision.data), Identity(form.identity.data)
        issued = service.issue(form.test.data, *checked, actor())
        transactions.commit()
    page = render_template(
        "registry/codes.html",
        form=form,
        issued=issued,
        tests={test.key: test for test in service.tests_to_invigilate(actor())},
        in_force=service.codes_in_force(actor()),
    )
    return page, 422 if form.is_submitted() and issued is None else 200
