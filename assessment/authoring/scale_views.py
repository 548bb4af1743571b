"""How a bank measures: its parameters, its tests' marks, plots and the figures behind them."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from assessment.access import Action, action, actor
from assessment.authoring import drawings, measurement, service
from assessment.authoring.blueprint import blueprint
from assessment.authoring.drawings import Drawing
from assessment.authoring.forms import ScaleForm
from assessment.authoring.measurement import Measurement
from assessment.awards.wording import logits
from assessment.errors import NoSuchRecord
from assessment.items.models import Bank

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # so that spreadsheets read UTF-8


@blueprint.get("/banks/<key>/measurement")
@action(Action.AUTHOR_ITEMS)
def scale(key: str) -> ResponseReturnValue:
    """The scale of a bank: what it rests on, where its items and marks lie."""
    bank = service.own_bank(key, actor())
    found = measurement.measurement(bank)
    if found is None:
        return render_template("authoring/scale.html", bank=bank, found=None)
    form = ScaleForm(request.args, found)
    return render_template(
        "authoring/scale.html",
        bank=bank,
        found=found,
        form=form,
        lines=measurement.page_of(found, form.order(), form.page_number()),
        plots={
            each.value: drawings.draw(bank, found, each, form.test_key(), form.drawn_theme())
            for each in Drawing
        },
        drawn_test=drawings.drawn_test(found, form.test_key()),
        titles={area.key: area.title for area in bank.areas},
        logits=logits,
    )


@blueprint.get("/banks/<key>/measurement/items.csv")
@action(Action.AUTHOR_ITEMS)
def parameters(key: str) -> ResponseReturnValue:
    """The parameters of all calibrated items, as CSV."""
    _bank, found = _measured(key)
    return _file(BYTE_ORDER_MARK + measurement.csv_of(found), "text/csv", "items.csv")


@blueprint.get("/banks/<key>/measurement/<drawing>.svg")
@action(Action.AUTHOR_ITEMS)
def plot(key: str, drawing: str) -> ResponseReturnValue:
    """A plot of the scale, as a picture."""
    return _file(_drawn(key, drawing).svg, "image/svg+xml", f"{drawing}.svg")


@blueprint.get("/banks/<key>/measurement/<drawing>.csv")
@action(Action.AUTHOR_ITEMS)
def figures(key: str, drawing: str) -> ResponseReturnValue:
    """The figures that a plot draws, as CSV."""
    return _file(BYTE_ORDER_MARK + _drawn(key, drawing).csv, "text/csv", f"{drawing}.csv")


def _drawn(key: str, name: str) -> drawings.Drawn:
    bank, found = _measured(key)
    if name not in set(Drawing):
        raise NoSuchRecord("plot", name)
    form = ScaleForm(request.args, found)
    return drawings.draw(bank, found, Drawing(name), form.test_key(), form.drawn_theme())


def _measured(key: str) -> tuple[Bank, Measurement]:
    bank = service.own_bank(key, actor())
    found = measurement.measurement(bank)
    if found is None:
        raise NoSuchRecord("parameter set", key)
    return bank, found


def _file(text: str, media_type: str, name: str) -> Response:
    response = Response(text, mimetype=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
