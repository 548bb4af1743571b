"""Where there can be no forms, the constraints that do not go together are named, and no others."""

from __future__ import annotations

import time
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from itembank import ItemParameters, assemble
from itembank.assembly import AssemblyImpossible, Constraint
from itembank.assembly.asking import Wishes, asked_of
from itembank.assembly.program import Limits
from itembank.assembly.refusing import impossible

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
    reasons = refused({"x": 4, "y": 5}, overlap=0, uses=1).reasons
    assert [each.constraint for each in reasons] == [Constraint.AREA, Constraint.USES]
    area, uses = reasons
    assert (area.area, area.asked, area.there) == ("y", 5, 12)
    assert (uses.area, uses.asked, uses.there) == ("", 1, None)


def test_causes_that_do_not_depend_on_each_other_are_all_named() -> None:
    refusal = refused({"x": 13, "y": 14})
    assert [[each.area for each in cause] for cause in refusal.causes] == [["x"], ["y"]]
    assert refusal.is_finished
    assert str(refusal).endswith(
        "got area x: 13 items asked in each form, 12 there; "
        "and also area y: 14 items asked in each form, 12 there."
    )


def test_a_constraint_that_several_areas_break_is_named_with_each_and_once_among_the_reasons() -> (
    None
):
    refusal = refused({"x": 5, "y": 6}, overlap=0)
    assert [[str(each.constraint) for each in cause] for cause in refusal.causes] == [
        ["area", "overlap"],
        ["area", "overlap"],
    ]
    assert [each.area for each in refusal.reasons] == ["x", "y", ""]
    with pytest.raises(AssemblyImpossible, match="area y"):  # one of the two is not enough
        assemble(PARAMETERS, {"x": 4, "y": 6}, areas=AREAS, n_forms=3, theta=0.0, overlap=0)
    assert assemble(PARAMETERS, {"x": 4, "y": 4}, areas=AREAS, n_forms=3, theta=0.0, overlap=0)


def test_one_deadline_holds_for_the_search_and_for_what_is_in_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits: list[float] = []

    def milp(*_: Any, options: dict[str, float], **__: Any) -> Any:
        limits.append(options["time_limit"])
        status = 2 if len(limits) == 1 else 1  # impossible, then nothing known in time
        return SimpleNamespace(x=None, mip_dual_bound=None, status=status)

    monkeypatch.setattr("scipy.optimize.milp", milp)
    asked = {"theta": 0.0, "n_forms": 3, "overlap": 0, "areas": AREAS, "time_limit": 3600.0}
    with pytest.raises(AssemblyImpossible) as refusal:
        assemble(PARAMETERS, {"x": 5, "y": 1}, **asked)
    n_groups = 4  # two areas, overlap, difference
    assert len(limits) == 1 + n_groups + 1
    assert limits[1] == pytest.approx(3600 / n_groups, rel=0.05)
    assert not refusal.value.is_finished


def test_what_is_left_when_time_is_up_is_named_as_not_known() -> None:
    wishes = Wishes(3, 0, None, {}, (), (), 0.05)
    asked = asked_of(PARAMETERS, {"x": 5, "y": 1}, AREAS, (0.0, 1.0), wishes)
    refusal = impossible(asked, Limits(gap=0.01, ends=time.monotonic() - 1.0))
    assert not refusal.is_finished
    assert [str(each.constraint) for each in refusal.reasons] == [
        "area",
        "area",
        "overlap",
        "difference",
    ]
    assert str(refusal).endswith(
        "Time ran out: some of these may not be in the way, and others may."
    )


def test_forms_that_tell_nothing_where_it_counts_are_refused() -> None:
    far = ItemParameters("rasch", 1.0, np.full(8, 1e5))
    with pytest.raises(ValueError, match=r"`theta` must be where each form can have information"):
        assemble(far, 3, n_forms=2, theta=0.0)


def test_one_form_is_named_so() -> None:
    refusal = refused({"x": 1, "y": 2}, n_forms=1, enemies=all_enemies(Y))
    assert "items of which 1 form can be made" in str(refusal)
    assert len([*combinations(Y, 2)]) == 66
