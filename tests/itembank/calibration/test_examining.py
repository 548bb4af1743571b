"""What calibration refuses, and in which words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank import Anchors, Beta, LogNormal, Priors, calibrate
from tests.itembank.calibration import banks

Scores = NDArray[np.int8]
GIVEN = banks.scores(banks.bank("2pl"), 400)
GRADED = banks.scores(banks.bank("grm"), 400)


def with_score(place: Any, score: float, given: Scores = GIVEN) -> Scores:
    found = given.copy()
    found[place] = score
    return found


def unlinked() -> Scores:
    found = GIVEN.copy()
    found[:200, :2] = -1
    found[200:, 2:] = -1
    return found


REFUSED: dict[str, tuple[Any, dict[str, Any], str]] = {
    "one dimension": (GIVEN[0], {}, r"`scores` must be of shape \(n_persons, n_items\); got shape"),
    "nobody": (GIVEN[:0], {}, r"`scores` must be .* neither of them 0; got shape \(0, 4\)\."),
    "a score too high": (
        with_score((7, 2), 2),
        {},
        r"`scores` must be -1 .*, or whole numbers from 0 to 1; got 2 at \(7, 2\)\.",
    ),
    "a person without answers": (
        with_score(9, -1),
        {},
        r"`scores` must be given for at least one item of each person; .*; got none at person 9\.",
    ),
    "items without answers": (
        with_score((slice(None), [1, 3]), -1),
        {},
        r"at least one person of each item; leave the others out; got none at items 1, 3\.",
    ),
    "a constant item": (
        with_score((slice(None), 2), 1),
        {},
        r"`scores` must be of two categories or more .*; got only 1 at item 2\.",
    ),
    "booklets without a link": (
        unlinked(),
        {},
        r"`scores` must be linked: .*; got items apart at items 2, 3\.",
    ),
    "too few answers": (
        with_score((slice(0, 200), 1), -1),
        {},
        r"`scores` must be at least 250 answers to each item of the 2pl model; got 200 at item 1\.",
    ),
    "too few to publish": (
        GIVEN,
        {"minimum": "publish"},
        r"at least 500 answers to each item of the 2pl model; got 400 at items 0, 1, 2, 3\.",
    ),
    "a minimum that is none": (GIVEN, {"minimum": "some"}, r"`minimum` must be 'provisional', "),
    "names that stand twice": (
        GIVEN,
        {"item_ids": list("abca")},
        r"`item_ids` must be without duplicates; got 'a' at 3\.",
    ),
    "names too few": (GIVEN, {"item_ids": list("abc")}, r"`item_ids` must be of 4 items; got 3\."),
    "groups too few": (GIVEN, {"groups": [1, 2]}, r"`groups` must be labels of shape \(400,\)"),
    "a group missing": (
        GIVEN,
        {"groups": np.append(np.ones(399), np.nan)},
        r"`groups` must be labels, none missing; got nan at 399\.",
    ),
    "groups of several kinds": (
        GIVEN,
        {"groups": np.array([*[1] * 399, None], dtype=object)},
        r"`groups` must be labels of one kind, none missing; got several\.",
    ),
    "weights too few": (GIVEN, {"weights": [1.0]}, r"`weights` must be of shape \(400,\)"),
    "a negative weight": (
        GIVEN,
        {"weights": np.append(np.ones(399), -1)},
        r"`weights` must be 0 or more; got -1 at 399\.",
    ),
    "no weight": (GIVEN, {"weights": np.zeros(400)}, r"`weights` must be positive for some rows"),
    "a group without weight": (
        GIVEN,
        {"weights": np.repeat([1, 0], 200), "groups": np.repeat(["a", "b"], 200)},
        r"`weights` must be positive for some rows of each group; got 0 for all of one\.",
    ),
    "a tolerance of nothing": (GIVEN, {"tolerance": 0.0}, r"`tolerance` must be above 0"),
    "no iteration": (GIVEN, {"max_iterations": 0}, r"`max_iterations` must be a whole number of 1"),
    "few nodes": (GIVEN, {"n_nodes": 5}, r"`n_nodes` must be a whole number from 11 to 2001; got"),
    "a negative size of category": (
        GIVEN,
        {"fewest_per_category": -1},
        r"`fewest_per_category` must be 0 or more; got -1\.",
    ),
    "a distribution that is none": (
        GIVEN,
        {"latent": "normal"},
        r"`latent` must be one of default, fixed, free; got 'normal'\.",
    ),
    "a spread that nothing identifies": (
        GIVEN,
        {"latent": "free"},
        r"`latent` must be 'default' or 'fixed' where no item is anchored",
    ),
    "an anchor outside": (
        GIVEN,
        {"anchors": Anchors([4], banks.bank("2pl").take([0]))},
        r"`anchors` must be places from 0 to 3; got 4 at 0\.",
    ),
    "a score that an anchor has not": (
        GRADED,
        {"anchors": Anchors([1], banks.bank("2pl").take([0]))},
        r"`scores` must be -1 where not administered, or whole numbers from 0 to 1; got 2 at ",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_calibrated_is_refused_with_the_reason(case: str) -> None:
    given, options, message = REFUSED[case]
    model = "grm" if given is GRADED else "2pl"
    with pytest.raises(ValueError, match=message):
        calibrate(given, model, **options)


def test_anchors_link_what_persons_do_not() -> None:
    own = banks.bank("rasch")
    found = calibrate(unlinked(), "rasch", anchors=Anchors([0, 3], own.take([0, 3])), minimum=None)
    assert found.converged


def test_a_chain_of_booklets_is_linked() -> None:
    given = banks.scores(banks.bank("2pl").take([0, 1, 2, 3] * 2), 600)
    for third, items in enumerate(([0, 1, 2], [2, 3, 4], [4, 5, 6, 7])):
        away = np.setdiff1d(np.arange(8), items)
        given[np.ix_(np.arange(third * 200, third * 200 + 200), away)] = -1
    assert calibrate(given, "2pl", minimum=None).n_persons == 600


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Anchors([0, 1], banks.bank("2pl")), "`anchors` must be 4 places"),
        (lambda: Anchors([0, 0], banks.bank("2pl").take([0, 1])), "`anchors` must be without dup"),
        (lambda: Beta(0.5, 2.0), "`beta` must be two numbers of at least 1"),
        (lambda: LogNormal(0.0, 0.0), "`lognormal` must be a finite mean and a positive sd"),
    ],
)
def test_arguments_say_what_they_must_be(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_no_prior_can_be_asked_for() -> None:
    given = banks.scores(banks.bank("3pl"), 4_000)
    nothing = Priors(guessing=None, upper=None)
    found = calibrate(given, "3pl", priors=nothing, standard_errors=False)
    assert found.log_likelihood > calibrate(given, "3pl", standard_errors=False).log_likelihood
