"""What defends a test: every bad argument is named, and what changes nothing changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank import (
    angoff,
    assemble,
    bookmark,
    borderline_group,
    classification_accuracy,
    contrasting_groups,
    dif,
    item_analysis,
    link,
    marginal_reliability,
    miskeyed,
    place_by_panel,
)
from itembank.linking import drift
from tests.itembank.defence import (
    AREAS,
    BANK,
    CALLS,
    GROUPS,
    KEYS,
    OPTIONS,
    OTHER,
    RATINGS,
    SCORES,
    THETA,
    Call,
    mistakes,
)
from tests.itembank.test_battery import refusal

MISTAKES = mistakes()


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_what_is_right_is_borne(call: Call) -> None:
    assert call() is not None


@pytest.mark.parametrize(("call", "argument", "value"), MISTAKES.values(), ids=MISTAKES)
def test_what_is_wrong_is_named(call: Call, argument: str, value: Any) -> None:
    assert refusal(lambda: call(**{argument: value}))


# What must change nothing

Order = NDArray[np.int64]
RNG = np.random.default_rng(8)
PERSONS, ITEMS, JUDGES = (RNG.permutation(n) for n in (len(SCORES), BANK.n_items, len(RATINGS)))
EACH_PERSON, EACH_ITEM, EACH_JUDGE = (np.arange(len(order)) for order in (PERSONS, ITEMS, JUDGES))
MASTERS = THETA + np.random.default_rng(4).normal(size=len(THETA)) > 0


@dataclass(frozen=True)
class Ordered:
    """A function of persons or judges and items in some order: what it finds of all, of items."""

    run: Callable[[Order, Order, Order], tuple[Sequence[float], Sequence[float]]]

    def __call__(self, persons: Order, items: Order, judges: Order) -> tuple[Any, Any]:
        """Return what is found of all together, and of each item in its own place again."""
        whole, each = self.run(persons, items, judges)
        back = np.argsort(items)
        return np.asarray(whole), np.asarray(each)[back] if len(each) else np.zeros(0)


def _dif(method: str) -> Ordered:
    def run(persons: Order, items: Order, _judges: Order) -> Any:
        found = dif(SCORES[persons][:, items], GROUPS[persons], method, purify=True)
        return (), np.nan_to_num(found.statistic)

    return Ordered(run)


def _linked(method: str) -> Ordered:
    def run(_persons: Order, items: Order, _judges: Order) -> Any:
        found = link(BANK.take(items), OTHER.take(items), method)
        return (found.slope, found.intercept), ()

    return Ordered(run)


def _drifted(_persons: Order, items: Order, _judges: Order) -> Any:
    found = drift(BANK.take(items), OTHER.take(items))
    return (found.linking.slope,), found.rmsd


def _miskeyed(persons: Order, items: Order, _judges: Order) -> Any:
    wrong = np.where(EACH_ITEM == 2, 1, KEYS)[items]
    chosen = OPTIONS[persons][:, items]
    analysis = item_analysis((chosen == wrong).astype(float), choices=chosen, keys=wrong)
    blamed = {each.item for each in miskeyed(analysis)}
    return (), [float(place in blamed) for place in range(len(items))]


def _assembled(_persons: Order, items: Order, _judges: Order) -> Any:
    areas = [AREAS[place] for place in items]
    found = assemble(
        BANK.take(items), {"a": 2, "b": 2}, n_forms=2, theta=0.0, areas=areas, overlap=0, gap=0
    )
    return (found.objective,), ()


def _placed(_persons: Order, items: Order, judges: Order) -> Any:
    found = place_by_panel(RATINGS[judges][:, items])
    return (found.cut.theta, found.cut.se), found.parameters.difficulty


def _rated(_persons: Order, items: Order, judges: Order) -> Any:
    found = angoff(RATINGS[judges][:, items], earlier=[RATINGS[judges][:, items] ** 1.1])
    return (found.cut, found.se, found.agreement.single), found.item_means


def _bookmarked(_persons: Order, items: Order, judges: Order) -> Any:
    found = bookmark(BANK.take(items), np.array([2, 3, 4, 5, 6])[judges])
    return (found.cut, found.se), ()


def _borderline(persons: Order, _items: Order, _judges: Order) -> Any:
    found = borderline_group(SCORES.sum(axis=1)[persons], draws=50, seed=3)
    return (found.cut, found.se), ()


def _contrasted(persons: Order, _items: Order, _judges: Order) -> Any:
    found = contrasting_groups(SCORES.sum(axis=1)[persons], MASTERS[persons])
    return (found.cut, found.se), ()


def _accurate(_persons: Order, items: Order, _judges: Order) -> Any:
    own = BANK.take(items)
    lee, rudner = (classification_accuracy(own, [1.0], method=each) for each in ("lee", "rudner"))
    return (lee.accuracy, lee.consistency, rudner.accuracy, marginal_reliability(own)), ()


ORDERED = {
    "mantel-haenszel": _dif("mantel-haenszel"),
    "logistic": _dif("logistic"),
    **{method: _linked(method) for method in ("mean/mean", "mean/sigma", "haebara")},
    "stocking-lord": _linked("stocking-lord"),
    "drift": Ordered(_drifted),
    "miskeyed": Ordered(_miskeyed),
    "assemble": Ordered(_assembled),
    "place_by_panel": Ordered(_placed),
    "angoff": Ordered(_rated),
    "bookmark": Ordered(_bookmarked),
    "borderline_group": Ordered(_borderline),
    "contrasting_groups": Ordered(_contrasted),
    "accuracy": Ordered(_accurate),
}


@pytest.mark.parametrize("find", ORDERED.values(), ids=ORDERED)
def test_the_order_of_persons_judges_and_items_changes_nothing(find: Ordered) -> None:
    one, other = find(EACH_PERSON, EACH_ITEM, EACH_JUDGE), find(PERSONS, ITEMS, JUDGES)
    for mine, yours in zip(one, other, strict=True):
        np.testing.assert_allclose(yours, mine, rtol=1e-6, atol=1e-6)
    assert one[0].size or one[1].any()


@pytest.mark.parametrize("method", ["mantel-haenszel", "logistic", "likelihood-ratio"])
def test_names_of_groups_are_names_and_turning_them_round_turns_effects(method: str) -> None:
    more = {"model": "rasch", "items": [1]} if method == "likelihood-ratio" else {}
    one = dif(SCORES, GROUPS, method, reference=0, **more)
    named = dif(SCORES, np.where(GROUPS == 0, "here", "there"), method, reference="here", **more)
    turned = dif(SCORES, GROUPS, method, reference=1, **more)
    np.testing.assert_allclose(named.statistic, one.statistic, atol=1e-9)
    if method == "mantel-haenszel":  # the others' effects are in units of the reference group
        np.testing.assert_allclose(turned.effect, -one.effect, atol=1e-4)
    np.testing.assert_allclose(turned.statistic, one.statistic, atol=1e-3)


@pytest.mark.parametrize("method", ["mean/mean", "mean/sigma", "haebara", "stocking-lord"])
def test_linking_there_and_back_again_comes_home(method: str) -> None:
    symmetric = {"symmetric": True} if method in {"haebara", "stocking-lord"} else {}
    there, back = link(BANK, OTHER, method, **symmetric), link(OTHER, BANK, method, **symmetric)
    assert there.slope * back.slope == pytest.approx(1, abs=2e-2)
    assert there.intercept + there.slope * back.intercept == pytest.approx(0, abs=2e-2)
