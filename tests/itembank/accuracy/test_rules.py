"""Whole rules by simulation: one test agrees with its closed form, and two join as they must."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank import Model, RuleAccuracy, classification_accuracy, rule_accuracy
from itembank.accuracy import each_person, reaching, truly_reaching
from itembank.accuracy.rules import Measure
from itembank.accuracy.simulated import rule_accuracy_of
from tests.itembank.banks import spread_bank

SHORT, LONG = spread_bank(Model.RASCH, 8), spread_bank(Model.TWO_PL, 20)
BOTH = {"short": SHORT, "long": LONG}
CUTS = {"short": 4.001, "long": 11.001}
Booleans = NDArray[np.bool_]


def of_both(**changes: Any) -> RuleAccuracy:
    given = {"n_persons": 4_000, **changes}
    return rule_accuracy(BOTH, reaching(CUTS), truly_reaching(BOTH, CUTS), **given)


def test_one_test_agrees_with_its_closed_form() -> None:
    one = {"short": SHORT}
    cuts = {"short": 4.001}
    found = rule_accuracy(one, reaching(cuts), truly_reaching(one, cuts), n_persons=20_000)
    exact = classification_accuracy(SHORT, 4.001)
    for name in ("accuracy", "consistency", "kappa", "false_positive", "false_negative"):
        share = getattr(found, name)
        assert abs(share.value - getattr(exact, name)) < 3.5 * share.se
        assert 0 < share.se < 0.01
    assert found.granted.value == pytest.approx(exact.table[:, 1].sum(), abs=0.01)
    assert found.true.value == pytest.approx(0.5, abs=0.015)


@pytest.mark.parametrize("mean", [0, 1.5], ids=["half are granted", "most are"])
def test_the_stated_errors_are_those_of_other_seeds(mean: float) -> None:
    runs = [of_both(n_persons=400, seed=seed, mean=mean) for seed in range(80)]
    for name in ("accuracy", "consistency", "kappa", "false_negative"):
        spread = np.std([getattr(each, name).value for each in runs], ddof=1)
        stated = np.mean([getattr(each, name).se for each in runs])
        assert stated == pytest.approx(spread, rel=0.25)  # the spread of 80 errs by 8 %


def test_kappa_s_error_is_that_of_leaving_one_out() -> None:
    rng = np.random.default_rng(1)
    easy = rng.random(400) < 0.9
    first, second = (np.where(rng.random(400) < 0.1, ~easy, easy) for _ in range(2))
    others = [
        rule_accuracy_of(*(np.delete(each, left) for each in (first, second, easy))).kappa.value
        for left in range(400)
    ]
    stated = rule_accuracy_of(first, second, easy).kappa.se
    assert stated == pytest.approx(np.std(others) * 399 / np.sqrt(400), rel=0.02)


def test_four_times_as_many_persons_halve_the_errors() -> None:
    few, many = of_both(n_persons=2_000), of_both(n_persons=8_000)
    assert many.accuracy.se == pytest.approx(few.accuracy.se / 2, rel=0.15)
    assert (few.n_persons, many.n_persons) == (2_000, 8_000)


def test_both_tests_are_passed_by_fewer_than_either() -> None:
    both = of_both()
    either = rule_accuracy(
        BOTH, reaching(CUTS, fewest=1), truly_reaching(BOTH, CUTS, fewest=1), n_persons=4_000
    )
    assert both.granted.value < either.granted.value
    assert both.true.value <= either.true.value


def test_abilities_correlate_as_is_asked() -> None:
    seen: dict[str, NDArray[np.float64]] = {}

    def truth(abilities: Mapping[str, NDArray[np.float64]]) -> Booleans:
        seen.update(abilities)
        return np.asarray(abilities["short"] > 0)

    rule_accuracy(BOTH, reaching(CUTS), truth, correlation=0.6, mean=[1, 0], sd=[2, 1])
    short, long = seen["short"], seen["long"]
    assert np.corrcoef(short, long)[0, 1] == pytest.approx(0.6, abs=0.03)
    assert (short.mean(), short.std()) == pytest.approx((1, 2), abs=0.08)
    rule_accuracy(BOTH, reaching(CUTS), truth)
    np.testing.assert_allclose(seen["short"], seen["long"], atol=1e-6)


def test_a_measure_may_be_anything_that_gives_scores() -> None:
    """A performance that one rater judges, on a scale of five levels."""

    def judged(theta: NDArray[np.float64], seed: int) -> NDArray[np.int64]:
        error = np.random.default_rng(seed).normal(0, 0.5, theta.size)
        return np.asarray(np.clip(np.rint(theta + error) + 2, 0, 4)[:, np.newaxis], dtype=np.int64)

    found = rule_accuracy(
        {"test": SHORT, "work": judged},
        lambda scores: (scores["test"].sum(axis=1) >= 4) & (scores["work"][:, 0] >= 2),
        lambda abilities: (abilities["test"] > -0.2) & (abilities["work"] > -0.5),
        correlation=0.5,
    )
    assert 0.7 < found.accuracy.value < 0.95
    assert found.consistency.value < 0.95


def test_a_rule_about_one_person_serves_all_of_them() -> None:
    """As a rule of an award is: of one learner's results, with conditions inside conditions."""

    def rule(results: Mapping[str, NDArray[np.int8]]) -> bool:
        return bool(results["long"].sum() >= 14) or all(
            results[name].sum() >= CUTS[name] for name in CUTS
        )

    def together(scores: Mapping[str, NDArray[np.int8]]) -> Booleans:
        return np.asarray(reaching(CUTS)(scores) | reaching({"long": 14})(scores))

    truth = truly_reaching(BOTH, CUTS)
    alone = rule_accuracy(BOTH, each_person(rule), truth, n_persons=300, seed=2)
    assert alone == rule_accuracy(BOTH, together, truth, n_persons=300, seed=2)


def test_what_nobody_was_given_counts_for_nothing() -> None:
    passes = reaching({"a": 2})
    assert passes({"a": np.array([[1, -1, 1], [1, -1, -1]])}).tolist() == [True, False]
    assert passes({"a": np.array([[1, np.nan, 1]])}).tolist() == [True]


def test_a_rule_that_grants_to_all_has_no_kappa() -> None:
    found = rule_accuracy(
        {"short": SHORT},
        lambda scores: np.ones(len(scores["short"]), dtype=bool),
        lambda abilities: np.asarray(abilities["short"] > 0),
        n_persons=500,
    )
    assert np.isnan(found.kappa.value)
    assert found.consistency.value == 1
    assert found.accuracy.value == found.true.value
    assert found.false_negative.value == 0


def test_the_same_seed_gives_the_same() -> None:
    assert of_both(seed=9) == of_both(seed=9)
    assert of_both(seed=9) != of_both(seed=10)


NOTHING: dict[str, Any] = {}


def of_measure(measure: Measure) -> RuleAccuracy:
    """Return the accuracy of a rule on one measure."""
    return rule_accuracy({"own": measure}, reaching({"own": 1}), lambda t: t["own"] > 0)


MISTAKES: dict[str, tuple[str, Callable[[], Any]]] = {
    "no measure": (
        "measures",
        lambda: rule_accuracy({}, reaching(CUTS), truly_reaching(BOTH, CUTS)),
    ),
    "few persons": ("n_persons", lambda: of_both(n_persons=10)),
    "half a seed": ("seed", lambda: of_both(seed=0.5)),
    "a correlation above 1": ("correlation", lambda: of_both(correlation=1.2)),
    "one that is not symmetric": ("correlation", lambda: of_both(correlation=[[1, 0.5], [0, 1]])),
    "one of three measures": ("correlation", lambda: of_both(correlation=np.eye(3))),
    "a negative spread": ("sd", lambda: of_both(sd=-1)),
    "a mean too many": ("mean", lambda: of_both(mean=[0, 0, 0])),
    "a rule without cuts": ("cuts", lambda: reaching(NOTHING)),
    "a cut that is no number": ("cuts", lambda: reaching({"short": math.nan})),
    "a true cut without end": ("cuts", lambda: truly_reaching(BOTH, {"short": math.inf})),
    "a rule on another test": (
        "cuts",
        lambda: rule_accuracy(BOTH, reaching({"other": 1}), truly_reaching(BOTH, CUTS)),
    ),
    "a measure of too few persons": ("measures", lambda: of_measure(lambda t, _seed: t[1:])),
    "a measure of words": ("measures", lambda: of_measure(lambda t, _seed: np.full(len(t), "x"))),
    "points that are no scores": ("measures", lambda: of_measure(lambda t, _seed: t)),
    "a cut of another test": ("cuts", lambda: truly_reaching(BOTH, {"other": 1})),
    "more than there are": ("fewest", lambda: reaching(CUTS, fewest=3)),
    "a rule that gives no truths": (
        "decide",
        lambda: rule_accuracy(BOTH, lambda s: s["short"].sum(axis=1), truly_reaching(BOTH, CUTS)),
    ),
    "a truth of one person": (
        "truth",
        lambda: rule_accuracy(BOTH, reaching(CUTS), lambda _: np.array([True])),
    ),
}


@pytest.mark.parametrize(("argument", "run"), MISTAKES.values(), ids=MISTAKES)
def test_what_is_wrong_is_named(argument: str, run: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=rf"^`{argument}` must be .+; got .+\.$"):
        run()
