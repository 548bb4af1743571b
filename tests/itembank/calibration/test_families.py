"""Each family's derivatives against differences of its own logarithms, and those against curves."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from itembank.calibration.families import Family, family_of
from itembank.curves import log_probability
from itembank.parameters import Model
from tests.itembank.calibration import banks

NODES = np.linspace(-5, 5, 21)
FAR = np.array([-700.0, -60.0, 60.0, 700.0])
MODELS = list(Model)
STEP = 1e-5


def family(model: Model) -> Family:
    return family_of(model, 3 if model.is_polytomous else 2)


def internal(model: Model) -> NDArray[np.float64]:
    return family(model).internal(banks.bank(model.value))


def finite(x: NDArray[np.float64]) -> list[int]:
    return [place for place in range(x.shape[1]) if np.all(np.isfinite(x[:, place]))]


@pytest.mark.parametrize("model", MODELS)
def test_log_probability_is_that_of_the_curves(model: Model) -> None:
    logs = family(model).log_probability(internal(model), NODES)
    expected = log_probability(NODES, banks.bank(model.value)).transpose(1, 2, 0)
    assert logs == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("model", MODELS)
def test_gradient_is_the_difference_of_logarithms(model: Model) -> None:
    own, x = family(model), internal(model)
    found = own.gradient(x, NODES, own.log_probability(x, NODES))
    for place in finite(x):
        step = STEP * np.eye(x.shape[1])[place]
        above, below = (own.log_probability(x + sign * step, NODES) for sign in (1, -1))
        assert found[:, place] == pytest.approx((above - below) / (2 * STEP), abs=1e-7)


@pytest.mark.parametrize("model", MODELS)
def test_curvature_is_minus_the_difference_of_gradients(model: Model) -> None:
    own, x = family(model), internal(model)
    counts = np.random.default_rng(1).uniform(1, 9, (4, own.n_categories, NODES.size))
    found = own.curvature(x, NODES, counts)

    def slope(at: NDArray[np.float64]) -> NDArray[np.float64]:
        gradient = own.gradient(at, NODES, own.log_probability(at, NODES))
        return np.einsum("jpkq,jkq->jp", gradient, counts)

    for place in finite(x):
        step = STEP * np.eye(x.shape[1])[place]
        difference = (slope(x + step) - slope(x - step)) / (2 * STEP)
        columns = finite(x)
        assert found[:, place, columns] == pytest.approx(-difference[:, columns], abs=1e-5)


@pytest.mark.parametrize("model", MODELS)
def test_nothing_overflows_far_from_an_item(model: Model) -> None:
    own, x = family(model), internal(model)
    steep = x.copy()
    steep[:, 0] *= 20
    for each in (x, steep):
        log_p = own.log_probability(each, FAR)
        assert not np.isnan(log_p).any()
        assert np.isfinite(own.gradient(each, FAR, log_p)).all()
        counts = np.where(log_p > -50, 1.0, 0.0)
        assert np.isfinite(own.curvature(each, FAR, counts)).all()


@pytest.mark.parametrize("model", MODELS)
def test_reported_parameters_are_those_that_went_in(model: Model) -> None:
    own, known = family(model), banks.bank(model.value)
    found = own.reported(own.internal(known))
    n_steps = own.n_categories - 1
    assert found[:, 0] == pytest.approx(known.slope)
    assert found[:, 1 : n_steps + 1] == pytest.approx(known.threshold)
    if model.has_guessing:
        assert found[:, -2] == pytest.approx(known.guessing)
        assert found[:, -1] == pytest.approx(known.upper)


@pytest.mark.parametrize("model", MODELS)
def test_jacobian_is_the_difference_of_what_is_reported(model: Model) -> None:
    own, x = family(model), internal(model)
    found = own.jacobian(x)
    for place in finite(x):
        step = STEP * np.eye(x.shape[1])[place]
        difference = (own.reported(x + step) - own.reported(x - step)) / (2 * STEP)
        assert found[:, :, place] == pytest.approx(difference, abs=1e-6)


def test_graded_intercepts_must_fall_and_asymptotes_leave_room() -> None:
    graded = np.array([[1.0, 0.5, -0.5], [1.0, -0.5, 0.5], [1.0, 0.2, np.nan]])
    assert family_of(Model.GRM, 3).is_allowed(graded).tolist() == [True, False, False]
    asymptotes = np.array([[1.0, 0.0, -1.5, 3.0], [1.0, 0.0, 1.0, 0.5]])
    assert family_of(Model.FOUR_PL, 2).is_allowed(asymptotes).tolist() == [True, False]


@pytest.mark.parametrize("model", MODELS)
def test_first_values_make_a_model(model: Model) -> None:
    own = family(model)
    shares = np.random.default_rng(2).dirichlet(np.ones(own.n_categories), 50)
    start = own.start(np.clip(shares, 1e-3, None), np.ones(50))
    assert own.is_allowed(start).all()
