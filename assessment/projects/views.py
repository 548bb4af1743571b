"""Projects as everybody reads them, and as learners join, deliver and say how it was."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.errors import Conflict, Invalid
from assessment.locale import gettext as _
from assessment.observations import devices
from assessment.performances import service as performances
from assessment.projects import (
    desk_views,  # noqa: F401 - registers its views
    employer_views,  # noqa: F401 - registers its views
    file_views,  # noqa: F401 - registers its views
    service,
    team_views,  # noqa: F401 - registers its views
)
from assessment.projects.blueprint import blueprint
from assessment.projects.forms import DeliveryForm, FeedbackForm


@blueprint.get("/projects")
@action(Action.READ_PUBLIC)
def index() -> ResponseReturnValue:
    """The projects that somebody may join, and those that I have joined."""
    return render_template(
        "projects/index.html",
        projects=service.open_projects(),
        joined=service.joined_by(actor()),
    )


@blueprint.get("/projects/<project_id>")
@action(Action.READ_PUBLIC)
def project(project_id: str) -> ResponseReturnValue:
    """One project: what is to be delivered, until when, and which skills are rated."""
    found = service.published(project_id)
    return render_template(
        "projects/project.html",
        project=found,
        task=performances.current_task(found.task_key),
        taken=service.taken(found),
        part=service.part_or_none(project_id, actor()),
        policy_of=performances.policy_of,
    )


@blueprint.post("/projects/<project_id>")
@action(Action.SHOW_WORK)
def join(project_id: str) -> ResponseReturnValue:
    """Take a place in a project."""
    try:
        service.join(project_id, actor())
    except Conflict as refusal:
        transactions.rollback()
        flash(refusal.sentence, "warn")
        return redirect(url_for("projects.project", project_id=project_id), 303)
    transactions.commit()
    return devices.mark(make_response(_to_mine(project_id)), actor().learner_id or "")


def _to_mine(project_id: str) -> ResponseReturnValue:
    return redirect(url_for("projects.mine", project_id=project_id), 303)


@blueprint.get("/projects/<project_id>/mine")
@action(Action.SHOW_WORK)
def mine(project_id: str) -> ResponseReturnValue:
    """My part in a project: what I deliver, and what both sides say."""
    part = service.own_part(project_id, actor()).part
    form = DeliveryForm(formdata=None, text=part.delivery, own=part.own_share)
    return _mine(project_id, form, FeedbackForm(formdata=None))


def _mine(project_id: str, delivery: DeliveryForm, feedback: FeedbackForm) -> str:
    joined = service.own_part(project_id, actor())
    performance = service.performance_of(joined.part)
    said = service.said_of(joined.part) if joined.part.opened_at else None
    return render_template(
        "projects/mine.html",
        project=joined.project,
        part=joined.part,
        files=service.files_of(joined.part),
        takes_files=service.takes_files(joined.part),
        mark=service.mark_of(joined.part),
        team=service.team_of(joined.part),
        performance=performance,
        left_out=service.number_left_out(joined.part),
        said=said,
        rubric=performances.rubric_of(performance.task.rubric),
        delivery=delivery,
        feedback=feedback,
    )


def _typed(form: DeliveryForm) -> service.Typed:
    given = (form.text.data, form.own.data, form.seen.data)
    return service.Typed.of(*(each or "" for each in given))


@blueprint.post("/projects/<project_id>/delivery")
@action(Action.SHOW_WORK)
def deliver(project_id: str) -> ResponseReturnValue:
    """Deliver; the form again, with what was typed, where it cannot be taken."""
    form = DeliveryForm()
    try:
        if form.validate():
            service.deliver(project_id, _typed(form), actor())
            transactions.commit()
            flash(_("Delivered. The employer has a mail."), "good")
            return _to_mine(project_id)
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        form.refuse(refusal, "text")
    return _mine(project_id, form, FeedbackForm(formdata=None)), 422


@blueprint.post("/projects/<project_id>/draft")
@action(Action.SHOW_WORK)
def draft(project_id: str) -> ResponseReturnValue:
    """Keep what I have typed, and go on to the files; the form again where it is too long."""
    form = DeliveryForm()
    try:
        service.draft(project_id, _typed(form), actor())
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        form.refuse(refusal, "text")
        return _mine(project_id, form, FeedbackForm(formdata=None)), 422
    transactions.commit()
    return redirect(url_for("projects.files", project_id=project_id), 303)


@blueprint.post("/projects/<project_id>/feedback")
@action(Action.SHOW_WORK)
def say(project_id: str) -> ResponseReturnValue:
    """Say how it was with the employer; the form again where it cannot be taken."""
    form = FeedbackForm()
    try:
        if form.validate():
            service.say_of_employer(project_id, form.text.data, actor())
            transactions.commit()
            flash(_("Kept. It cannot be changed any more."), "good")
            return _to_mine(project_id)
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        form.refuse(refusal, "text")
    return _mine(project_id, DeliveryForm(formdata=None), form), 422


@blueprint.post("/projects/<project_id>/leave")
@action(Action.SHOW_WORK)
def leave(project_id: str) -> ResponseReturnValue:
    """Give my place back."""
    service.leave(project_id, actor())
    transactions.commit()
    flash(_("You have left the project. Your own evidence is still yours."), "good")
    return redirect(url_for("projects.project", project_id=project_id), 303)
