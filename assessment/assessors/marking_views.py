"""The page on which one performance is rated: saved as it is marked, released after a check."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.assessors import service, trust_views
from assessment.assessors.blueprint import blueprint
from assessment.assessors.forms import NOT_OBSERVED, read_given
from assessment.errors import Conflict, Invalid, wants_json
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.performances.seen_by_others import circumstances_for
from assessment.performances.service import Given, Hold, Kept, OtherDraft, Unfinished


@blueprint.get("/assessor/<assignment_id>")
@action(Action.ASSESS)
def marking(assignment_id: str) -> ResponseReturnValue:
    """The evidence beside the rubric."""
    return _page(assignment_id)


def _page(
    assignment_id: str,
    *,
    entered: Given | None = None,
    unfinished: Unfinished | None = None,
    refused: str = "",
) -> str:
    page = service.marking_page(assignment_id, actor())
    rating = page.rating
    return render_template(
        "assessors/marking.html",
        page=page,
        entered=entered or Given(rating.marks, rating.comments),
        unfinished=unfinished,
        refused=refused,
        not_observed=NOT_OBSERVED,
        exemplars=service.exemplar_pieces(page.rubric.key, page.assignment.role),
        stock=service.stock_comments(page.rubric.key, actor()),
        circumstances=circumstances_for(page.assignment) if page.is_open else (),
    )


@blueprint.post("/assessor/<assignment_id>")
@action(Action.ASSESS)
def mark(assignment_id: str) -> ResponseReturnValue:
    """Save what was entered, then do what the button says."""
    given = read_given(request.form)
    try:
        if request.form.get("go") == "release":
            return _release(assignment_id, given)
        return _saved(assignment_id, service.save(assignment_id, given, actor()))
    except (Conflict, Invalid) as refusal:
        return _refused(assignment_id, given, refusal)


def _refused(assignment_id: str, given: Given, refusal: Conflict | Invalid) -> ResponseReturnValue:
    """Return the page that keeps what was typed, and says what to do about it."""
    transactions.rollback()
    if wants_json():
        raise refusal
    if isinstance(refusal, OtherDraft):
        page = service.marking_page(assignment_id, actor())
        both = {"page": page, "given": given, "not_observed": NOT_OBSERVED}
        return render_template("assessors/other_draft.html", **both), refusal.status
    if isinstance(refusal, Invalid):
        return _page(assignment_id, entered=given, refused=refusal.sentence), refusal.status
    raise refusal


def _release(assignment_id: str, given: Given) -> ResponseReturnValue:
    match service.release(assignment_id, given, actor()):
        case Kept() as kept:
            return _saved(assignment_id, kept)
        case Unfinished() as unfinished:
            transactions.commit()
            return _page(assignment_id, unfinished=unfinished), 422
        case service.Consequence() as consequence:
            transactions.commit()
            return trust_views.told(assignment_id, consequence)
    transactions.commit()
    flash(_("Released. It counts, and can be changed no more."), "good")
    return redirect(url_for("assessors.desk"), 303)


def _saved(assignment_id: str, kept: Kept) -> ResponseReturnValue:
    """Go where the button says, once the draft is kept."""
    if wants_json():
        return _told_script(kept)
    if kept.hold is not Hold.HELD:
        return _told(assignment_id, kept.hold)
    go = request.form.get("go", "")
    if go == "check":
        return _to_check(assignment_id, kept)
    for name, act in (("insert", _insert), ("keep", _keep)):
        if name in request.form:
            return act(assignment_id, request.form[name], kept)
    transactions.commit()
    if go in LEADS_TO:
        return redirect(url_for(LEADS_TO[go], assignment_id=assignment_id), 303)
    return _told(assignment_id, kept.hold)


LEADS_TO = {"skip": "assessors.skip", "second look": "assessors.second_look"}


def _told_script(kept: Kept) -> ResponseReturnValue:
    """Return what the page's script shows; the place may be somebody else's by now."""
    rating = kept.rating
    body = jsonify(
        revision=rating.revision,
        saved_at=rating.saved_at.isoformat(),
        hold=kept.hold,
        sentence="" if kept.hold is Hold.HELD else _sentence(kept.hold),
    )
    transactions.commit()
    return body


def _to_check(assignment_id: str, kept: Kept) -> ResponseReturnValue:
    lacks = service.unfinished(kept.rating)
    transactions.commit()
    if lacks is not None:
        return _page(assignment_id, unfinished=lacks), 422
    return redirect(url_for("assessors.check", assignment_id=assignment_id), 303)


def _insert(assignment_id: str, criterion: str, kept: Kept) -> ResponseReturnValue:
    """Put a comment of the assessor's after what they have written on a criterion."""
    rating, chosen = kept.rating, request.form.get(f"stock-{criterion}", "")
    found = [
        each.text
        for each in service.stock_comments(rating.assignment.rubric_key, actor())
        if each.id == chosen
    ]
    text = "\n".join([*filter(None, [rating.comments.get(criterion)]), *found])
    longer = Given(rating.marks, {**rating.comments, criterion: text})
    service.save(assignment_id, longer, actor())
    transactions.commit()
    return _to_criterion(assignment_id, criterion)


def _keep(assignment_id: str, criterion: str, kept: Kept) -> ResponseReturnValue:
    """Keep what was written on a criterion, to use it again."""
    rating = kept.rating
    text = rating.comments.get(criterion, "")
    service.keep_comment(rating.assignment.rubric_key, text, language(), actor())
    transactions.commit()
    flash(_("Kept. You find it among your comments for this rubric."), "good")
    return _to_criterion(assignment_id, criterion)


def _to_criterion(assignment_id: str, criterion: str) -> ResponseReturnValue:
    there = url_for(
        "assessors.marking", assignment_id=assignment_id, _anchor=f"comment-{criterion}"
    )
    return redirect(there, 303)


def _told(assignment_id: str, hold: Hold) -> ResponseReturnValue:
    """Keep the draft, and say whether the place is still the assessor's."""
    transactions.commit()
    flash(_sentence(hold), "good" if hold is Hold.HELD else "warn")
    return redirect(url_for("assessors.marking", assignment_id=assignment_id), 303)


def _sentence(hold: Hold) -> str:
    match hold:
        case Hold.HELD:
            return _("Saved. Nobody sees it before you release it.")
        case Hold.RENEWED:
            return _(
                "Your time for this had run out, and nobody had taken it meanwhile. It is yours "
                "again, with what you entered; nothing is released yet."
            )
    return _(
        "This is no longer yours to rate. What you entered is kept for you, and counts for nothing."
    )


@blueprint.get("/assessor/<assignment_id>/check")
@action(Action.ASSESS)
def check(assignment_id: str) -> ResponseReturnValue:
    """Every mark at a glance, before it counts for good."""
    page = service.marking_page(assignment_id, actor())
    if page.is_released or not page.is_open or service.unfinished(page.rating):
        return redirect(url_for("assessors.marking", assignment_id=assignment_id), 303)
    return render_template("assessors/check.html", page=page, not_observed=NOT_OBSERVED)
