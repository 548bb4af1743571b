"""Setting evidence or a rating aside, and deciding about the awards that rested on it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.awards import service as awards
from assessment.awards.models import Award
from assessment.errors import AssessmentError, Invalid
from assessment.locale import gettext as _
from assessment.locale import ngettext
from assessment.people import service as people
from assessment.registry import evidence, voiding
from assessment.registry.blueprint import blueprint
from assessment.registry.deciding import refusal_of
from assessment.registry.forms import KeepForm, RatingAsideForm, SearchForm, SetAsideForm

MOST_LISTED = 200


@blueprint.context_processor
def _explanations() -> dict[str, object]:
    """Offer templates what a rule says, in the page's language."""
    return {"explanation_of": awards.explanation_of}


@blueprint.get("/registrar/evidence")
@action(Action.GRANT_CREDIT)
def learners_evidence() -> ResponseReturnValue:
    """The evidence of one learner, for whoever wants to set some of it aside."""
    form, pieces, problem = SearchForm(request.args), None, ""
    if form.validate() and form.learner.data:
        try:
            pieces = evidence.evidence_of_learner(form.learner.data, actor())
        except Invalid as refusal:
            problem = refusal.sentence
    page = render_template("registry/evidence.html", form=form, pieces=pieces, problem=problem)
    return page, 422 if problem or form.errors else 200


@blueprint.get("/registrar/awards/<award_id>/evidence")
@action(Action.GRANT_CREDIT)
def awards_evidence(award_id: str) -> ResponseReturnValue:
    """The evidence that one award rests on."""
    pieces = evidence.evidence_of_award(award_id, actor())
    award = awards.institution_award(award_id, actor())
    return render_template("registry/evidence.html", form=None, pieces=pieces, award=award)


@blueprint.get("/registrar/evidence/<evidence_id>")
@action(Action.GRANT_CREDIT)
def piece(evidence_id: str) -> ResponseReturnValue:
    """What would follow if evidence no longer counted, or what followed."""
    page = voiding.evidence_page(evidence_id, actor())
    return _piece(page, SetAsideForm(formdata=None, seen=page.seen))


def _piece(page: voiding.EvidencePage, form: SetAsideForm, problem: str = "") -> str:
    return render_template("registry/piece.html", page=page, form=form, problem=problem)


@blueprint.post("/registrar/evidence/<evidence_id>")
@action(Action.GRANT_CREDIT)
def set_aside(evidence_id: str) -> ResponseReturnValue:
    """Set evidence aside; no award is revoked by it."""
    form, page = SetAsideForm(), voiding.evidence_page(evidence_id, actor())
    if not form.validate():
        return _piece(page, form), 422
    doubted: list[Award] = []
    seen = form.seen.data or ""
    refusal = refusal_of(
        lambda: doubted.extend(voiding.set_aside(evidence_id, form.reason.data, seen, actor()))
    )
    if refusal:
        page = voiding.evidence_page(evidence_id, actor())
        return _piece(page, _seen_now(form, page.seen), refusal.sentence), refusal.status
    _tell(len(doubted))
    return redirect(url_for("registry.piece", evidence_id=evidence_id), 303)


def _seen_now(form: SetAsideForm, seen: str) -> SetAsideForm:
    """Return the form with what the page says now, and the reason as it was typed."""
    form.seen.data = seen
    return form


def _tell(doubted: int) -> None:
    flash(_("Set aside: it counts no more. Nothing was revoked."), "success")
    if doubted:
        said = ngettext(
            "%(num)s award is in doubt. Decide about it now.",
            "%(num)s awards are in doubt. Decide about each of them now.",
            doubted,
        )
        flash(said, "warn")


@blueprint.get("/registrar/ratings/<rating_id>")
@action(Action.GRANT_CREDIT)
def rating(rating_id: str) -> ResponseReturnValue:
    """What would follow if one rating did not count."""
    page = voiding.rating_page(rating_id, actor())
    return _rating(page, RatingAsideForm(formdata=None, seen=page.would.seen))


def _rating(page: voiding.RatingPage, form: RatingAsideForm, problem: str = "") -> str:
    return render_template("registry/rating.html", page=page, form=form, problem=problem)


@blueprint.post("/registrar/ratings/<rating_id>")
@action(Action.GRANT_CREDIT)
def set_rating_aside(rating_id: str) -> ResponseReturnValue:
    """Set one rating aside, with all that follows for the result; no award is revoked by it."""
    form, page = RatingAsideForm(), voiding.rating_page(rating_id, actor())
    if not form.validate():
        return _rating(page, form), 422
    seen = form.seen.data or ""
    refusal = refusal_of(
        lambda: voiding.set_rating_aside(rating_id, form.reason.data, seen, actor())
    )
    if refusal:
        page = voiding.rating_page(rating_id, actor())
        return _rating(page, _seen_now(form, page.would.seen), refusal.sentence), refusal.status
    _tell(len(awards.doubts_for(actor(), MOST_LISTED)))
    return redirect(url_for("registry.rating", rating_id=rating_id), 303)


@blueprint.get("/registrar/doubts")
@action(Action.GRANT_CREDIT)
def doubts() -> ResponseReturnValue:
    """The awards that nothing holds up any more, about which somebody has to decide."""
    found = awards.doubts_for(actor(), MOST_LISTED)
    doubted = [(each, people.person_of_learner(each.learner_id)) for each in found]
    return render_template("registry/doubts.html", doubted=doubted)


@blueprint.get("/registrar/doubts/<award_id>")
@action(Action.GRANT_CREDIT)
def doubt(award_id: str) -> ResponseReturnValue:
    """What put an award in doubt, and what its rule says now."""
    return _doubt(award_id, KeepForm(formdata=None))


def _doubt(award_id: str, form: KeepForm, problem: str = "") -> str:
    award = awards.institution_award(award_id, actor())
    return render_template(
        "registry/doubt.html",
        award=award,
        person=people.person_of_learner(award.learner_id),
        rerun=awards.rerun_of(award),
        doubts=awards.doubts_about(award),
        is_in_doubt=awards.is_in_doubt(award),
        form=form,
        problem=problem,
    )


@blueprint.post("/registrar/doubts/<award_id>")
@action(Action.GRANT_CREDIT)
def keep(award_id: str) -> ResponseReturnValue:
    """Let an award in doubt stand, with the reason."""
    form = KeepForm()
    if not form.validate():
        return _doubt(award_id, form), 422
    try:
        awards.keep(award_id, form.reason.data, actor())
    except AssessmentError as refusal:
        transactions.rollback()
        return _doubt(award_id, form, refusal.sentence), refusal.status
    transactions.commit()
    flash(_("Kept: the award stands, and your reason with it."), "success")
    return redirect(url_for("registry.doubts"), 303)
