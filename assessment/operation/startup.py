"""What happens before the first request: the schema, and what slices registered for the start."""

from __future__ import annotations

import multiprocessing
from importlib import import_module

from flask import Flask

from assessment import slices, transactions
from assessment.app import create_app
from assessment.config import SettingError, Settings
from assessment.extensions import db
from assessment.jobs.handlers import FIRST_DUTIES
from assessment.operation import schema


class NotReady(SettingError):
    """The installation cannot be served as it is; the message says what to do."""


def load_duties() -> None:
    """Import everything that registers handlers of jobs, or duties."""
    import_module("assessment.mail")
    slices.modules("duties")


def prepare(app: Flask) -> None:
    """Bring the installation to where it can be served, or raise NotReady."""
    load_duties()
    with app.app_context():
        _bring_schema_to_head(app.extensions["attest_settings"])
    for perform in FIRST_DUTIES.values():
        with app.app_context():
            try:
                perform()
            finally:
                transactions.rollback()


def _bring_schema_to_head(settings: Settings) -> None:
    if settings.embedded:
        schema.upgrade(db.engine)
    elif not schema.is_at_head(db.engine):
        raise NotReady("The database has an older schema. Run `attest db upgrade` first.")


def prepare_apart(settings: Settings) -> None:
    """Do `prepare` in a process of its own, so that no connection or thread outlives it."""
    child = multiprocessing.get_context("fork").Process(target=_prepare_or_say, args=(settings,))
    child.start()
    child.join()
    if child.exitcode:
        raise NotReady("The installation could not be made ready; what went wrong is said above.")


def _prepare_or_say(settings: Settings) -> None:
    try:
        prepare(create_app(settings))
    except NotReady as refusal:
        raise SystemExit(f"attest: {refusal}") from None
