"""Classical statistics are their textbook formulas, and say of whom they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import f

from itembank import ItemParameters, item_analysis, simulate_abilities, simulate_scores

Floats = NDArray[np.float64]
BANK = ItemParameters("2pl", np.linspace(0.8, 1.6, 8), np.linspace(-1.5, 1.5, 8))
SCORES = simulate_scores(simulate_abilities(400, seed=1), BANK, seed=2)
GRADED = SCORES.copy()
GRADED[:, 3] = SCORES[:, 3] + SCORES[:, 4]


def correlated(one: Floats, other: Floats) -> float:
    return float(np.corrcoef(one, other)[0, 1])


@pytest.mark.parametrize("scores", [SCORES, GRADED], ids=["right or wrong", "graded"])
def test_item_statistics_are_their_formulas(scores: NDArray[np.int8]) -> None:
    tops = scores.max(axis=0)
    for each in item_analysis(scores).items:
        own = scores[:, each.item].astype(float)
        assert each.mean == pytest.approx(own.mean())
        assert each.difficulty == pytest.approx(own.mean() / tops[each.item])
        assert each.sd == pytest.approx(own.std(ddof=1))
        rest = np.delete(scores, each.item, axis=1).sum(axis=1)
        assert each.item_rest == pytest.approx(correlated(own, rest.astype(float)))
        without = item_analysis(np.delete(scores, each.item, axis=1)).reliability.alpha
        assert each.alpha_if_deleted == pytest.approx(without)
        assert each.n == 400


def test_alpha_of_right_and_wrong_is_kr_20() -> None:
    p = SCORES.mean(axis=0)
    total = SCORES.sum(axis=1)
    kr_20 = 8 / 7 * (1 - (p * (1 - p)).sum() / total.var())
    found = item_analysis(SCORES).reliability
    assert found.alpha == pytest.approx(kr_20)
    assert found.se_measurement == pytest.approx(total.std(ddof=1) * np.sqrt(1 - kr_20))
    assert (found.n, found.n_items) == (400, 8)
    assert found.mean == pytest.approx(total.mean())


def test_its_interval_is_that_of_feldt() -> None:
    found = item_analysis(SCORES, confidence=0.9).reliability
    low, high = f.ppf([0.05, 0.95], 399, 399 * 7)
    assert found.lower == pytest.approx(1 - (1 - found.alpha) * high)
    assert found.upper == pytest.approx(1 - (1 - found.alpha) * low)
    assert found.lower < found.alpha < found.upper


def test_feldts_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Parallel items, whose reliability is known: 300 samples, within four standard errors."""
    rng, hits = np.random.default_rng(5), 0
    for _ in range(300):
        true = rng.normal(size=(60, 1))
        scores = np.clip(np.rint(20 + 4 * (true + rng.normal(size=(60, 6)))), 0, 60)
        found = item_analysis(scores).reliability
        hits += found.lower <= 6 / 7 <= found.upper
    assert hits / 300 == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 300))


def test_what_was_not_given_is_not_wrong() -> None:
    scores = SCORES.astype(float)
    scores[:100, 0] = np.nan
    scores[100:150, 1] = np.nan
    found = item_analysis(scores)
    assert [each.n for each in found.items] == [300, 350] + [400] * 6
    assert found.items[0].difficulty == pytest.approx(SCORES[100:, 0].mean())
    assert found.reliability == item_analysis(SCORES[150:]).reliability
    share = np.nanmean(scores[:, 1:], axis=1)
    expected = correlated(SCORES[100:, 0].astype(float), share[100:])
    assert found.items[0].item_rest == pytest.approx(expected)


def test_booklets_have_no_alpha_but_items_that_are_judged() -> None:
    scores = SCORES.astype(float)
    scores[::2, :2] = scores[1::2, 6:] = np.nan
    found = item_analysis(scores)
    assert np.isnan([found.reliability.alpha, found.reliability.lower]).all()
    assert found.reliability.n == 0
    assert min(each.item_rest for each in found.items) > 0.1


def test_an_item_that_all_get_right_correlates_with_nothing() -> None:
    scores = SCORES.copy()
    scores[:, 2] = 1
    found = item_analysis(scores).items[2]
    assert found.difficulty == 1
    assert np.isnan(found.item_rest)


def test_the_highest_score_may_be_one_that_nobody_has() -> None:
    assert item_analysis(SCORES, highest=2).items[0].difficulty == pytest.approx(
        SCORES[:, 0].mean() / 2
    )


def options(rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the options that were chosen: the key 0 where right, else 1 to 3, some none."""
    wrong = rng.integers(1, 4, SCORES.shape)
    chosen = np.where(SCORES == 1, 0, wrong)
    chosen[:20][SCORES[:20] == 0] = -1
    return chosen


CHOSEN = options(np.random.default_rng(4))


def test_options_are_counted_and_correlated_with_the_rest() -> None:
    found = item_analysis(SCORES, choices=CHOSEN, keys=np.zeros(8)).items[3]
    rest = np.delete(SCORES, 3, axis=1).mean(axis=1)
    assert [each.option for each in found.options] == [0, 1, 2, 3, None]
    assert sum(each.share for each in found.options) == pytest.approx(1)
    for each in found.options:
        own = CHOSEN[:, 3] == (-1 if each.option is None else each.option)
        assert (each.n, each.is_key) == (own.sum(), each.option == 0)
        assert each.option_rest == pytest.approx(correlated(own.astype(float), rest))
        assert each.mean_rest == pytest.approx(rest[own].mean())
    assert found.options[0].option_rest == pytest.approx(found.item_rest)


def test_a_key_that_nobody_chose_is_shown() -> None:
    found = item_analysis(SCORES, choices=CHOSEN, keys=np.full(8, 9)).items[0].options
    key = next(each for each in found if each.is_key)
    assert (key.option, key.n, key.share) == (9, 0, 0.0)
    assert np.isnan([key.option_rest, key.mean_rest]).all()
    none = item_analysis(SCORES, choices=CHOSEN, keys=np.full(8, np.nan)).items[0].options
    assert not any(each.is_key for each in none)


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "one row": (lambda: item_analysis([1, 0]), "`scores` must be of shape (n_persons, n_items)"),
    "half a point": (
        lambda: item_analysis([[0.5, 1.0], [1.0, 0.0]]),
        "`scores` must be NaN where not",
    ),
    "infinite": (
        lambda: item_analysis([[np.inf, 1.0], [1.0, 0.0]]),
        "`scores` must be NaN where not",
    ),
    "below nothing": (lambda: item_analysis([[-2, 1], [1, 0]]), "`scores` must be -1 where not"),
    "more than all": (lambda: item_analysis([[2, 1]], highest=1), "`scores` must be -1 where not"),
    "highest": (lambda: item_analysis(SCORES, highest=0), "`highest` must be whole, from 1 to"),
    "highest of others": (lambda: item_analysis(SCORES, highest=[1]), "`scores` must be of shape"),
    "no keys": (lambda: item_analysis(SCORES, choices=CHOSEN), "`keys` must be given with"),
    "a key too few": (
        lambda: item_analysis(SCORES, choices=CHOSEN, keys=[0]),
        "`keys` must be of shape (8,)",
    ),
    "half an option": (
        lambda: item_analysis(SCORES, choices=CHOSEN + 0.5, keys=np.zeros(8)),
        "`choices` must be whole, from 0 to 9999, or -1 or NaN for none; got",
    ),
    "choices of others": (
        lambda: item_analysis(SCORES, choices=CHOSEN[:5], keys=np.zeros(8)),
        "`choices` must be of shape (400, 8)",
    ),
    "confidence": (lambda: item_analysis(SCORES, confidence=1), "`confidence` must be above 0"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case: str) -> None:
    call, message = BAD[case]
    with pytest.raises(ValueError, match="must be") as raised:
        call()
    assert str(raised.value).startswith(message)
