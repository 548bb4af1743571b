"""Showing work: the task, what is shown for it, and what came of it."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import storage, transactions
from assessment.access import Action, action, actor
from assessment.catalogue import service as catalogue
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.locale import gettext as _
from assessment.performances import service
from assessment.performances.blueprint import blueprint
from assessment.performances.downloads import download
from assessment.performances.forms import FileForm, SubmitForm, TextForm, read_anchors
from assessment.performances.models import Task


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    """Offer templates the words for where a performance stands."""
    return {"standing_of": service.standing_of}


def _task(task_key: str) -> Task:
    task = service.current_task(task_key)
    if task is None:
        raise NoSuchRecord("task", task_key)
    return task


@blueprint.get("/achievements/<key>/tasks")
@action(Action.READ_PUBLIC)
def tasks(key: str) -> ResponseReturnValue:
    """The tasks that can show what an achievement asks for."""
    version = catalogue.published_version(key)
    if version is None:
        raise NoSuchRecord("achievement", key)
    found = service.tasks_of(version)
    return render_template("performances/tasks.html", version=version, tasks=found)


@blueprint.get("/tasks/<task_key>")
@action(Action.READ_PUBLIC)
def task(task_key: str) -> ResponseReturnValue:
    """What to know before showing it: the brief, and what is looked for."""
    return render_template("performances/task.html", page=service.task_page(_task(task_key)))


@blueprint.post("/tasks/<task_key>")
@action(Action.SHOW_WORK)
def begin(task_key: str) -> ResponseReturnValue:
    """Begin a performance, or go on with the open one."""
    begun = service.begin(_task(task_key), actor())
    transactions.commit()
    return _to(begun.id)


def _to(performance_id: str) -> ResponseReturnValue:
    return redirect(url_for("performances.performance", performance_id=performance_id), 303)


@blueprint.get("/performances/<performance_id>")
@action(Action.SHOW_WORK)
def performance(performance_id: str) -> ResponseReturnValue:
    """What I show, and where it stands."""
    return _page(performance_id)


def _page(
    performance_id: str,
    *,
    text: TextForm | None = None,
    file: FileForm | None = None,
    submission: SubmitForm | None = None,
) -> str:
    found = service.own_performance(performance_id, actor())
    return render_template(
        "performances/performance.html",
        page=service.performance_page(found),
        text=text or TextForm(formdata=None),
        file=file or FileForm(formdata=None),
        submission=submission or SubmitForm(formdata=None),
        declaration=service.declaration(),
        given=read_anchors(request.form),
    )


@blueprint.post("/performances/<performance_id>/texts")
@action(Action.SHOW_WORK)
def add_text(performance_id: str) -> ResponseReturnValue:
    """Add a text."""
    form = TextForm()
    if not form.validate():
        return _page(performance_id, text=form), 422
    try:
        service.add_text(performance_id, form.text.data, read_anchors(request.form), actor())
    except Invalid as refusal:
        transactions.rollback()
        form.refuse(refusal, "text")
        return _page(performance_id, text=form), 422
    transactions.commit()
    flash(_("Added. Nobody sees it before you hand it in."), "good")
    return _to(performance_id)


@blueprint.post("/performances/<performance_id>/files")
@action(Action.SHOW_WORK)
def add_file(performance_id: str) -> ResponseReturnValue:
    """Add a file, taken for what its bytes are."""
    form, sent = FileForm(), request.files.get("file")
    data, name = (sent.read(), sent.filename or "") if sent else (b"", "")
    try:
        service.add_file(performance_id, data, name, read_anchors(request.form), actor())
    except Invalid as refusal:
        transactions.rollback()
        form.validate()
        form.refuse(refusal, "file")
        return _page(performance_id, file=form), 422
    transactions.commit()
    flash(_("Added. Nobody sees it before you hand it in."), "good")
    return _to(performance_id)


@blueprint.post("/performances/<performance_id>/artefacts/<artefact_id>/remove")
@action(Action.SHOW_WORK)
def remove(performance_id: str, artefact_id: str) -> ResponseReturnValue:
    """Take something out again that was never handed in."""
    key = service.remove(performance_id, artefact_id, actor())
    transactions.commit()
    storage.delete(key)  # only once nothing refers to it any more
    flash(_("Taken out."), "good")
    return _to(performance_id)


@blueprint.get("/performances/<performance_id>/artefacts/<artefact_id>")
@action(Action.SHOW_WORK)
def artefact(performance_id: str, artefact_id: str) -> Response:
    """A file of mine, as I sent it."""
    own = service.own_performance(performance_id, actor())
    piece = service.attachment_of(own, artefact_id)
    return download(piece.artefact, piece.position)


@blueprint.post("/performances/<performance_id>/submit")
@action(Action.SHOW_WORK)
def submit(performance_id: str) -> ResponseReturnValue:
    """Hand it in."""
    form = SubmitForm()
    if not form.validate():
        return _page(performance_id, submission=form), 422
    try:
        service.submit(performance_id, actor())
    except Invalid as refusal:
        transactions.rollback()
        form.refuse(refusal, "declared")
        return _page(performance_id, submission=form), 422
    transactions.commit()
    flash(_("Handed in. You see here what comes of it."), "good")
    return _to(performance_id)


@blueprint.post("/performances/<performance_id>/withdraw")
@action(Action.SHOW_WORK)
def withdraw(performance_id: str) -> ResponseReturnValue:
    """Withdraw it; nobody rates it any more."""
    try:
        service.withdraw(performance_id, actor())
    except Conflict as refusal:
        transactions.rollback()
        flash(refusal.sentence, "warn")
        return _to(performance_id)
    transactions.commit()
    flash(_("Withdrawn. It counts for nothing, and you can begin anew at any time."), "good")
    return _to(performance_id)
