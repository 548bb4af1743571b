from __future__ import annotations

import numpy as np
import pytest

from itembank import Model, category_probability
from itembank.adaptive.responding import answers
from tests.itembank.banks import mixed_bank, spread_bank


@pytest.mark.parametrize("model", Model)
@pytest.mark.parametrize("theta", [-2.0, 0.3, 900.0, -900.0])
def test_a_score_comes_as_often_as_its_probability(model: Model, theta: float) -> None:
    parameters = spread_bank(model)
    draws = (np.arange(2_000) + 0.5) / 2_000
    expected = category_probability(theta, parameters)
    for item, respond in enumerate(answers(parameters)):
        scores = np.array([respond(theta, draw) for draw in draws.tolist()])
        shares = np.bincount(scores, minlength=expected.shape[1]) / 2_000
        assert shares == pytest.approx(expected[item], abs=1.1 / 2_000)


def test_mixed_models_answer_each_for_itself() -> None:
    parameters = mixed_bank()
    tops = [respond(50.0, 0.0) for respond in answers(parameters)]
    assert tops == (parameters.n_categories - 1).tolist()
