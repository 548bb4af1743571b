"""The comments that an assessor uses again, rubric by rubric."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.assessors import service
from assessment.assessors.blueprint import blueprint
from assessment.assessors.forms import StockCommentForm
from assessment.errors import Conflict
from assessment.locale import gettext as _
from assessment.locale import language


@blueprint.get("/assessor/comments/<rubric_key>")
@action(Action.ASSESS)
def comments(rubric_key: str) -> ResponseReturnValue:
    """My comments on a rubric."""
    return _page(rubric_key, StockCommentForm(formdata=None, language=language()))


def _page(rubric_key: str, form: StockCommentForm) -> str:
    return render_template(
        "assessors/comments.html",
        rubric=service.rubric_within_reach(rubric_key, actor()),
        comments=service.stock_comments(rubric_key, actor()),
        form=form,
    )


@blueprint.post("/assessor/comments/<rubric_key>")
@action(Action.ASSESS)
def add_comment(rubric_key: str) -> ResponseReturnValue:
    """Add a comment."""
    form = StockCommentForm()
    service.rubric_within_reach(rubric_key, actor())
    if not form.validate():
        return _page(rubric_key, form), 422
    try:
        service.keep_comment(rubric_key, form.text.data, form.language.data, actor())
    except Conflict as refusal:
        transactions.rollback()
        form.refuse(refusal, "text")
        return _page(rubric_key, form), refusal.status
    transactions.commit()
    return redirect(url_for("assessors.comments", rubric_key=rubric_key), 303)


@blueprint.post("/assessor/comments/<rubric_key>/<comment_id>/remove")
@action(Action.ASSESS)
def remove_comment(rubric_key: str, comment_id: str) -> ResponseReturnValue:
    """Forget a comment."""
    service.remove_comment(comment_id, actor())
    transactions.commit()
    flash(_("Removed. What you wrote with it stays as it is."), "good")
    return redirect(url_for("assessors.comments", rubric_key=rubric_key), 303)
