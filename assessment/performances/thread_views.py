"""The pages on which a learner and an assessor write to each other, without names."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.errors import AssessmentError, Conflict, Invalid, TooMany
from assessment.locale import gettext as _
from assessment.performances import rating, showing, threads
from assessment.performances.appeal_forms import LearnersMessageForm, MessageForm
from assessment.performances.appeal_models import Message
from assessment.performances.blueprint import blueprint

REFUSED = (Invalid, Conflict, TooMany)
"""What is said beside the form, so that nobody loses what they typed."""


@blueprint.app_context_processor
def _threads() -> dict[str, object]:
    """Offer templates the messages on a performance, as each side reads them."""
    return {"thread_of": threads.thread_of, "rater_thread": threads.rater_thread}


@blueprint.get("/performances/<performance_id>/messages")
@action(Action.SHOW_WORK)
def messages(performance_id: str) -> ResponseReturnValue:
    """What assessors and I wrote to each other about this work."""
    return _learners_page(performance_id)


def _learners_page(
    performance_id: str, form: LearnersMessageForm | None = None, problem: str = ""
) -> str:
    own = showing.own_performance(performance_id, actor())
    thread = threads.thread_of(own)
    return render_template(
        "performances/thread.html",
        performance=own,
        thread=thread,
        form=form or LearnersMessageForm(formdata=None).offer(thread.to_answer),
        problem=problem,
    )


@blueprint.post("/performances/<performance_id>/messages")
@action(Action.SHOW_WORK)
def write(performance_id: str) -> ResponseReturnValue:
    """Write to those who rate it."""
    own = showing.own_performance(performance_id, actor())
    form = LearnersMessageForm().offer(threads.thread_of(own).to_answer)
    if not form.validate():
        return _learners_page(performance_id, form), 422
    try:
        written = threads.write_as_learner(performance_id, form.text.data, actor(), form.answered)
    except REFUSED as refusal:
        _refuse(form, refusal)
        return _learners_page(performance_id, form, _otherwise(refusal)), refusal.status
    said = _what_becomes_of(written)
    transactions.commit()
    flash(said, "good")
    return redirect(url_for("performances.messages", performance_id=performance_id), 303)


def _what_becomes_of(written: Message) -> str:
    """Return who reads a learner's message, and whether a mail tells them of it."""
    if threads.is_told(written):
        return _("Sent. Whoever it is for is told by mail, at most once a day.")
    if written.answers is None:
        return _("Kept. Nobody has this work at the moment: whoever takes it next reads it.")
    return _(
        "Kept. Whoever asked does not have this work any more. Write to all who look at it if the"
        " next one should read it."
    )


def _refuse(form: MessageForm, refusal: AssessmentError) -> None:
    """Take back what was begun, and say at the field what is wrong with it."""
    transactions.rollback()
    if isinstance(refusal, Invalid):
        form.refuse(refusal, "text")


def _otherwise(refusal: AssessmentError) -> str:
    """Return the sentence of a refusal that is of no field."""
    return "" if isinstance(refusal, Invalid) else refusal.sentence


@blueprint.get("/assessor/<assignment_id>/messages")
@action(Action.ASSESS)
def asking(assignment_id: str) -> ResponseReturnValue:
    """What the learner and I wrote to each other about work that I rate."""
    return _assessors_page(assignment_id, MessageForm(formdata=None))


def _assessors_page(assignment_id: str, form: MessageForm, problem: str = "") -> str:
    own = rating.own_rating(assignment_id, actor())
    return render_template(
        "performances/asking.html",
        assignment=own.assignment,
        thread=threads.rater_thread(own),
        form=form,
        problem=problem,
    )


@blueprint.post("/assessor/<assignment_id>/messages")
@action(Action.ASSESS)
def ask(assignment_id: str) -> ResponseReturnValue:
    """Ask the learner what is missing."""
    form = MessageForm()
    try:
        threads.write_as_assessor(assignment_id, form.text.data or "", actor())
    except REFUSED as refusal:
        _refuse(form, refusal)
        return _assessors_page(assignment_id, form, _otherwise(refusal)), refusal.status
    transactions.commit()
    flash(
        _("Kept. Where it is sent, the learner gets a mail that says so, and not who you are."),
        "good",
    )
    return redirect(url_for("performances.asking", assignment_id=assignment_id), 303)
