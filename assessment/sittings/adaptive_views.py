"""The pages of an adaptive sitting: the question it is at, what was refused, and stopping early."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from assessment.access import Action, action, actor
from assessment.errors import Conflict, Invalid
from assessment.locale import LANGUAGE_KEY
from assessment.locale import gettext as _
from assessment.sittings import adaptive, player, service
from assessment.sittings.blueprint import blueprint
from assessment.sittings.forms import read_given, read_language
from assessment.sittings.models import Sitting
from assessment.sittings.player import QuestionPage

DRAFT_KEY = "draft"
LONGEST_DRAFT = 500


def home(sitting_id: str) -> ResponseReturnValue:
    """Return the way to where the sitting stands: its question, or its result."""
    return redirect(url_for("sittings.sitting", sitting_id=sitting_id), 303)


def question(found: Sitting, position: int) -> ResponseReturnValue:
    """Return the page of the question that the sitting is at; there is no way to another."""
    if position != found.position:
        return home(found.id)
    adaptive.design_of(found)  # read once a process: here, where nothing that writes waits for it
    return _shown(found, _draft(found))


def _shown(found: Sitting, given: service.Given, wrong: str = "") -> str:
    return render_template(
        "sittings/adaptive_question.html",
        page=_page(found, given),
        may_end_early=found.terms["fewest_questions"] < found.terms["questions"],
        wrong=wrong,
    )


def _page(found: Sitting, given: service.Given) -> QuestionPage:
    """Return the question with what the learner has chosen so far, which is not saved."""
    page = player.question_page(found, found.position)
    chosen = tuple(replace(each, chosen=str(each.place) in given.chosen) for each in page.options)
    return replace(page, options=chosen, text=given.text, answered=found.position - 1)


@blueprint.post("/sittings/<sitting_id>/questions/<int:position>/language")
@action(Action.TAKE_TESTS)
def speak(sitting_id: str, position: int) -> ResponseReturnValue:
    """Show the question in another language; what is chosen stays chosen, and is not answered."""
    found, given = player.own_sitting(sitting_id, actor()), read_given(request)
    session[LANGUAGE_KEY] = read_language(request.form.get("go", "")) or session.get(LANGUAGE_KEY)
    text = given.text[:LONGEST_DRAFT]
    session[DRAFT_KEY] = [found.id, position, list(given.chosen)[:LONGEST_DRAFT], text]
    return home(found.id)


def _draft(found: Sitting) -> service.Given:
    """Return what was chosen when the language was switched, once; nothing for another question."""
    kept = session.pop(DRAFT_KEY, None)
    if not isinstance(kept, list) or kept[:2] != [found.id, found.position]:
        return service.Given()
    return service.Given(chosen=tuple(kept[2]), text=kept[3])


def gone_on(sitting_id: str, saved: service.Saved) -> ResponseReturnValue:
    """Return the way on after an answer: the next question, or the result."""
    if saved.ended is not None:
        tell_of_awards(saved.ended)
    return home(sitting_id)


def tell_of_awards(ended: service.Ended) -> None:
    """Say on the next page that the record has grown, if it has."""
    if ended.awards:
        flash(_("Your record has grown: see what you have shown below."), "success")


def refused(
    found: Sitting, given: service.Given, refusal: Conflict | Invalid
) -> ResponseReturnValue:
    """Return the page that says why the answer was not taken, and what the learner can do."""
    if isinstance(refusal, service.AnswerStands):
        page = render_template("sittings/answer_stands.html", sitting=found, refusal=refusal)
    elif isinstance(refusal, Conflict):
        page = render_template("sittings/ended.html", sitting=found, refusal=refusal)
    else:
        page = _shown(found, given, refusal.sentence)
    return page, refusal.status


def stop(found: Sitting) -> ResponseReturnValue:
    """Return the page that says what stopping now would mean."""
    return render_template("sittings/adaptive_stop.html", page=player.stop_page(found))
