"""Tables of people: accounts are erasable; the learner that one points at is opaque."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.access import Role
from assessment.columns import Id, Key, Line, Moment, NewId, Short, Wording
from assessment.extensions import Model


class Institution(Model):
    """An organisation that authors, assesses or awards."""

    __tablename__ = "institution"

    id: Mapped[NewId]
    key: Mapped[Key] = mapped_column(unique=True)
    name: Mapped[Wording]
    description: Mapped[Wording] = mapped_column(default=dict)
    city: Mapped[Line] = mapped_column(default="")
    province: Mapped[Short] = mapped_column(default="")
    timezone: Mapped[Short] = mapped_column(default="America/Toronto")
    self_service_time_limit: Mapped[float] = mapped_column(default=1.5)
    """How far learners may extend their own time, as a multiple."""
    self_service_break_limit: Mapped[int] = mapped_column(default=30)
    """How many minutes of breaks learners may give themselves in one test."""
    created_at: Mapped[Moment]


class Learner(Model):
    """The opaque subject of the ledger."""

    __tablename__ = "learner"

    id: Mapped[NewId]
    alias_of: Mapped[str | None] = mapped_column(ForeignKey("learner.id"))
    created_at: Mapped[Moment]


class Person(Model):
    """An account. Everything personal stands here, and can be erased."""

    __tablename__ = "person"

    id: Mapped[NewId]
    learner_id: Mapped[Id] = mapped_column(ForeignKey("learner.id"), unique=True)
    email: Mapped[Line] = mapped_column(unique=True)
    """Trimmed and case-folded."""
    password_hash: Mapped[Line]
    display_name: Mapped[Line]
    legal_name: Mapped[Line] = mapped_column(default="")
    student_number: Mapped[Short] = mapped_column(default="")
    language: Mapped[Short] = mapped_column(default="en")
    email_confirmed_at: Mapped[Moment | None]
    terms_version: Mapped[Short] = mapped_column(default="")
    disabled_at: Mapped[Moment | None]
    demo_order: Mapped[int | None]
    """The place on the demo's list of people; None for everybody else."""
    demo_story: Mapped[Wording] = mapped_column(default=dict)
    created_at: Mapped[Moment]

    learner: Mapped[Learner] = relationship()
    grants: Mapped[list[RoleGrant]] = relationship(back_populates="person", lazy="selectin")


class RoleGrant(Model):
    """A role that a person holds at an institution."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "institution_id", "role"),)

    id: Mapped[NewId]
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    role: Mapped[Role] = mapped_column(String(40))
    granted_at: Mapped[Moment]

    person: Mapped[Person] = relationship(back_populates="grants")
    institution: Mapped[Institution] = relationship()


class SignIn(Model):
    """One sign-in on one device; revoking it signs that device out at once."""

    __tablename__ = "sign_in"

    id: Mapped[NewId]
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]

    person: Mapped[Person] = relationship(lazy="joined")


class Purpose(StrEnum):
    """What a link that was sent by mail is for."""

    RESET = "reset"
    CONFIRMATION = "confirmation"
    INVITATION = "invitation"


class Ticket(Model):
    """A single-use link sent by mail: reset, confirmation or invitation; only its hash is kept."""

    __tablename__ = "ticket"

    id: Mapped[NewId]
    purpose: Mapped[Purpose] = mapped_column(String(40))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[Line]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    institution_id: Mapped[str | None] = mapped_column(ForeignKey("institution.id"))
    role: Mapped[Role | None] = mapped_column(String(40))
    issued_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """Who invited; the invitation ends when they may no longer invite."""
    language: Mapped[Short] = mapped_column(default="en")
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]


class Throttle(Model):
    """Tries counted in a window, by account or address, shared by all processes."""

    __tablename__ = "throttle"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_start: Mapped[Moment] = mapped_column(primary_key=True)
    count: Mapped[int]


class Accommodation(Model):
    """What a learner needs in every test; set once per person."""

    __tablename__ = "accommodation"

    learner_id: Mapped[Id] = mapped_column(ForeignKey("learner.id"), primary_key=True)
    multiplier: Mapped[float] = mapped_column(default=1.0)
    """Set by an institution."""
    added_minutes: Mapped[int] = mapped_column(default=0)
    set_by_institution_id: Mapped[str | None] = mapped_column(ForeignKey("institution.id"))
    own_multiplier: Mapped[float] = mapped_column(default=1.0)
    """Set by the learner, up to the institution's limit."""
    own_break_minutes: Mapped[int] = mapped_column(default=0)
    without_sight: Mapped[bool] = mapped_column(default=False)
    """Whether questions that need sight are replaced by equivalents; set by an institution."""
    own_without_sight: Mapped[bool] = mapped_column(default=False)
    """The same, asked for by the learner."""
    updated_at: Mapped[Moment]
