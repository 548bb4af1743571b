"""The scale of the demo's bank: calibrated from responses that a computer made up, and said so."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from assessment.access import Actor
from assessment.extensions import db
from assessment.items.models import Bank, ParameterSet, ParameterSource

if TYPE_CHECKING:
    from assessment.analysis.service import AskedItem, Calibrated
    from itembank import ItemParameters

BANK = "bev-safety"
PERSONS = 1500
SEED = 1305
GROUP = "simulated"
"""What the report calls those who were made up."""

DIFFICULTY, SPREAD, FARTHEST = -1.0, 0.6, 1.2
"""Of the true difficulties, in logits: their mean, their SD, and how far out they may lie."""
DISCRIMINATION, VARIETY = 1.2, 0.2
"""Of the true slopes: their median, and the SD of their logarithm."""


def publish_scale(actor: Actor) -> ParameterSet:
    """Return the demo bank's parameter set, published as simulated."""
    from assessment.analysis import service as analysis  # noqa: PLC0415 - numbers are slow to load

    bank = db.session.scalars(select(Bank).where(Bank.key == BANK)).one()
    version_ids = {each.key: each.version_id for each in analysis.asked_items(bank.id)}
    found = _calibrated(tuple(sorted(version_ids)))
    estimates = {version_ids[key]: estimate for key, estimate in found.estimates.items()}
    own = replace(found, estimates=estimates)
    return analysis.publish(bank.id, own, ParameterSource.SIMULATED, actor)


@cache
def _calibrated(keys: tuple[str, ...]) -> Calibrated:
    """Return the calibration of made-up responses, with its estimates by the keys of the items."""
    import itembank  # noqa: PLC0415 - beside what is slow to load
    from assessment.analysis import service as analysis  # noqa: PLC0415 - numbers are slow to load

    theta = itembank.simulate_abilities(PERSONS, seed=SEED)
    scores = itembank.simulate_scores(theta, _truth(len(keys)), seed=SEED)
    asked: tuple[AskedItem, ...] = tuple(analysis.AskedItem(key, "", key) for key in keys)
    return analysis.calibrate_scores(analysis.RecordedScores(scores, asked, (GROUP,) * PERSONS))


def _truth(n_items: int) -> ItemParameters:
    import numpy as np  # noqa: PLC0415 - slow to load

    import itembank  # noqa: PLC0415 - as above

    random = np.random.default_rng(SEED)
    away = np.clip(random.normal(0, SPREAD, n_items), -FARTHEST, FARTHEST)
    slope = DISCRIMINATION * np.exp(random.normal(0, VARIETY, n_items))
    return itembank.ItemParameters("2pl", slope, DIFFICULTY + away)
