"""A test with parallel forms: each sitting is given the one of which its learner has seen least."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace

import pytest
from flask import Flask

import itembank
from assessment.access import Actor
from assessment.demo.builders.catalogue import BUILDER
from assessment.demo.builders.examinations import (
    build_bank,
    build_item,
    build_learner,
    build_scale,
    build_test,
)
from assessment.demo.builders.people import build_institution
from assessment.errors import Conflict
from assessment.items import service as items
from assessment.items.models import Bank, Test
from assessment.people import service as people
from assessment.people.models import Institution
from assessment.sittings import drawing, service
from assessment.sittings.models import Sitting
from tests.assessment.sittings.answers import sit


@pytest.fixture
def institution(context: Flask) -> Institution:
    return build_institution("college")


@pytest.fixture
def bank(institution: Institution) -> Bank:
    found = build_bank(institution, "wiring")
    build_scale(found)
    return found


@pytest.fixture
def test(institution: Institution, bank: Bank) -> Test:
    forms = items.Parallels(parallel=3, difference=0.5)
    return build_test(institution, bank.key, "pre", forms=forms)


@pytest.fixture
def learner(test: Test) -> Actor:
    return build_learner()[1]


def held(sitting: Sitting) -> set[str]:
    return {question.item_version_id for question in sitting.questions}


def without(bank: Bank, *version_ids: str) -> None:
    """Retire some of a bank's items."""
    read = items.contents(items.bank_pool(bank.id).version_ids.values())
    kept = [item for version_id, item in read.items() if version_id not in version_ids]
    spec = items.BankSpec(key=bank.key, institution_id=bank.institution_id)
    items.import_bank(itembank.ParsedBank(items=tuple(kept)), spec, BUILDER, retire=True)


def test_a_sitting_is_given_one_form_whole_and_keeps_which(test: Test, learner: Actor) -> None:
    sitting = service.begin(test, learner)
    forms = {form.number: {*form.version_ids} for form in items.forms_of(test)}
    assert sitting.form_number in forms
    assert held(sitting) == forms[sitting.form_number]
    current = items.current_set(test.bank_id)
    assert current is not None
    assert sitting.parameter_set_id == current.id
    assert service.begin(test, learner).id == sitting.id


def test_every_form_comes_once_before_one_comes_again(test: Test, learner: Actor) -> None:
    given = [sit("pre", learner, right=1).sitting.form_number for _ in range(6)]
    assert sorted(given[:3]) == [1, 2, 3]
    assert given[3:] == given[:3]  # the one seen longest ago comes first


def test_among_forms_unseen_the_seed_of_the_sitting_decides(test: Test, learner: Actor) -> None:
    drawn = [drawing.draw(test, learner.learner_id, seed) for seed in range(60)]
    counts = Counter(each.columns["form_number"] for each in drawn)
    assert sorted(counts) == [1, 2, 3]
    assert min(counts.values()) > 5
    again = [drawing.draw(test, learner.learner_id, seed) for seed in range(60)]
    assert again == drawn


def test_what_was_drawn_can_be_drawn_again_from_the_seed(test: Test, learner: Actor) -> None:
    other = build_learner()[1]
    sitting = service.begin(test, learner)
    drawn = drawing.draw(test, other.learner_id, int(sitting.seed))
    asked = [(each.item_version_id, each.option_order) for each in sitting.questions]
    assert [(each["item_version_id"], each["option_order"]) for each in drawn.questions] == asked


def test_what_was_seen_in_other_tests_of_the_bank_counts(
    test: Test, institution: Institution, bank: Bank, learner: Actor
) -> None:
    first, second, third = items.forms_of(test)
    areas = dict.fromkeys(("wires", "tools"), 6)
    build_test(institution, bank.key, "other", blueprint=areas)
    seen = held(sit("other", learner).sitting)
    met = {form.number: len(seen & {*form.version_ids}) for form in (first, second, third)}
    given = service.begin(test, learner).form_number
    assert met[given] == min(met.values())


def test_a_form_with_a_question_withdrawn_is_passed_over(
    test: Test, bank: Bank, learner: Actor
) -> None:
    first, second, third = items.forms_of(test)
    without(bank, first.version_ids[0], third.version_ids[2])
    drawn = [drawing.draw(test, learner.learner_id, seed) for seed in range(20)]
    assert {each.columns["form_number"] for each in drawn} == {second.number}


def test_where_each_form_lost_a_question_nobody_starts_and_it_is_told(
    test: Test, bank: Bank, learner: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    without(bank, *(form.version_ids[0] for form in items.forms_of(test)))
    with caplog.at_level(logging.WARNING), pytest.raises(Conflict) as refused:
        service.begin(test, learner)
    assert refused.value.sentence == (
        "Each form of this test holds a question that was withdrawn. We have been told; please "
        "come back later."
    )
    assert [record.message for record in caplog.records] == ["no form is whole"]


def test_a_sitting_under_way_keeps_its_form(test: Test, bank: Bank, learner: Actor) -> None:
    sitting = service.begin(test, learner)
    form = held(sitting)
    without(bank, *(each.version_ids[0] for each in items.forms_of(test)))
    assert held(service.begin(test, learner)) == form


def test_without_sight_a_form_that_needs_none_is_given_or_one_is_drawn(
    institution: Institution, context: Flask
) -> None:
    bank = build_bank(institution, "pictures", per_area=6)
    shown = [
        replace(build_item(n, area), figure=itembank.Figure("a.png"))
        for area in ("wires", "tools")
        for n in range(13, 15)
    ]
    spec = items.BankSpec(key=bank.key, institution_id=bank.institution_id)
    items.import_bank(itembank.ParsedBank(items=tuple(shown)), spec, BUILDER)
    build_scale(bank)
    blueprint = dict.fromkeys(("wires", "tools"), 4)
    forms = items.Parallels(parallel=2, difference=1.0)
    test = build_test(institution, bank.key, "pre", forms=forms, blueprint=blueprint)
    learner = build_learner()[1]
    people.set_own_allowance(multiplier=1, break_minutes=0, without_sight=True, actor=learner)
    free = [form.number for form in items.whole_forms(test) if not any_needs_sight(form)]
    sitting = service.begin(test, learner)
    assert sitting.form_number in (free or [None])
    read = items.contents(held(sitting)).values()
    assert not any(itembank.pool_item(item).needs_sight for item in read)
    assert len(read) == 8


def any_needs_sight(form: items.WholeForm) -> bool:
    return any(item.needs_sight for item in form.items)


def test_a_test_without_forms_draws_as_it_did(
    institution: Institution, bank: Bank, context: Flask
) -> None:
    test = build_test(institution, bank.key, "drawn")
    assert service.begin(test, build_learner()[1]).form_number is None
