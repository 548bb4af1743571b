"""A bank's scale: published once, numbered, current; marks placed on it; read once a process."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import itembank
from assessment.access import Role
from assessment.audit.models import AuditBody
from assessment.demo.builders.catalogue import BUILDER, both
from assessment.demo.builders.items import build_bank, build_test, choice_item, parsed_bank
from assessment.demo.builders.people import build_institution, build_staff
from assessment.errors import Conflict, Forbidden, NoSuchRecord
from assessment.extensions import db
from assessment.items.models import Bank, CutScore, ParameterSet, ParameterSource, TestMode
from assessment.items.scales import measured
from assessment.items.service import (
    Adaptivity,
    BankSpec,
    CalibratedGroup,
    CalibrationReport,
    Cut,
    ItemEstimate,
    NewSet,
    bank_pool,
    current_set,
    import_bank,
    publish_parameter_set,
    report_data,
    scale,
    scale_of,
)
from assessment.people.models import Institution
from tests.assessment.people.actors import actor_for

DIFFICULTIES = {"a-1": -1.0, "a-2": 0.0, "a-3": 1.0, "b-1": 0.5, "b-2": 1.5, "b-3": 2.5}


@pytest.fixture
def institution(context: Flask) -> Institution:
    return build_institution("college")


@pytest.fixture
def bank(institution: Institution) -> Bank:
    key = build_bank(institution, parsed_bank("a", "b", each=3), "wires")
    return db.session.scalars(select(Bank).where(Bank.key == key)).one()


def estimate(difficulty: float, **given: Any) -> ItemEstimate:
    return ItemEstimate(
        **{
            "model": "2pl",
            "slope": 1.2,
            "thresholds": (difficulty,),
            "slope_se": 0.1,
            "threshold_ses": (0.2,),
            "responses": 600,
            **given,
        }
    )


def new_set(bank: Bank, difficulties: dict[str, float] = DIFFICULTIES, **report: Any) -> NewSet:
    versions = bank_pool(bank.id).version_ids
    return NewSet(
        source=ParameterSource.RESPONSES,
        report=report,
        items={versions[key]: estimate(b) for key, b in difficulties.items()},
    )


def publish(bank: Bank, new: NewSet | None = None) -> ParameterSet:
    return publish_parameter_set(bank.id, new or new_set(bank), BUILDER)


def test_sets_are_numbered_and_the_last_one_is_current(bank: Bank) -> None:
    first, second = publish(bank), publish(bank)
    assert (first.number, second.number) == (1, 2)
    db.session.refresh(first)
    assert (first.is_current, second.is_current) == (False, True)
    assert current_set(bank.id) is second


def test_the_same_parameters_have_the_same_digest_and_others_another(bank: Bank) -> None:
    first, again = publish(bank), publish(bank)
    other = publish(bank, new_set(bank, {**DIFFICULTIES, "a-1": -1.1}))
    reported = publish(bank, new_set(bank, persons=7))
    assert first.digest == again.digest
    assert len({first.digest, other.digest, reported.digest}) == 3


def test_the_mark_lies_where_the_blueprints_expected_score_is_its_share(bank: Bank) -> None:
    test = build_test("pre", bank.key, blueprint={"a": 1, "b": 2})
    found = scale(publish(bank).id, test)
    cut = found.cuts["pass"]
    each = itembank.probability(cut.theta, found.parameters)
    shares = dict(zip(found.version_ids, each, strict=True))
    versions = bank_pool(bank.id).version_ids
    means = {
        area: sum(shares[versions[f"{area}-{n}"]] for n in (1, 2, 3)) / 3 for area in ("a", "b")
    }
    assert (means["a"] + 2 * means["b"]) / 3 == pytest.approx(0.70, abs=1e-6)
    assert 0 < cut.se < 0.2


def test_an_area_counts_as_the_blueprint_says_however_many_items_it_has(bank: Bank) -> None:
    test = build_test("pre", bank.key, blueprint={"a": 1, "b": 1})
    some = {key: DIFFICULTIES[key] for key in ("a-1", "a-2", "a-3", "b-2")}
    found = scale(publish(bank, new_set(bank, some)).id, test)
    shares = itembank.probability(found.cuts["pass"].theta, found.parameters)
    assert (shares[:3].mean() + shares[3]) / 2 == pytest.approx(0.70, abs=1e-6)


@pytest.mark.parametrize(("persons", "mean", "sd"), [(400, 0.0, 1.0), (900, -0.7, 1.5)])
def test_a_marks_error_counts_how_many_people_set_the_scale(
    bank: Bank, persons: int, mean: float, sd: float
) -> None:
    """Of the origin: their spread over the root of their number; of the unit: of half of that."""
    test = build_test("pre", bank.key)
    alone = scale(publish(bank).id, test).cuts["pass"]
    made = publish(bank, new_set(bank, **report_data(reported(persons, mean, sd))))
    cut = scale(made.id, test).cuts["pass"]
    assert cut.theta == alone.theta
    by_people = sd**2 / persons + (cut.theta - mean) ** 2 / (2 * persons)
    assert cut.se**2 == pytest.approx(alone.se**2 + by_people, rel=1e-4)


def reported(persons: int, mean: float, sd: float) -> CalibrationReport:
    groups = (
        CalibratedGroup(test="pre", persons=persons, mean=mean, sd=sd),
        CalibratedGroup(test="post", persons=50, mean=0.4, sd=0.9),
    )
    fit = {"log_likelihood": -1.0, "n_parameters": 12, "aic": 26.0, "bic": 30.0, "iterations": 5}
    grid = {"nodes": 61, "lowest": -6.0, "highest": 6.0, "slope_se": 0.1, "threshold_se": 0.2}
    return CalibrationReport(
        model="2pl",
        persons=persons + 50,
        items=6,
        asked=6,
        groups=groups,
        converged=True,
        message="converged",
        priors=(),
        **fit,
        **grid,
    )


def test_without_errors_of_the_parameters_a_mark_has_none(bank: Bank) -> None:
    test = build_test("pre", bank.key)
    exact = {
        version: estimate(0.0, slope_se=None, threshold_ses=(None,))
        for version in bank_pool(bank.id).version_ids.values()
    }
    found = publish(bank, NewSet(source=ParameterSource.SIMULATED, report={}, items=exact))
    assert scale(found.id, test).cuts["pass"].se == 0


def test_what_guessing_gives_and_what_nobody_reaches_have_no_place(bank: Bank) -> None:
    cuts = tuple(Cut(f"c{p}", both("Mark"), p) for p in (20, 70, 100))
    test = build_test("pre", bank.key, cuts=cuts)
    guessed = {
        version: estimate(0.0, model="3pl", guessing=0.25)
        for version in bank_pool(bank.id).version_ids.values()
    }
    found = publish(bank, NewSet(source=ParameterSource.RESPONSES, report={}, items=guessed))
    assert set(scale(found.id, test).cuts) == {"c70"}


def test_an_area_without_calibrated_items_counts_for_nothing(bank: Bank) -> None:
    test = build_test("pre", bank.key, blueprint={"a": 1, "b": 2})
    found = publish(bank, new_set(bank, {"a-2": 0.0}))
    theta = scale(found.id, test).cuts["pass"].theta
    probability = float(itembank.probability(theta, scale(found.id, test).parameters)[0])
    assert probability == pytest.approx(0.70, abs=1e-6)


def test_a_test_published_after_the_set_has_its_marks_too(bank: Bank) -> None:
    found = publish(bank)
    test = build_test("pre", bank.key)
    assert scale_of(test) is scale(found.id, test)
    assert set(scale(found.id, test).cuts) == {"pass"}


def test_a_sitting_keeps_the_scale_that_it_began_on(bank: Bank) -> None:
    test = build_test("pre", bank.key)
    first = publish(bank)
    pinned = scale(first.id, test)
    harder = new_set(bank, {key: b + 1 for key, b in DIFFICULTIES.items()})
    now = publish(bank, harder)
    assert scale_of(test) is scale(now.id, test)
    assert scale(first.id, test) is pinned
    moved = scale(now.id, test).cuts["pass"].theta - pinned.cuts["pass"].theta
    assert moved == pytest.approx(1, abs=1e-5)


def test_a_bank_without_a_set_has_no_scale(bank: Bank) -> None:
    assert scale_of(build_test("pre", bank.key)) is None
    assert current_set(bank.id) is None
    with pytest.raises(NoSuchRecord):
        measured("no-such-set")


def test_items_stand_in_order_of_key_and_a_new_wording_is_pilot(
    bank: Bank, institution: Institution
) -> None:
    test = build_test("pre", bank.key)
    found = scale(publish(bank).id, test)
    versions = bank_pool(bank.id).version_ids
    assert found.version_ids == tuple(versions[key] for key in sorted(DIFFICULTIES))
    assert [found.places[each] for each in found.version_ids] == [*range(6)]
    _reword(bank, institution)
    assert bank_pool(bank.id).version_ids["a-1"] not in found.places
    assert found.places[versions["a-1"]] == 0


def _reword(bank: Bank, institution: Institution) -> None:
    parsed = parsed_bank("a", "b", each=3)
    items = (choice_item("a-1", "a", stem=both("Other words?")), *parsed.items[1:])
    other = itembank.ParsedBank(areas=parsed.areas, items=items)
    import_bank(other, BankSpec(key=bank.key, institution_id=institution.id), BUILDER)


def test_figures_are_kept_as_they_are_used(bank: Bank) -> None:
    version = bank_pool(bank.id).version_ids["a-1"]
    given = estimate(1 / 3, slope=1.23456789, guessing_se=0.01)
    found = publish(
        bank, NewSet(source=ParameterSource.RESPONSES, report={}, items={version: given})
    )
    kept = measured(found.id)
    assert (kept.estimates[0].thresholds, kept.estimates[0].slope) == ((0.333333,), 1.234568)
    assert kept.parameters.threshold[0, 0] == 0.333333
    assert kept.estimates[0].guessing_se == 0.01


def test_publishing_is_for_those_who_keep_the_bank_and_is_on_the_record(bank: Bank) -> None:
    elsewhere = build_staff(Role.PSYCHOMETRICIAN, build_institution("other"))
    with pytest.raises(Forbidden):
        publish_parameter_set(bank.id, new_set(bank), actor_for(elsewhere))
    with pytest.raises(NoSuchRecord):
        publish_parameter_set("no-such-bank", new_set(bank), BUILDER)
    found = publish(bank)
    db.session.commit()
    acts = [json.loads(body) for body in db.session.scalars(select(AuditBody.body))]
    (act,) = [act for act in acts if act["act"] == "parameters.published"]
    assert act["subject"] == "bank:wires"
    assert act["details"] == {
        "digest": found.digest,
        "items": 6,
        "number": 1,
        "source": "responses",
    }


def test_a_set_on_which_an_adaptive_test_could_not_go_on_is_refused(bank: Bank) -> None:
    publish(bank)
    asked = {"blueprint": {"a": 2, "b": 2}, "mode": TestMode.ADAPTIVE, "wait_days": 1}
    build_test("quick", bank.key, adaptive=Adaptivity(least=1), **asked)
    assert publish(bank).number == 2
    with pytest.raises(Conflict, match="the adaptive test quick could not go on"):
        publish(bank, new_set(bank, {"a-1": -1.0, "a-2": 0.0}))


@pytest.mark.parametrize(
    ("given", "said"), [({}, "no question"), ({"slope": -0.5}, "1"), ({"slope": 0.0}, "1")]
)
def test_what_measures_nothing_is_not_published(
    bank: Bank, given: dict[str, float], said: str
) -> None:
    version = bank_pool(bank.id).version_ids["a-1"]
    items = {version: estimate(0.0, **given)} if given else {}
    with pytest.raises(Conflict, match=said):
        publish(bank, NewSet(source=ParameterSource.RESPONSES, report={}, items=items))
    assert db.session.scalars(select(CutScore)).all() == []
