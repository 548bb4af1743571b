"""Tables of projects: an employer's brief, and each learner's part in it."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from assessment.columns import Data, Id, Key, Line, LongText, Moment, NewId, Short
from assessment.extensions import Model
from assessment.ids import ID_LENGTH, new_id


class ProjectState(StrEnum):
    """Where a project stands."""

    INVITED = "invited"
    """The employer has a link, and writes the brief."""
    PROPOSED = "proposed"
    """The institution reads the brief; nobody changes it meanwhile."""
    OPEN = "open"
    CLOSED = "closed"
    """Nobody joins any more; who has joined goes on."""


class Project(Model):
    """Something that an employer wants done, rated on the rubric of a task."""

    __tablename__ = "project"
    __table_args__ = (
        Index("ix_project_institution", "institution_id", "invited_at"),
        Index("ix_project_mailbox", "mailbox"),
        Index("ix_project_open", "state", "due_at"),
    )

    id: Mapped[NewId]
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    task_key: Mapped[Key]
    state: Mapped[ProjectState] = mapped_column(String(40))
    nonce: Mapped[str] = mapped_column(String(64))
    """Random; with the secret key it makes the token, which no table holds."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    mailbox: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the contact's mailbox, which tells it apart once the address is erased."""
    email: Mapped[Line | None]
    name: Mapped[Line | None]
    """Of the contact; both can be erased."""
    employer: Mapped[Line]
    language: Mapped[Short]
    """The language in which the employer is written to, and writes."""
    title: Mapped[Line] = mapped_column(default="")
    brief: Mapped[LongText] = mapped_column(default="")
    languages: Mapped[Data]
    """Those in which the work may be done."""
    seats: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[Moment | None]
    because: Mapped[LongText] = mapped_column(default="")
    """Why the institution gave the brief back."""
    invited_by: Mapped[Key]
    invited_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    proposed_at: Mapped[Moment | None]
    published_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None]


class Participation(Model):
    """One learner's part in a project: what they delivered, and what each side says of it."""

    __tablename__ = "participation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        Index(
            "uq_participation_seat",
            "project_id",
            "seat",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
        Index(
            "uq_participation_learner",
            "project_id",
            "learner_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
        Index("ix_participation_performance", "learner_id", "performance_id"),
        Index("ix_participation_team", "project_id", "team"),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    project_id: Mapped[Id] = mapped_column(ForeignKey("project.id"))
    performance_id: Mapped[Id]
    seat: Mapped[int]
    joined_at: Mapped[Moment]
    left_at: Mapped[Moment | None]
    delivery: Mapped[LongText] = mapped_column(default="")
    """What is delivered in words; a draft until `delivered_at`."""
    team: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    """Shared by those who deliver together; None, or nobody else's, for who is alone."""
    own_share: Mapped[LongText] = mapped_column(default="")
    """In a team: what the learner did themselves, in a sentence."""
    delivered_at: Mapped[Moment | None]
    pieces: Mapped[Data] = mapped_column(default=list)
    """The ids of the artefacts that became pieces of the performance with the delivery."""
    employer_said: Mapped[Data | None]
    """What the employer saw, as entered, and the feedback to the learner; sealed until opened."""
    employer_said_at: Mapped[Moment | None]
    by_own_device: Mapped[bool] = mapped_column(default=False)
    """Whether the employer's form came from a device of the learner's."""
    learner_said: Mapped[LongText] = mapped_column(default="")
    learner_said_at: Mapped[Moment | None]
    opened_at: Mapped[Moment | None]
    """When both sides could read what the other said."""
    observation_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))


class TeamInvitation(Model):
    """A link by which somebody joins a project in the team of whoever invited them."""

    __tablename__ = "team_invitation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "participation_id"], ["participation.learner_id", "participation.id"]
        ),
        Index(
            "uq_team_invitation_open",
            "participation_id",
            "mailbox",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND used_at IS NULL"),
            postgresql_where=text("ended_at IS NULL AND used_at IS NULL"),
        ),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    """Whoever invited."""
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    participation_id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    mailbox: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the mailbox."""
    email: Mapped[Line | None]
    """As it was written; forgotten once the link is used, taken back or has run out."""
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]


class DeliveryFile(Model):
    """A file of the learner's own that a delivery holds: the employer sees our copy of it."""

    __tablename__ = "delivery_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "participation_id"], ["participation.learner_id", "participation.id"]
        ),
        ForeignKeyConstraint(["learner_id", "artefact_id"], ["artefact.learner_id", "artefact.id"]),
        Index("ix_delivery_file_artefact", "learner_id", "artefact_id"),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    participation_id: Mapped[Id] = mapped_column(primary_key=True)
    artefact_id: Mapped[Id] = mapped_column(primary_key=True)
    position: Mapped[int]
    added_at: Mapped[Moment]
