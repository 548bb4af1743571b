"""Erasing who an observer, or somebody at an employer, is: looked for, shown, confirmed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.locale import gettext as _
from assessment.observations import service as observations
from assessment.observations.blueprint import blueprint
from assessment.observations.forms import AddressForm
from assessment.performances import erasing as erasing_service


@blueprint.get("/registrar/observers/erase")
@action(Action.ERASE_OBSERVERS)
def erasing() -> ResponseReturnValue:
    """The form that asks whose particulars are to be erased."""
    return render_template("observations/erase.html", form=AddressForm(formdata=None), held=None)


@blueprint.post("/registrar/observers/erase")
@action(Action.ERASE_OBSERVERS)
def erase() -> ResponseReturnValue:
    """Show what is held under an address and what stays; erase it once that is confirmed."""
    form = AddressForm()
    if not form.validate():
        return render_template("observations/erase.html", form=form, held=None), 422
    if request.form.get("go") == "erase":
        return _erased(form.email.data)
    held = observations.held_of(form.email.data, actor())
    if not held:
        form.email.errors = [_("Nothing is held under this address here. Check how it is spelt.")]
    status = 200 if held else 422
    return render_template("observations/erase.html", form=form, held=held or None), status


def _erased(email: str) -> ResponseReturnValue:
    erasing_service.erase(email, actor())
    transactions.commit()
    flash(_("Erased. What was seen stays, by nobody."), "good")
    return redirect(url_for("observations.erasing"), 303)
