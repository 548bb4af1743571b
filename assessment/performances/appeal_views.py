"""Appealing single criteria of a result, and complaining to the institution."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.errors import Conflict, Invalid
from assessment.locale import gettext as _
from assessment.performances import (
    appeal_pages,
    appeal_withdrawing,
    appealing,
    complaining,
    showing,
    thread_views,
)
from assessment.performances.appeal_forms import (
    ComplaintForm,
    appeal_form,
    matter_names,
    read_reasons,
)
from assessment.performances.blueprint import blueprint
from assessment.performances.models import Performance
from assessment.performances.publishing import rubric_of

__all__ = ["blueprint", "thread_views"]


@blueprint.app_context_processor
def _appeals() -> dict[str, object]:
    """Offer templates what can be appealed, what was, and what whoever looks again reads."""
    return {
        "appealing_of": appeal_pages.appealing_of,
        "appealing_on": appeal_pages.appealing_on,
        "to_review": appeal_pages.to_review,
        "complaints_of": complaining.complaints_of,
    }


@blueprint.get("/performances/<performance_id>/appeal")
@action(Action.SHOW_WORK)
def appeal(performance_id: str) -> ResponseReturnValue:
    """What I can appeal, until when, and what becomes of it."""
    own = showing.own_performance(performance_id, actor())
    return _appeal_page(own, _reasons(own))


def _reasons(own: Performance) -> Any:
    """Return the form with what can be appealed, and whatever else was typed."""
    sent = read_reasons(request.form)
    open_now = {each.criterion.key for each in appealing.appealable(own)}
    rubric = rubric_of(own.task.rubric)
    return appeal_form(each for each in rubric.criteria if each.key in open_now | set(sent))


def _appeal_page(own: Performance, form: Any, problem: str = "") -> str:
    page = appeal_pages.appealing_of(own)
    return render_template("performances/appeal.html", page=page, form=form, problem=problem)


@blueprint.post("/performances/<performance_id>/appeal")
@action(Action.SHOW_WORK)
def send_appeal(performance_id: str) -> ResponseReturnValue:
    """Ask for somebody new to look again at single criteria."""
    own = showing.own_performance(performance_id, actor())
    form = _reasons(own)
    try:
        appealing.appeal(performance_id, read_reasons(request.form), actor())
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        problem = _at_field(form, refusal)
        own = showing.own_performance(performance_id, actor())
        return _appeal_page(own, form, problem), refusal.status
    transactions.commit()
    flash(_("Sent. Somebody who had no part in this looks at it again."), "good")
    return redirect(url_for("performances.performance", performance_id=performance_id), 303)


@blueprint.post("/performances/<performance_id>/appeals/<appeal_id>/withdraw")
@action(Action.SHOW_WORK)
def take_back_appeal(performance_id: str, appeal_id: str) -> ResponseReturnValue:
    """Take an appeal back that nobody has decided on."""
    appeal_withdrawing.take_back(performance_id, appeal_id, actor())
    transactions.commit()
    flash(_("Taken back: nobody looks at it again, and the result stays."), "good")
    return redirect(url_for("performances.performance", performance_id=performance_id), 303)


def _at_field(form: Any, refusal: Invalid | Conflict) -> str:
    """Return the sentence of a refusal, or say it at the field that it is about."""
    named = refusal.details.get("field")
    if named not in form:
        return refusal.sentence
    form.refuse(refusal, named)
    return ""


@blueprint.get("/performances/<performance_id>/complaint")
@action(Action.SHOW_WORK)
def complaint(performance_id: str) -> ResponseReturnValue:
    """What I complained about, what was answered, and the form to complain."""
    return _complaint_page(performance_id, ComplaintForm(formdata=None))


def _complaint_page(performance_id: str, form: ComplaintForm, problem: str = "") -> str:
    own = showing.own_performance(performance_id, actor())
    return render_template(
        "performances/complaint.html",
        performance=own,
        complaints=complaining.complaints_of(own),
        matters=matter_names(),
        form=form,
        problem=problem,
    )


@blueprint.post("/performances/<performance_id>/complaint")
@action(Action.SHOW_WORK)
def complain(performance_id: str) -> ResponseReturnValue:
    """Complain to the institution."""
    form = ComplaintForm()
    matter, text = form.matter.data or "", form.text.data or ""
    try:
        complaining.complain(performance_id, matter, text, actor())
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        problem = _at_field(form, refusal)
        return _complaint_page(performance_id, form, problem), refusal.status
    transactions.commit()
    flash(_("Sent to the institution. Nobody who rates your work sees it."), "good")
    return redirect(url_for("performances.complaint", performance_id=performance_id), 303)
