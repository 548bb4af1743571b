"""Facts about this installation as a whole: whether it is a demo, whether mail is held back."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from assessment.columns import LongText, Short
from assessment.extensions import Model, db


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


def forget(fact: Fact) -> None:
    """Take `fact` back; flushed, not committed."""
    found = db.session.get(InstallationFact, fact.value)
    if found is not None:
        db.session.delete(found)
        db.session.flush()
