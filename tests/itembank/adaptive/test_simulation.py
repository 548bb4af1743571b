from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from itembank import (
    AdaptiveDesign,
    AdaptiveSimulation,
    AdaptiveTest,
    ItemParameters,
    Sprt,
    Stop,
    simulate_abilities,
    simulate_adaptive,
    sprt_errors,
)
from tests.itembank.adaptive.examinees import bank, design


def classifying(**options: float) -> AdaptiveDesign:
    return AdaptiveDesign(bank(300), min_items=5, max_items=40, cut=0.2, **options)


def stopped_at(simulation: AdaptiveSimulation, stop: Stop) -> np.ndarray:
    return np.array([each is stop for each in simulation.stops])


def test_the_stated_certainty_is_how_often_the_decision_is_right() -> None:
    """With abilities from the prior, calibrated: right as often as the posterior says."""
    found = simulate_adaptive(
        classifying(certainty=0.9, shift=0.0), simulate_abilities(2_000, seed=2), seed=3
    )
    sure = stopped_at(found, Stop.CLASSIFIED)
    stated = np.maximum(found.above, 1 - found.above)
    right = found.passed == (found.theta >= 0.2)
    assert 0.8 < sure.mean() < 1
    assert stated[sure].min() >= 0.9
    for among in (sure, ~sure):
        error = np.sqrt((stated * (1 - stated))[among].sum()) / among.sum()
        assert abs(right[among].mean() - stated[among].mean()) < 3.5 * error
    assert found.accuracy == right.mean()


def test_a_moved_prior_must_agree_before_a_test_stops() -> None:
    theta = simulate_abilities(300, seed=2)
    bold = simulate_adaptive(classifying(certainty=0.9, shift=0.0), theta, seed=3)
    careful = simulate_adaptive(classifying(certainty=0.9, shift=1.0), theta, seed=3)
    assert careful.lengths.mean() > bold.lengths.mean() + 1
    for at in np.flatnonzero(stopped_at(careful, Stop.CLASSIFIED)):
        given = zip(careful.items[at].tolist(), careful.scores[at].tolist(), strict=True)
        pairs = [(item, score) for item, score in given if item >= 0]
        chances = AdaptiveTest.resumed(careful.design, 0, pairs).chances
        assert chances.lowest >= 0.9 or chances.highest <= 0.1
    assert careful.accuracy >= bold.accuracy


def test_nothing_stops_a_test_before_its_least_length() -> None:
    found = simulate_adaptive(
        classifying(certainty=0.501, shift=0.0), simulate_abilities(50, seed=2), seed=3
    )
    assert (found.lengths == 5).all()


def test_nor_when_the_areas_ask_for_less() -> None:
    nothing = dict.fromkeys("abc", 0)
    adaptive = design(certainty=0.501, shift=0.0, least=nothing, enemies={})
    found = simulate_adaptive(adaptive, simulate_abilities(50, seed=2), seed=3)
    assert (found.lengths == 6).all()
    short = np.where(np.arange(12) < 5, found.items, -1)
    assert replace(found, items=short).violations == 50


def test_a_test_stops_when_it_is_precise_enough() -> None:
    adaptive = AdaptiveDesign(bank(300), min_items=5, max_items=40, se=0.35)
    found = simulate_adaptive(adaptive, simulate_abilities(200, seed=2), seed=3)
    precise = stopped_at(found, Stop.PRECISION)
    assert (found.se[precise] <= 0.35).all()
    assert (found.se[~precise] > 0.35).all()
    assert precise.mean() > 0.9
    assert found.lengths.min() >= 5


def test_estimates_are_as_good_as_their_errors_say() -> None:
    found = simulate_adaptive(
        AdaptiveDesign(bank(300), max_items=20), simulate_abilities(1_000, seed=6), seed=1
    )
    z = (found.estimate - found.theta) / found.se
    assert abs((z**2).mean() - 1) < 3.5 * np.sqrt(2 / 1_000)
    assert abs(found.bias) < 3.5 * found.rmse / np.sqrt(1_000)


def test_the_error_of_a_sequential_test_after_truncation() -> None:
    long = classifying(sprt=Sprt(0.4))
    found = sprt_errors(long, n_each=600, seed=1)
    room = 3.5 * np.sqrt(0.05 * 0.95 / 600)
    assert found.false_positive < 0.05 + room
    assert found.false_negative < 0.05 + room
    assert found.truncated < 0.1
    short = sprt_errors(replace(long, max_items=8), n_each=300, seed=1)
    assert short.truncated > 0.4
    assert min(short.false_positive, short.false_negative) > 0.05 + room
    assert short.mean_length < found.mean_length


def test_what_is_counted_is_what_was_given() -> None:
    adaptive = design()
    found = simulate_adaptive(adaptive, simulate_abilities(40, seed=1), seed=1)
    assert found.violations == 0
    assert (found.area_counts == [6, 4, 2]).all()
    assert found.lengths.tolist() == [12] * 40
    assert found.exposure.sum() == pytest.approx(12)
    sets = [set(row.tolist()) for row in found.items]
    pairs = [len(one & other) for at, one in enumerate(sets) for other in sets[:at]]
    assert found.overlap == pytest.approx(np.mean(pairs) / 12)
    assert found.rmse == pytest.approx(np.sqrt(np.mean((found.estimate - found.theta) ** 2)))
    assert found.false_positive == pytest.approx(found.passed[found.theta < 0.2].mean())
    assert found.false_negative == pytest.approx((~found.passed)[found.theta >= 0.2].mean())


@pytest.mark.parametrize(
    "row",
    [
        [0, 3, 6, 9, 12, 15, 1, 7, 13, 16, 2, 5],  # 0 and 1 are enemies
        [0, 3, 6, 9, 12, 15, 18, 7, 10, 13, 2, 5],  # seven of area a
        [0, 0, 6, 9, 12, 15, 7, 10, 13, 16, 2, 5],  # one twice
        [3, 6, 9, 7, -1, -1, -1, -1, -1, -1, -1, -1],  # too short
    ],
)
def test_a_test_that_breaks_its_plan_is_counted(row: list[int]) -> None:
    found = simulate_adaptive(design(), [0.0, 0.5], seed=1)
    assert replace(found, items=np.array([found.items[0], row])).violations == 1


def test_the_same_seed_gives_the_same_tests_and_another_does_not() -> None:
    adaptive = design(candidates=3)
    one, same, other = (simulate_adaptive(adaptive, [0.0] * 20, seed=seed) for seed in (1, 1, 2))
    assert (one.items == same.items).all()
    assert (one.scores == same.scores).all()
    assert (one.items != other.items).any()


def test_answers_can_come_from_other_parameters() -> None:
    adaptive = design()
    harder = ItemParameters("2pl", adaptive.parameters.slope, adaptive.parameters.threshold + 1)
    found = simulate_adaptive(adaptive, np.zeros(300), seed=1, truth=harder)
    assert found.bias < -0.5


def test_without_a_cut_there_is_no_decision_to_be_right() -> None:
    found = simulate_adaptive(AdaptiveDesign(bank(), max_items=5), [0.0, 1.0], seed=1)
    assert np.isnan(found.above).all()
    assert np.isnan([found.accuracy, found.false_positive, found.false_negative]).all()


def test_progress_is_told() -> None:
    seen: list[int] = []
    simulate_adaptive(
        AdaptiveDesign(bank(), max_items=2),
        np.zeros(250),
        seed=1,
        on_progress=lambda done, total: seen.append(done),
    )
    assert seen == [100, 200, 250]


@pytest.mark.parametrize(
    ("theta", "message"),
    [([], "`theta` must be of one person or more"), ([np.nan], "`theta` must be finite")],
)
def test_wrong_abilities_are_refused(theta: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        simulate_adaptive(design(), theta, seed=1)


def test_another_bank_is_no_truth() -> None:
    with pytest.raises(ValueError, match="`truth` must be of the design's items"):
        simulate_adaptive(design(), [0.0], seed=1, truth=bank(59))


def test_a_design_without_a_sequential_test_has_no_such_error() -> None:
    with pytest.raises(ValueError, match="`design` must be one with `sprt`"):
        sprt_errors(design())
    with pytest.raises(ValueError, match="`n_each` must be a whole number, 1 or more"):
        sprt_errors(classifying(sprt=Sprt(0.3)), n_each=0)
