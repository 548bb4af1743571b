"""A team in a project: inviting mates, joining by a link, leaving, and what mates delivered."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.errors import Conflict, Invalid
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.observations import devices
from assessment.projects import service
from assessment.projects.blueprint import blueprint
from assessment.projects.file_views import mates_seen_by_team
from assessment.projects.forms import MateForm


@blueprint.get("/projects/<project_id>/team")
@action(Action.SHOW_WORK)
def team(project_id: str) -> ResponseReturnValue:
    """My team in a project: who is in it, whom I invited, and what the others delivered."""
    return _team(project_id, MateForm(formdata=None, language=language()))


def _team(project_id: str, form: MateForm) -> str:
    joined = service.own_part(project_id, actor())
    members = service.team_of(joined.part)
    return render_template(
        "projects/team.html",
        project=joined.project,
        part=joined.part,
        members=members,
        is_open=all(each.delivered_at is None for each in members),
        has_room=service.taken(joined.project) < joined.project.seats,
        invitations=service.invitations_of(joined.part),
        mates=mates_seen_by_team(joined.part),
        learner_name=service.learner_name,
        form=form,
    )


@blueprint.post("/projects/<project_id>/team")
@action(Action.SHOW_WORK)
def invite_mate(project_id: str) -> ResponseReturnValue:
    """Mail somebody a link to my team; the form again where that cannot be."""
    form = MateForm()
    try:
        if form.validate():
            service.invite_mate(project_id, form.email.data, form.language.data, actor())
            transactions.commit()
            flash(_("Invited. They get a mail with a link."), "good")
            return _to_team(project_id)
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        form.refuse(refusal, "email")
    return _team(project_id, form), 422


def _to_team(project_id: str) -> ResponseReturnValue:
    return redirect(url_for("projects.team", project_id=project_id), 303)


@blueprint.post("/projects/<project_id>/team/<invitation_id>/take-back")
@action(Action.SHOW_WORK)
def take_back(project_id: str, invitation_id: str) -> ResponseReturnValue:
    """Take an invitation of mine back."""
    service.take_back(project_id, invitation_id, actor())
    transactions.commit()
    flash(_("Taken back. The link in the mail leads nowhere now."), "good")
    return _to_team(project_id)


@blueprint.post("/projects/<project_id>/team/leave")
@action(Action.SHOW_WORK)
def leave_team(project_id: str) -> ResponseReturnValue:
    """Go on alone; my place in the project stays mine."""
    service.leave_team(project_id, actor())
    transactions.commit()
    flash(_("You have left the team. Your place in the project is still yours."), "good")
    return _to_team(project_id)


@blueprint.get("/teams/<token>")
@action(Action.USE_LINK)
def team_link(token: str) -> ResponseReturnValue:
    """What a link of an invitation to a team leads to; looking at it uses nothing up."""
    found = service.require_open(service.invited(token))
    return render_template(
        "projects/team_link.html",
        project=found.project,
        name=service.learner_name(found.inviter),
        this_page=request.path,
    )


@blueprint.post("/teams/<token>")
@action(Action.USE_LINK)
def join_team(token: str) -> ResponseReturnValue:
    """Join the project in the team of whoever invited me."""
    try:
        project_id = service.accept(token, actor(), devices.network_address()).id
    except Conflict as refusal:
        transactions.rollback()
        flash(refusal.sentence, "warn")
        return redirect(url_for("projects.team_link", token=token), 303)
    transactions.commit()
    return devices.mark(make_response(_to_team(project_id)), actor().learner_id or "")
