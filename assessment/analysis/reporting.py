"""What a calibration reports: how well it went, on what it rests, and what it holds back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

import itembank
from assessment.analysis.responses import RecordedScores
from assessment.analysis.supporting import Support
from assessment.items import service as items
from itembank.arguments import FloatArray
from itembank.calibration import Calibration, Concern, Priors, StandardErrors, Standing
from itembank.calibration.adequacy import THRESHOLD_SE
from itembank.parameters import Model

DECIMALS = 6
ABILITY_STEPS = 20
"""To a logit: how finely the report counts the abilities that were seen."""

_REASONS = {
    Concern.SLOPE_NEAR_ZERO: items.PilotReason.FLAT,
    Concern.SLOPE_NEGATIVE: items.PilotReason.FLAT,
    Concern.SLOPE_VERY_STEEP: items.PilotReason.STEEP,
    Concern.OUTSIDE_DATA: items.PilotReason.OUTSIDE,
    Concern.IMPRECISE: items.PilotReason.UNSURE,
    Concern.NO_STANDARD_ERROR: items.PilotReason.UNSURE,
}
"""Why a calibrated item is not published, the gravest first."""
_GRAVEST = [*_REASONS]


@dataclass(frozen=True, eq=False)
class Fitted:
    """A calibration of what a bank supports."""

    support: Support
    calibration: Calibration

    @property
    def recorded(self) -> RecordedScores:
        """The scores that it was fitted to."""
        return self.support.recorded

    @cached_property
    def errors(self) -> StandardErrors:
        """The standard errors of the parameters, which every calibration of a bank has.

        Where a panel says where the scale lies, without the error of that: see `errors_on_scale`.
        """
        if self.calibration.errors_on_scale is None:
            raise ValueError("`calibration` must have standard errors; got none at Fitted.")
        return self.calibration.errors_on_scale

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Where the items stand that may be published."""
        standing = self.calibration.standing
        return tuple(p for p, each in enumerate(standing) if each == Standing.PUBLISHABLE)


def report(fitted: Fitted) -> items.CalibrationReport:
    """Return what there is to say of a calibration."""
    found, calibration, recorded = fitted.support, fitted.calibration, fitted.recorded
    places, errors = list(fitted.places), fitted.errors
    return items.CalibrationReport(
        model=found.model.value,
        persons=recorded.persons,
        items=len(places),
        asked=found.asked,
        groups=_groups(fitted),
        small_tests=found.small_tests,
        left_open=recorded.left_open,
        pilot=(*found.pilot, *_held_back(fitted)),
        log_likelihood=round(calibration.log_likelihood, DECIMALS),
        n_parameters=calibration.n_parameters,
        aic=round(calibration.aic, DECIMALS),
        bic=round(calibration.bic, DECIMALS),
        iterations=calibration.n_iter,
        converged=calibration.converged,
        message=calibration.message,
        priors=_stated(found.model, calibration.prior),
        nodes=calibration.grid.nodes.size,
        lowest=round(float(calibration.grid.nodes[0]), DECIMALS),
        highest=round(float(calibration.grid.nodes[-1]), DECIMALS),
        slope_se=_mean(errors.slope[places]),
        threshold_se=_mean(errors.threshold[places]),
        abilities=_abilities(fitted),
        panel=_panel(recorded),
    )


def _panel(recorded: RecordedScores) -> int | None:
    has_prior = recorded.panel is not None and bool(recorded.believed.any())
    return recorded.panel.number if recorded.panel is not None and has_prior else None


def _mean(errors: FloatArray) -> float | None:
    """Return the mean of the standard errors that there are."""
    known = errors[np.isfinite(errors)]
    return round(float(known.mean()), DECIMALS) if known.size else None


def _groups(fitted: Fitted) -> tuple[items.CalibratedGroup, ...]:
    sizes = Counter(fitted.recorded.tests)
    return tuple(
        items.CalibratedGroup(
            test=test,
            persons=sizes[test],
            mean=round(latent.mean, DECIMALS),
            sd=round(latent.sd, DECIMALS),
        )
        for test, latent in zip(fitted.recorded.groups, fitted.calibration.latent, strict=True)
    )


def _held_back(fitted: Fitted) -> list[items.PilotItem]:
    """Return the items that were calibrated and are not to be published, each with its reason."""
    gravest: dict[int, Concern] = {}
    for flag in fitted.calibration.flags:
        if flag.concern in _REASONS:
            other = gravest.get(flag.item, flag.concern)
            gravest[flag.item] = min(other, flag.concern, key=_GRAVEST.index)
    held = sorted(set(range(len(fitted.recorded.items))) - set(fitted.places))
    return [_pilot(fitted, place, gravest.get(place)) for place in held]


def _pilot(fitted: Fitted, place: int, concern: Concern | None) -> items.PilotItem:
    calibration, key = fitted.calibration, fitted.recorded.items[place].key
    rests_on_panel = fitted.recorded.believed[place]
    if rests_on_panel and calibration.adequacy[place].standing < Standing.PUBLISHABLE:
        concern = None  # too few answers are why it is unsure
    if concern is None:
        few = items.PilotReason.FEW_RESPONSES
        return items.PilotItem(item=key, reason=few, figure=calibration.adequacy[place].n_answers)
    reason = _REASONS[concern]
    figures = {
        items.PilotReason.OUTSIDE: calibration.parameters.difficulty[place],
        items.PilotReason.UNSURE: _too_large(fitted.errors, place),
    }
    figure = float(figures.get(reason, calibration.parameters.slope[place]))
    return items.PilotItem(item=key, reason=reason, figure=round(figure, DECIMALS))


def _too_large(errors: StandardErrors, place: int) -> float:
    """Return the standard error that is too large; 0 where there is none at all."""
    threshold = float(np.nan_to_num(errors.threshold[place]).max())
    return threshold if threshold > THRESHOLD_SE else float(np.nan_to_num(errors.slope[place]))


def _stated(model: Model, priors: Priors) -> tuple[str, ...]:
    believed = {
        "slope": priors.slope,
        "guessing": priors.guessing if model.has_guessing else None,
        "upper": priors.upper if model.has_upper else None,
        "difficulty (panel)": priors.threshold,
    }
    return tuple(f"{name}: {prior}" for name, prior in believed.items() if prior is not None)


def _abilities(fitted: Fitted) -> tuple[items.AbilityCount, ...]:
    """Return how many persons were seen at each ability, estimated within their groups."""
    recorded, calibration = fitted.recorded, fitted.calibration
    theta = np.empty(recorded.persons)
    for code, latent in enumerate(calibration.latent):
        own = recorded.codes == code
        prior = itembank.Prior(latent.mean, latent.sd)
        found = itembank.estimate_ability(recorded.scores[own], calibration.parameters, prior=prior)
        theta[own] = found.theta
    steps, counts = np.unique(np.round(theta * ABILITY_STEPS), return_counts=True)
    return tuple(
        items.AbilityCount(theta=float(step) / ABILITY_STEPS, persons=int(count))
        for step, count in zip(steps, counts, strict=True)
    )
