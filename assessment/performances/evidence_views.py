"""A learner's evidence: written, sent or chosen, said what it shows, and taken out again."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.artefacts import service as artefacts
from assessment.artefacts.forms import FileForm
from assessment.errors import AssessmentError, Conflict, Invalid
from assessment.locale import gettext as _
from assessment.performances import service
from assessment.performances.blueprint import blueprint
from assessment.performances.forms import TakeOutForm, TextForm, read_ticks


def _to(performance_id: str) -> ResponseReturnValue:
    address = url_for("performances.performance", performance_id=performance_id)
    return redirect(f"{address}#evidence", 303)


def _refused(refusal: AssessmentError, field: Any = None) -> dict[str, str]:
    """Return what is wrong by criterion, "" for all of them; the rest is said at the field."""
    faults: dict[str, str] = refusal.details.get("faults", {})
    if faults:
        return faults
    if refusal.details.get("field") == "criteria" or field is None:
        return {"": refusal.sentence}
    field.errors = [*field.errors, refusal.sentence]
    return {}


def _page(template: str, performance_id: str, **given: Any) -> str:
    own = service.own_performance(performance_id, actor())
    return render_template(template, page=service.performance_page(own), **given)


@blueprint.get("/performances/<performance_id>/texts")
@action(Action.SHOW_WORK)
def text(performance_id: str) -> ResponseReturnValue:
    """Write a text, and say what it shows."""
    if not service.is_editable(service.own_performance(performance_id, actor())):
        return _to(performance_id)
    ticks = service.Ticks(tuple(request.args.getlist("criterion")), {})
    return _text_page(performance_id, TextForm(formdata=None), ticks)


def _text_page(
    performance_id: str,
    form: TextForm,
    ticks: service.Ticks,
    faults: dict[str, str] | None = None,
) -> str:
    template = "performances/text.html"
    return _page(template, performance_id, form=form, ticks=ticks, faults=faults or {})


@blueprint.post("/performances/<performance_id>/texts")
@action(Action.SHOW_WORK)
def add_text(performance_id: str) -> ResponseReturnValue:
    """Add a text; whatever is wrong with it, what was typed stays on the page."""
    form, ticks = TextForm(), read_ticks(request.form)
    if not form.validate():
        return _text_page(performance_id, form, ticks), 422
    try:
        service.add_text(performance_id, form.text.data, ticks, actor())
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        faults = _refused(refusal, form.text)
        return _text_page(performance_id, form, ticks, faults), refusal.status
    transactions.commit()
    flash(_("Added. Nobody sees it before you hand it in."), "good")
    return _to(performance_id)


@blueprint.get("/performances/<performance_id>/files")
@action(Action.SHOW_WORK)
def files(performance_id: str) -> ResponseReturnValue:
    """Send a file, or choose one that I keep already."""
    if not service.is_editable(service.own_performance(performance_id, actor())):
        return _to(performance_id)
    return _files_page(performance_id, FileForm(formdata=None))


def _files_page(performance_id: str, form: FileForm) -> str:
    own = service.own_performance(performance_id, actor())
    template = "performances/files.html"
    return _page(template, performance_id, form=form, choosable=service.choosable(own))


@blueprint.post("/performances/<performance_id>/files")
@action(Action.SHOW_WORK)
@transactions.begins_late
def add_file(performance_id: str) -> ResponseReturnValue:
    """Keep a file that came with the form, or has just arrived; ask next what it shows.

    It is never lost for what is said of it.
    """
    form, ticks = FileForm(), read_ticks(request.form)
    try:
        artefact_id = _arrived(performance_id, form)
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        form.refuse(refusal, "file")
        return _files_page(performance_id, form), refusal.status
    if ticks.ticked or ticks.unticked:
        transactions.begin_writing()
        return _described(performance_id, artefact_id, ticks)
    address = url_for(".criteria", performance_id=performance_id, artefact_id=artefact_id)
    return redirect(address, 303)


def _arrived(performance_id: str, form: FileForm) -> str:
    """Return the id of an artefact: one that arrived in pieces, or one made of the form's file."""
    own = service.own_performance(performance_id, actor())
    if form.validate() and form.artefact.data:
        return service.own_artefact(own, form.artefact.data).id
    learner_id, sent = own.learner_id, request.files.get("file")
    data, name = (sent.read(), sent.filename or "") if sent else (b"", "")
    transactions.rollback()  # nobody waits while it is looked at
    arrived = artefacts.small_file(data, name)
    transactions.begin_writing()
    kept = artefacts.keep(learner_id, arrived, actor()).id
    transactions.commit()
    return kept


@blueprint.get("/performances/<performance_id>/artefacts/<artefact_id>/criteria")
@action(Action.SHOW_WORK)
def criteria(performance_id: str, artefact_id: str) -> ResponseReturnValue:
    """Say what something of mine shows, and where to look."""
    own = service.own_performance(performance_id, actor())
    if not service.is_editable(own):
        return _to(performance_id)
    return _criteria_page(performance_id, artefact_id, service.ticks_now(own, artefact_id))


def _criteria_page(
    performance_id: str,
    artefact_id: str,
    ticks: service.Ticks,
    faults: dict[str, str] | None = None,
) -> str:
    own = service.own_performance(performance_id, actor())
    return _page(
        "performances/criteria.html",
        performance_id,
        artefact=service.own_artefact(own, artefact_id),
        is_attached=any(each.artefact_id == artefact_id for each in own.shown),
        ticks=ticks,
        faults=faults or {},
    )


@blueprint.post("/performances/<performance_id>/artefacts/<artefact_id>/criteria")
@action(Action.SHOW_WORK)
def describe(performance_id: str, artefact_id: str) -> ResponseReturnValue:
    """Attach something of mine, or change what it is said to show."""
    return _described(performance_id, artefact_id, read_ticks(request.form))


def _described(performance_id: str, artefact_id: str, ticks: service.Ticks) -> ResponseReturnValue:
    try:
        service.attach_own(performance_id, artefact_id, ticks, actor())
    except (Invalid, Conflict) as refusal:
        transactions.rollback()
        page = _criteria_page(performance_id, artefact_id, ticks, _refused(refusal))
        return page, refusal.status
    transactions.commit()
    flash(_("Kept. Nobody sees it before you hand it in."), "good")
    return _to(performance_id)


@blueprint.get("/performances/<performance_id>/artefacts/<artefact_id>/remove")
@action(Action.SHOW_WORK)
def ask_remove(performance_id: str, artefact_id: str) -> ResponseReturnValue:
    """Be asked what becomes of something that is taken out."""
    own = service.own_performance(performance_id, actor())
    piece = service.attachment_of(own, artefact_id)
    if not service.is_editable(own) or piece not in own.shown:
        return _to(performance_id)
    form = TakeOutForm(formdata=None)
    return _page("performances/remove.html", performance_id, piece=piece, form=form)


@blueprint.post("/performances/<performance_id>/artefacts/<artefact_id>/remove")
@action(Action.SHOW_WORK)
def remove(performance_id: str, artefact_id: str) -> ResponseReturnValue:
    """Take something out: of what was handed in before, it stays in that version."""
    is_kept = TakeOutForm().becomes.data != "deleted"
    service.take_out(performance_id, artefact_id, actor(), keep=is_kept)
    transactions.commit()
    flash(_("Taken out."), "good")
    return _to(performance_id)


@blueprint.post("/performances/<performance_id>/artefacts/<artefact_id>/back")
@action(Action.SHOW_WORK)
def put_back(performance_id: str, artefact_id: str) -> ResponseReturnValue:
    """Put back what was taken out after it was handed in."""
    service.put_back(performance_id, artefact_id, actor())
    transactions.commit()
    flash(_("Put back."), "good")
    return _to(performance_id)


@blueprint.get("/performances/<performance_id>/artefacts/<artefact_id>")
@action(Action.SHOW_WORK)
def artefact(performance_id: str, artefact_id: str) -> Response:
    """A file of mine, as I sent it."""
    own = service.own_performance(performance_id, actor())
    piece = service.attachment_of(own, artefact_id)
    return artefacts.original(piece.artefact, f"evidence-{piece.position}")
