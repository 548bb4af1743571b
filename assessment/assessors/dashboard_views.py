"""The pages of those who look after raters: the dashboard of each rubric."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from assessment.access import Action, action, actor
from assessment.assessors import dashboards, drawings
from assessment.assessors.blueprint import blueprint
from assessment.assessors.drawings import Drawing
from assessment.performances.publishing import rubric_of

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # so that spreadsheets read UTF-8


@blueprint.get("/assessor/rubrics")
@action(Action.WATCH_RATERS)
def rubrics_watched() -> ResponseReturnValue:
    """The rubrics whose raters one looks after."""
    found = [(each, rubric_of(each)) for each in dashboards.rubrics_watched(actor())]
    return render_template("assessors/rubrics.html", rubrics=found)


@blueprint.get("/assessor/rubrics/<key>/dashboard")
@action(Action.WATCH_RATERS)
def dashboard(key: str) -> ResponseReturnValue:
    """How far the raters of one rubric agree, how severe they are, and how that changes."""
    found = dashboards.dashboard(key, actor())
    plots = {
        each.value: drawings.draw(found.figures, found.names, each)
        for each in Drawing
        if drawings.can_be_drawn(found.figures, each)
    }
    return render_template("assessors/dashboard.html", page=found, plots=plots)


@blueprint.get("/assessor/rubrics/<key>/<drawing>.svg")
@action(Action.WATCH_RATERS)
def plot(key: str, drawing: str) -> ResponseReturnValue:
    """A plot of the dashboard, as a picture."""
    found = dashboards.dashboard(key, actor())
    drawn = drawings.draw(found.figures, found.names, drawing, request.args.get("theme", ""))
    return _file(drawn.svg(), "image/svg+xml", f"{drawing}.svg")


@blueprint.get("/assessor/rubrics/<key>/<drawing>.csv")
@action(Action.WATCH_RATERS)
def figures(key: str, drawing: str) -> ResponseReturnValue:
    """The figures that a plot draws, as CSV."""
    found = dashboards.dashboard(key, actor())
    drawn = drawings.draw(found.figures, found.names, drawing)
    return _file(BYTE_ORDER_MARK + drawn.csv(), "text/csv", f"{drawing}.csv")


def _file(text: str, media_type: str, name: str) -> Response:
    response = Response(text, mimetype=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
