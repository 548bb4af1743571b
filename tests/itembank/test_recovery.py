"""Calibration finds the parameters that scores were simulated from, as nearly as it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from itembank import (
    Calibration,
    ItemParameters,
    Model,
    calibrate,
    simulate_abilities,
    simulate_scores,
)
from itembank.calibration import Beta, Priors

Floats = NDArray[np.float64]
KINDS = ("slope", "threshold", "guessing", "upper", "sd")


@dataclass(frozen=True, eq=False)
class Study:
    """Items and persons to simulate, and in how many replications errors are compared."""

    parameters: ItemParameters
    n_persons: int
    replications: int = 100
    priors: Priors | None = None

    def calibrated(self, seed: int) -> Calibration:
        """Return the calibration of one replication."""
        theta = simulate_abilities(self.n_persons, seed=2 * seed)
        scores = simulate_scores(theta, self.parameters, seed=2 * seed + 1)
        return calibrate(scores, self.parameters.model, priors=self.priors)


N_ITEMS = 12
PLACES = np.linspace(-1.5, 1.5, N_ITEMS)
SLOPES = np.linspace(0.8, 1.8, N_ITEMS)
STEEP = np.linspace(2.0, 2.8, 8)
WEAK = Priors(guessing=Beta(1.5, 3.0), upper=Beta(3.0, 1.5))
"""Priors that weigh as much as two or three answers."""
STEPS = PLACES[:, np.newaxis] + np.array([-1.0, 0.0, 1.0])

STUDIES = {
    "rasch": Study(ItemParameters("rasch", 1.0, PLACES), 1_000, replications=400),
    "1pl": Study(ItemParameters("1pl", 1.2, PLACES), 1_000, replications=400),
    "2pl": Study(ItemParameters("2pl", SLOPES, PLACES), 1_500),
    # Guessing and slips are seen in the answers of steep items and many persons; few items make few
    # patterns, which cost no more for being frequent.
    "3pl": Study(
        ItemParameters("3pl", STEEP, np.linspace(0.0, 1.2, 8), guessing=0.2), 40_000, priors=WEAK
    ),
    "4pl": Study(
        ItemParameters("4pl", STEEP, np.linspace(-0.4, 0.4, 8), guessing=0.2, upper=0.9),
        40_000,
        priors=WEAK,
    ),
    "grm": Study(ItemParameters("grm", SLOPES, STEPS), 1_000),
    "pcm": Study(ItemParameters("pcm", 1.0, STEPS), 1_000, replications=400),
    "gpcm": Study(ItemParameters("gpcm", SLOPES, STEPS), 1_500),
    "mixed": Study(
        ItemParameters(
            [*["2pl"] * 6, *["grm"] * 3, *["gpcm"] * 3],
            SLOPES,
            np.where(np.arange(N_ITEMS)[:, np.newaxis] < 6, [[0.0, np.nan, np.nan]], STEPS),
        ),
        1_500,
    ),
}
"""The spread of a parameter that stands alone in its model is known to 7 % from 100 replications,
to 3.5 % from 400."""

every_study = pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)


def test_every_model_is_studied() -> None:
    assert {model for study in STUDIES.values() for model in study.parameters.model} == set(Model)


@dataclass(frozen=True, eq=False)
class Found:
    """Free parameters of one kind: true, estimated, and the standard errors stated."""

    true: Floats
    estimate: Floats
    error: Floats


def free_parameters(study: Study, found: Calibration) -> Iterator[tuple[str, Found]]:
    """Yield each kind of free parameter; the slope that 1pl items have in common counts once."""
    errors = found.standard_errors
    assert errors is not None
    for kind in KINDS[:-1]:
        error = getattr(errors, kind).ravel()
        free = np.flatnonzero(~np.isnan(error))
        if kind == "slope" and set(study.parameters.model) == {Model.ONE_PL}:
            free = free[:1]
        if free.size:
            pair = (
                getattr(each, kind).ravel()[free] for each in (study.parameters, found.parameters)
            )
            yield kind, Found(*pair, error[free])
    latent = found.latent[0]
    if not np.isnan(latent.sd_se):
        yield "sd", Found(*(np.array([each]) for each in (1.0, latent.sd, latent.sd_se)))


@every_study
def test_parameters_lie_within_bounds_set_by_their_standard_errors(study: Study) -> None:
    """None further than chance takes one of so many in a million sets; on average, one error away.

    The bounds of the mean square are those of independent parameters, at one in a million.
    """
    found = study.calibrated(seed=1)
    assert found.converged
    parts = dict(free_parameters(study, found)).values()
    z = np.concatenate([(part.estimate - part.true) / part.error for part in parts])
    assert np.abs(z).max() < norm.isf(0.5e-6 / z.size)
    assert chi2.ppf(1e-6, z.size) < (z**2).sum() < chi2.isf(1e-6, z.size)


def test_guessing_is_found_with_the_prior_that_is_used_by_default() -> None:
    """A prior only draws estimates nearer: none is further than chance takes it."""
    study = Study(ItemParameters("3pl", SLOPES, PLACES, guessing=0.2), 3_000)
    parts = dict(free_parameters(study, study.calibrated(seed=3)))
    assert set(parts) == {"slope", "threshold", "guessing"}
    for part in parts.values():
        z = (part.estimate - part.true) / part.error
        assert np.abs(z).max() < norm.isf(0.5e-6 / z.size)
        assert (z**2).sum() < chi2.isf(1e-6, z.size)


@every_study
def test_nothing_that_is_free_lacks_a_standard_error(study: Study) -> None:
    found = study.calibrated(seed=2)
    n_free = sum(part.true.size for _, part in free_parameters(study, found))
    assert n_free == found.n_parameters == len(found.places)
    assert found.covariance is not None
    assert found.covariance.shape == (n_free, n_free)
    assert np.linalg.eigvalsh(found.covariance).min() > 0


@pytest.mark.parametrize("model", ["grm", "gpcm"])
def test_steps_far_from_everybody_have_standard_errors_too(model: str) -> None:
    """Only an asymptote can be at a bound; a step far out is a step like others."""
    steps = [[-4.5, -3.0, 3.0, 4.6], [-1.0, -0.5, 0.5, 1.0]] * 3
    for n_steps in (2, 3, 4):
        study = Study(ItemParameters(model, 2.2, np.array(steps)[:, -n_steps:]), 20_000)
        found = study.calibrated(seed=4)
        assert found.standard_errors is not None
        assert not np.isnan(found.standard_errors.threshold).any()


@pytest.mark.slow
@every_study
def test_standard_errors_match_the_spread_over_replications(study: Study) -> None:
    """Within 10 %, for each kind of parameter; its own budget is one minute a model.

    What is compared: the root of the mean square of all standard errors stated, over items and
    replications, with the root of the mean variance of the estimates over replications.
    """
    errors: dict[str, list[Floats]] = {}
    estimates: dict[str, list[Floats]] = {}
    for replication in range(study.replications):
        for kind, part in free_parameters(study, study.calibrated(seed=1_000 + replication)):
            errors.setdefault(kind, []).append(part.error)
            estimates.setdefault(kind, []).append(part.estimate)
    for kind, stated in errors.items():
        spread = np.sqrt(np.var(estimates[kind], axis=0, ddof=1).mean())
        assert np.sqrt(np.mean(np.square(stated))) / spread == pytest.approx(1, abs=0.1), kind


@pytest.mark.slow
def test_groups_are_found_where_they_are() -> None:
    """Means and deviations of three groups calibrated together, 100 times, and their errors."""
    study = STUDIES["2pl"]
    means, deviations = np.array([0.0, 0.7, -0.5]), np.array([1.0, 0.8, 1.3])
    groups = np.repeat(np.arange(3), 500)
    z = []
    for replication in range(100):
        standard = simulate_abilities(groups.size, seed=5_000 + replication)
        theta = means[groups] + deviations[groups] * standard
        scores = simulate_scores(theta, study.parameters, seed=6_000 + replication)
        latent = calibrate(scores, "2pl", groups=groups).latent[1:]
        z.append(
            [
                (each.mean - mean) / each.mean_se
                for each, mean in zip(latent, means[1:], strict=True)
            ]
        )
        z[-1] += [
            (each.sd - sd) / each.sd_se for each, sd in zip(latent, deviations[1:], strict=True)
        ]
    square = np.square(z).sum()
    assert chi2.ppf(1e-4, np.size(z)) < square < chi2.isf(1e-4, np.size(z))
