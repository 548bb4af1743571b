"""The design of an adaptive test, as its bank, its scale and its author say it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.demo.builders.catalogue import BUILDER
from assessment.demo.builders.items import build_bank, build_test, choice_item, parsed_bank
from assessment.demo.builders.people import build_institution
from assessment.extensions import db
from assessment.items.models import Bank, ParameterSource, TestMode
from assessment.items.service import (
    Adaptivity,
    Design,
    ItemEstimate,
    NewSet,
    bank_pool,
    design,
    publish_parameter_set,
)


@pytest.fixture
def made(context: Flask) -> Design:
    hostile = choice_item("z-1", "a", enemies=frozenset({"a-1", "b-2"}))
    key = build_bank(build_institution(), parsed_bank("a", "b", each=3, items=[hostile]))
    bank = db.session.scalars(select(Bank).where(Bank.key == key)).one()
    easy = ItemEstimate(model="rasch", slope=1.0, thresholds=(0.0,), threshold_ses=(0.1,))
    estimates = dict.fromkeys(bank_pool(bank.id).version_ids.values(), easy)
    new = NewSet(source=ParameterSource.RESPONSES, report={}, items=estimates)
    found = publish_parameter_set(bank.id, new, BUILDER)
    asked = {"blueprint": {"a": 2, "b": 2}, "mode": TestMode.ADAPTIVE, "wait_days": 1}
    return design(build_test("quick", key, adaptive=Adaptivity(least=2), **asked), found.id)


def test_enemies_in_the_bank_are_enemies_in_the_test(made: Design) -> None:
    adaptive = made.adaptive
    assert len(made.version_ids) == 7
    hostile = next(place for place, others in adaptive.enemies.items() if len(others) == 2)
    areas = [str(area) for area in adaptive.areas or ()]
    assert areas[hostile] == "a"
    assert sorted(areas[each] for each in adaptive.enemies[hostile]) == ["a", "b"]
    assert adaptive.content.enemies[hostile] == frozenset(adaptive.enemies[hostile])


def test_the_prior_is_normal_at_the_passing_mark(made: Design) -> None:
    assert made.adaptive.cut == made.adaptive.prior.mean != 0
    assert made.adaptive.prior.sd == 1
