"""Which areas of a test have a figure of their own: those that tell more than the total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.extensions import db
from assessment.items.area_models import AreaReport
from assessment.items.models import Test


@dataclass(frozen=True)
class AreaFigures:
    """How well an area's true score is known from its own score, from the total, and from both.

    Proportional reductions of mean squared error (Haberman, 2008); None where they are not defined.
    """

    items: int
    reliability: float | None
    prmse: float | None
    prmse_total: float | None
    prmse_augmented: float | None
    told: bool
    """Whether its own score tells more than the total."""


def record_areas(
    test_id: str, persons: int, areas: Mapping[str, AreaFigures], actor: Actor
) -> AreaReport:
    """Return what was found of a test's areas; result pages go by it from now on."""
    before = latest_areas(test_id)
    row = AreaReport(
        test_id=test_id,
        number=1 if before is None else before.number + 1,
        persons=persons,
        areas={key: asdict(found) for key, found in areas.items()},
        made_by=actor.reference,
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def latest_areas(test_id: str) -> AreaReport | None:
    """Return the latest report on the areas of one version of a test."""
    rows = select(AreaReport).filter_by(test_id=test_id).order_by(AreaReport.number.desc())
    return db.session.scalars(rows.limit(1)).first()


def told_areas(test_key: str) -> frozenset[str]:
    """Return the areas of a test that tell more than its total, as far as sittings show.

    By the latest report on its newest version that has one; none before there is any.
    """
    rows = (
        select(AreaReport)
        .join(AreaReport.test)
        .where(Test.key == test_key)
        .order_by(Test.version.desc(), AreaReport.number.desc())
    )
    found = db.session.scalars(rows.limit(1)).first()
    areas = {} if found is None else found.areas
    return frozenset(key for key, each in areas.items() if each["told"])
