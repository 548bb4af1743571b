from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rubrics import Agreement, Estimate, Interval, Metric, Undefined, agreement
from tests.rubrics.interrater import definitions
from tests.rubrics.interrater.definitions import Table

NONE = np.nan
NO_INTERVALS: dict[str, Any] = {"n_resamples": 1, "interval": "percentile"}
FIGURES = [each.name for each in fields(Agreement) if each.type == "Estimate"]


def values(found: Agreement) -> dict[str, float | None]:
    return {name: getattr(found, name).value for name in FIGURES}


def reasons(found: Agreement) -> dict[str, Undefined | None]:
    return {name: getattr(found, name).reason for name in FIGURES}


def close(found: float | None, expected: float) -> bool:
    return found is not None and found == pytest.approx(expected, abs=1e-9)


def simulated(n: int, k: int, seed: int = 1) -> Table:
    """Return ratings on five levels of a trait by raters of unlike severity."""
    random = np.random.default_rng(seed)
    latent = random.normal(2, 1, (n, 1)) + random.normal(0, 0.3, (1, k))
    table: Table = np.clip(np.round(latent + random.normal(0, 0.5, (n, k))), 0, 4)
    return table


def thinned(table: Table, share: float, seed: int = 2) -> Table:
    """Return a table of which a share of the ratings was never made."""
    random = np.random.default_rng(seed)
    return np.where(random.random(table.shape) < share, NONE, table)


levels = st.integers(0, 4).map(float)
tables = st.integers(2, 4).flatmap(
    lambda k: arrays(np.float64, st.tuples(st.integers(3, 9), st.just(k)), elements=levels)
)
incomplete = st.integers(2, 4).flatmap(
    lambda k: arrays(
        np.float64, st.tuples(st.integers(3, 9), st.just(k)), elements=levels | st.just(NONE)
    )
)


# Against definitions


@given(incomplete, st.sampled_from([1.0, 2.0]))
def test_proportions_are_means_over_performances(table: Table, step: float) -> None:
    found = agreement(table, step=step, **NO_INTERVALS)
    if found.n_performances:
        assert close(found.exact.value, definitions.share_within(table, 0))
        assert close(found.adjacent.value, definitions.share_within(table, step))
    else:
        assert found.exact == Estimate(None, reason=Undefined.TOO_FEW)


@given(incomplete)
def test_alpha_is_that_of_all_pairs_of_ratings(table: Table) -> None:
    distances = {
        Metric.NOMINAL: definitions.nominal,
        Metric.ORDINAL: definitions.ordinal(table),
        Metric.INTERVAL: definitions.squared,
    }
    for metric, distance in distances.items():
        found = agreement(table, metric=metric, **NO_INTERVALS)
        if found.alpha.value is not None:
            assert close(found.alpha.value, definitions.alpha(table, distance))
        elif found.n_performances > 1:
            assert len({each for row in definitions.rows(table) for each in row}) == 1


@given(incomplete)
def test_icc_1_is_that_of_the_one_way_analysis_of_variance(table: Table) -> None:
    found = agreement(table, **NO_INTERVALS)
    if found.icc_1.value is not None:
        assert close(found.icc_1.value, definitions.one_way(table))


@given(arrays(np.float64, st.tuples(st.integers(3, 9), st.just(2)), elements=levels))
def test_kappa_is_that_of_all_pairs_of_levels(table: Table) -> None:
    found = agreement(table, **NO_INTERVALS).kappa
    if found.value is not None:
        assert close(found.value, definitions.kappa(table))
    else:
        assert np.ptp(table) == 0


@given(tables)
def test_icc_a_is_that_of_the_two_way_analysis_of_variance(table: Table) -> None:
    found = agreement(table, **NO_INTERVALS)
    (n, k), (rows, columns, rest) = table.shape, definitions.two_way(table)
    if found.icc_a1.value is not None:
        single = (rows - rest) / (rows + (k - 1) * rest + k * (columns - rest) / n)
        assert close(found.icc_a1.value, single)
    if found.icc_ak.value is not None:
        assert close(found.icc_ak.value, (rows - rest) / (rows + (columns - rest) / n))


# Limits


def test_identical_ratings_agree_perfectly_and_have_no_interval() -> None:
    found = agreement(np.repeat([[0.0], [1.0], [3.0], [1.0]], 2, axis=1))
    assert values(found) == dict.fromkeys(FIGURES, 1.0)
    for name in FIGURES:
        assert getattr(found, name) == Estimate(1.0, reason=Undefined.UNVARYING) or (
            getattr(found, name).reason is Undefined.UNSTABLE
        )


def test_opposite_ratings_have_a_kappa_of_minus_one() -> None:
    assert agreement([[0, 2], [2, 0]]).kappa.value == pytest.approx(-1)


def test_severity_counts_as_disagreement() -> None:
    base = simulated(50, 1)
    found = agreement(np.hstack([base, base + 2]))
    assert found.exact.value == 0
    assert found.icc_a1.value is not None
    assert found.icc_a1.value < 0.5


def test_independent_raters_agree_as_by_chance() -> None:
    table = np.random.default_rng(4).integers(0, 4, (4000, 2)).astype(float)
    found = agreement(table)
    for name in ("kappa", "alpha", "icc_a1", "icc_1"):
        assert abs(getattr(found, name).value) < 4 / np.sqrt(4000)
    assert found.exact.value == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / 4000))


# Undefined


def test_constant_ratings_are_no_crash_but_a_reason() -> None:
    found = agreement(np.full((5, 2), 3.0))
    assert (found.exact.value, found.adjacent.value) == (1.0, 1.0)
    for name in ("kappa", "alpha", "icc_a1", "icc_ak", "icc_1"):
        assert getattr(found, name) == Estimate(None, reason=Undefined.CONSTANT)


@pytest.mark.parametrize(
    "table", [[[1, 2]], [[1, 2], [NONE, 3]], [[1, 2, NONE], [NONE, NONE, 1], [NONE] * 3]]
)
def test_one_performance_has_proportions_and_no_more(table: list[list[float]]) -> None:
    found = agreement(table)
    assert (found.n_performances, found.n_ratings, found.adjacent.value) == (1, 2, 1.0)
    assert {reasons(found)[name] for name in FIGURES[2:]} == {Undefined.TOO_FEW}


@pytest.mark.parametrize(
    "table", [np.empty((0, 2)), np.empty((3, 0)), np.full((3, 2), NONE), [[1.0], [2.0]]]
)
def test_nothing_rated_twice_is_too_few(table: Any) -> None:
    found = agreement(table)
    assert (found.n_performances, found.n_ratings, found.n_raters) == (0, 0, 0)
    assert set(reasons(found).values()) == {Undefined.TOO_FEW}


def test_kappa_is_of_two_raters_and_icc_a_of_crossed_ratings() -> None:
    complete, sparse = simulated(30, 3), thinned(simulated(30, 3), 0.3)
    assert reasons(agreement(complete))["kappa"] is Undefined.NOT_TWO_RATERS
    found = reasons(agreement(sparse))
    assert found["icc_a1"] is found["icc_ak"] is Undefined.NOT_CROSSED
    assert found["icc_1"] is found["alpha"] is None


def test_what_one_of_two_raters_left_out_is_not_compared() -> None:
    table = simulated(20, 2)
    with_gaps = np.vstack([table, [[1.0, NONE], [NONE, 3.0]]])
    assert values(agreement(with_gaps)) == values(agreement(table))
    assert agreement(with_gaps).is_crossed


def test_a_figure_that_most_resamples_lack_has_no_interval() -> None:
    found = agreement([[1, 1], [1, 1], [1, 2]])
    assert found.kappa.reason is Undefined.UNSTABLE
    assert found.kappa.value == pytest.approx(0)
    assert found.kappa.lower is None


# What does not matter


@given(incomplete, st.randoms(use_true_random=False))
def test_who_is_called_what_changes_nothing(table: Table, chance: Any) -> None:
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    chance.shuffle(rows)
    chance.shuffle(columns)
    found = values(agreement(table, **NO_INTERVALS))
    again = values(agreement(table[rows][:, columns], **NO_INTERVALS))
    assert again == pytest.approx(found, nan_ok=True)


def test_the_order_of_performances_does_not_even_change_an_interval() -> None:
    table = thinned(simulated(60, 3), 0.3)
    assert agreement(table[::-1]) == agreement(table)


@given(tables)
def test_another_origin_or_unit_of_the_scale_changes_nothing(table: Table) -> None:
    found = values(agreement(table, **NO_INTERVALS))
    again = values(agreement(100 + 10 * table, step=10, **NO_INTERVALS))
    assert again == pytest.approx(found)


def test_entries_say_the_same_as_a_table() -> None:
    table = thinned(simulated(40, 4), 0.4)
    performance, rater = np.nonzero(~np.isnan(table))
    chance = np.random.default_rng(3).permutation(len(rater))
    found = agreement(
        table[performance, rater][chance],
        performance=[f"p{each}" for each in performance[chance]],
        rater=rater[chance] * 7 - 3,
    )
    assert values(found) == pytest.approx(values(agreement(table)))
    assert (found.n_performances, found.n_ratings) == (
        agreement(table).n_performances,
        agreement(table).n_ratings,
    )


def test_complete_entries_are_crossed() -> None:
    table = simulated(25, 3)
    performance, rater = np.indices(table.shape).reshape(2, -1)
    assert agreement(table.ravel(), performance=performance, rater=rater) == agreement(table)


def test_small_integers_and_masks_are_read_as_ratings() -> None:
    table = simulated(20, 2)
    assert agreement(table.astype(np.int8)) == agreement(table)
    hidden = np.ma.MaskedArray(table, mask=np.arange(40).reshape(20, 2) == 5)
    assert agreement(hidden).n_performances == 19


def test_steps_of_tenths_are_steps() -> None:
    assert agreement([[0.8, 0.7], [0.1, 0.3]], step=0.1).adjacent.value == 0.5


# Intervals


def test_an_interval_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    table = simulated(40, 2)
    assert agreement(table, seed=3) == agreement(table, seed=3)
    assert agreement(table, seed=3).alpha.lower != agreement(table, seed=4).alpha.lower


@pytest.mark.parametrize("interval", Interval)
def test_intervals_hold_their_figure_and_widen_with_their_level(interval: Interval) -> None:
    table = simulated(80, 2)
    narrow = agreement(table, level=0.5, interval=interval)
    wide = agreement(table, level=0.99, interval=interval)
    for name in FIGURES:
        inner, outer = getattr(narrow, name), getattr(wide, name)
        assert outer.lower < inner.lower < inner.value < inner.upper < outer.upper


def test_percentiles_are_those_of_resampled_performances() -> None:
    """Against resampling row by row, with the definition of each resample's kappa."""
    table = simulated(60, 2)
    random = np.random.default_rng(9)
    drawn = [definitions.kappa(table[random.integers(0, 60, 60)]) for _ in range(1000)]
    found = agreement(table, interval="percentile", n_resamples=20_000).kappa
    expected = np.quantile(drawn, [0.025, 0.975])
    error = 3 * np.std(drawn) * np.sqrt(0.025 * 0.975 / 1000) / 0.0584  # density of N(0,1) there
    assert [found.lower, found.upper] == pytest.approx(expected, abs=error)


def test_the_correction_follows_efrons_formula() -> None:
    """The acceleration by leaving out one performance after another, the bias from resamples."""
    from scipy.stats import norm  # noqa: PLC0415 - for this one reference alone

    table = simulated(30, 2)
    figure = np.array([definitions.kappa(np.delete(table, n, axis=0)) for n in range(30)])
    gaps = figure.mean() - figure
    skew = (gaps**3).sum() / (6 * (gaps**2).sum() ** 1.5)
    plain = [
        agreement(table, interval="percentile", n_resamples=4000, level=level).kappa
        for level in np.linspace(0.01, 0.99, 99)
    ]
    found = agreement(table, n_resamples=4000).kappa
    assert found.value is not None
    ends = np.array([each.lower for each in plain[::-1]] + [each.upper for each in plain])
    places = np.array(
        [(1 - s) / 2 for s in np.linspace(0.99, 0.01, 99)]
        + [(1 + s) / 2 for s in np.linspace(0.01, 0.99, 99)]
    )
    bias = norm.ppf(np.interp(found.value, ends.astype(float), places))
    for end, place in ((found.lower, 0.025), (found.upper, 0.975)):
        shifted = bias + norm.ppf(place)
        expected = norm.cdf(bias + shifted / (1 - skew * shifted))
        assert np.interp(float(end or 0), ends.astype(float), places) == pytest.approx(
            expected, abs=0.006
        )


@pytest.mark.parametrize("name", ["kappa", "alpha", "icc_a1", "icc_1"])
def test_intervals_cover_what_they_should(name: str) -> None:
    """Of 150 panels of 80 performances: 95 % less three standard errors is 90 %."""
    raters_apart = np.array([[0.0, 0.4]])

    def panel(n: int, seed: int) -> Table:
        random = np.random.default_rng(seed)
        latent = random.normal(2, 1, (n, 1)) + raters_apart
        drawn: Table = np.clip(np.round(latent + random.normal(0, 0.5, (n, 2))), 0, 4)
        return drawn

    truth = getattr(agreement(panel(400_000, 7), n_resamples=1), name).value
    found = [getattr(agreement(panel(80, 100 + n), n_resamples=500), name) for n in range(150)]
    covered = np.mean([each.lower < truth < each.upper for each in found])
    assert 0.90 <= covered <= 0.995


# What is refused

REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    ([1, 2], {}, r"`ratings` must be an array of shape \(n_performances, n_raters\)"),
    ([["high", "low"]], {}, "`ratings` must be numbers"),
    ([[1, 1e308]], {}, r"`ratings` must be finite and at most 1e\+15 in size"),
    ([1e300], {"performance": [1], "rater": [1]}, "got 1e\\+300 at 0"),
    ([[1, np.inf]], {}, r"`ratings` must be finite.*; got inf at \(0, 1\)"),
    (np.arange(202.0).reshape(101, 2), {}, "`ratings` must be on a scale of at most 200 levels"),
    ([1, 2], {"performance": [0, 0]}, "`rater` must be given"),
    ([1, 2], {"rater": [0, 0]}, "`performance` must be given"),
    ([1, 2], {"performance": [0, 0], "rater": [1]}, r"`rater` must be of shape \(2,\)"),
    ([1, 2], {"performance": [0.5, 0.5], "rater": [1, 2]}, "`performance` must be whole numbers"),
    (
        [1, 2, 3],
        {"performance": [0, 0, 0], "rater": ["a", "b", "a"]},
        "`rater` must be different for each rating of a performance; got 'a' at 2",
    ),
    ([[1, 2]], {"step": 0}, "`step` must be above 0 and finite; got 0"),
    ([[1, 2]], {"step": np.nan}, "`step` must be above 0"),
    ([[1, 2]], {"level": 1.0}, "`level` must be above 0 and below 1; got 1.0"),
    ([[1, 2]], {"metric": "ratio"}, "`metric` must be one of nominal, ordinal, interval"),
    ([[1, 2]], {"interval": "wald"}, "`interval` must be one of bca, percentile; got 'wald'"),
    ([[1, 2]], {"n_resamples": 0}, "`n_resamples` must be a whole number from 1"),
    ([[1, 2]], {"seed": -1}, "`seed` must be a whole number from 0"),
]


@pytest.mark.parametrize(("ratings", "options", "message"), REFUSED)
def test_what_is_no_rating_or_no_option_is_refused(
    ratings: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        agreement(ratings, **options)
