"""The pages behind an observer's link: no account, nothing used up but by sending the form."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.ids import new_id
from assessment.observations import devices, forms, words
from assessment.observations import service as observations
from assessment.observations.blueprint import blueprint
from assessment.performances import (
    erasing_views,  # noqa: F401 - registers its views
    nominating_views,  # noqa: F401 - registers its views
    observing,
    referring_views,  # noqa: F401 - registers its views
)
from assessment.performances.speaking import speak


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    """Offer templates the words for requests, relationships and signs of a conflict."""
    return {"observer_words": words}


@blueprint.get("/observe/<token>")
@action(Action.USE_LINK)
def first(token: str) -> ResponseReturnValue:
    """What is asked, of whom, and who reads it; opening it sends nothing."""
    speak(observations.nomination_of(token))
    return render_template("observations/first.html", asked=observing.asked_by(token), token=token)


@blueprint.post("/observe/<token>")
@action(Action.USE_LINK)
def answer(token: str) -> ResponseReturnValue:
    """The way on: to the form for who saw it, to thanks for who did not or is not meant."""
    because = forms.DECLINING.get(request.form.get("answer", ""))
    if because is None:
        observing.open_form(token)
        transactions.commit()
        return redirect(url_for("observations.form", token=token), 303)
    observing.decline(token, because, devices.network_address())
    transactions.commit()
    return render_template("observations/declined.html", because=because)


@blueprint.get("/observe/<token>/form")
@action(Action.USE_LINK)
def form(token: str) -> ResponseReturnValue:
    """The form: what was seen, when, and by whom."""
    nomination = observations.nomination_of(token)
    speak(nomination)
    fresh = observations.Seen(
        name=nomination.name or "", employer=nomination.employer or "", once=new_id()
    )
    return _form(token, fresh, {})


def _form(token: str, seen: observations.Seen, faults: dict[str, str]) -> str:
    return render_template(
        "observations/form.html",
        asked=observing.asked_by(token),
        token=token,
        seen=seen,
        faults=faults,
        NOT_OBSERVED=forms.NOT_OBSERVED,
        DAY_FIELDS=forms.DAY_FIELDS,
    )


@blueprint.post("/observe/<token>/form")
@action(Action.USE_LINK)
def send(token: str) -> ResponseReturnValue:
    """Keep what was seen, once; the form again, with all that was typed, where it is wrong."""
    seen = forms.read_seen(request.form)
    sent = devices.circumstances(observations.nomination_of(token), actor().learner_id)
    try:
        observing.observe(token, seen, sent, devices.network_address())
    except observations.Unusable as refusal:
        transactions.rollback()
        return _form(token, seen, refusal.faults), 422
    transactions.commit()
    return redirect(url_for("observations.thanks", token=token), 303)


@blueprint.get("/observe/<token>/thanks")
@action(Action.USE_LINK)
def thanks(token: str) -> ResponseReturnValue:
    """Thanks, what happens now, and the way to keep it under an account."""
    found = observing.thanks_of(token, actor())
    speak(found.nomination)
    return render_template("observations/thanks.html", thanks=found, token=token)


@blueprint.post("/observe/<token>/account")
@action(Action.USE_LINK)
def keep(token: str) -> ResponseReturnValue:
    """Keep what was sent under the account of whoever is signed in."""
    observing.keep_under_account(token, actor(), devices.network_address())
    transactions.commit()
    return redirect(url_for("observations.thanks", token=token), 303)
