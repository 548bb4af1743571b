"""A panel's raw cut: kept for ever, and solved on every scale for every test that it speaks for."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

import itembank
from assessment.access import Role
from assessment.audit.models import AuditBody
from assessment.demo.builders.catalogue import BUILDER, both
from assessment.demo.builders.items import build_bank, build_test, parsed_bank, specification
from assessment.demo.builders.people import build_institution, build_staff
from assessment.errors import Conflict, Forbidden, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.items.models import (
    Bank,
    CutScore,
    PanelStandard,
    ParameterSet,
    ParameterSource,
    Test,
    TestMode,
)
from assessment.items.service import (
    Cut,
    ItemEstimate,
    NewSet,
    NewStandard,
    NoDesign,
    NotRated,
    Parallels,
    Scale,
    bank_pool,
    current_set,
    forms_to_assemble,
    measured,
    panel_prior,
    publish_parameter_set,
    publish_standard,
    publish_test,
    scale,
    unplaced_marks,
)
from assessment.people.models import Institution
from itembank.arguments import FloatArray
from tests.assessment.people.actors import actor_for

ITEMS = ("a-1", "a-2", "a-3", "b-1", "b-2", "b-3")
RATINGS = (
    (0.50, 0.70, 0.90, 0.60, 0.40, 0.80),
    (0.60, 0.70, 0.80, 0.55, 0.45, 0.70),
    (0.40, 0.80, 0.90, 0.65, 0.35, 0.75),
)
TOUGHER = 0.8
"""How much harder than judged the items turn out to be, in logits."""
SLOPE, SLOPE_SE, PLACE_SE = 1.3, 0.1, 0.2
"""Of each item, as responses have it."""


@pytest.fixture
def institution(context: Flask) -> Institution:
    return build_institution("college")


@pytest.fixture
def bank(institution: Institution) -> Bank:
    key = build_bank(institution, parsed_bank("a", "b", each=3), "wires")
    return db.session.scalars(select(Bank).where(Bank.key == key)).one()


def said(**given: Any) -> NewStandard:
    return replace(NewStandard(items=ITEMS, ratings=RATINGS), **given)


def publish(bank: Bank, new: NewStandard | None = None) -> tuple[PanelStandard, ParameterSet]:
    return publish_standard(bank.id, new or said(), BUILDER)


def calibrated(bank: Bank, keys: tuple[str, ...] = ITEMS) -> NewSet:
    """Return items that are all harder than the panel thought, and steeper."""
    versions, means = bank_pool(bank.id).version_ids, np.mean(RATINGS, axis=0)
    return NewSet(
        source=ParameterSource.RESPONSES,
        report={},
        items={
            versions[key]: ItemEstimate(
                model="2pl",
                slope=SLOPE,
                thresholds=(float(TOUGHER - np.log(mean / (1 - mean))),),
                slope_se=SLOPE_SE,
                threshold_ses=(PLACE_SE,),
                responses=600,
            )
            for key, mean in zip(ITEMS, means, strict=True)
            if key in keys
        },
    )


def test_the_raw_cut_is_kept_with_its_error_and_the_judges_agreement(bank: Bank) -> None:
    earlier = tuple(tuple(value - 0.05 for value in judge) for judge in RATINGS)
    row, _made = publish(bank, said(earlier=(earlier,)))
    found = itembank.angoff(RATINGS)
    assert (row.number, row.judges, row.items) == (1, 3, 6)
    assert (row.raw_cut, row.se, row.sd) == (found.cut, found.se, found.sd)
    assert row.agreement_of_one == found.agreement.single
    assert (row.agreement_of_panel, row.consistency) == (
        found.agreement.average,
        found.agreement.consistency,
    )
    kept = json.loads(row.ratings)
    assert [key for key, _version, _area in kept["items"]] == list(ITEMS)
    assert kept["rounds"] == [[list(j) for j in earlier], [list(judge) for judge in RATINGS]]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE panel_standard SET raw_cut = 1",
        "DELETE FROM panel_standard",
        "INSERT INTO panel_standard SELECT * FROM panel_standard",
    ],
)
def test_nothing_changes_a_raw_cut(bank: Bank, statement: str) -> None:
    publish(bank)
    with pytest.raises(IntegrityError, match="as the panel set it"), db.session.begin_nested():
        db.session.execute(text(statement))


def test_the_panel_places_items_and_its_cut_at_nought(bank: Bank) -> None:
    test = build_test("pre", bank.key)
    row, made = publish(bank)
    assert (made.source, made.number, made.is_current) == (ParameterSource.PANEL, 1, True)
    own = measured(made.id)
    assert own.parameters.slope.tolist() == [1.0] * 6
    at_nought = itembank.probability(0.0, own.parameters)
    assert at_nought.sum() == pytest.approx(row.raw_cut, abs=1e-5)
    cut = scale(made.id, test).cuts["pass"]
    assert cut.theta == pytest.approx(0, abs=1e-5)
    (kept,) = db.session.scalars(select(CutScore))
    assert kept.panel_standard_id == row.id


def test_the_error_of_the_mark_is_the_raw_cuts_over_the_slope_of_the_curve(bank: Bank) -> None:
    """The blueprint asks one of each area and the panel rated three of each: the shares agree."""
    test = build_test("pre", bank.key)
    row, made = publish(bank)
    rates = itembank.probability(0.0, measured(made.id).parameters)
    slope = float((rates * (1 - rates)).sum())
    assert scale(made.id, test).cuts["pass"].se == pytest.approx(row.se / slope, abs=1e-5)


def test_areas_weigh_as_the_blueprint_says(bank: Bank) -> None:
    test = build_test("pre", bank.key, blueprint={"a": 1, "b": 2})
    publish(bank)
    made = publish_parameter_set(bank.id, calibrated(bank), BUILDER)
    found = scale(made.id, test)
    each = itembank.probability(found.cuts["pass"].theta, found.parameters)
    expected = each[:3].mean() + 2 * each[3:].mean()
    judges = np.array(RATINGS)
    sums = judges[:, :3].mean(axis=1) + 2 * judges[:, 3:].mean(axis=1)
    assert expected == pytest.approx(sums.mean(), abs=1e-5)
    weights = np.repeat([1 / 3, 2 / 3], 3)
    se = with_items(found, sums.std(ddof=1) / np.sqrt(3), weights)
    assert found.cuts["pass"].se == pytest.approx(se, abs=1e-5)


def with_items(found: Scale, of_panel: float, weights: FloatArray) -> float:
    """Return the error of a mark: the panel's in points, and that of each item's two parameters."""
    theta = found.cuts["pass"].theta
    each = itembank.probability(theta, found.parameters)
    steep = weights * each * (1 - each)
    of_places = steep * SLOPE * PLACE_SE
    of_slopes = steep * (theta - found.parameters.difficulty) * SLOPE_SE
    points = np.sqrt(of_panel**2 + (of_places**2).sum() + (of_slopes**2).sum())
    return float(points / (SLOPE * steep.sum()))


def test_a_calibration_moves_the_origin_and_the_cut_is_solved_again(bank: Bank) -> None:
    test = build_test("pre", bank.key)
    row, first = publish(bank)
    second = publish_parameter_set(bank.id, calibrated(bank), BUILDER)
    found = scale(second.id, test)
    cut = found.cuts["pass"]
    each = itembank.probability(cut.theta, found.parameters)
    assert each.sum() == pytest.approx(row.raw_cut, abs=1e-5)
    assert cut.theta == pytest.approx(TOUGHER, abs=0.15)
    assert cut.se == pytest.approx(with_items(found, row.se, np.ones(6)), abs=1e-5)
    assert scale(first.id, test).cuts["pass"].theta == pytest.approx(0, abs=1e-5)


def test_a_test_that_is_published_later_is_judged_by_the_panel_too(bank: Bank) -> None:
    row, _made = publish(bank)
    build_test("later", bank.key)
    assert db.session.scalars(select(CutScore.panel_standard_id)).all() == [row.id]


def test_other_tests_and_other_marks_stay_with_their_percentages(bank: Bank) -> None:
    marks = (Cut("pass", both("Passed"), 60), Cut("honours", both("Honours"), 80))
    one, other = (build_test(key, bank.key, cuts=marks) for key in ("one", "other"))
    row, made = publish(bank, said(test_key="one", cut_key="honours"))
    rows = db.session.scalars(select(CutScore))
    panels = {(each.test_id, each.cut_key): each.panel_standard_id for each in rows}
    assert panels == {
        (one.id, "pass"): None,
        (one.id, "honours"): row.id,
        (other.id, "pass"): None,
        (other.id, "honours"): None,
    }
    own = scale(made.id, other)
    at_mark = itembank.probability(own.cuts["honours"].theta, own.parameters)
    assert at_mark.mean() == pytest.approx(0.8, abs=1e-5)
    assert own.cuts["honours"].se == 0, "items that a panel placed are taken for right"


def some(*keys: str, **given: Any) -> NewStandard:
    """Return what the panel said of some items."""
    places = [ITEMS.index(key) for key in keys]
    return said(items=keys, ratings=tuple(tuple(j[n] for n in places) for j in RATINGS), **given)


def placed_by(test: Test) -> set[str | None]:
    found = current_set(test.bank_id)
    assert found is not None
    rows = select(CutScore.panel_standard_id).where(
        CutScore.test_id == test.id, CutScore.parameter_set_id == found.id
    )
    return {*db.session.scalars(rows)}


def said_of(test: Test) -> list[str]:
    found = current_set(test.bank_id)
    assert found is not None
    return [*unplaced_marks(test, found)]


@pytest.mark.parametrize("test_key", [None, "pre"])
def test_a_panel_that_can_set_no_mark_is_refused_with_the_area_that_it_did_not_rate(
    test_key: str | None, bank: Bank
) -> None:
    build_test("pre", bank.key)
    with pytest.raises(NotRated, match=r"areas, in which the test pre asks: b\.") as refused:
        publish(bank, some("a-1", "a-2", test_key=test_key))
    assert refused.value.details["areas"] == ["b"]


def test_a_panel_of_the_bank_sets_the_marks_that_it_can_and_leaves_the_others_in_percent(
    bank: Bank,
) -> None:
    wide, narrow = build_test("wide", bank.key), build_test("narrow", bank.key, blueprint={"a": 1})
    row, _made = publish(bank, some("a-1", "a-2"))
    assert (placed_by(wide), placed_by(narrow)) == ({None}, {row.id})
    assert said_of(narrow) == []
    assert said_of(wide) == [
        (
            "wide, pass: stays at 70 %. Panel 1 rated no question of these areas, in which the "
            "test wide asks: b. Have it rate some of each, and publish that (attest bank standard)."
        )
    ]
    later = build_test("later", bank.key)  # after the panel, as before it
    drill = build_test("drill", bank.key, is_practice=True)
    assert (placed_by(later), placed_by(drill)) == ({None}, {None})
    both_areas, _made = publish(bank, said())
    assert {*placed_by(wide), *placed_by(later), *placed_by(narrow)} == {both_areas.id}
    assert said_of(wide) == []


def test_a_calibration_is_published_where_a_panels_mark_has_no_place_and_another_panel_helps(
    bank: Bank,
) -> None:
    test, narrow = build_test("pre", bank.key), build_test("b-only", bank.key, blueprint={"b": 1})
    row, first = publish(bank, some("a-1", "b-1"))
    publish_parameter_set(bank.id, calibrated(bank, ITEMS[1:]), BUILDER)
    assert (placed_by(test), placed_by(narrow)) == (set(), {row.id})
    assert said_of(test) == [
        (
            "pre, pass: has no place on this scale, so that points decide, held against 70 %. No "
            "question that panel 1 rated is on the scale in these areas, in which the test pre "
            "asks: a. Have a panel rate some that are, and publish that (attest bank standard)."
        )
    ]
    assert scale(first.id, test).cuts.keys() == {"pass"}  # decisions of before replay
    again, _made = publish(bank, some("a-2", "b-2"))
    assert placed_by(test) == {again.id}


def test_a_test_that_needs_its_mark_is_refused_with_what_helps(bank: Bank) -> None:
    adaptive = {"mode": TestMode.ADAPTIVE, "attempts": 2}
    build_test("pre", bank.key, blueprint={"b": 1})
    publish_parameter_set(bank.id, calibrated(bank), BUILDER)
    publish(bank, some("b-1", test_key="pre"))
    build_test("pre", bank.key, blueprint={"b": 1}, **adaptive)
    with pytest.raises(Conflict, match=r"the adaptive test pre could not go on.* panel 1 rated is"):
        publish_parameter_set(bank.id, calibrated(bank, ITEMS[4:]), BUILDER)


def test_a_version_that_asks_more_than_its_panel_rated_is_published_unless_it_needs_the_mark(
    bank: Bank,
) -> None:
    build_test("pre", bank.key, blueprint={"b": 1})
    publish_parameter_set(bank.id, calibrated(bank), BUILDER)
    publish(bank, some("b-1", test_key="pre"))
    wider = build_test("pre", bank.key)
    assert placed_by(wider) == set()
    assert "points decide, held against 70 %. Panel 1 rated no question" in said_of(wider)[0]
    adaptive = specification("pre", bank.key, mode=TestMode.ADAPTIVE, attempts=2)
    with pytest.raises(NoDesign, match=r"Panel 1 rated no question.*attest bank standard"):
        publish_test(adaptive, BUILDER)


def test_forms_are_refused_with_what_helps_where_a_panels_mark_has_no_place(bank: Bank) -> None:
    build_test("pre", bank.key, blueprint={"b": 1})
    publish_parameter_set(bank.id, calibrated(bank), BUILDER)
    publish(bank, some("b-1", test_key="pre"))
    forms = specification("pre", bank.key, forms=Parallels(parallel=2))
    with pytest.raises(Invalid, match=r"Panel 1 rated no question.*attest bank standard"):
        forms_to_assemble(forms, BUILDER)


def test_a_panel_for_another_mark_leaves_the_items_where_they_are(bank: Bank) -> None:
    marks = (Cut("pass", both("Passed"), 60), Cut("honours", both("Honours"), 80))
    test = build_test("pre", bank.key, cuts=marks)
    _row, first = publish(bank)
    higher = tuple(tuple(min(0.97, value + 0.15) for value in judge) for judge in RATINGS)
    row, second = publish(bank, said(ratings=higher, cut_key="honours"))
    assert (row.number, row.places_items, second.source) == (2, False, ParameterSource.PANEL)
    thresholds = [measured(each.id).parameters.difficulty.tolist() for each in (first, second)]
    assert thresholds[0] == thresholds[1]
    cuts = scale(second.id, test).cuts
    assert cuts["pass"].theta == pytest.approx(0, abs=1e-5)
    each = itembank.probability(cuts["honours"].theta, measured(second.id).parameters)
    assert each.sum() == pytest.approx(row.raw_cut, abs=1e-5)
    prior = panel_prior(bank.id)
    assert prior is not None
    assert prior.number == 1


def test_the_same_panel_met_again_places_the_items_anew(bank: Bank) -> None:
    publish(bank)
    stricter = tuple(tuple(value - 0.1 for value in judge) for judge in RATINGS)
    row, made = publish(bank, said(ratings=stricter))
    assert (row.number, row.places_items, made.number) == (2, True, 2)
    at_nought = itembank.probability(0.0, measured(made.id).parameters)
    assert at_nought.sum() == pytest.approx(row.raw_cut, abs=1e-5)


def test_on_a_calibrated_bank_only_the_mark_moves(bank: Bank) -> None:
    test = build_test("pre", bank.key)
    before = publish_parameter_set(bank.id, calibrated(bank), BUILDER)
    row, made = publish(bank)
    assert (made.source, made.number) == (ParameterSource.RESPONSES, 2)
    assert measured(made.id).estimates == measured(before.id).estimates
    each = itembank.probability(
        scale(made.id, test).cuts["pass"].theta, measured(made.id).parameters
    )
    assert each.sum() == pytest.approx(row.raw_cut, abs=1e-5)
    assert panel_prior(bank.id) is None


def test_the_prior_of_a_difficulty_is_as_wide_as_the_panel_and_judgement_leave_it(
    bank: Bank,
) -> None:
    publish(bank)
    prior = panel_prior(bank.id)
    assert prior is not None
    mean, sd = prior.thresholds[bank_pool(bank.id).version_ids["a-1"]]
    rates = np.array(RATINGS)[:, 0]
    assert mean == pytest.approx(-np.log(rates.mean() / (1 - rates.mean())))
    in_logits = rates.std(ddof=1) / np.sqrt(3) / (rates.mean() * (1 - rates.mean()))
    assert sd == pytest.approx(np.hypot(in_logits, 0.8))


def test_a_test_and_a_mark_that_there_are_not_are_refused(bank: Bank) -> None:
    build_test("pre", bank.key)
    with pytest.raises(Invalid, match=r"has no test nowhere\. Its tests are: pre"):
        publish(bank, said(test_key="nowhere"))
    with pytest.raises(Invalid, match="has a mark honours"):
        publish(bank, said(cut_key="honours"))
    with pytest.raises(NoSuchRecord):
        publish_standard("nowhere", said(), BUILDER)


def test_sure_judges_have_their_mark_at_nought_and_their_raw_cut_kept(bank: Bank) -> None:
    """A rating of 1 stands at 0.98 until there are responses; then 1 is what is solved again."""
    test = build_test("pre", bank.key)
    sure = tuple((1.0, 1.0, 1.0, *judge[3:]) for judge in RATINGS)
    row, made = publish(bank, said(ratings=sure))
    assert scale(made.id, test).cuts["pass"].theta == pytest.approx(0, abs=1e-5)
    assert row.raw_cut == pytest.approx(3 + np.mean(RATINGS, axis=0)[3:].sum())
    later = publish_parameter_set(bank.id, calibrated(bank), BUILDER)
    found = scale(later.id, test)
    each = itembank.probability(found.cuts["pass"].theta, found.parameters)
    assert each.sum() == pytest.approx(row.raw_cut, abs=1e-5)


def test_another_mark_that_asks_for_all_has_no_place(bank: Bank) -> None:
    marks = (Cut("pass", both("Passed"), 60), Cut("honours", both("Honours"), 80))
    build_test("pre", bank.key, cuts=marks)
    publish(bank)
    with pytest.raises(NotRated, match="has no place in the test pre"):
        publish(bank, said(ratings=((1.0,) * 6,) * 3, cut_key="honours"))


def test_ratings_that_all_say_nought_place_nothing(bank: Bank) -> None:
    with pytest.raises(Invalid, match="place nothing"):
        publish(bank, said(ratings=tuple((0.0,) * 6 for _ in RATINGS)))


def test_only_who_keeps_items_there_may_publish_it(bank: Bank, institution: Institution) -> None:
    other = build_institution("other")
    stranger = actor_for(build_staff(Role.PSYCHOMETRICIAN, other))
    with pytest.raises(Forbidden):
        publish_standard(bank.id, said(), stranger)
    own = actor_for(build_staff(Role.PSYCHOMETRICIAN, institution))
    assert publish_standard(bank.id, said(), own)[0].made_by == own.reference


def test_it_is_audited(bank: Bank) -> None:
    row, made = publish(bank)
    db.session.commit()
    bodies = [json.loads(body) for body in db.session.scalars(select(AuditBody.body))]
    acts = {body["act"]: body for body in bodies}
    assert acts["standard.published"]["details"]["digest"] == row.digest
    assert acts["parameters.published"]["details"]["source"] == "panel"
    assert made == current_set(bank.id)
