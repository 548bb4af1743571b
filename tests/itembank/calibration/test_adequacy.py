"""Counts of answers, and what they support."""

from __future__ import annotations

import numpy as np
import pytest

from itembank.calibration import Standing, adequacy
from itembank.calibration.adequacy import NEEDED, standing
from itembank.parameters import Model


def test_every_model_has_its_numbers() -> None:
    assert set(NEEDED) == set(Model)
    assert all(each.provisional <= each.publish for each in NEEDED.values())


@pytest.mark.parametrize(
    ("model", "n_answers", "expected"),
    [
        (Model.RASCH, 99, Standing.REFUSED),
        (Model.RASCH, 100, Standing.PROVISIONAL),
        (Model.RASCH, 200, Standing.PUBLISHABLE),
        (Model.PCM, 299, Standing.PROVISIONAL),
        (Model.TWO_PL, 249, Standing.REFUSED),
        (Model.TWO_PL, 500, Standing.PUBLISHABLE),
        (Model.GRM, 300, Standing.PROVISIONAL),
        (Model.THREE_PL, 999, Standing.PROVISIONAL),
        (Model.FOUR_PL, 4_999, Standing.REFUSED),
        (Model.FOUR_PL, 5_000, Standing.PUBLISHABLE),
    ],
)
def test_what_so_many_answers_support(model: Model, n_answers: int, expected: Standing) -> None:
    assert standing(model, n_answers) is expected


def test_counts_are_of_each_item_and_score() -> None:
    scores = np.array([[0, 2, -1]] * 12 + [[1, 1, 1]] * 90)
    one, two, three = adequacy(scores, ["rasch", "pcm", "2pl"])
    assert (one.n_answers, one.counts, one.thin) == (102, (12, 90), ())
    assert (two.counts, two.thin) == ((0, 90, 12), (0,))
    assert (three.n_answers, three.counts) == (90, (0, 90))
    assert (one.standing, three.standing) == (Standing.PROVISIONAL, Standing.REFUSED)


def test_floats_may_be_missing() -> None:
    scores = np.array([[0.0, np.nan], [1.0, 1.0]])
    assert [each.n_answers for each in adequacy(scores, "2pl")] == [2, 1]


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([0, 1], r"`scores` must be of shape \(n_persons, n_items\)"),
        ([[0.5]], "`scores` must be whole numbers from 0 to 99"),
        ([[-2]], "`scores` must be whole numbers from 0 to 99"),
        ([[np.inf]], "`scores` must be whole numbers from 0 to 99"),
    ],
)
def test_what_is_no_score_is_refused(scores: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        adequacy(scores, "2pl")
