"""Sending a file in pieces: for scripts and programs, as JSON."""

from __future__ import annotations

from flask import abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.artefacts import receiving, service
from assessment.artefacts.blueprint import blueprint
from assessment.artefacts.forms import AnnouncementForm, WholeForm
from assessment.artefacts.models import Artefact, Upload
from assessment.errors import Invalid
from assessment.intake import takes_at_most
from assessment.locale import gettext as _

MOST_SAID = 16_000
"""Bytes of a form that says something of a file, and holds none of it."""


def _standing(upload: Upload) -> dict[str, object]:
    return {
        "id": upload.id,
        "size": upload.size,
        "received": upload.received,
        "piece_bytes": service.PIECE_BYTES,
        "artefact": upload.artefact_id,
    }


def _receipt(artefact: Artefact) -> dict[str, object]:
    return {
        "artefact": artefact.id,
        "sha256": artefact.sha256,
        "size": artefact.size,
        "added_at": artefact.added_at.isoformat(),
    }


@blueprint.post("/uploads")
@action(Action.SHOW_WORK)
@takes_at_most(MOST_SAID)
def begin() -> ResponseReturnValue:
    """Begin to send a file, or go on with it where it was cut off."""
    form = AnnouncementForm()
    if not form.validate():
        raise Invalid(_("Say the name and the size of the file."))
    said = service.Announced(form.name.data or "", form.size.data, form.modified.data or "")
    upload = service.begin(said, actor())
    transactions.commit()
    return jsonify(_standing(upload)), 201


@blueprint.get("/uploads/<upload_id>")
@action(Action.SHOW_WORK)
def upload(upload_id: str) -> ResponseReturnValue:
    """How much of it is there."""
    return jsonify(_standing(service.own_upload(upload_id, actor())))


@blueprint.post("/uploads/<upload_id>")
@action(Action.SHOW_WORK)
@takes_at_most(service.PIECE_BYTES, form=False)
@transactions.begins_late
def piece(upload_id: str) -> ResponseReturnValue:
    """Take the next piece. It is read and stored before anything is locked, then counted."""
    offset = request.args.get("offset", type=int)
    if offset is None or offset < 0:
        abort(422)
    service.own_upload(upload_id, actor())
    transactions.rollback()  # no connection waits while it arrives
    data = receiving.body(service.PIECE_BYTES)
    _keep(service.own_upload(upload_id, actor()), offset, data)
    transactions.begin_writing()
    counted = service.count_piece(upload_id, offset, len(data), actor())
    standing = _standing(counted)
    transactions.commit()
    return jsonify(standing)


def _keep(upload: Upload, offset: int, data: bytes) -> None:
    """Store a piece before anything is locked; what we never take is given up at once."""
    gone = service.Whole(upload.id, "", upload.received)
    try:
        service.keep_piece(upload, offset, data)
    except service.NotTaken:
        _give_up(gone)
        raise
    finally:
        transactions.rollback()


@blueprint.post("/uploads/<upload_id>/complete")
@action(Action.SHOW_WORK)
@takes_at_most(MOST_SAID)
@transactions.begins_late
def complete(upload_id: str) -> ResponseReturnValue:
    """Put it together, and give the receipt. Nothing is locked while that takes its time."""
    form = WholeForm()
    if not form.validate():
        abort(400)
    found = service.own_upload(upload_id, actor())
    if found.artefact_id is not None:
        return jsonify(_receipt_of(found))
    whole = service.whole(found)
    transactions.rollback()
    return jsonify(_put_together(whole, form.sha256.data or ""))


def _receipt_of(upload: Upload) -> dict[str, object]:
    return _receipt(service.own(upload.learner_id, upload.artefact_id or ""))


def _put_together(whole: service.Whole, sha256: str) -> dict[str, object]:
    try:
        arrived = service.put_together(whole, sha256)
    except Invalid:
        found = service.own_upload(whole.upload_id, actor())
        if found.artefact_id is not None:  # another request was first, and cleared the pieces away
            return _receipt_of(found)
        _give_up(whole)
        raise
    transactions.begin_writing()
    artefact = service.complete(whole.upload_id, arrived, actor())
    receipt, is_ours = _receipt(artefact), artefact.id == arrived.artefact_id
    transactions.commit()
    whole.clear()
    if not is_ours:
        arrived.clear()
    return receipt


def _give_up(whole: service.Whole) -> None:
    """Discard what can never be put together: to be sent anew, it has to begin anew."""
    transactions.rollback()
    transactions.begin_writing()
    service.discard(whole.upload_id, actor())
    transactions.commit()
    whole.clear()


@blueprint.post("/uploads/<upload_id>/discard")
@action(Action.SHOW_WORK)
@takes_at_most(MOST_SAID)
def discard(upload_id: str) -> ResponseReturnValue:
    """Give up a file that was cut off."""
    gone = service.discard(upload_id, actor())
    transactions.commit()
    gone.clear()
    flash(_("Discarded. You can send it again at any time."), "good")
    return redirect(url_for("artefacts.parking"), 303)
