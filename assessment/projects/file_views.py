"""Files in a delivery: sent or chosen by the learner, and seen behind the employer's link."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.artefacts import service as artefacts
from assessment.artefacts.forms import FileForm
from assessment.artefacts.models import Artefact
from assessment.errors import Conflict, Invalid
from assessment.locale import gettext as _
from assessment.projects import service
from assessment.projects.blueprint import blueprint
from assessment.projects.models import Participation


def _to_files(project_id: str) -> ResponseReturnValue:
    return redirect(url_for("projects.files", project_id=project_id), 303)


@blueprint.get("/projects/<project_id>/files")
@action(Action.SHOW_WORK)
def files(project_id: str) -> ResponseReturnValue:
    """The files that I deliver; more are sent or chosen until it is handed in."""
    if service.own_part(project_id, actor()).part.delivered_at is not None:
        return redirect(url_for("projects.mine", project_id=project_id), 303)
    return _files(project_id, FileForm(formdata=None))


def _files(project_id: str, form: FileForm) -> str:
    joined = service.own_part(project_id, actor())
    return render_template(
        "projects/files.html",
        project=joined.project,
        files=service.files_of(joined.part),
        choosable=service.choosable(joined.part),
        form=form,
    )


@blueprint.post("/projects/<project_id>/files")
@action(Action.SHOW_WORK)
@transactions.begins_late
def add_file(project_id: str) -> ResponseReturnValue:
    """Add a file that came with the form, has just arrived, or was kept before."""
    form = FileForm()
    try:
        artefact_id = _arrived(project_id, form)
        transactions.begin_writing()
        service.add_file(project_id, artefact_id, actor())
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        form.refuse(refusal, "file")
        return _files(project_id, form), refusal.status
    transactions.commit()
    flash(_("Added. The employer does not see it before you deliver."), "good")
    return _to_files(project_id)


def _arrived(project_id: str, form: FileForm) -> str:
    """Return the id of a file of mine: one that is kept already, or one made of the form's."""
    learner_id = service.own_part(project_id, actor()).part.learner_id
    if form.validate() and form.artefact.data:
        found = artefacts.own(learner_id, form.artefact.data).id
        transactions.rollback()
        return found
    sent = request.files.get("file")
    data, name = (sent.read(), sent.filename or "") if sent else (b"", "")
    transactions.rollback()  # nobody waits while it is looked at
    arrived = artefacts.small_file(data, name)
    transactions.begin_writing()
    kept = artefacts.keep(learner_id, arrived, actor()).id
    transactions.commit()
    return kept


@blueprint.post("/projects/<project_id>/files/<artefact_id>/remove")
@action(Action.SHOW_WORK)
def take_out(project_id: str, artefact_id: str) -> ResponseReturnValue:
    """Take a file out; it stays among my own."""
    service.take_out(project_id, artefact_id, actor())
    transactions.commit()
    flash(_("Taken out. It is still among your files."), "good")
    return _to_files(project_id)


def seen_by_employer(token: str, part: Participation) -> list[dict[str, Any]]:
    """Return what an employer sees of each file: how it is shown, and where its parts are."""
    return [_seen(each, "", token=token, part_id=part.id) for each in service.files_of(part)]


def _seen(artefact: Artefact, prefix: str, **place: Any) -> dict[str, Any]:
    shown = artefacts.shown(artefact)
    where, numbers = {**place, "artefact_id": artefact.id}, range(1, shown.pages + 1)
    return {
        "shown": shown,
        "picture": url_for(f"projects.{prefix}picture", **where),
        "video": url_for(f"projects.{prefix}film", **where),
        "pages": [url_for(f"projects.{prefix}sheet", number=each, **where) for each in numbers],
    }


def mates_seen_by_employer(token: str, part: Participation) -> list[dict[str, Any]]:
    """Return what an employer sees of the others of a team: who, their part, and the files."""
    return [_mate(each, seen_by_employer(token, each)) for each in service.mates_delivered(part)]


def mates_seen_by_team(part: Participation) -> list[dict[str, Any]]:
    """Return what a learner sees of the others of their team: who, their part, and the files."""
    return [_mate(each, _seen_by_team(each)) for each in service.mates_delivered(part)]


def _mate(part: Participation, seen: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": service.learner_name(part), "part": part, "files": seen}


def _seen_by_team(part: Participation) -> list[dict[str, Any]]:
    place = {"project_id": part.project_id, "part_id": part.id}
    return [_seen(each, "team_", **place) for each in service.files_of(part)]


@blueprint.get("/projects/<project_id>/team/<part_id>/pictures/<artefact_id>")
@action(Action.SHOW_WORK)
def team_picture(project_id: str, part_id: str, artefact_id: str) -> Response:
    """A picture that somebody of my team delivered, drawn anew."""
    return artefacts.picture(service.team_file(project_id, part_id, artefact_id, actor()))


@blueprint.get("/projects/<project_id>/team/<part_id>/sheets/<artefact_id>/<int:number>")
@action(Action.SHOW_WORK)
def team_sheet(project_id: str, part_id: str, artefact_id: str, number: int) -> Response:
    """A page of a document that somebody of my team delivered, drawn by us."""
    return artefacts.page(service.team_file(project_id, part_id, artefact_id, actor()), number)


@blueprint.get("/projects/<project_id>/team/<part_id>/films/<artefact_id>")
@action(Action.SHOW_WORK)
def team_film(project_id: str, part_id: str, artefact_id: str) -> Response:
    """A film that somebody of my team delivered, or the part of it that the player asks for."""
    return artefacts.video(service.team_file(project_id, part_id, artefact_id, actor()))


@blueprint.get("/briefs/<token>/<part_id>/pictures/<artefact_id>")
@action(Action.USE_LINK)
def picture(token: str, part_id: str, artefact_id: str) -> Response:
    """A picture of a delivery, drawn anew without what a camera wrote beside it."""
    return artefacts.picture(service.delivered_file(token, part_id, artefact_id))


@blueprint.get("/briefs/<token>/<part_id>/sheets/<artefact_id>/<int:number>")
@action(Action.USE_LINK)
def sheet(token: str, part_id: str, artefact_id: str, number: int) -> Response:
    """A page of a document of a delivery, drawn by us."""
    return artefacts.page(service.delivered_file(token, part_id, artefact_id), number)


@blueprint.get("/briefs/<token>/<part_id>/films/<artefact_id>")
@action(Action.USE_LINK)
def film(token: str, part_id: str, artefact_id: str) -> Response:
    """A film of a delivery, or the part of it that the player asks for."""
    return artefacts.video(service.delivered_file(token, part_id, artefact_id))
