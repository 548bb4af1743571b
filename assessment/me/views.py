"""The learner's own place: the record, gaps, extra time."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, Role, action, actor
from assessment.awards import service as awards
from assessment.catalogue import service as catalogue
from assessment.errors import Invalid, NoSuchRecord
from assessment.locale import gettext as _
from assessment.me.forms import AllowanceForm
from assessment.me.gaps import gaps_of
from assessment.me.record import record_of
from assessment.observations import service as observations
from assessment.people import service as people
from assessment.sittings import service as sittings

blueprint = Blueprint("me", __name__)


def _learner() -> str:
    return actor().learner_id or ""


@blueprint.get("/me")
@action(Action.SEE_OWN_RECORD)
def record() -> ResponseReturnValue:
    """What I have shown, and what comes next."""
    return render_template(
        "me/record.html",
        record=record_of(_learner()),
        person=people.person_of_learner(_learner()),
        seen=len(observations.given_by(actor())),
        is_observer=actor().holds(Role.OBSERVER),
    )


@blueprint.get("/me/gaps/<test_key>")
@action(Action.SEE_OWN_RECORD)
def gaps(test_key: str) -> ResponseReturnValue:
    """What to learn before sitting a test again."""
    return render_template("me/gaps.html", gaps=gaps_of(_learner(), test_key))


@blueprint.get("/me/achievements/<achievement_key>")
@action(Action.SEE_OWN_RECORD)
def progress(achievement_key: str) -> ResponseReturnValue:
    """How I stand on one achievement, and what is still missing."""
    version = catalogue.published_version(achievement_key)
    if version is None:
        raise NoSuchRecord("achievement", achievement_key)
    report = awards.gap_report(_learner(), version)
    return render_template("me/progress.html", report=report)


@blueprint.get("/me/allowance")
@action(Action.MANAGE_OWN_ACCOUNT)
def allowance() -> ResponseReturnValue:
    """My extra time and breaks."""
    kept = people.accommodation_of(_learner())
    form = AllowanceForm(
        multiplier=kept.own_multiplier,
        break_minutes=kept.own_break_minutes,
        without_sight=kept.own_without_sight,
    )
    return _allowance_page(form)


@blueprint.post("/me/allowance")
@action(Action.MANAGE_OWN_ACCOUNT)
def set_allowance() -> ResponseReturnValue:
    """Set my extra time; open sittings get it at once."""
    form = AllowanceForm()
    if not form.validate():
        return _allowance_page(form), 422
    try:
        _take_over(form)
    except Invalid as refusal:
        form.refuse(refusal, "multiplier")
        return _allowance_page(form), 422
    sittings.apply_allowance(_learner(), actor())
    transactions.commit()
    flash(_("Set. It counts in every test, and in a test that you have open now."), "success")
    return redirect(url_for("me.allowance"), 303)


def _take_over(form: AllowanceForm) -> None:
    people.set_own_allowance(
        multiplier=float(form.multiplier.data),
        break_minutes=form.break_minutes.data,
        without_sight=form.without_sight.data,
        actor=actor(),
    )


def _allowance_page(form: AllowanceForm) -> str:
    return render_template(
        "me/allowance.html",
        form=form,
        limits=people.self_service_limits(),
        given=people.allowance(_learner()),
        kept=people.accommodation_of(_learner()),
    )
