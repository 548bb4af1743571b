"""Ratings in, measures out: what may change nothing, what is refused, and extremes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rubrics.facets import Facets, LongRatings, Scale, connected_subsets, many_facet
from tests.rubrics.facets.oracle import marginal_log_likelihood
from tests.rubrics.facets.worlds import drawn, world

SMALL = world(1, n_persons=60, n_raters=4, n_criteria=3).ratings
METHODS = pytest.mark.parametrize("method", ["marginal", "joint"])


def measures(found: Facets) -> list[Any]:
    return [each.measure for each in (found.persons, *found.others)]


def same(one: Facets, other: Facets) -> None:
    assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-6)
    for own, its in zip((one.persons, *one.others), (other.persons, *other.others), strict=True):
        for name in ("measure", "se", "infit", "outfit", "observed", "fair", "n_ratings"):
            assert getattr(own, name) == pytest.approx(getattr(its, name), abs=1e-5, nan_ok=True)


@METHODS
def test_the_order_of_ratings_changes_nothing(method: str) -> None:
    order = np.random.default_rng(0).permutation(np.size(SMALL.category))
    shuffled = LongRatings(*(np.asarray(each)[order] for each in columns(SMALL)))
    same(many_facet(SMALL, method=method), many_facet(shuffled, method=method))


def columns(ratings: LongRatings) -> list[Any]:
    return [ratings.person, ratings.rater, ratings.criterion, ratings.category]


@METHODS
def test_names_change_nothing(method: str) -> None:
    named = replace(
        SMALL,
        rater=[f"rater {each}" for each in np.asarray(SMALL.rater)],
        person=np.asarray(SMALL.person) * 7 + 3,
    )
    found = many_facet(named, method=method)
    same(many_facet(SMALL, method=method), found)
    assert found.raters.labels == ("rater 0", "rater 1", "rater 2", "rater 3")
    assert found.raters.place("rater 2") == 2
    assert found.persons.labels[1] == 10


@METHODS
def test_the_lowest_category_may_be_any(method: str) -> None:
    moved = replace(SMALL, category=np.asarray(SMALL.category) + 5)
    found, plain = many_facet(moved, method=method), many_facet(SMALL, method=method)
    assert found.raters.measure == pytest.approx(plain.raters.measure, abs=1e-7)
    assert found.raters.fair - 5 == pytest.approx(plain.raters.fair, abs=1e-6)
    assert found.thresholds[0].categories == (5, 6, 7, 8, 9)


@METHODS
def test_the_highest_may_be_called_the_lowest(method: str) -> None:
    """Turned round, ability becomes its opposite, and so does severity."""
    turned = replace(SMALL, category=4 - np.asarray(SMALL.category))
    found, plain = many_facet(turned, method=method), many_facet(SMALL, method=method)
    for own, its in zip(measures(found), measures(plain), strict=True):
        assert own == pytest.approx(-its, abs=1e-5)
    assert found.raters.se == pytest.approx(plain.raters.se, abs=1e-5)


@METHODS
@pytest.mark.parametrize("scale", Scale)
def test_the_origin_is_a_convention(method: str, scale: Scale) -> None:
    found = {
        name: many_facet(SMALL, method=method, scale=scale, floating=name)
        for name in ("person", "rater", "criterion")
    }
    assert len({round(each.log_likelihood, 6) for each in found.values()}) == 1
    for name, each in found.items():
        for other in {"rater", "criterion"} - {name}:
            assert each.facet(other).measure.mean() == pytest.approx(0, abs=1e-10)
        if name != "person":
            assert each.population.mean == pytest.approx(0, abs=1e-10)
    floating = found["rater"].raters.measure
    assert floating - floating.mean() == pytest.approx(found["person"].raters.measure, abs=1e-7)
    assert floating.mean() == pytest.approx(-found["person"].population.mean, abs=1e-7)


def test_the_likelihood_is_that_of_the_formula() -> None:
    found = many_facet(SMALL)
    person, rater, criterion, category = (np.asarray(each) for each in columns(SMALL))
    location = found.raters.measure[rater] + found.criteria.measure[criterion]
    value = marginal_log_likelihood(
        person,
        location - found.population.mean,
        category,
        found.thresholds[0].measure,
        found.population.sd,
    )
    assert found.log_likelihood == pytest.approx(value, abs=1e-5)


def test_the_grid_is_finer_than_every_posterior() -> None:
    """Six raters and eight criteria make posteriors narrow."""
    found = many_facet(world(2, n_persons=80, n_raters=6, n_criteria=8, per_person=6).ratings)
    assert found.spacing <= found.persons.se.min()
    assert found.persons.se.min() < 0.2


def test_a_criterion_that_was_not_observed_is_left_out() -> None:
    category = np.asarray(SMALL.category, dtype=float)
    category[::7] = np.nan
    blank = replace(SMALL, category=category)
    given = LongRatings(*(np.asarray(each)[~np.isnan(category)] for each in columns(blank)))
    same(many_facet(blank), many_facet(given))
    none = replace(SMALL, category=[None if np.isnan(each) else each for each in category])
    same(many_facet(none), many_facet(given))


@METHODS
def test_without_criteria_raters_are_compared_alone(method: str) -> None:
    only = np.asarray(SMALL.criterion) == 1
    person, rater, _, category = (np.asarray(each)[only] for each in columns(SMALL))
    found = many_facet(LongRatings(person, rater, None, category), method=method)
    assert [each.name for each in found.others] == ["rater"]
    assert found.bias is None


@METHODS
def test_a_further_facet_is_one_of_them(method: str) -> None:
    """The second occasion is made harder by a logit, for everybody."""
    drawn = world(5, n_persons=300, n_raters=6, n_criteria=3, per_person=4)
    rank = np.arange(np.size(drawn.ratings.category)) // 3 % 4
    occasion = np.where(rank < 2, "spring", "summer")
    category = np.asarray(drawn.ratings.category)
    lower = np.where(occasion == "summer", np.maximum(category - 1, 0), category)
    ratings = replace(drawn.ratings, further={"occasion": occasion}, category=lower)
    found = many_facet(ratings, method=method)
    occasions = found.facet("occasion")
    assert occasions.labels == ("spring", "summer")
    assert occasions.measure.sum() == pytest.approx(0, abs=1e-9)
    assert np.diff(occasions.measure)[0] > 0.7
    pairs = many_facet(ratings, method=method, interaction=("rater", "occasion")).bias
    assert pairs is not None
    assert pairs.facets == ("rater", "occasion")
    assert pairs.size.size == 12


@METHODS
def test_extremes_are_set_aside_and_placed_afterwards(method: str) -> None:
    """A rater who gives everybody the highest mark says nothing of anyone, and is placed."""
    person, rater, criterion, category = (np.asarray(each) for each in columns(SMALL))
    kind = np.full(30, 9)
    ratings = LongRatings(
        np.concatenate([person, np.repeat(np.arange(10), 3)]),
        np.concatenate([rater, kind]),
        np.concatenate([criterion, np.tile(np.arange(3), 10)]),
        np.concatenate([category, np.full(30, 4)]),
    )
    found, plain = many_facet(ratings, method=method), many_facet(SMALL, method=method)
    assert found.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-6)
    assert found.raters.measure[:4] == pytest.approx(plain.raters.measure, abs=1e-6)
    assert found.raters.extreme.tolist() == [False] * 4 + [True]
    assert found.raters.measure[4] < plain.raters.measure.min()
    assert np.isfinite(found.raters.se[4])
    assert np.isnan(found.raters.infit[4])
    assert not found.raters.showable[4]
    if method == "marginal":
        eta = found.persons.measure[:10, np.newaxis] - found.criteria.measure
        expected = total(eta - found.raters.measure[4], found.thresholds[0].measure)
        assert expected == pytest.approx(120 - 0.3, abs=0.2)


def total(eta: Any, steps: Any) -> float:
    sums = np.concatenate([[0.0], np.cumsum(steps)])
    terms = np.exp(eta[..., np.newaxis] * np.arange(5) - sums)
    return float((terms @ np.arange(5) / terms.sum(axis=-1)).sum())


def test_an_extreme_person_is_placed_three_tenths_inside() -> None:
    category = np.asarray(SMALL.category).copy()
    category[np.asarray(SMALL.person) == 7] = 4
    found = many_facet(replace(SMALL, category=category), method="joint")
    assert found.persons.extreme[7]
    assert found.persons.measure[7] == found.persons.measure[~found.persons.extreme].max() or (
        found.persons.measure[7] > found.persons.measure[~found.persons.extreme].max()
    )
    own = np.unique(np.asarray(SMALL.rater)[np.asarray(SMALL.person) == 7])
    eta = found.persons.measure[7] - found.raters.measure[own, np.newaxis] - found.criteria.measure
    assert total(eta, found.thresholds[0].measure) == pytest.approx(24 - 0.3, abs=1e-6)
    marginal = many_facet(replace(SMALL, category=category))
    assert not marginal.persons.extreme.any()
    assert marginal.persons.measure[7] < found.persons.measure[7]


def test_a_category_that_nobody_gave_keeps_its_place() -> None:
    category = np.asarray(SMALL.category)
    found = many_facet(replace(SMALL, category=np.where(category == 2, 3, category)))
    assert found.thresholds[0].categories == (0, 1, 3, 4)
    assert found.thresholds[0].measure.size == 3
    assert found.converged
    assert found.raters.observed == pytest.approx(
        np.bincount(np.asarray(SMALL.rater), np.where(category == 2, 3, category))
        / np.bincount(np.asarray(SMALL.rater))
    )


@METHODS
def test_partial_credit_has_steps_for_each_criterion(method: str) -> None:
    found = many_facet(SMALL, scale="partial credit", method=method)
    assert [each.label for each in found.thresholds] == [0, 1, 2]
    for each in found.thresholds:
        assert each.measure.mean() == pytest.approx(0, abs=1e-9)
        assert each.measure.shape == each.se.shape == (4,)
    assert found.log_likelihood > many_facet(SMALL, method=method).log_likelihood
    assert found.n_parameters == many_facet(SMALL, method=method).n_parameters + 2 * 3


def test_fair_averages_correct_for_whom_a_rater_met() -> None:
    """A severe rater who met the able only has a high average, and a low fair one."""
    draw = np.random.default_rng(4)
    ability = np.sort(draw.normal(0, 1.5, 400))
    rater = np.column_stack([np.repeat([0, 1], 200), np.full(400, 2)])
    severity = np.array([-0.8, 0.8, 0.0])
    person = np.repeat(np.arange(400), 2)
    category = drawn(ability[person] - severity[rater.ravel()], draw)
    raters = many_facet(LongRatings(person, rater.ravel(), None, category)).raters
    assert raters.observed[0] < raters.observed[1]
    assert raters.fair[0] > raters.fair[2] > raters.fair[1]


def expected(eta: Any, steps: Any) -> Any:
    sums = np.concatenate([[0.0], np.cumsum(steps)])
    terms = np.exp(np.asarray(eta)[..., np.newaxis] * np.arange(sums.size) - sums)
    return terms @ np.arange(sums.size) / terms.sum(axis=-1)


@METHODS
@pytest.mark.parametrize("floating", ["person", "criterion"])
def test_fair_averages_are_expected_where_all_else_is_at_its_mean(
    method: str, floating: str
) -> None:
    found = many_facet(SMALL, method=method, floating=floating)
    steps, mean = found.thresholds[0].measure, found.population.mean
    severity, difficulty = found.raters.measure, found.criteria.measure
    for own, eta in (
        (found.raters, mean - severity - difficulty.mean()),
        (found.criteria, mean - severity.mean() - difficulty),
        (found.persons, found.persons.measure - severity.mean() - difficulty.mean()),
    ):
        assert own.fair == pytest.approx(expected(eta, steps), abs=1e-7)


def test_fair_averages_with_steps_of_their_own_are_means_over_criteria() -> None:
    found = many_facet(SMALL, scale="partial credit", floating="criterion")
    difficulty, steps = found.criteria.measure, [each.measure for each in found.thresholds]
    eta = found.population.mean - found.raters.measure
    each = [expected(eta - own, its) for own, its in zip(difficulty, steps, strict=True)]
    assert found.raters.fair == pytest.approx(np.mean(each, axis=0), abs=1e-7)
    alone = [
        expected(found.population.mean - own, its)
        for own, its in zip(difficulty, steps, strict=True)
    ]
    assert found.criteria.fair == pytest.approx(np.array(alone), abs=1e-7)


def test_bias_is_the_slope_over_the_curvature_of_the_likelihood() -> None:
    """By differences of the likelihood written out; each pair meets a person three times."""
    person, rater, criterion, category = (np.asarray(each) for each in columns(SMALL))
    occasion = np.random.default_rng(0).integers(0, 2, 60)[person] ^ (rater % 2)
    ratings = replace(SMALL, further={"occasion": occasion})
    found = many_facet(ratings, interaction=("rater", "occasion"))
    assert found.bias is not None
    location = found.raters.measure[rater] + found.criteria.measure[criterion]
    location = location + found.facet("occasion").measure[occasion]
    steps, sd = found.thresholds[0].measure, found.population.sd

    def value(added: Any) -> float:
        place = location + added - found.population.mean
        return marginal_log_likelihood(person, place, category, steps, sd)

    for pair in range(0, found.bias.size.size, 3):
        met = (rater == found.bias.first[pair]) & (occasion == found.bias.second[pair])
        low, middle, high = (value(step * met) for step in (-1e-3, 0.0, 1e-3))
        curvature = (2 * middle - low - high) / 1e-6
        assert found.bias.se[pair] == pytest.approx(1 / np.sqrt(curvature), rel=1e-3)
        slope = (high - low) / 2e-3
        assert found.bias.size[pair] == pytest.approx(slope / curvature, abs=1e-4)


def test_a_severity_is_shown_where_it_rests_on_enough() -> None:
    """Many ratings each, or few; with few persons in common, errors are large."""
    few = np.asarray(SMALL.person) < 16
    found = many_facet(LongRatings(*(np.asarray(each)[few] for each in columns(SMALL)))).raters
    enough = (found.n_persons >= 10) & (found.se <= 0.5)
    assert found.showable.tolist() == enough.tolist()
    unsure = replace(found, n_persons=np.full(4, 99), se=np.array([0.1, 0.5, 0.51, np.nan]))
    assert unsure.showable.tolist() == [True, True, False, False]
    thin = replace(unsure, n_persons=np.array([9, 10, 99, 99]))
    assert thin.showable.tolist() == [False, True, False, False]


def test_persons_who_do_not_differ_are_no_calamity() -> None:
    draw = np.random.default_rng(1)
    ratings = LongRatings(
        np.repeat(np.arange(50), 6),
        np.tile([0, 0, 0, 1, 1, 1], 50),
        np.tile([0, 1, 2], 100),
        draw.integers(0, 4, 300),
    )
    found = many_facet(ratings)
    assert found.converged
    assert found.population.sd == pytest.approx(0.01)
    assert np.isnan(found.population.sd_se)
    assert np.isfinite(found.raters.se).all()
    assert np.ptp(found.persons.measure) < 0.01


def test_a_search_that_is_cut_short_says_so_and_is_not_shown() -> None:
    found = many_facet(SMALL, max_iterations=1)
    assert not found.converged
    with pytest.raises(ValueError, match="must be marginal and converged to be shown"):
        found.publishable()
    with pytest.raises(ValueError, match="joint estimates"):
        many_facet(SMALL, method="joint").publishable()
    assert many_facet(SMALL).publishable().biased is False


def disconnected() -> LongRatings:
    half = np.asarray(SMALL.person) < 30
    rater = np.asarray(SMALL.rater) % 2 + np.where(half, 0, 2)
    keep = np.unique(
        np.column_stack([np.asarray(SMALL.person), rater, np.asarray(SMALL.criterion)]),
        axis=0,
        return_index=True,
    )[1]
    person, _, criterion, category = (np.asarray(each)[keep] for each in columns(SMALL))
    return LongRatings(person, rater[keep], criterion, category)


@METHODS
def test_a_disconnected_design_is_refused_with_its_subsets(method: str) -> None:
    ratings = disconnected()
    subsets = connected_subsets(ratings)
    assert [each.facets for each in subsets] == [("person", "rater")] * 2
    assert [each.levels[1] for each in subsets] == [(0, 1), (2, 3)]
    assert subsets[1].levels[0] == tuple(range(30, 60))
    named = r"2 subsets \(person 0, 1, 2 and 27 more with rater 0, 1; person 30, 31, 32 and"
    with pytest.raises(ValueError, match=named):
        many_facet(ratings, method=method)


def test_one_common_performance_connects() -> None:
    ratings = disconnected()
    joined = LongRatings(
        *(
            np.append(np.asarray(each), own)
            for each, own in zip(columns(ratings), (0, 3, 1, 2), strict=True)
        )
    )
    assert connected_subsets(joined) == ()
    assert np.isfinite(many_facet(joined).raters.se).all()


def test_raters_who_keep_to_criteria_of_their_own_are_not_compared() -> None:
    own = np.asarray(SMALL.rater) % 3 == np.asarray(SMALL.criterion)
    ratings = LongRatings(*(np.asarray(each)[own] for each in columns(SMALL)))
    with pytest.raises(ValueError, match=r"rater .* with criterion"):
        many_facet(ratings)


@METHODS
def test_facets_that_stand_in_for_one_another_are_refused(method: str) -> None:
    """Each pair of facets is connected, and yet two of them are one and the same."""
    ratings = replace(SMALL, further={"desk": np.asarray(SMALL.rater) // 1})
    with pytest.raises(ValueError, match="connected by common persons, raters and criteria"):
        many_facet(ratings)
    rater, criterion = np.asarray(SMALL.rater), np.asarray(SMALL.criterion)
    with pytest.raises(ValueError, match="must be of facets that vary apart from one another"):
        many_facet(replace(SMALL, further={"sum": rater + criterion}), method=method)


BAD: dict[str, tuple[Callable[[], object], str]] = {
    "half": (
        lambda: replace(SMALL, category=np.asarray(SMALL.category) + 0.5),
        r"`category` must be whole numbers from 0 to 99; got \S+ at 0\.",
    ),
    "negative": (
        lambda: replace(SMALL, category=np.asarray(SMALL.category) - 9),
        r"`category` must be whole numbers from 0 to 99; got -\d at 0\.",
    ),
    "infinite": (
        lambda: replace(SMALL, category=np.full(np.size(SMALL.category), np.inf)),
        r"`category` must be whole numbers from 0 to 99; got inf at 0\.",
    ),
    "short": (
        lambda: replace(SMALL, rater=[1, 2]),
        r"`rater` must be one label for each rating; got shape \(2,\) for 360\.",
    ),
    "fractions": (
        lambda: replace(SMALL, rater=np.linspace(0, 1, np.size(SMALL.category))),
        r"`rater` must be labels, whole numbers or text; got array",
    ),
    "empty": (
        lambda: LongRatings([], [], None, []),
        r"`category` must be given for at least one rating; got 0 empty\.",
    ),
    "blank": (
        lambda: replace(SMALL, category=np.full(np.size(SMALL.category), np.nan)),
        r"`category` must be given for at least one rating; got 360 empty\.",
    ),
    "alone": (
        lambda: LongRatings([1, 1], [1, 2], None, [0, 1]),
        r"`person` must be at least two persons; got 1\.",
    ),
    "constant": (
        lambda: replace(SMALL, category=np.full(np.size(SMALL.category), 2)),
        r"`category` must be of more than the lowest and highest; got nothing but extremes\.",
    ),
    "twice": (
        lambda: LongRatings([1, 2, 1], [1, 1, 1], None, [0, 1, 1]),
        r"`ratings` must be one for each combination of person, rater; got a second at row 2\.",
    ),
    "name": (
        lambda: replace(SMALL, further={"rater": SMALL.rater}),
        r"`further` must be named unlike the other facets; got 'rater'\.",
    ),
}


@pytest.mark.parametrize(("ratings", "message"), BAD.values(), ids=BAD)
def test_ratings_that_are_not_fit_are_refused(ratings: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        many_facet(ratings())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scale": "grm"}, r"`scale` must be one of rating scale, partial credit; got 'grm'\."),
        ({"method": "bayes"}, r"`method` must be one of marginal, joint; got 'bayes'\."),
        ({"floating": "task"}, r"`floating` must be one of person, rater, criterion; got 'task'\."),
        (
            {"scale": "partial credit", "steps_by": "person"},
            r"`steps_by` must be one of rater, criterion; got 'person'\.",
        ),
        ({"highest": {0: 3}}, r"`highest` must be no lower than a category given; got 4 at 0\."),
        ({"highest": {8: 3}}, r"`highest` must be of levels of criterion; got 8\."),
        (
            {"highest": {0: 4}, "scale": "partial credit"},
            r"`highest` must be None where levels have steps of their own; got \{0: 4\}\.",
        ),
        (
            {"interaction": ("rater", "person")},
            r"`interaction` must be two of rater, criterion; got \('rater', 'person'\)\.",
        ),
        ({"tolerance": 0}, r"`tolerance` must be positive and finite; got 0\."),
        ({"max_iterations": 0}, r"`max_iterations` must be at least 1; got 0\."),
    ],
)
def test_arguments_that_are_not_fit_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        many_facet(SMALL, **arguments)


def test_a_level_and_a_facet_are_asked_for_by_name() -> None:
    found = many_facet(SMALL)
    with pytest.raises(ValueError, match="`name` must be one of person, rater, criterion"):
        found.facet("task")
    with pytest.raises(ValueError, match="`label` must be a rater that was rated with; got 17"):
        found.raters.place(17)
    assert found.raters.n_ratings.sum() == np.size(SMALL.category)
    assert found.raters.n_persons.sum() == 2 * 60
    assert found.raters.showable.all()
