"""The second looks that assessors asked for, and what came of them."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from assessment.access import Action, action, actor
from assessment.registry.blueprint import blueprint
from assessment.registry.flagged_exemplars import flagged_exemplars
from assessment.registry.forms import SecondLooksForm
from assessment.registry.second_looks import second_looks


@blueprint.get("/registrar/second-looks")
@action(Action.GRANT_CREDIT)
def seconds() -> ResponseReturnValue:
    """Where assessors wanted somebody else to look as well, the latest first."""
    form = SecondLooksForm(request.args)
    if not form.validate():
        return render_template("registry/seconds.html", form=form, found=None), 422
    found = second_looks(actor(), form.wanted, form.page.data or 1)
    exemplars = flagged_exemplars(actor())
    return render_template("registry/seconds.html", form=form, found=found, exemplars=exemplars)
