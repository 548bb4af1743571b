"""Which areas of a test have a figure of their own: those that tell more than the total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.audit.service import institution_chain, record
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
    """Return what was found of a test's areas; result pages go by it from now on.

    What was found before is returned where nothing has changed.
    """
    before = latest_areas(test_id)
    figures = {key: asdict(found) for key, found in areas.items()}
    if before is not None and (before.persons, before.areas) == (persons, figures):
        return before
    row = AreaReport(
        test_id=test_id,
        number=1 if before is None else before.number + 1,
        persons=persons,
        areas=figures,
        made_by=actor.reference,
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    _audit(row, actor)
    return row


def _audit(row: AreaReport, actor: Actor) -> None:
    test = db.session.get_one(Test, row.test_id)
    details = {"version": test.version, "number": row.number, "persons": row.persons}
    told = sorted(key for key, each in row.areas.items() if each["told"])
    chain = institution_chain(test.institution_id)
    record(chain, "areas.compared", actor, f"test:{test.key}", told=told, **details)


def latest_areas(test_id: str) -> AreaReport | None:
    """Return the latest report on the areas of one version of a test."""
    rows = select(AreaReport).filter_by(test_id=test_id).order_by(AreaReport.number.desc())
    return db.session.scalars(rows.limit(1)).first()


def told_areas(test_key: str) -> frozenset[str]:
    """Return the areas of a test that tell more than its total, as far as sittings show.

    None before they were compared.
    """
    found = _newest(test_key)
    areas = {} if found is None else found.areas
    return frozenset(key for key, each in areas.items() if each["told"])


def areas_are_compared(test_key: str) -> bool:
    """Return whether the areas of a test were ever compared with its total."""
    found = _newest(test_key)
    return found is not None and bool(found.areas)


def _newest(test_key: str) -> AreaReport | None:
    """Return the latest report on the newest version that has one."""
    rows = (
        select(AreaReport)
        .join(AreaReport.test)
        .where(Test.key == test_key)
        .order_by(Test.version.desc(), AreaReport.number.desc())
    )
    return db.session.scalars(rows.limit(1)).first()
