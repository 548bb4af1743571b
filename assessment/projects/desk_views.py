"""Projects at the desk of an institution: inviting employers, reading briefs, publishing them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.errors import Conflict, Invalid
from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.observations import service as observations
from assessment.performances import service as performances
from assessment.projects import service
from assessment.projects.blueprint import blueprint
from assessment.projects.forms import InviteForm, ReturnForm


@blueprint.get("/registrar/projects")
@action(Action.MANAGE_CATALOGUE)
def desk() -> ResponseReturnValue:
    """The projects of my institutions, and the form that invites an employer."""
    return _desk(InviteForm(formdata=None, language=language()))


def _desk(form: InviteForm) -> str:
    tasks = service.tasks_for_projects(actor())
    form.offer([(each.key, wording(each.title, language())) for each in tasks])
    return render_template(
        "projects/desk.html", projects=service.kept_by(actor()), tasks=tasks, form=form
    )


@blueprint.post("/registrar/projects")
@action(Action.MANAGE_CATALOGUE)
def invite() -> ResponseReturnValue:
    """Mail an employer's contact a link to write a brief."""
    form = InviteForm()
    try:
        if form.validate():
            service.invite(_named(form), form.task.data or "", actor())
            transactions.commit()
            flash(_("Invited. They get a mail with a link, and need no account."), "good")
            return redirect(url_for("projects.desk"), 303)
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        form.refuse(refusal, "email")
    return _desk(form), 422


def _named(form: InviteForm) -> observations.Named:
    return observations.Named(
        name=form.name.data,
        email=form.email.data,
        employer=form.employer.data,
        language=form.language.data,
    )


@blueprint.get("/registrar/projects/<project_id>")
@action(Action.MANAGE_CATALOGUE)
def read(project_id: str) -> ResponseReturnValue:
    """One project as the institution reads it, with what can be decided."""
    return _read(project_id, ReturnForm(formdata=None))


def _read(project_id: str, form: ReturnForm) -> str:
    found = service.kept(project_id, actor())
    return render_template(
        "projects/read.html",
        project=found,
        task=performances.current_task(found.task_key),
        parts=service.parts_of(found),
        form=form,
    )


@blueprint.post("/registrar/projects/<project_id>")
@action(Action.MANAGE_CATALOGUE)
def decide(project_id: str) -> ResponseReturnValue:
    """Publish a project, give its brief back, or close it."""
    form = ReturnForm()
    answer = request.form.get("answer", "")
    try:
        if answer == "publish":
            service.publish(project_id, actor())
        elif answer == "close":
            service.close(project_id, actor())
        else:
            service.give_back(project_id, form.because.data or "", actor())
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        form.refuse(refusal, "because")
        return _read(project_id, form), 422
    transactions.commit()
    return redirect(url_for("projects.read", project_id=project_id), 303)
