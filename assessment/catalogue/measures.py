"""Measures: the catalogue's record of what a rule may name, written when it is published."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select, update

from assessment.catalogue.models import Measure, MeasureKind
from assessment.extensions import db


@dataclass(frozen=True)
class MeasureLevel:
    """A level of a rubric."""

    key: str
    title: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class MeasureArea:
    """A content area of a test, or a criterion of a rubric.

    `count` is how many questions one sitting asks in it; `levels` is a criterion's own scale,
    empty where it uses the rubric's.
    """

    key: str
    title: dict[str, str]
    parent: str | None = None
    competency: str | None = None
    count: int = 0
    levels: tuple[MeasureLevel, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MeasureSpec:
    """One version of a test or a rubric, as rules and detail pages know it."""

    kind: MeasureKind
    key: str
    version: int
    title: dict[str, str]
    institution_id: str
    minutes: int | None = None
    attempts: int | None = None
    window_days: int | None = None
    wait_days: int | None = None
    languages: tuple[str, ...] = ()
    areas: tuple[MeasureArea, ...] = ()
    levels: tuple[MeasureLevel, ...] = ()
    opens_when: str | None = None
    adaptive: bool = False


def publish_measure(spec: MeasureSpec) -> Measure:
    """Return the measure, now the current one of its kind and key."""
    db.session.execute(
        update(Measure)
        .where(Measure.kind == spec.kind, Measure.key == spec.key, Measure.is_current)
        .values(is_current=False)
    )
    measure = Measure(
        kind=spec.kind,
        key=spec.key,
        version=spec.version,
        is_current=True,
        title=spec.title,
        institution_id=spec.institution_id,
        minutes=spec.minutes,
        attempts=spec.attempts,
        window_days=spec.window_days,
        wait_days=spec.wait_days,
        languages=list(spec.languages),
        areas=[asdict(area) for area in spec.areas],
        levels=[asdict(level) for level in spec.levels],
        opens_when=spec.opens_when,
        adaptive=spec.adaptive,
    )
    db.session.add(measure)
    db.session.flush()
    return measure


def current_measures() -> list[Measure]:
    """Return every current measure, in order of kind and key."""
    query = select(Measure).where(Measure.is_current).order_by(Measure.kind, Measure.key)
    return list(db.session.scalars(query))


def measure_version(kind: MeasureKind, key: str, version: int) -> Measure | None:
    """Return one version of a test or rubric, current or not; None where there is none."""
    query = select(Measure).where(Measure.kind == kind, Measure.key == key)
    return db.session.scalar(query.where(Measure.version == version))


def current_measure(kind: MeasureKind, key: str) -> Measure | None:
    """Return the current test or rubric under a key, or None."""
    query = select(Measure).where(Measure.kind == kind, Measure.key == key, Measure.is_current)
    return db.session.scalar(query)
