"""Leaving work to somebody else, and asking for another look at it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.assessors import service
from assessment.assessors.blueprint import blueprint
from assessment.assessors.forms import SecondLookForm, SkipForm
from assessment.errors import Invalid
from assessment.locale import gettext as _
from assessment.performances.service import SkipReason


@blueprint.get("/assessor/<assignment_id>/skip")
@action(Action.ASSESS)
def skip(assignment_id: str) -> ResponseReturnValue:
    """Why somebody does not rate this."""
    return _skip_page(assignment_id, SkipForm(formdata=None))


def _skip_page(assignment_id: str, form: SkipForm) -> str:
    page = service.marking_page(assignment_id, actor())
    return render_template("assessors/skip.html", page=page, form=form)


@blueprint.post("/assessor/<assignment_id>/skip")
@action(Action.ASSESS)
def leave(assignment_id: str) -> ResponseReturnValue:
    """Leave it to somebody else."""
    form = SkipForm()
    if not form.validate():
        return _skip_page(assignment_id, form), 422
    try:
        service.skip(assignment_id, SkipReason(form.reason.data), form.words.data, actor())
    except Invalid as refusal:
        transactions.rollback()
        form.refuse(refusal, "words")
        return _skip_page(assignment_id, form), 422
    transactions.commit()
    flash(_("Skipped. Somebody else rates it, and you are not asked about it again."), "good")
    return redirect(url_for("assessors.desk"), 303)


@blueprint.get("/assessor/<assignment_id>/second-look")
@action(Action.ASSESS)
def second_look(assignment_id: str) -> ResponseReturnValue:
    """Why somebody else should look at this as well."""
    return _second_look_page(assignment_id, SecondLookForm(formdata=None))


def _second_look_page(assignment_id: str, form: SecondLookForm) -> str:
    page = service.marking_page(assignment_id, actor())
    return render_template("assessors/second_look.html", page=page, form=form)


@blueprint.post("/assessor/<assignment_id>/second-look")
@action(Action.ASSESS)
def ask_second_look(assignment_id: str) -> ResponseReturnValue:
    """Ask that somebody else looks at this as well."""
    form = SecondLookForm()
    if not form.validate():
        return _second_look_page(assignment_id, form), 422
    service.ask_second_look(assignment_id, form.words.data, actor())
    transactions.commit()
    flash(_("Somebody else will look at this as well. Go on with your own rating."), "good")
    return redirect(url_for("assessors.marking", assignment_id=assignment_id), 303)
