"""Forms keep what is asked of them, and no other forms that do are better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations, combinations_with_replacement
from typing import Any, NamedTuple

import numpy as np
import pytest

from itembank import ItemParameters, assemble, information
from itembank.assembly import AssemblyImpossible, AssemblyUnfinished

CUT = np.array([-0.5, 0.7])
TARGET = np.array([1.0, 0.8])


class World(NamedTuple):
    """A small pool, and what is asked of its forms."""

    parameters: ItemParameters
    areas: list[str]
    blueprint: dict[str, int]
    n_forms: int
    asked: dict[str, Any]

    def assemble(self, **others: Any) -> Any:
        asked = {"theta": CUT, "target": TARGET, "gap": 0.0, **self.asked, **others}
        return assemble(
            self.parameters, self.blueprint, areas=self.areas, n_forms=self.n_forms, **asked
        )


def world(seed: int) -> World:
    """Return eight items in two areas, asked for two or three forms with all that binds."""
    draw = np.random.default_rng(seed)
    n_items, n_forms = 8, int(draw.integers(2, 4))
    slope, threshold = draw.lognormal(0.2, 0.4, n_items), draw.normal(0, 1, n_items)
    enemies: dict[int, set[int]] = {}
    for one, other in draw.integers(0, n_items, (int(draw.integers(0, 4)), 2)).tolist():
        enemies.setdefault(one, set()).add(other)
    excluded, *others = draw.permutation(n_items).tolist()
    asked: dict[str, Any] = {
        "enemies": enemies,
        "excluded": [excluded] if draw.random() < 0.5 else [],
        "fixed": others[:1] if draw.random() < 0.4 else [],
        "uses": [None, 1, 2][draw.integers(3)],
        "overlap": [None, 0, 1, 2][draw.integers(4)],
        "difference": [None, 0.05, 0.3][draw.integers(3)],
    }
    areas = draw.choice(["one", "other"], n_items).tolist()
    blueprint = {"one": int(draw.integers(1, 3)), "other": int(draw.integers(1, 3))}
    return World(ItemParameters("2pl", slope, threshold), areas, blueprint, n_forms, asked)


def tight_world(seed: int) -> World:
    """Return a few items of which forms can be made that share little, or differ little."""
    draw = np.random.default_rng(seed)
    n_items = 7 if seed % 2 else 9
    slope, threshold = draw.lognormal(0.2, 0.5, n_items), draw.normal(0, 1.2, n_items)
    parameters = ItemParameters("2pl", slope, threshold)
    nothing: dict[str, Any] = {"enemies": {}, "excluded": [], "fixed": [], "uses": None}
    if seed % 2:
        asked = nothing | {"overlap": 1, "difference": None}
        return World(parameters, ["one"] * n_items, {"one": 3}, 3, asked)
    asked = nothing | {"overlap": 0, "difference": 0.1}
    return World(parameters, ["one"] * n_items, {"one": 4}, 2, asked)


def forms_allowed(given: World) -> Iterator[tuple[int, ...]]:
    """Yield every single form that keeps what concerns it alone."""
    asked = given.asked
    total = sum(given.blueprint.values())
    for form in combinations(range(len(given.areas)), total):
        counts = {area: sum(given.areas[item] == area for item in form) for area in given.blueprint}
        meet = any(b in asked["enemies"].get(a, ()) for a in form for b in form if a != b)
        stand = {*asked["fixed"]} <= {*form} and not {*form} & {*asked["excluded"]}
        if counts == given.blueprint and stand and not meet:
            yield form


def go_together(given: World, forms: tuple[tuple[int, ...], ...]) -> bool:
    """Return whether forms keep what concerns them together."""
    asked, free = given.asked, [{*form} - {*given.asked["fixed"]} for form in forms]
    uses = Counter(item for form in free for item in form)
    shared = [len(one & other) for one, other in combinations(free, 2)]
    if asked["uses"] is not None and max(uses.values(), default=0) > asked["uses"]:
        return False
    if asked["overlap"] is not None and max(shared) > asked["overlap"]:
        return False
    if asked["difference"] is None:
        return True
    found = informed(given, forms)
    most = (1 + asked["difference"]) * found.min(axis=0)
    return bool(np.all(found.max(axis=0) <= most + 1e-6))


def informed(given: World, forms: tuple[tuple[int, ...], ...]) -> Any:
    return np.array([_of_form(given.parameters, form) for form in forms])


@cache
def _of_form(parameters: ItemParameters, form: tuple[int, ...]) -> Any:
    return information(CUT, parameters.take([*form])).sum(axis=1)


@cache
def best_of(seed: int) -> float | None:
    return best_of_all(world(seed))


def best_of_all(given: World) -> float | None:
    """Return the best objective over all sets of forms, tried one by one; None where none go."""
    found = [
        float((informed(given, forms) / TARGET).min())
        for forms in combinations_with_replacement([*forms_allowed(given)], given.n_forms)
        if go_together(given, forms)
    ]
    return max(found, default=None)


def check(given: World, best: float | None) -> None:
    if best is None:
        with pytest.raises(AssemblyImpossible):
            given.assemble()
        return
    found = given.assemble()
    assert {*found.forms} <= {*forms_allowed(given)}
    assert go_together(given, found.forms)
    np.testing.assert_allclose(found.objective, best, rtol=1e-5)
    np.testing.assert_allclose(found.information, informed(given, found.forms))
    assert found.is_finished


@pytest.mark.parametrize("seed", range(16))
def test_forms_keep_every_constraint_and_none_are_better(seed: int) -> None:
    check(world(seed), best_of(seed))


@pytest.mark.parametrize("seed", range(8))
def test_what_two_forms_share_and_how_they_differ_is_kept_to_the_limit(seed: int) -> None:
    check(tight_world(seed), best_of_all(tight_world(seed)))


def test_the_worlds_are_neither_all_possible_nor_all_impossible() -> None:
    possible = sum(best_of(seed) is not None for seed in range(16))
    assert 4 <= possible <= 13


def pool(n_items: int = 60) -> tuple[ItemParameters, list[str]]:
    draw = np.random.default_rng(4)
    parameters = ItemParameters(
        "2pl", draw.lognormal(0.2, 0.3, n_items), draw.normal(0, 1, n_items)
    )
    return parameters, [f"area-{item % 3}" for item in range(n_items)]


BLUEPRINT = {"area-0": 4, "area-1": 4}


def test_forms_without_overlap_are_alike_and_named_by_their_places_in_the_pool() -> None:
    parameters, areas = pool()
    found = assemble(parameters, BLUEPRINT, areas=areas, n_forms=4, theta=0.3, overlap=0)
    items = [item for form in found.forms for item in form]
    assert len({*items}) == len(items) == 32
    assert {areas[item] for item in items} == {*BLUEPRINT}
    assert found.overlap == 0
    assert found.information.max() <= 1.05 * found.information.min()
    assert found.gap <= 0.01
    assert found.objective == found.information.min() <= found.bound
    np.testing.assert_allclose(found.se**-2, found.information)


def test_the_same_input_gives_the_same_forms() -> None:
    parameters, areas = pool()
    asked: dict[str, Any] = {"areas": areas, "n_forms": 2, "theta": 1, "overlap": 2}
    one, other = (assemble(parameters, BLUEPRINT, **asked) for _ in range(2))
    assert one.forms == other.forms
    assert [*one.forms] == sorted(one.forms)


def test_one_form_of_a_pool_without_areas_has_the_most_informative_items() -> None:
    parameters, _ = pool()
    found = assemble(parameters, 10, n_forms=1, theta=0.5, gap=0.0)
    most = np.argsort(-information([0.5], parameters)[0])[:10]
    assert found.forms == (tuple(sorted(most.tolist())),)
    assert found.overlap == 0


def test_an_anchor_counts_for_neither_overlap_nor_uses() -> None:
    parameters, areas = pool()
    found = assemble(
        parameters, BLUEPRINT, areas=areas, n_forms=3, theta=0, overlap=0, uses=1, fixed=[0, 1]
    )
    assert all({0, 1} <= {*form} for form in found.forms)
    assert found.overlap == 2


def test_a_target_moves_information_to_where_it_is_asked() -> None:
    parameters, _ = pool()
    low, high = (
        assemble(parameters, 8, n_forms=2, theta=[-1, 1], target=target).information.mean(axis=0)
        for target in ([2, 1], [1, 2])
    )
    assert low[0] > high[0]
    assert low[1] < high[1]


def test_where_time_runs_out_before_there_are_forms_it_says_so() -> None:
    parameters, areas = pool(600)
    asked: dict[str, Any] = {"areas": areas, "n_forms": 20, "theta": [-2, 0, 2], "overlap": 3}
    with pytest.raises(AssemblyUnfinished, match=r"No forms were found in 1e-06 s"):
        assemble(parameters, BLUEPRINT, **asked, difference=0.0001, time_limit=1e-6)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"n_forms": 0}, "`n_forms` must be a whole number from 1 to 100; got 0."),
        ({"overlap": -1}, "`overlap` must be a whole number, 0 or more; got -1."),
        ({"uses": 0}, "`uses` must be a whole number, 1 or more; got 0."),
        ({"difference": -0.1}, "`difference` must be a share of 0 or more, or None; got -0.1."),
        ({"areas": ["x"]}, "`areas` must be one for each of 60 items; got 1."),
        ({"areas": None}, "`areas` must be given where `blueprint` names areas, and only there;"),
        ({"fixed": [2]}, "`fixed` must be items of the blueprint's areas, not excluded; got 2"),
        ({"fixed": [0], "excluded": [0]}, "`fixed` must be items of the blueprint's areas, not"),
        ({"fixed": [0, 0]}, "`fixed` must be without duplicates; got 0 at 1."),
        ({"excluded": [60]}, "`excluded` must be indices of items, from 0 to 59; got 60."),
        ({"enemies": {0: [-1]}}, "`enemies` must be indices of items, from 0 to 59; got -1."),
        ({"target": [1, 2]}, "`target` must be one number, or of shape (1,); got shape (2,)."),
        ({"target": 0}, "`target` must be positive; got 0."),
        ({"theta": [[0]]}, "`theta` must be a number, or of shape (n_points,); got shape (1, 1)."),
        ({"theta": np.nan}, "`theta` must be finite; got nan."),
        ({"gap": 1}, "`gap` must be from 0 to below 1; got 1."),
        ({"time_limit": 0}, "`time_limit` must be a positive number of seconds; got 0."),
    ],
)
def test_a_mistake_is_named(wrong: dict[str, Any], sentence: str) -> None:
    parameters, areas = pool()
    asked = {"areas": areas, "n_forms": 2, "theta": 0.0, **wrong}
    with pytest.raises(ValueError, match="must be") as refusal:
        assemble(parameters, BLUEPRINT, **asked)
    assert str(refusal.value).startswith(sentence)
