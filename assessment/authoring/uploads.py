"""Importing a bank through the desk: looked at first, then confirmed, without sending it twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from assessment import clock, storage
from assessment.access import Actor
from assessment.errors import Expired, Forbidden, Invalid
from assessment.items.service import BankSpec, ImportReport, Picture, import_bank, pictures
from assessment.jobs.service import enqueue
from assessment.locale import gettext as _
from itembank import BankFormat, ParsedBank, read_bank

FORGET = "authoring.forget_upload"
KEPT_FOR = timedelta(days=1)
_SALT = "authoring.uploads"


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What somebody sent: a bank's file with its figures, and where it is to go."""

    format: BankFormat
    bank: str
    institution_id: str
    data: bytes
    title: dict[str, str] = field(default_factory=dict)
    figures: dict[str, bytes] = field(default_factory=dict)
    retire: bool = False


@dataclass(frozen=True)
class Checked:
    """What an upload would do, and the ticket that confirms exactly this upload."""

    report: ImportReport
    ticket: str


def check(upload: Upload, actor: Actor) -> Checked:
    """Return what an upload would do; nothing of it is in the bank yet."""
    report = _import(upload, actor, dry_run=True)
    return Checked(report, _keep(upload, actor))


def confirm(ticket: str, actor: Actor) -> ImportReport:
    """Return what the upload behind a ticket did; the ticket is its sender's alone."""
    return _import(_kept(ticket, actor), actor, dry_run=False)


def forget(files: list[str]) -> None:
    """Delete what was uploaded; an import has copied what it needed."""
    for name in files:
        storage.delete(name)


def _import(upload: Upload, actor: Actor, *, dry_run: bool) -> ImportReport:
    shown = pictures(upload.figures)
    spec = BankSpec(key=upload.bank, institution_id=upload.institution_id, title=upload.title)
    return import_bank(
        _parsed(upload, shown),
        spec,
        actor,
        figures=shown,
        dry_run=dry_run,
        retire=upload.retire,
    )


def _parsed(upload: Upload, shown: dict[str, Picture]) -> ParsedBank:
    try:
        return read_bank(upload.data, upload.format, files=shown)
    except ValueError as fault:
        raise Invalid(
            _(
                "The file cannot be read. What the reader of this format found: %(fault)s",
                fault=fault,
            )
        ) from None


def _keep(upload: Upload, actor: Actor) -> str:
    """Return the ticket of an upload that is now kept for a day."""
    file = storage.store(upload.data)
    figures = {name: storage.store(data) for name, data in upload.figures.items()}
    enqueue(FORGET, {"files": [file, *figures.values()]}, run_at=clock.now() + KEPT_FOR)
    return _serializer().dumps(
        {
            "by": actor.reference,
            "format": upload.format.value,
            "bank": upload.bank,
            "institution": upload.institution_id,
            "title": upload.title,
            "retire": upload.retire,
            "file": file,
            "figures": figures,
        }
    )


def _kept(ticket: str, actor: Actor) -> Upload:
    try:
        said: dict[str, Any] = _serializer().loads(ticket, max_age=int(KEPT_FOR.total_seconds()))
        if said["by"] != actor.reference:
            raise Forbidden(_("Somebody else sent this file. Send it yourself to import it."))
        return Upload(
            format=BankFormat(said["format"]),
            bank=said["bank"],
            institution_id=said["institution"],
            title=said["title"],
            retire=said["retire"],
            data=storage.read(said["file"]),
            figures={name: storage.read(key) for name, key in said["figures"].items()},
        )
    except (BadData, storage.NoSuchFile):
        raise Expired(_("This file was checked too long ago. Send it once more.")) from None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=_SALT)
