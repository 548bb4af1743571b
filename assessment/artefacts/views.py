"""The place where a learner keeps files: to be attached to work, and seen by nobody before."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.artefacts import (
    service,
    upload_views,  # noqa: F401 - registers its views
)
from assessment.artefacts.blueprint import blueprint
from assessment.artefacts.forms import FileForm
from assessment.artefacts.models import Artefact
from assessment.errors import Conflict, Invalid
from assessment.locale import gettext as _

__all__ = ["blueprint"]


@blueprint.app_context_processor
def _offered() -> dict[str, object]:
    """Offer templates what there is to see of a file."""
    return {"shown_of": service.shown}


blueprint.add_app_template_filter(service.shown, "shown_of")
blueprint.add_app_template_global(service.told, "upload_sizes")


@blueprint.get("/me/artefacts")
@action(Action.SHOW_WORK)
def parking() -> ResponseReturnValue:
    """My files that are part of no work yet."""
    return _page(FileForm(formdata=None))


def _page(form: FileForm) -> str:
    learner_id = actor().learner_id or ""
    return render_template(
        "artefacts/parking.html",
        form=form,
        files=service.parked(learner_id),
        coming=service.open_uploads(learner_id),
        room=service.room(learner_id),
        most=service.quotas().learner_bytes,
    )


@blueprint.post("/me/artefacts")
@action(Action.SHOW_WORK)
@transactions.begins_late
def park() -> ResponseReturnValue:
    """Keep a file that came with the form, or one that has just arrived in pieces."""
    form, sent = FileForm(), request.files.get("file")
    if form.validate() and form.artefact.data:
        service.own(actor().learner_id or "", form.artefact.data)
        return _parked()
    data, name = (sent.read(), sent.filename or "") if sent else (b"", "")
    transactions.rollback()
    try:
        _keep(service.small_file(data, name))
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        form.refuse(refusal, "file")
        return _page(form), 422
    return _parked()


def _keep(arrived: service.Arrived) -> None:
    transactions.begin_writing()
    service.keep(actor().learner_id or "", arrived, actor())
    transactions.commit()


def _parked() -> ResponseReturnValue:
    flash(_("Your file has arrived. Nobody sees it before you attach it and hand it in."), "good")
    return redirect(url_for("artefacts.parking"), 303)


def _own(artefact_id: str) -> Artefact:
    return service.own(actor().learner_id or "", artefact_id)


@blueprint.get("/me/artefacts/<artefact_id>")
@action(Action.SHOW_WORK)
def artefact(artefact_id: str) -> Response:
    """A file of mine, as I sent it."""
    return service.original(_own(artefact_id), "my-file")


@blueprint.get("/me/artefacts/<artefact_id>/seen")
@action(Action.SHOW_WORK)
def seen(artefact_id: str) -> ResponseReturnValue:
    """A file of mine, as those who rate see it."""
    found = _own(artefact_id)
    shown = service.shown(found)
    return render_template(
        "artefacts/seen.html",
        shown=shown,
        addresses=_addresses(found, shown.pages),
        text=service.text(found) if shown.kind is service.ShownAs.TEXT else None,
    )


def _addresses(artefact: Artefact, pages: int) -> dict[str, object]:
    """Return where the parts of a file of mine are shown."""
    numbers = range(1, pages + 1)
    return {
        "picture": url_for("artefacts.picture", artefact_id=artefact.id),
        "video": url_for("artefacts.video", artefact_id=artefact.id),
        "pages": [
            url_for("artefacts.page", artefact_id=artefact.id, number=each) for each in numbers
        ],
    }


@blueprint.get("/me/artefacts/<artefact_id>/picture")
@action(Action.SHOW_WORK)
def picture(artefact_id: str) -> Response:
    """A picture of mine, as those who rate see it."""
    return service.picture(_own(artefact_id))


@blueprint.get("/me/artefacts/<artefact_id>/pages/<int:number>")
@action(Action.SHOW_WORK)
def page(artefact_id: str, number: int) -> Response:
    """A page of mine, as those who rate see it."""
    return service.page(_own(artefact_id), number)


@blueprint.get("/me/artefacts/<artefact_id>/video")
@action(Action.SHOW_WORK)
def video(artefact_id: str) -> Response:
    """A video of mine, as those who rate see it."""
    return service.video(_own(artefact_id))


@blueprint.post("/me/artefacts/<artefact_id>/remove")
@action(Action.SHOW_WORK)
def remove(artefact_id: str) -> ResponseReturnValue:
    """Remove a file that is part of no work."""
    try:
        service.remove_parked(actor().learner_id or "", artefact_id, actor())
    except Conflict as refusal:
        transactions.rollback()
        flash(refusal.sentence, "warn")
    else:
        transactions.commit()
        flash(_("Removed. Its room is free again."), "good")
    return redirect(url_for("artefacts.parking"), 303)
