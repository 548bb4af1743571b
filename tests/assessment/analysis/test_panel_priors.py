"""Calibrating a bank that a panel placed: its judgement is the prior, and says where all lies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from assessment.analysis.calibrating import calibrate_scores
from assessment.analysis.responses import NOT_GIVEN, RecordedScores, recorded_scores
from assessment.analysis.supporting import NotSupported
from assessment.analysis.words import report_lines
from assessment.demo.builders.catalogue import BUILDER
from assessment.demo.builders.items import build_bank, parsed_bank
from assessment.demo.builders.people import build_institution
from assessment.extensions import db
from assessment.items.models import Bank
from assessment.items.service import (
    NewStandard,
    PanelPrior,
    PilotReason,
    bank_pool,
    publish_standard,
)
from itembank.calibration.adequacy import THRESHOLD_SE
from itembank.parameters import Model
from tests.assessment.analysis.simulated import DIFFICULTIES, simulated

SD = 0.85


def judged(sittings: dict[str, tuple[int, float]], *, by: float = 0.0) -> RecordedScores:
    """Return sittings of a bank that a panel placed `by` so many logits above the truth."""
    recorded = simulated(sittings)
    known = zip(recorded.items, DIFFICULTIES, strict=True)
    beliefs = {each.version_id: (float(true) + by, SD) for each, true in known}
    return replace(recorded, panel=PanelPrior(3, beliefs))


def test_few_responses_can_be_fitted_and_none_of_them_is_published(context: Flask) -> None:
    recorded = judged({"pre": (40, 0.0)})
    with pytest.raises(NotSupported):
        calibrate_scores(replace(recorded, panel=None), Model.TWO_PL)
    found = calibrate_scores(recorded, Model.TWO_PL)
    assert found.estimates == {}
    assert {each.reason for each in found.report.pilot} == {PilotReason.FEW_RESPONSES}
    assert {each.figure for each in found.report.pilot} == {40}
    assert found.report.panel == 3
    assert any("difficulty (panel)" in each for each in found.report.priors)
    said = " ".join(report_lines(found.report))
    assert "Panel 3 placed items before there were responses" in said
    assert "Provisional: 12 items rest on the panel more than on their few responses" in said


@pytest.mark.parametrize("model", [Model.RASCH, Model.ONE_PL, Model.TWO_PL, Model.THREE_PL])
def test_the_panel_says_where_the_scale_lies_under_every_model(
    context: Flask, model: Model
) -> None:
    """A panel that is out by a logit moves scale and learners by it, not the fit."""
    own = calibrate_scores(judged({"pre": (1200, 0.3)}), model)
    moved = calibrate_scores(judged({"pre": (1200, 0.3)}, by=1.0), model)
    assert own.report.converged
    assert moved.report.converged
    assert moved.report.groups[0].mean - own.report.groups[0].mean == pytest.approx(1.0, abs=0.1)
    assert own.report.groups[0].mean == pytest.approx(0.3, abs=0.35)
    assert moved.report.log_likelihood == pytest.approx(own.report.log_likelihood, abs=0.5)


def test_groups_are_all_free_and_publishable_items_are_published(context: Flask) -> None:
    found = calibrate_scores(judged({"pre": (700, -0.4), "post": (500, 0.8)}), Model.TWO_PL)
    first, second = found.report.groups
    assert first.mean != 0
    assert second.mean - first.mean == pytest.approx(1.2, abs=0.3)
    assert len(found.estimates) >= 6
    errors = [each.threshold_ses[0] or 0 for each in found.estimates.values()]
    assert max(errors) <= THRESHOLD_SE


def test_an_item_that_all_got_right_waits_as_before(context: Flask) -> None:
    recorded = judged({"pre": (60, 0.0)})
    scores = recorded.scores.copy()
    scores[:, 4] = 1
    found = calibrate_scores(replace(recorded, scores=scores), Model.RASCH)
    reasons = {each.item: each.reason for each in found.report.pilot}
    assert reasons["item-04"] == PilotReason.FEW_RESPONSES
    assert found.report.asked == 12


def test_what_the_panel_did_not_rate_needs_responses_as_before(context: Flask) -> None:
    recorded = judged({"pre": (150, 0.0)})
    assert recorded.panel is not None
    beliefs = dict(recorded.panel.thresholds)
    for each in recorded.items[8:]:
        del beliefs[each.version_id]
    scores = recorded.scores.copy()
    scores[90:, 10] = NOT_GIVEN
    some = replace(recorded, scores=scores, panel=PanelPrior(3, beliefs))
    found = calibrate_scores(some, Model.RASCH)
    assert found.report.panel == 3
    figures = {each.item: each.figure for each in found.report.pilot}
    assert figures["item-10"] == 90
    assert found.report.items == 0


def test_the_panels_belief_is_read_with_the_responses(context: Flask) -> None:
    build_bank(build_institution("college"), parsed_bank("a", each=3), "wires")
    bank = db.session.scalars(select(Bank).where(Bank.key == "wires")).one()
    assert recorded_scores(bank.id).panel is None
    new = NewStandard(items=("a-1", "a-3"), ratings=((0.5, 0.7), (0.6, 0.7), (0.4, 0.7)))
    publish_standard(bank.id, new, BUILDER)
    found = recorded_scores(bank.id)
    assert found.panel is not None
    versions = bank_pool(bank.id).version_ids
    assert found.panel.thresholds[versions["a-3"]] == pytest.approx((-np.log(0.7 / 0.3), 0.8))
    assert found.believed.tolist() == [True, False, True]
