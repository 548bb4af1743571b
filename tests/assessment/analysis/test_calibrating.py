"""Calibrating a bank: what the responses support, what is held back, and why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import select

from assessment.analysis.calibrating import (
    Calibrated,
    NotConverged,
    NotFit,
    calibrate_scores,
    publish,
)
from assessment.analysis.responses import NOT_GIVEN, RecordedScores, asked_items
from assessment.analysis.supporting import NotSupported
from assessment.analysis.words import report_lines
from assessment.demo.builders.catalogue import BUILDER
from assessment.demo.builders.items import build_bank, build_test, parsed_bank
from assessment.demo.builders.people import build_institution
from assessment.errors import Conflict
from assessment.extensions import db
from assessment.items.models import Bank, ParameterSource
from assessment.items.service import PilotReason, bank_pool, report_of, scale
from itembank.calibration import Progress
from itembank.parameters import Model
from tests.assessment.analysis.simulated import DIFFICULTIES, SLOPES, simulated

pytestmark = pytest.mark.usefixtures("context")


def reasons(calibrated: Calibrated) -> dict[str, PilotReason]:
    return {each.item: each.reason for each in calibrated.report.pilot}


def with_item(recorded: RecordedScores, place: int, column: object) -> RecordedScores:
    scores = recorded.scores.copy()
    scores[:, place] = column
    return replace(recorded, scores=scores)


def test_parameters_come_near_the_truth_and_groups_to_their_means() -> None:
    steps: list[Progress] = []
    recorded = simulated({"pre": (3000, 0.0), "post": (1500, 1.0)})
    found = calibrate_scores(recorded, Model.TWO_PL, steps.append)
    estimates = [found.estimates[each.version_id] for each in recorded.items]
    difficulty = [
        (each.thresholds[0] - true) / (each.threshold_ses[0] or 0)
        for each, true in zip(estimates, DIFFICULTIES, strict=True)
    ]
    slope = [
        (each.slope - true) / (each.slope_se or 0)
        for each, true in zip(estimates, SLOPES, strict=True)
    ]
    assert max(map(abs, [*difficulty, *slope])) < 4  # of 24 standard normal deviates
    report = found.report
    assert report.converged
    assert [(group.test, group.persons) for group in report.groups] == [
        ("pre", 3000),
        ("post", 1500),
    ]
    assert (report.groups[0].mean, report.groups[0].sd) == (0, 1)
    assert report.groups[1].mean == pytest.approx(1.0, abs=0.2)
    assert report.priors == ()
    assert steps[-1].n_iter == report.iterations
    seen = [each.theta for each in report.abilities]
    assert seen == sorted(set(seen))
    assert sum(each.persons for each in report.abilities) == 4500
    assert {each.responses for each in estimates} == {4500}


def test_two_hundred_sittings_support_rasch_and_2pl_is_refused_with_the_reason() -> None:
    recorded = simulated({"pre": (220, 0.0)})
    with pytest.raises(NotSupported) as refused:
        calibrate_scores(recorded, Model.TWO_PL)
    assert refused.value.sentence == (
        "2pl needs 250 responses to an item (500 to publish it). 220 sittings give too few to 12 "
        "of 12 items: 220 to 220. These responses support: rasch, 1pl (--model)."
    )
    found = calibrate_scores(recorded, Model.RASCH)
    assert found.report.items == len(found.estimates) == 12
    assert {(each.slope, each.slope_se) for each in found.estimates.values()} == {(1.0, None)}
    assert found.report.slope_se is None


@pytest.mark.parametrize(
    ("sittings", "said"),
    [
        ({}, "No scored sitting"),
        ({"pre": (60, 0.0)}, "12 of 12 items: 60 to 60. They support no model yet"),
        ({"pre": (20, 0.0)}, "20 to 20. Tests with fewer than 30 sittings are left out: pre. They"),
    ],
)
def test_nothing_is_fitted_to_next_to_nothing(
    sittings: dict[str, tuple[int, float]], said: str
) -> None:
    recorded = simulated(sittings or {"pre": (1, 0.0)})
    with pytest.raises(NotSupported, match=said):
        calibrate_scores(recorded if sittings else recorded.keep_tests(()), Model.RASCH)


@pytest.mark.parametrize(("rare", "is_enough"), [(6, True), (7, False)])
def test_half_of_the_items_asked_must_have_the_responses(rare: int, is_enough: bool) -> None:
    recorded = simulated({"pre": (220, 0.0)})
    recorded.scores[90:, :rare] = NOT_GIVEN
    if is_enough:
        assert calibrate_scores(recorded, Model.RASCH).report.asked == 12
    else:
        with pytest.raises(NotSupported, match="too few to 7 of 12 items: 90 to 90"):
            calibrate_scores(recorded, Model.RASCH)


def test_thin_data_has_a_prior_on_slopes_that_the_report_states_and_is_not_published() -> None:
    found = calibrate_scores(simulated({"pre": (300, 0.0)}), Model.TWO_PL)
    assert found.report.priors == ("slope: LogNormal(mean=0.0, sd=0.5)",)
    assert found.estimates == {}
    assert set(reasons(found).values()) <= {PilotReason.FEW_RESPONSES, PilotReason.UNSURE}
    assert len(reasons(found)) == 12
    assert found.report.threshold_se is None


def test_a_test_with_a_handful_of_sittings_is_left_out_and_named() -> None:
    found = calibrate_scores(simulated({"pre": (600, 0.0), "rare": (29, 0.0)}), Model.RASCH)
    assert found.report.small_tests == ("rare",)
    assert found.report.persons == 600
    assert "  left out: tests with too few sittings (rare)" in [*report_lines(found.report)]


def test_items_that_cannot_be_placed_are_pilot_each_with_its_reason() -> None:
    recorded = simulated({"pre": (900, 0.0)})
    chance = np.random.default_rng(3).integers(0, 2, 900).astype(np.int8)
    asked_few = np.where(np.arange(900) < 90, recorded.scores[:, 1], NOT_GIVEN)
    for place, column in ((0, 1), (1, asked_few), (2, chance), (3, 1 - recorded.scores[:, 3])):
        recorded = with_item(recorded, place, column)
    found = calibrate_scores(recorded, Model.TWO_PL)
    assert reasons(found) == {
        "item-00": PilotReason.ONE_SIDED,
        "item-01": PilotReason.FEW_RESPONSES,
        "item-02": PilotReason.FLAT,
        "item-03": PilotReason.FLAT,
    }
    figures = {each.item: each.figure for each in found.report.pilot}
    assert (figures["item-00"], figures["item-01"]) == (0, 90)
    assert figures["item-03"] < 0
    assert set(found.estimates) == {f"version-{place}" for place in range(4, 12)}


def test_booklets_that_share_no_item_are_not_one_scale() -> None:
    recorded = simulated({"pre": (900, 0.0)})
    scores = recorded.scores.copy()
    scores[:450, :6] = NOT_GIVEN
    scores[450:, 6:] = NOT_GIVEN
    with pytest.raises(NotFit, match="do not make one scale"):
        calibrate_scores(replace(recorded, scores=scores), Model.RASCH)


def calibrated_bank() -> tuple[Bank, Calibrated]:
    key = build_bank(build_institution(), parsed_bank("a", "b", each=6))
    bank = db.session.scalars(select(Bank).where(Bank.key == key)).one()
    recorded = replace(simulated({"pre": (600, 0.0)}), items=asked_items(bank.id))
    return bank, calibrate_scores(recorded, Model.RASCH)


def test_what_is_published_is_what_was_reported() -> None:
    bank, found = calibrated_bank()
    test = build_test("pre", bank.key)
    made = publish(bank.id, found, ParameterSource.SIMULATED, BUILDER)
    assert report_of(made) == found.report
    assert made.source == ParameterSource.SIMULATED
    on = scale(made.id, test)
    assert set(on.places) == set(bank_pool(bank.id).version_ids.values())
    assert set(on.cuts) == {"pass"}
    place = on.places[on.version_ids[0]]
    expected = found.estimates[on.version_ids[0]].thresholds[0]
    assert on.parameters.threshold[place, 0] == pytest.approx(expected, abs=1e-6)


def test_what_did_not_converge_is_not_published_nor_what_has_no_items() -> None:
    bank, found = calibrated_bank()
    unended = replace(found, report=replace(found.report, converged=False, message="no end"))
    with pytest.raises(NotConverged, match="no end"):
        publish(bank.id, unended, ParameterSource.RESPONSES, BUILDER)
    with pytest.raises(Conflict, match="Nothing to publish"):
        publish(bank.id, replace(found, estimates={}), ParameterSource.RESPONSES, BUILDER)
