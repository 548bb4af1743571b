"""The pages of somebody at an employer: they name who saw the work, by a link and no account."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.errors import TooMany
from assessment.languages import Language
from assessment.observations import devices, forms
from assessment.observations import service as observations
from assessment.observations.blueprint import blueprint
from assessment.observations.models import Asks
from assessment.performances import observing, referring
from assessment.performances.speaking import speak


@blueprint.get("/who-saw/<token>")
@action(Action.USE_LINK)
def who(token: str) -> ResponseReturnValue:
    """What is asked, about whose work, and the form; opening it sends nothing."""
    contact = observations.nomination_of(token, Asks.WHO)
    speak(contact)
    form = forms.WhoForm(formdata=None, observers=[{"language": contact.language}] * forms.ROWS)
    return _page(token, form)


def _page(token: str, form: forms.WhoForm, sentences: tuple[str, ...] = ()) -> str:
    asked = referring.asked_who(token)
    return render_template("observations/who.html", asked=asked, form=form, sentences=sentences)


@blueprint.post("/who-saw/<token>")
@action(Action.USE_LINK)
def names(token: str) -> ResponseReturnValue:
    """Name those who saw it, or say that one cannot; the form again where something is wrong."""
    because = forms.DECLINING.get(request.form.get("answer", ""))
    if because is not None:
        observing.decline(token, because, devices.network_address(), Asks.WHO)
        transactions.commit()
        return render_template("observations/declined.html", because=because)
    return _named(token, forms.WhoForm())


def _named(token: str, form: forms.WhoForm) -> ResponseReturnValue:
    if not form.validate():
        return _page(token, form), 422
    contact = observations.nomination_of(token, Asks.WHO)
    is_own = devices.is_of(contact.learner_id, actor().learner_id)
    observing.admit(devices.network_address())
    try:
        referring.name_observers(token, _given(form), is_own_device=is_own)
    except observations.Unusable as refusal:
        transactions.rollback()
        form.mark(refusal.faults)
        return _page(token, form), 422
    except TooMany as refusal:
        transactions.rollback()
        return _page(token, form, (refusal.sentence,)), refusal.status
    transactions.commit()
    return redirect(url_for("observations.named_thanks", token=token), 303)


def _given(form: forms.WhoForm) -> referring.Named:
    rows = {
        number: observations.Named(
            name=each.form["name"].data or "",
            email=each.form.email.data or "",
            language=each.form.language.data or Language.ENGLISH,
        )
        for number, each in enumerate(form.observers)
        if each.form["name"].data or each.form.email.data
    }
    return referring.Named(rows, has_myself=form.myself.data)


@blueprint.get("/who-saw/<token>/thanks")
@action(Action.USE_LINK)
def named_thanks(token: str) -> ResponseReturnValue:
    """Thanks, and what happens now; 410 where nobody was named so far."""
    contact = observations.nomination_of(token, Asks.WHO)
    speak(contact)
    if contact.used_at is None:
        referring.asked_who(token)
        return redirect(url_for("observations.who", token=token), 303)
    referring.require_lasting(contact)
    named = referring.names_of(contact)
    return render_template("observations/who_thanks.html", contact=contact, named=named)
