"""Training and the gate: the pages on which assessors come to be trusted."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.assessors import gates, skills, training
from assessment.assessors.blueprint import blueprint
from assessment.assessors.watching import Consequence
from assessment.locale import gettext as _
from assessment.performances.rating import own_rating


def told(assignment_id: str, consequence: Consequence) -> ResponseReturnValue:
    """Go on after a rating that means something for the trust in whoever gave it."""
    if consequence is Consequence.TRAINED:
        return redirect(url_for("assessors.expected", assignment_id=assignment_id), 303)
    place = own_rating(assignment_id, actor()).assignment
    if consequence is Consequence.SUSPENDED:
        flash(_("Your rating is paused. This page says why, and what to do."), "warn")
    return redirect(url_for("assessors.skill", key=place.rubric_key), 303)


@blueprint.get("/assessor/training")
@action(Action.ASSESS)
def training_desk() -> ResponseReturnValue:
    """What one may rate on, and where one stands at each gate."""
    return render_template(
        "assessors/training.html",
        skills=skills.skills_of(actor()),
        standing_sentence=skills.standing_sentence,
    )


@blueprint.get("/assessor/training/<key>")
@action(Action.ASSESS)
def skill(key: str) -> ResponseReturnValue:
    """Training on one rubric, its gate, and one's attempts."""
    return render_template(
        "assessors/skill.html",
        page=skills.skill_page(key, actor()),
        standing_sentence=skills.standing_sentence,
        shortfall_sentence=skills.shortfall_sentence,
    )


@blueprint.post("/assessor/training/<key>/next")
@action(Action.ASSESS)
def train(key: str) -> ResponseReturnValue:
    """Take the next exemplar to train on."""
    skills.skill_page(key, actor())
    place = training.next_training(key, actor())
    transactions.commit()
    if place is None:
        flash(_("You have gone through all of the training."), "good")
        return redirect(url_for("assessors.skill", key=key), 303)
    return redirect(url_for("assessors.marking", assignment_id=place.id), 303)


@blueprint.post("/assessor/training/<key>/attempt")
@action(Action.ASSESS)
def attempt(key: str) -> ResponseReturnValue:
    """Begin an attempt at the gate, or go on with it."""
    skills.skill_page(key, actor())
    place = gates.next_of_attempt(key, actor())
    transactions.commit()
    return redirect(url_for("assessors.marking", assignment_id=place.id), 303)


@blueprint.get("/assessor/expected/<assignment_id>")
@action(Action.ASSESS)
def expected(assignment_id: str) -> ResponseReturnValue:
    """What was expected of an exemplar, beside what one marked."""
    page = skills.expected_of(assignment_id, actor())
    return render_template("assessors/expected.html", page=page)
