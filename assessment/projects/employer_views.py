"""The pages behind an employer's link: writing the brief, and saying what was seen."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh
from flask_login import current_user

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.errors import Conflict, Invalid
from assessment.ids import new_id
from assessment.locale import LANGUAGE_KEY
from assessment.locale import gettext as _
from assessment.observations import devices, forms
from assessment.observations import service as observations
from assessment.performances import service as performances
from assessment.projects import service
from assessment.projects.blueprint import blueprint
from assessment.projects.file_views import mates_seen_by_employer, seen_by_employer
from assessment.projects.forms import BOTH, BriefForm
from assessment.projects.models import Project, ProjectState


def _speak(project: Project) -> None:
    """Let the pages speak the language of the link, unless another was chosen."""
    if LANGUAGE_KEY not in session and not current_user.is_authenticated:
        session[LANGUAGE_KEY] = project.language
        refresh()


@blueprint.get("/briefs/<token>")
@action(Action.USE_LINK)
def brief(token: str) -> ResponseReturnValue:
    """The brief to write; once it is published, what was delivered."""
    project = service.by_link(token)
    _speak(project)
    form = BriefForm(formdata=None, languages=BOTH)
    if project.due_at is not None:
        form.title.data, form.text.data = project.title, project.brief
        form.seats.data, form.languages.data = project.seats, " ".join(project.languages)
    return _brief(token, form)


def _brief(token: str, form: BriefForm) -> str:
    project = service.by_link(token)
    return render_template(
        "projects/brief.html",
        project=project,
        task=performances.current_task(project.task_key),
        parts=service.parts_of(project),
        learner_name=service.learner_name,
        team_of=service.team_of,
        token=token,
        form=form,
        may_write=project.state == ProjectState.INVITED,
        policy_of=performances.policy_of,
    )


@blueprint.post("/briefs/<token>")
@action(Action.USE_LINK)
def propose(token: str) -> ResponseReturnValue:
    """Send the brief to the institution; the form again where it cannot be taken."""
    form = BriefForm()
    try:
        if form.validate():
            service.propose(token, _written(form), devices.network_address())
            transactions.commit()
            flash(_("Sent. The institution reads it before learners see it."), "good")
            return redirect(url_for("projects.brief", token=token), 303)
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        form.refuse(refusal, "title")
    return _brief(token, form), 422


def _written(form: BriefForm) -> service.Brief:
    return service.Brief(
        title=form.title.data,
        text=form.text.data,
        due=form.due.data,
        seats=form.seats.data,
        languages=tuple(form.languages.data.split()),
    )


@blueprint.get("/briefs/<token>/<part_id>")
@action(Action.USE_LINK)
def rate(token: str, part_id: str) -> ResponseReturnValue:
    """What one learner delivered, and the form to say what was seen of each skill."""
    project = service.part_by_link(token, part_id).project
    _speak(project)
    fresh = observations.Seen(name=project.name or "", employer=project.employer, once=new_id())
    return _rate(token, part_id, service.Said(fresh, ""), {})


def _rate(token: str, part_id: str, said: service.Said, faults: dict[str, str]) -> str:
    held = service.part_by_link(token, part_id)
    task = service.performance_of(held.part).task
    return render_template(
        "projects/rate.html",
        project=held.project,
        part=held.part,
        files=seen_by_employer(token, held.part),
        size=len(service.team_of(held.part)),
        mates=mates_seen_by_employer(token, held.part),
        name=service.learner_name(held.part),
        criteria=performances.policy_of(task).observable,
        rubric=performances.rubric_of(task.rubric),
        needs_telephone=observations.is_public(held.project.email or ""),
        token=token,
        said=said,
        faults=faults,
        NOT_OBSERVED=forms.NOT_OBSERVED,
    )


@blueprint.post("/briefs/<token>/<part_id>")
@action(Action.USE_LINK)
def send(token: str, part_id: str) -> ResponseReturnValue:
    """Keep what was seen, once; the form again, with all that was typed, where it is wrong."""
    feedback = request.form.get("feedback", "").replace("\r\n", "\n")
    said = service.Said(forms.read_seen(request.form), feedback)
    learner_id = service.part_by_link(token, part_id).part.learner_id
    is_own = devices.is_of(learner_id, actor().learner_id)
    try:
        service.say_of_learner(token, part_id, said, is_own, devices.network_address())
    except observations.Unusable as refusal:
        transactions.rollback()
        return _rate(token, part_id, said, refusal.faults), 422
    except Conflict as refusal:
        transactions.rollback()
        return _rate(token, part_id, said, {"marks": refusal.sentence}), 422
    transactions.commit()
    flash(_("Kept. It is sealed until the learner has said something too, or for 14 days."), "good")
    return redirect(url_for("projects.brief", token=token), 303)
