"""Tables of observations: employers, those who see work, their links, and what they saw."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.access import ActorKind
from assessment.columns import Data, Id, Key, Line, LongText, Moment, NewId, Short, Wording
from assessment.extensions import Model
from assessment.ids import ID_LENGTH, new_id


class Ending(StrEnum):
    """Why a link ended without being used."""

    REVOKED = "revoked"
    NOT_SEEN = "did not see it"
    WRONG_PERSON = "wrong person"
    ERASED = "erased"
    """Whoever was asked, asked to be forgotten."""
    SET_ASIDE = "set aside"
    """What they had said of the same work was set aside."""
    OVER = "over"
    """The work was withdrawn, or has been assessed: nobody is asked any more."""


class Asks(StrEnum):
    """What a link asks."""

    WHAT = "what was seen"
    WHO = "who saw it"
    """Asked of somebody at an employer, who names observers."""


class Relationship(StrEnum):
    """What an observer is to the learner at work."""

    SUPERVISOR = "supervisor"
    COLLEAGUE = "colleague"
    MENTOR = "mentor"
    CLIENT = "client"
    OTHER = "other"


class Interest(StrEnum):
    """What an observer declares of ties beside work."""

    NONE = "none"
    FAMILY = "family"
    FRIEND = "friend"
    BUSINESS = "business"


class Sign(StrEnum):
    """What speaks for a conflict of interest, or is worth a look."""

    DECLARED = "declared"
    OWN_ADDRESS = "own address"
    OWN_DEVICE = "own device"
    RATES_IT = "rates it"
    """Who says what they saw is also one of those who rate the work."""
    TOO_MANY = "too many"
    SAME_NETWORK = "same network"
    SAME_NAME = "same name"


CONFLICTS = frozenset(
    {Sign.DECLARED, Sign.OWN_ADDRESS, Sign.OWN_DEVICE, Sign.RATES_IT, Sign.TOO_MANY}
)
"""The signs that are conflicts; the others are shown, and change nothing by themselves."""


class Reached(StrEnum):
    """What a call to an observer's workplace found."""

    CONFIRMED = "confirmed"
    DENIED = "denied"
    NOT_REACHED = "not reached"
    ERASED = "erased"
    """Who they are was erased at their request before they were reached: nobody can be called."""


class Employer(Model):
    """An organisation at which work is seen."""

    __tablename__ = "employer"

    id: Mapped[NewId]
    known_by: Mapped[Line] = mapped_column(unique=True)
    """Its mail domain; where that is a public one, its name. A unique key decides a race."""
    name: Mapped[Line]
    created_at: Mapped[Moment]


class Observer(Model):
    """Somebody who sees work, known by their mailbox; name and address can be erased."""

    __tablename__ = "observer"

    id: Mapped[NewId]
    known_by: Mapped[str] = mapped_column(String(64), unique=True)
    """A keyed hash of the mailbox: it tells observers apart once the address is erased."""
    employer_id: Mapped[Id] = mapped_column(ForeignKey("employer.id"), index=True)
    name: Mapped[Line | None]
    email: Mapped[Line | None]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    """The account that claimed what they said; no observation changes by it."""
    claimed_at: Mapped[Moment | None]
    created_at: Mapped[Moment]

    employer: Mapped[Employer] = relationship()


class Nomination(Model):
    """One person, named to say what they saw of one performance, or who saw it, and their link."""

    __tablename__ = "nomination"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        Index(
            "uq_nomination_open",
            "performance_id",
            "mailbox",
            "asks",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND used_at IS NULL"),
            postgresql_where=text("ended_at IS NULL AND used_at IS NULL"),
        ),
        Index("ix_nomination_performance", "performance_id"),
        Index("ix_nomination_mailbox", "mailbox"),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    performance_id: Mapped[Id]
    asks: Mapped[Asks] = mapped_column(String(40), default=Asks.WHAT)
    nonce: Mapped[str] = mapped_column(String(64))
    """Random; with the secret key it makes the token, which no table holds."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    mailbox: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the mailbox, as `Observer.known_by`."""
    email: Mapped[Line | None]
    name: Mapped[Line | None]
    employer: Mapped[Line | None]
    """As whoever named them wrote it; name, address and employer can be erased."""
    task_title: Mapped[Wording]
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    nominated_by: Mapped[Key]
    origin: Mapped[str] = mapped_column(String(64))
    """A keyed hash of where, and with which browser, they were named."""
    language: Mapped[Short]
    created_at: Mapped[Moment]
    sent: Mapped[int] = mapped_column(default=1)
    """How often the link was asked to be sent."""
    sent_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    opened_at: Mapped[Moment | None]
    """When somebody said that they saw the work, and opened the form."""
    used_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    ended_because: Mapped[Ending | None] = mapped_column(String(40))

    @property
    def is_by_employer(self) -> bool:
        """Whether somebody at an employer named them, by a link of their own."""
        return self.nominated_by.startswith(f"{ActorKind.LINK}:")


class Acquaintance(Model):
    """Somebody who knows whose work it is without having been named: an employer's contact."""

    __tablename__ = "acquaintance"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        Index("ix_acquaintance_mailbox", "mailbox"),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    source_id: Mapped[Id] = mapped_column(primary_key=True)
    """What they know it by: the learner's part in a project."""
    performance_id: Mapped[Id]
    mailbox: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the mailbox, as `Observer.known_by`."""


class Observation(Model):
    """What somebody saw of a performance; never changed."""

    __tablename__ = "observation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        UniqueConstraint("nomination_id"),
        Index("ix_observation_performance", "performance_id"),
        Index("ix_observation_observer", "observer_id", "learner_id", "received_at"),
        Index("ix_observation_rubric", "rubric_key"),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    performance_id: Mapped[Id]
    nomination_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    """None for what an employer said of a project."""
    observer_id: Mapped[Id] = mapped_column(ForeignKey("observer.id"))
    employer_id: Mapped[Id] = mapped_column(ForeignKey("employer.id"), index=True)
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    rubric_key: Mapped[Key]
    rubric_version: Mapped[int]
    marks: Mapped[Data]
    """The level of each criterion; null for "not observed"."""
    comments: Mapped[Data]
    """By criterion; the learner sees them once it is decided."""
    days: Mapped[Data]
    """The days on which the work was seen, as ISO dates in order."""
    relationship: Mapped[Relationship] = mapped_column(String(40))
    interest: Mapped[Interest] = mapped_column(String(40))
    signs: Mapped[Data]
    """What speaks for a conflict, in the order of `Sign`."""
    counts: Mapped[bool]
    """Whether it counted when it came in; a call or a registrar may say later that it does not."""
    counted_as: Mapped[Key]
    """The observer; or their employer, where all of one employer count as one."""
    is_capped: Mapped[bool] = mapped_column(default=False)
    pieces: Mapped[Data] = mapped_column(default=list)
    """The ids of the artefacts that it is about, where files were seen and not the work itself."""
    draw: Mapped[int | None]
    """From 0 to 9999, drawn where the mailbox is public: below a limit, the workplace is called."""
    once: Mapped[str] = mapped_column(String(64))
    """What the form was sent under, hashed: the same form sent again is the same observation."""
    language: Mapped[Short]
    received_at: Mapped[Moment]


class Particulars(Model):
    """What is personal in an observation, which can be erased: who said it, and the note."""

    __tablename__ = "observation_particulars"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "observation_id"], ["observation.learner_id", "observation.id"]
        ),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    observation_id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[Line]
    email: Mapped[Line]
    employer: Mapped[Line]
    role: Mapped[Line]
    telephone: Mapped[Short]
    note: Mapped[LongText]
    """For assessors; the learner does not see it here."""


class ObservationVoid(Model):
    """That an observation no longer counts, why, and by whose word; it stays as it is."""

    __tablename__ = "observation_void"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "observation_id"], ["observation.learner_id", "observation.id"]
        ),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    observation_id: Mapped[Id] = mapped_column(primary_key=True)
    reason: Mapped[LongText]
    voided_by: Mapped[Key]
    voided_at: Mapped[Moment]


class CallBack(Model):
    """A call to make to the workplace of an observer with a public mailbox, and what it found."""

    __tablename__ = "call_back"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "observation_id"], ["observation.learner_id", "observation.id"]
        ),
        Index("ix_call_back_waiting", "institution_id", "outcome", "due_at"),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    observation_id: Mapped[Id] = mapped_column(primary_key=True)
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    due_at: Mapped[Moment]
    tries: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[Reached | None] = mapped_column(String(40))
    called_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    called_at: Mapped[Moment | None]
