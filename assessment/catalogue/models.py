"""Tables of the catalogue: a published version of an achievement is never changed."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.columns import Data, Id, Key, Line, LongText, Moment, NewId, Short, Wording
from assessment.extensions import Model
from assessment.people.models import Institution


class AchievementKind(StrEnum):
    """What sort of thing is awarded."""

    COMPETENCY = "competency"
    MICRO_CREDENTIAL = "micro_credential"
    COURSE_CREDIT = "course_credit"
    CERTIFICATE = "certificate"


class Mode(StrEnum):
    """Where something takes place."""

    ONLINE = "online"
    HYBRID = "hybrid"
    IN_PERSON = "in_person"


class MeasureKind(StrEnum):
    """What a rule's leaf may name."""

    TEST = "test"
    RUBRIC = "rubric"
    RECOGNITION = "recognition"


class Framework(Model):
    """A published list of competencies and levels, in one version."""

    __tablename__ = "framework"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[NewId]
    key: Mapped[Key]
    version: Mapped[Short]
    title: Mapped[Wording]
    description: Mapped[Wording]
    publisher: Mapped[Line]
    licence: Mapped[Line] = mapped_column(default="")
    levels: Mapped[Data]
    """A list of {key, title, description}, lowest first."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of all that was imported: the same version twice must say the same."""
    imported_at: Mapped[Moment]

    competencies: Mapped[list[Competency]] = relationship(
        back_populates="framework", order_by="Competency.position"
    )


class Competency(Model):
    """One competency of a framework version, under a stable key."""

    __tablename__ = "competency"
    __table_args__ = (UniqueConstraint("framework_id", "key"),)

    id: Mapped[NewId]
    framework_id: Mapped[Id] = mapped_column(ForeignKey("framework.id"))
    key: Mapped[Key] = mapped_column(index=True)
    position: Mapped[int]
    title: Mapped[Wording]
    description: Mapped[Wording]
    statements: Mapped[Data]
    """A list of wordings: what can be observed."""

    framework: Mapped[Framework] = relationship(back_populates="competencies")


class Achievement(Model):
    """Anything awardable, under a stable key."""

    __tablename__ = "achievement"

    id: Mapped[NewId]
    key: Mapped[Key] = mapped_column(unique=True)
    kind: Mapped[AchievementKind] = mapped_column(String(40))
    current_version: Mapped[int | None]
    """The published version; None while nothing is published."""

    versions: Mapped[list[AchievementVersion]] = relationship(
        back_populates="achievement", order_by="AchievementVersion.version"
    )


class AchievementVersion(Model):
    """One version of an achievement, with its rule; immutable once published."""

    __tablename__ = "achievement_version"
    __table_args__ = (UniqueConstraint("achievement_id", "version"),)

    id: Mapped[NewId]
    achievement_id: Mapped[Id] = mapped_column(ForeignKey("achievement.id"))
    version: Mapped[int]
    title: Mapped[Wording]
    summary: Mapped[Wording]
    description: Mapped[Wording]
    rule: Mapped[LongText]
    """Canonical JSON of the rule language."""
    mode: Mapped[Mode | None] = mapped_column(String(40))
    minutes: Mapped[int | None]
    cost_cents: Mapped[int | None]
    languages: Mapped[Data]
    place: Mapped[Line] = mapped_column(default="")
    authored_by_id: Mapped[str | None] = mapped_column(ForeignKey("institution.id"))
    assessed_by_id: Mapped[str | None] = mapped_column(ForeignKey("institution.id"))
    awarded_by_id: Mapped[str | None] = mapped_column(ForeignKey("institution.id"))
    occupations: Mapped[Data]
    """NOC 2021 codes, as text."""
    includes_performance: Mapped[bool] = mapped_column(default=False)
    competency_keys: Mapped[Data]
    """Keys of the competencies that it shows."""
    framework_id: Mapped[str | None] = mapped_column(ForeignKey("framework.id"))
    course_code: Mapped[Short] = mapped_column(default="")
    credit_hours: Mapped[float | None]
    grade_mode: Mapped[Short] = mapped_column(default="")
    learner_chooses: Mapped[bool] = mapped_column(default=False)
    """Whether the credit is offered first and counts when accepted."""
    valid_months: Mapped[int | None]
    appeal_days: Mapped[int | None]
    """How long at least rated work that its rule names can be appealed; None leaves it to tasks."""
    published_at: Mapped[Moment | None]
    search_text: Mapped[LongText] = mapped_column(default="")
    """Every word that it is found by, folded, with a space at either end."""

    achievement: Mapped[Achievement] = relationship(back_populates="versions")
    framework: Mapped[Framework | None] = relationship()
    authored_by: Mapped[Institution | None] = relationship(foreign_keys=[authored_by_id])
    assessed_by: Mapped[Institution | None] = relationship(foreign_keys=[assessed_by_id])
    awarded_by: Mapped[Institution | None] = relationship(foreign_keys=[awarded_by_id])


class Occupation(Model):
    """What an occupation code of the National Occupational Classification is called."""

    __tablename__ = "occupation"

    code: Mapped[Short] = mapped_column(primary_key=True)
    title: Mapped[Wording]


class Measure(Model):
    """What a rule may name: written when a test or a rubric is published."""

    __tablename__ = "measure"
    __table_args__ = (
        UniqueConstraint("kind", "key", "version"),
        Index(
            "uq_measure_current",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("is_current = 1"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[NewId]
    kind: Mapped[MeasureKind] = mapped_column(String(40))
    key: Mapped[Key]
    version: Mapped[int]
    is_current: Mapped[bool]
    title: Mapped[Wording]
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    minutes: Mapped[int | None]
    attempts: Mapped[int | None]
    window_days: Mapped[int | None]
    wait_days: Mapped[int | None]
    languages: Mapped[Data]
    areas: Mapped[Data]
    """Areas of a test or criteria of a rubric: {key, title, parent, competency, count, levels}."""
    levels: Mapped[Data]
    """For a rubric, its levels as {key, title}, lowest first."""
    opens_when: Mapped[str | None]
    """Canonical JSON of the rule that opens it."""
    adaptive: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a test asks each learner questions at their own level: no percentage counts then."""


class Opportunity(Model):
    """Somewhere to learn what is not yet shown."""

    __tablename__ = "opportunity"

    id: Mapped[NewId]
    key: Mapped[Key] = mapped_column(unique=True)
    title: Mapped[Wording]
    summary: Mapped[Wording]
    provider: Mapped[Line]
    mode: Mapped[Mode] = mapped_column(String(40))
    minutes: Mapped[int]
    cost_cents: Mapped[int]
    languages: Mapped[Data]
    place: Mapped[Line] = mapped_column(default="")
    competency_keys: Mapped[Data]


class Endorsement(Model):
    """An employer's endorsement of an achievement, with its scope and its end."""

    __tablename__ = "endorsement"

    id: Mapped[NewId]
    achievement_id: Mapped[Id] = mapped_column(ForeignKey("achievement.id"), index=True)
    employer: Mapped[Line]
    scope: Mapped[Line]
    endorsed_on: Mapped[date]
    expires_on: Mapped[date | None]
