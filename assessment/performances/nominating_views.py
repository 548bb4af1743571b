"""Naming observers, and what they said: the pages of learners, of observers and of registrars."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.awards import service as awards
from assessment.errors import Conflict, Invalid
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.observations import devices
from assessment.observations import service as observations
from assessment.observations.blueprint import blueprint
from assessment.observations.forms import CallForm, ContactForm, NameForm
from assessment.observations.models import Asks, Reached
from assessment.performances import nominating
from assessment.performances import service as performances
from assessment.performances.denying import denying
from assessment.performances.kept_away import kept_away

CONTACT = "contact-"


def _to(performance_id: str) -> ResponseReturnValue:
    return redirect(url_for("observations.named", performance_id=performance_id), 303)


@blueprint.get("/performances/<performance_id>/observers")
@action(Action.SHOW_WORK)
def named(performance_id: str) -> ResponseReturnValue:
    """Those whom I named, where each request stands, and the form to name somebody else."""
    return _page(performance_id)


def _page(
    performance_id: str, form: NameForm | None = None, contact: ContactForm | None = None
) -> str:
    own = performances.own_performance(performance_id, actor())
    fresh = {"formdata": None, "language": language()}
    return render_template(
        "observations/named.html",
        naming=nominating.naming_of(own),
        form=form or NameForm(**fresh),
        contact=contact or ContactForm(prefix=CONTACT, **fresh),
    )


@blueprint.post("/performances/<performance_id>/observers")
@action(Action.SHOW_WORK)
def name(performance_id: str) -> ResponseReturnValue:
    """Name somebody who saw it; a mail with their link is on its way."""
    form = NameForm()
    if not form.validate():
        return _page(performance_id, form), 422
    try:
        nominating.name_observer(performance_id, _named(form), actor())
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        form.refuse(refusal, "email")
        return _page(performance_id, form), 422
    return _asked(performance_id)


def _asked(performance_id: str) -> ResponseReturnValue:
    transactions.commit()
    flash(_("Asked. They get a mail with a link, and need no account."), "good")
    return devices.mark(make_response(_to(performance_id)), actor().learner_id or "")


@blueprint.post("/performances/<performance_id>/observers/employer")
@action(Action.SHOW_WORK)
def ask_employer(performance_id: str) -> ResponseReturnValue:
    """Ask somebody at the employer who saw it; a mail with their link is on its way."""
    form = ContactForm(prefix=CONTACT)
    if not form.validate():
        return _page(performance_id, contact=form), 422
    try:
        nominating.name_observer(performance_id, _named(form, Asks.WHO), actor())
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        form.refuse(refusal, "email")
        return _page(performance_id, contact=form), 422
    return _asked(performance_id)


def _named(form: NameForm, asks: Asks = Asks.WHAT) -> observations.Named:
    return observations.Named(
        asks=asks,
        name=form.name.data,
        email=form.email.data,
        employer=form.employer.data or "",
        language=form.language.data,
        origin=devices.origin(),
    )


@blueprint.post("/performances/<performance_id>/observers/<nomination_id>/again")
@action(Action.SHOW_WORK)
def again(performance_id: str, nomination_id: str) -> ResponseReturnValue:
    """Mail the same link again."""
    try:
        nominating.ask_again(performance_id, nomination_id, actor())
    except Conflict as refusal:
        transactions.rollback()
        flash(refusal.sentence, "warn")
        return _to(performance_id)
    transactions.commit()
    flash(_("Sent again. The link is good for 21 days from now."), "good")
    return _to(performance_id)


@blueprint.post("/performances/<performance_id>/observers/<nomination_id>/revoke")
@action(Action.SHOW_WORK)
def revoke(performance_id: str, nomination_id: str) -> ResponseReturnValue:
    """Take a request back; its link sends nothing any more."""
    nominating.take_back(performance_id, nomination_id, actor())
    transactions.commit()
    flash(_("Taken back. Their link sends nothing any more."), "good")
    return _to(performance_id)


@blueprint.get("/me/observations")
@action(Action.SEE_OWN_RECORD)
def given() -> ResponseReturnValue:
    """What I said as an observer, where I keep it under my account."""
    return render_template("observations/given.html", given=nominating.given_by(actor()))


@blueprint.get("/registrar/call-backs")
@action(Action.GRANT_CREDIT)
def calls() -> ResponseReturnValue:
    """The workplaces to call, and the employers whose people saw work."""
    return render_template(
        "observations/calls.html",
        calls=observations.calls_waiting(actor()),
        made=observations.calls_made(actor()),
        employers=observations.employers(actor()),
        flagged=observations.flagged(actor()),
        kept_away=kept_away(actor()),
    )


@blueprint.post("/registrar/call-backs/<observation_id>")
@action(Action.GRANT_CREDIT)
def called(observation_id: str) -> ResponseReturnValue:
    """Keep what a call found; what is not confirmed once its consequences were read."""
    form = CallForm()
    if not form.validate():
        flash(_("Choose what the call found."), "warn")
        return redirect(url_for("observations.calls"), 303)
    found, seen = Reached(form.found.data), form.seen.data or ""
    if found is Reached.DENIED and not seen:
        return _denying(observation_id)
    try:
        nominating.keep_call(observation_id, found, actor(), seen)
    except Conflict as refusal:
        transactions.rollback()
        return _denying(observation_id, (refusal.sentence,)), 409
    transactions.commit()
    flash(_("Kept."), "good")
    return redirect(url_for("observations.calls"), 303)


def _denying(observation_id: str, sentences: tuple[str, ...] = ()) -> str:
    page = denying(observation_id, actor())
    return render_template(
        "observations/denying.html",
        page=page,
        sentences=sentences,
        explanation_of=awards.explanation_of,
    )
