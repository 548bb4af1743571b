"""Facts about this installation as a whole: whether it is a demo, whether mail is held back."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from enum import StrEnum
from weakref import WeakKeyDictionary

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from assessment.columns import LongText, Short
from assessment.extensions import Model, db

ASKED_AGAIN_SECONDS = 30


class Fact(StrEnum):
    """What may be known about an installation."""

    DEMO = "demo"
    MAIL_HELD = "mail_held"


class InstallationFact(Model):
    """One fact, by name; absent means no."""

    __tablename__ = "installation_fact"

    name: Mapped[Short] = mapped_column(primary_key=True)
    value: Mapped[LongText]


def holds(fact: Fact) -> bool:
    """Return whether `fact` is recorded of this installation."""
    return db.session.get(InstallationFact, fact.value) is not None


def record(fact: Fact, value: str = "yes") -> None:
    """Record `fact`; flushed, not committed."""
    db.session.merge(InstallationFact(name=fact.value, value=value))
    db.session.flush()
    _known.clear()


def forget(fact: Fact) -> None:
    """Take `fact` back; flushed, not committed."""
    found = db.session.get(InstallationFact, fact.value)
    if found is not None:
        db.session.delete(found)
        db.session.flush()
    _known.clear()


_known: WeakKeyDictionary[object, tuple[bool, float]] = WeakKeyDictionary()
"""Whether the database behind an engine is a demo's, and when it was asked."""


def is_demo() -> bool:
    """Return whether this is a demonstration: asked of the database twice a minute, not per page.

    While the database is away, what was last known counts: the page that says so needs no other.
    """
    now = time.monotonic()
    known, asked = _known.get(db.engine, (False, -math.inf))
    if now - asked >= ASKED_AGAIN_SECONDS:
        with suppress(SQLAlchemyError):
            known = holds(Fact.DEMO)
        _known[db.engine] = (known, now)
    return known


def init_app(app: Flask) -> None:
    """Tell every page whether this is a demonstration."""
    app.context_processor(lambda: {"is_demo": is_demo()})
