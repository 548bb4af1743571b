"""One battery for all: every model and estimator, every bad input, and what must change nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from itembank import (
    AdaptiveTest,
    ItemParameters,
    calibrate,
    category_probability,
    classify,
    estimate_ability,
    expected_score,
    information,
    mastery_by_sampling,
    probability,
    simulate_scores,
    theta_cut,
)
from itembank.curves import derivatives, log_probability
from tests.itembank.battery import (
    BANKS,
    ESTIMATORS,
    MANY,
    MISTAKES,
    REPRESENTATIONS,
    Estimates,
    Estimator,
    Floats,
    Kind,
    Mistake,
    scores_for,
)

HOUSE_FORM = re.compile(r"`(?P<argument>[\w.]+)` must be .+; got .+\.", re.DOTALL)
TOLERANCE = 2e-4
"""Of a calibration's results, which come from an iteration; those of abilities are nearer."""

every_name = pytest.mark.parametrize("name", BANKS)
every_bank = pytest.mark.parametrize("bank", BANKS.values(), ids=BANKS)
every_estimator = pytest.mark.parametrize("estimator", ESTIMATORS.values(), ids=ESTIMATORS)


def refusal(run: Callable[[], object]) -> str:
    """Return the argument that a refusal names, whose message has the one form."""
    with pytest.raises(ValueError, match="must be") as raised:
        run()
    found = HOUSE_FORM.fullmatch(str(raised.value))
    assert found, f"not in the form of the house: {raised.value}"
    return found["argument"]


def assert_same(one: Estimates, other: Estimates) -> None:
    for mine, yours in ((one.by_person, other.by_person), (one.by_item, other.by_item)):
        assert (mine is None) == (yours is None)
        if mine is not None and yours is not None:
            np.testing.assert_allclose(mine, yours, rtol=TOLERANCE, atol=TOLERANCE)


@cache
def found_by(estimator: Estimator, name: str) -> Estimates:
    """Return what an estimator finds of a bank's scores as they are, once for all tests."""
    bank = BANKS[name]
    return estimator.run(scores_for(bank, estimator.kind), bank)


def taken(of: Floats | None, order: Any) -> Floats | None:
    return None if of is None else of[order]


# What must be refused


@every_estimator
@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_what_is_wrong_with_scores_is_named_or_borne(
    estimator: Estimator, mistake: Mistake
) -> None:
    bank = BANKS["mixed"]
    bad = mistake.make(scores_for(bank, estimator.kind))
    if estimator.kind in mistake.refused_by:
        assert refusal(lambda: estimator.run(bad, bank)) in mistake.arguments
    else:
        estimates = estimator.run(bad, bank)
        found = estimates.by_item if estimates.by_person is None else estimates.by_person
        assert found is not None
        assert not np.isnan(found).any()


CURVES: dict[str, Callable[[Any, ItemParameters], object]] = {
    "probability": probability,
    "category_probability": category_probability,
    "log_probability": log_probability,
    "expected_score": expected_score,
    "information": information,
    "derivatives": derivatives,
    "simulate_scores": lambda theta, bank: simulate_scores(theta, bank, seed=1),
}
BAD_ABILITIES = {
    "not a number": np.nan,
    "infinite": [0.0, np.inf],
    "two dimensions": [[0.0, 1.0]],
    "words": ["low", "high"],
    "nothing": None,
    "complex": [1j],
}


@pytest.mark.parametrize("run", CURVES.values(), ids=CURVES)
@pytest.mark.parametrize("theta", BAD_ABILITIES.values(), ids=BAD_ABILITIES)
def test_what_is_wrong_with_abilities_is_named(run: Any, theta: Any) -> None:
    for bank in (BANKS["2pl"], BANKS["mixed"]):
        assert refusal(lambda own=bank: run(theta, own)) == "theta"


RASCH = BANKS["rasch"]
SCORES = scores_for(RASCH)
ABILITY = estimate_ability(SCORES, RASCH)

OTHER_MISTAKES: dict[str, tuple[str, Callable[[], object]]] = {
    "an unknown method": ("method", lambda: estimate_ability(SCORES, RASCH, "guess")),
    "a cut that is no number": ("theta", lambda: classify(ABILITY, np.nan)),
    "an infinite cut": ("theta", lambda: classify(ABILITY, np.inf)),
    "a cut with a negative error": ("se", lambda: classify(ABILITY, 0.0, cut_se=-0.1)),
    "a cut whose error is no number": ("se", lambda: classify(ABILITY, 0.0, cut_se=np.nan)),
    "certainty above 1": ("required", lambda: classify(ABILITY, 0.0, required=1.2)),
    "certainty below a half": ("required", lambda: classify(ABILITY, 0.0, required=0.4)),
    "certainty that is no number": ("required", lambda: classify(ABILITY, 0.0, required=np.nan)),
    "a negative shift": ("shift", lambda: classify(ABILITY, 0.0, shift=-1.0)),
    "a share that is never reached": ("share", lambda: theta_cut(RASCH, 1.0)),
    "a share below nothing": ("share", lambda: theta_cut(RASCH, -0.1)),
    "a share below guessing": ("share", lambda: theta_cut(BANKS["3pl"], 0.05)),
    "a share that is no number": ("share", lambda: theta_cut(RASCH, np.nan)),
    "too few weights": ("weights", lambda: theta_cut(RASCH, 0.5, weights=[1.0])),
    "more points than there are": ("points", lambda: mastery_by_sampling(11, 10, 0.7)),
    "negative points": ("points", lambda: mastery_by_sampling(-1, 10, 0.7)),
    "a test of nothing": ("points", lambda: mastery_by_sampling(1, 0, 0.7)),
    "a share above all": ("share", lambda: mastery_by_sampling(5, 10, 1.1)),
    "the name of an item twice": (
        "item_ids",
        lambda: calibrate(SCORES, "rasch", item_ids=["a", "b", "c", "b", "d"], minimum=None),
    ),
    "a name too few": (
        "item_ids",
        lambda: calibrate(SCORES, "rasch", item_ids=["a", "b"], minimum=None),
    ),
    "a group too few": (
        "groups",
        lambda: calibrate(SCORES, "rasch", groups=["a", "b"], minimum=None),
    ),
    "an unknown model": ("model", lambda: calibrate(SCORES, "factor", minimum=None)),
    "an unknown scale": ("latent", lambda: calibrate(SCORES, "rasch", latent="any", minimum=None)),
    "a negative frequency": (
        "weights",
        lambda: calibrate(SCORES, "rasch", weights=-np.ones(len(SCORES)), minimum=None),
    ),
    "a tolerance of nothing": (
        "tolerance",
        lambda: calibrate(SCORES, "rasch", tolerance=0.0, minimum=None),
    ),
    "no iterations": (
        "max_iterations",
        lambda: calibrate(SCORES, "rasch", max_iterations=-1, minimum=None),
    ),
    "too few answers for the model": ("scores", lambda: calibrate(SCORES, "4pl")),
    "an adaptive test of no items": ("max_items", lambda: AdaptiveTest(RASCH, max_items=0)),
    "one longer than its bank": ("max_items", lambda: AdaptiveTest(RASCH, max_items=6)),
    "one with half a seed": ("seed", lambda: AdaptiveTest(RASCH, seed=0.5)),  # type: ignore[arg-type] # that it is refused is what is tested
    "an answer to another item": ("item", lambda: _recorded(-1, 1)),
    "a score that its item has not": ("score", lambda: _recorded(None, 2)),
    "a score that is not whole": ("score", lambda: _recorded(None, 0.5)),
    "an answer never given": ("score", lambda: _recorded(None, np.nan)),
}


def _recorded(item: int | None, score: Any) -> None:
    test = AdaptiveTest(RASCH, max_items=3)
    test.record(test.next_item() if item is None else item, score)


@pytest.mark.parametrize(("argument", "run"), OTHER_MISTAKES.values(), ids=[*OTHER_MISTAKES])
def test_any_other_mistake_is_named(argument: str, run: Callable[[], object]) -> None:
    assert refusal(run) == argument


@every_bank
def test_a_calibration_that_was_cut_short_says_so_and_is_not_published(
    bank: ItemParameters,
) -> None:
    found = calibrate(scores_for(bank), bank.model, max_iterations=1, minimum=None)
    assert not found.converged
    assert "before it converged" in found.message
    assert refusal(found.publishable) == "calibration"


@every_bank
def test_a_calibration_that_converged_can_be_published(bank: ItemParameters) -> None:
    found = calibrate(scores_for(bank), bank.model, minimum=None)
    assert found.converged
    assert found.publishable() is found


# What must change nothing


@every_name
@every_estimator
def test_the_order_of_persons_changes_nothing(estimator: Estimator, name: str) -> None:
    bank = BANKS[name]
    scores = scores_for(bank, estimator.kind)
    order = np.random.default_rng(3).permutation(len(scores))
    one, other = found_by(estimator, name), estimator.run(scores[order], bank)
    assert_same(Estimates(taken(one.by_person, order), one.by_item), other)


@every_name
@every_estimator
def test_the_order_of_items_changes_nothing(estimator: Estimator, name: str) -> None:
    bank = BANKS[name]
    scores = scores_for(bank, estimator.kind)
    order = np.random.default_rng(4).permutation(bank.n_items)
    one = found_by(estimator, name)
    other = estimator.run(scores[:, order], bank.take(order))
    assert_same(Estimates(one.by_person, taken(one.by_item, order)), other)


@every_estimator
@pytest.mark.parametrize("represent", REPRESENTATIONS.values(), ids=REPRESENTATIONS)
def test_how_scores_are_written_changes_nothing(
    estimator: Estimator, represent: Callable[[Floats], Any]
) -> None:
    bank = BANKS["mixed"]
    scores = scores_for(bank, estimator.kind)
    assert_same(found_by(estimator, "mixed"), estimator.run(represent(scores), bank))


@every_estimator
def test_nothing_is_written_into_what_was_handed_over(estimator: Estimator) -> None:
    bank = BANKS["mixed"]
    scores = scores_for(bank, estimator.kind)
    kept = scores.copy()
    estimator.run(scores, bank)
    assert np.array_equal(scores, kept, equal_nan=True)


@every_estimator
def test_the_same_twice_is_the_same_to_the_last_digit(estimator: Estimator) -> None:
    bank = BANKS["mixed"]
    scores = scores_for(bank, estimator.kind)
    one, other = found_by(estimator, "mixed"), estimator.run(scores, bank)
    for mine, yours in ((one.by_person, other.by_person), (one.by_item, other.by_item)):
        assert mine is None or np.array_equal(mine, yours)


@every_bank
@pytest.mark.parametrize(
    "estimator",
    [each for each in ESTIMATORS.values() if each.kind not in MANY],
    ids=[name for name, each in ESTIMATORS.items() if each.kind not in MANY],
)
def test_a_person_gets_alone_what_they_get_among_others(
    estimator: Estimator, bank: ItemParameters
) -> None:
    scores = scores_for(bank, estimator.kind)[:5]
    together = estimator.run(scores, bank).by_person
    alone = [estimator.run(row, bank).by_person for row in scores]
    np.testing.assert_allclose(together, np.stack(alone), rtol=1e-9, atol=1e-9)  # type: ignore[arg-type] # these estimators have persons


def mirrored(bank: ItemParameters) -> ItemParameters:
    """Return the bank for scores counted from the top, of an ability counted downwards."""
    thresholds = np.full_like(bank.threshold, np.nan)
    for place, n_categories in enumerate(bank.n_categories):
        thresholds[place, : n_categories - 1] = -bank.threshold[place, : n_categories - 1][::-1]
    return ItemParameters(bank.model, bank.slope, thresholds, 1 - bank.upper, 1 - bank.guessing)


MIRRORED = ["rasch", "1pl", "2pl", "4pl", "grm", "pcm", "gpcm"]


@pytest.mark.parametrize("name", MIRRORED)
@pytest.mark.parametrize("method", ["eap", "map", "ml", "wle"])
def test_scores_counted_from_the_top_turn_abilities_round(name: str, method: str) -> None:
    bank = BANKS[name]
    scores = scores_for(bank, Kind.POSTERIOR)
    there = estimate_ability(scores, bank, method)
    back = estimate_ability(bank.n_categories - 1 - scores, mirrored(bank), method)
    np.testing.assert_allclose(back.theta, -there.theta, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(back.se, there.se, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", [name for name in MIRRORED if name != "4pl"])
def test_scores_counted_from_the_top_turn_items_round(name: str) -> None:
    bank = BANKS[name]
    scores = scores_for(bank)
    there = calibrate(scores, name, minimum=None)
    back = calibrate(bank.n_categories - 1 - scores, name, minimum=None)
    assert back.log_likelihood == pytest.approx(there.log_likelihood, abs=1e-4)
    turned = mirrored(there.parameters)
    np.testing.assert_allclose(back.parameters.slope, turned.slope, atol=5e-3)
    np.testing.assert_allclose(back.parameters.threshold, turned.threshold, atol=5e-3)


def test_names_of_items_and_groups_are_names_only() -> None:
    groups = np.arange(len(SCORES)) % 2
    one = calibrate(SCORES, "rasch", item_ids=list("abcde"), groups=groups, minimum=None)
    named = np.where(groups == 0, "first", "second")
    other = calibrate(SCORES, "rasch", item_ids=list("vwxyz"), groups=named, minimum=None)
    assert np.array_equal(one.parameters.threshold, other.parameters.threshold)
    assert one.log_likelihood == other.log_likelihood


# What must hold at every ability

ANYWHERE = np.concatenate([[-800.0, -50.0], np.linspace(-10.0, 10.0, 401), [50.0, 800.0]])


@every_bank
def test_every_score_or_better_grows_likelier_with_ability(bank: ItemParameters) -> None:
    each = category_probability(ANYWHERE, bank)
    at_least = np.cumsum(each[..., ::-1], axis=-1)
    assert np.diff(at_least, axis=0).min() >= -1e-14
    assert np.diff(expected_score(ANYWHERE, bank), axis=0).min() >= -1e-14


@every_bank
def test_information_is_never_negative(bank: ItemParameters) -> None:
    assert information(ANYWHERE, bank).min() >= 0


@every_bank
def test_a_better_score_never_lowers_the_estimate(bank: ItemParameters) -> None:
    """Under every model here with positive slopes the posterior is ordered by each item's score."""
    worst = np.zeros(bank.n_items)
    for place, top in enumerate(bank.n_categories - 1):
        rows = np.tile(worst, (top + 1, 1))
        rows[:, place] = np.arange(top + 1)
        assert np.diff(estimate_ability(rows, bank).theta).min() > 0


@every_bank
def test_the_estimate_does_not_depend_on_the_order_of_the_answers(bank: ItemParameters) -> None:
    scores = scores_for(bank, some_missing=False)[0].astype(int).tolist()
    expected = float(estimate_ability(scores, bank).theta)
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(bank.n_items).tolist()
        responses = [(place, scores[place]) for place in order]
        assert AdaptiveTest.resumed(bank, 0, responses).theta == pytest.approx(expected, abs=1e-3)
