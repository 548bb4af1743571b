"""Tables of trust in those who rate: gates, who is through them, exemplars, and comparisons."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.columns import Data, Id, Key, LongText, Moment, NewId, Short
from assessment.extensions import Model
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    Performance,
    RubricVersion,
)


class QualificationState(StrEnum):
    """Where a person stands at the gate of a rubric."""

    TRAINING = "training"
    """Not through it yet."""
    QUALIFIED = "qualified"
    SUSPENDED = "suspended"
    EXPIRED = "expired"


class Gate(Model):
    """What it takes to rate on a rubric; without one, any assessor may."""

    __tablename__ = "gate"

    rubric_key: Mapped[Key] = mapped_column(primary_key=True)
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    exemplars_needed: Mapped[int]
    """Exemplars that one attempt rates; 30 at least."""
    share_exact: Mapped[float]
    """The share of marks that have to be those expected, from 0 to 1."""
    share_adjacent: Mapped[float]
    """The share of marks that have to lie one level away at most."""
    months: Mapped[int | None]
    """How long a qualification lasts; None for ever."""
    ratings: Mapped[int | None]
    """How many ratings it lasts for; None for any number."""
    wait_days: Mapped[int]
    """Between an attempt that failed and the next one."""
    seed_share: Mapped[float]
    """The share of live places that are exemplars, unknown to whoever rates them."""
    seed_window: Mapped[int]
    """How many of the last of them are looked at together."""
    seed_exact: Mapped[float]
    seed_adjacent: Mapped[float]
    seed_misses: Mapped[int]
    """So many misses on what is critical for safety among them suspend."""
    published_at: Mapped[Moment]


class Qualification(Model):
    """Where one person stands at the gate of one rubric."""

    __tablename__ = "qualification"

    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"), primary_key=True)
    rubric_key: Mapped[Key] = mapped_column(primary_key=True)
    state: Mapped[QualificationState] = mapped_column(String(40))
    rubric_version: Mapped[int]
    since: Mapped[Moment]
    until: Mapped[Moment | None]
    ratings_left: Mapped[int | None]
    retry_at: Mapped[Moment | None]
    """When the next attempt may begin, after one that failed."""
    because: Mapped[Key]
    """What brought it there, as a word that pages translate."""


class GateAttempt(Model):
    """One attempt at a gate: so many exemplars, and what came of it."""

    __tablename__ = "gate_attempt"
    __table_args__ = (UniqueConstraint("person_id", "rubric_key", "number"),)

    id: Mapped[NewId]
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    rubric_key: Mapped[Key]
    number: Mapped[int]
    rubric_version: Mapped[int]
    exemplars: Mapped[Data]
    """The ids of the performances to rate, in the order that was drawn."""
    begun_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    passed: Mapped[bool | None]
    figures: Mapped[LongText | None]
    """Canonical JSON of the judgement."""


class ExemplarReference(Model):
    """What is expected of whoever rates an exemplar, why, and what the exemplar is used for."""

    __tablename__ = "exemplar_reference"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
        Index("ix_exemplar_reference_rubric", "rubric_key", "key"),
    )

    learner_id: Mapped[Id] = mapped_column(primary_key=True)
    performance_id: Mapped[Id] = mapped_column(primary_key=True)
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    rubric_id: Mapped[Id] = mapped_column(ForeignKey("rubric.id"))
    rubric_key: Mapped[Key]
    key: Mapped[Key]
    digest: Mapped[str] = mapped_column(String(64))
    language: Mapped[Short]
    levels: Mapped[Data]
    """The level expected of each criterion; null for what cannot be observed."""
    reasons: Mapped[Data]
    """Why, by criterion, as wordings."""
    for_training: Mapped[bool]
    for_gate: Mapped[bool]
    for_seeds: Mapped[bool]
    published_at: Mapped[Moment]
    retired_at: Mapped[Moment | None]
    """Since when it is used no more."""

    performance: Mapped[Performance] = relationship(viewonly=True)
    rubric: Mapped[RubricVersion] = relationship(viewonly=True)


class Comparison(Model):
    """One rating beside what was expected, or beside what somebody else found later; kept."""

    __tablename__ = "comparison"
    __table_args__ = (
        UniqueConstraint("rating_id", "source_id"),
        Index("ix_comparison_person", "person_id", "rubric_key", "kind", "compared_at"),
    )

    id: Mapped[NewId]
    rating_id: Mapped[Id] = mapped_column(ForeignKey("rating.id"))
    source_id: Mapped[Id]
    """What it is beside: an exemplar's performance, another rating, an appeal."""
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    rubric_key: Mapped[Key]
    kind: Mapped[AssignmentRole] = mapped_column(String(40))
    """Training, qualifying, seeded, read behind, or reviewer for an appeal."""
    judged: Mapped[int]
    """How many criteria were compared."""
    exact: Mapped[int]
    adjacent: Mapped[int]
    safety_misses: Mapped[int]
    """Criteria that were marked safe and are not."""
    compared_at: Mapped[Moment]


class SeedDraw(Model):
    """The draw that decided whether a place was an exemplar, so that it can be looked at."""

    __tablename__ = "seed_draw"

    assignment_id: Mapped[Id] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    draw: Mapped[float]
    share: Mapped[float]
    is_seed: Mapped[bool]
    drawn_at: Mapped[Moment]


class KeptBack(Model):
    """Live work in whose stead somebody got an exemplar: not offered to them for a while, as if it
    had been what they rated."""

    __tablename__ = "kept_back"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "performance_id"], ["performance.learner_id", "performance.id"]
        ),
    )

    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"), primary_key=True)
    performance_id: Mapped[Id] = mapped_column(primary_key=True)
    learner_id: Mapped[Id]
    until: Mapped[Moment]
    """A moment that was drawn."""


class SuspensionEffect(Model):
    """A rating that a suspension put in doubt, and what was done: voided, or to be looked at."""

    __tablename__ = "suspension_effect"
    __table_args__ = (Index("ix_suspension_effect_institution", "institution_id", "noted_at"),)

    rating_id: Mapped[Id] = mapped_column(ForeignKey("rating.id"), primary_key=True)
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    learner_id: Mapped[Id]
    performance_id: Mapped[Id]
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    rubric_key: Mapped[Key]
    is_voided: Mapped[bool]
    """Whether it counts no more; otherwise its performance was resolved, and is looked at again."""
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignment.id"))
    """The place on which a resolved one is looked at again."""
    noted_at: Mapped[Moment]

    look: Mapped[Assignment | None] = relationship(viewonly=True)
