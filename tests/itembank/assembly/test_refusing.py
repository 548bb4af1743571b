"""Where there can be no forms, the constraints that do not go together are named, and no others."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from itembank import ItemParameters, assemble
from itembank.assembly import AssemblyImpossible, Constraint

N_ITEMS = 24
AREAS = ["x", "y"] * 12
PARAMETERS = ItemParameters("rasch", 1.0, np.linspace(-1.5, 1.5, N_ITEMS))
X, Y = range(0, N_ITEMS, 2), range(1, N_ITEMS, 2)


def all_enemies(items: Any) -> dict[int, list[int]]:
    return {one: [other for other in items if other != one] for one in items}


def refused(blueprint: dict[str, int], **asked: Any) -> AssemblyImpossible:
    asked = {"n_forms": 3, "theta": 0.0, **asked}
    with pytest.raises(AssemblyImpossible) as refusal:
        assemble(PARAMETERS, blueprint, areas=AREAS, **asked)
    return refusal.value


ALIKE = (
    "area x: 2 items asked in each form, 4 there; two forms share at most 0 items; "
    "information differs by at most 0.001 of the least."
)
CASES = {
    "an area": (
        ({"x": 13, "y": 2}, {"overlap": 3, "uses": 2}),
        "area x: 13 items asked in each form, 12 there.",
    ),
    "an area of which items are excluded": (
        ({"x": 2, "y": 9}, {"excluded": [*Y][:4]}),
        "area y: 9 items asked in each form, 8 there.",
    ),
    "no overlap": (
        ({"x": 5, "y": 1}, {"overlap": 0}),
        "area x: 5 items asked in each form, 12 there; two forms share at most 0 items.",
    ),
    "some overlap": (
        ({"x": 2, "y": 10}, {"overlap": 4}),
        "area y: 10 items asked in each form, 12 there; two forms share at most 4 items.",
    ),
    "uses": (
        ({"x": 9, "y": 1}, {"uses": 2}),
        "area x: 9 items asked in each form, 12 there; each item in at most 2 of the forms.",
    ),
    "enemies": (
        ({"x": 1, "y": 2}, {"enemies": all_enemies(Y)}),
        "area y: 2 items asked in each form, 12 there; 66 pairs of enemies do not meet.",
    ),
    "fixed items that are enemies": (
        ({"x": 2, "y": 2}, {"fixed": [0, 2], "enemies": {0: [2]}}),
        "2 items stand in every form; 1 pairs of enemies do not meet.",
    ),
    "more fixed items than an area asks": (
        ({"x": 2, "y": 2}, {"fixed": [0, 2, 4]}),
        "area x: 2 items asked in each form, 12 there; 3 items stand in every form.",
    ),
    "information that differs": (
        (
            {"x": 2},
            {"n_forms": 2, "overlap": 0, "difference": 1e-3, "theta": 1.0, "excluded": X[4:]},
        ),
        ALIKE,
    ),
}


@pytest.mark.parametrize(("given", "sentence"), CASES.values(), ids=CASES)
def test_what_does_not_go_together_is_named(given: Any, sentence: str) -> None:
    blueprint, asked = given
    refusal = refused(blueprint, **asked)
    n_forms = asked.get("n_forms", 3)
    expected = f"`parameters` must be items of which {n_forms} forms can be made; got {sentence}"
    assert str(refusal) == expected


@pytest.mark.parametrize(("given", "sentence"), CASES.values(), ids=CASES)
def test_without_any_one_of_them_there_are_forms(given: Any, sentence: str) -> None:
    blueprint, asked = given
    reasons = refused(blueprint, **asked).reasons
    assert reasons
    relaxed = {
        Constraint.OVERLAP: {"overlap": None},
        Constraint.USES: {"uses": None},
        Constraint.ENEMIES: {"enemies": {}},
        Constraint.FIXED: {"fixed": []},
        Constraint.DIFFERENCE: {"difference": None},
    }
    for reason in reasons:
        fewer = {area: n for area, n in blueprint.items() if area != reason.area}
        changed = {"n_forms": 3, "theta": 0.0, **asked, **relaxed.get(reason.constraint, {})}
        if fewer and not (reason.area and "fixed" in asked):  # an area that is asked, then
            assert assemble(PARAMETERS, fewer, areas=AREAS, **changed).is_finished


def test_reasons_have_their_numbers() -> None:
    reasons = refused({"x": 5, "y": 5}, overlap=0, uses=1).reasons
    assert [each.constraint for each in reasons] == [Constraint.AREA, Constraint.USES]
    area, uses = reasons
    assert (area.area, area.asked, area.there) == ("y", 5, 12)
    assert (uses.area, uses.asked, uses.there) == ("", 1, None)


def test_one_form_is_named_so() -> None:
    refusal = refused({"x": 1, "y": 2}, n_forms=1, enemies=all_enemies(Y))
    assert "items of which 1 form can be made" in str(refusal)
    assert len([*combinations(Y, 2)]) == 66
