"""Calibrating a bank: from recorded scores to parameters that may be published, and a report."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import itembank
from assessment.access import Actor
from assessment.analysis.reporting import Fitted, report
from assessment.analysis.responses import RecordedScores
from assessment.analysis.supporting import Support, supported
from assessment.errors import Conflict
from assessment.items import service as items
from assessment.items.models import ParameterSet, ParameterSource
from assessment.locale import gettext as _
from itembank.calibration import LogNormal, Normals, Priors, Progress, Standing
from itembank.parameters import Model


class NotFit(Conflict):
    """The responses cannot be put on one scale."""

    code = "not_fit"


class NotConverged(Conflict):
    """The search for parameters did not come to its end."""

    code = "not_converged"


@dataclass(frozen=True, eq=False)
class Calibrated:
    """A bank's calibration: what may be published, and what there is to say of it."""

    report: items.CalibrationReport
    estimates: Mapping[str, items.ItemEstimate]
    """Of the items that may be published, by the id of their version."""


def calibrate_scores(
    recorded: RecordedScores,
    model: Model = Model.TWO_PL,
    on_progress: Callable[[Progress], None] | None = None,
) -> Calibrated:
    """Return the calibration of recorded scores; nothing is read, and nothing is written.

    NotSupported where they are too few for the model, NotFit where they do not make one scale. The
    sittings of each test are a group with its own mean and spread, the largest one first.
    """
    fitted = fitted_scores(recorded, model, on_progress)
    asked = fitted.recorded.items
    estimates = {asked[place].version_id: _estimate(fitted, place) for place in fitted.places}
    return Calibrated(report(fitted), estimates)


def fitted_scores(
    recorded: RecordedScores,
    model: Model = Model.TWO_PL,
    on_progress: Callable[[Progress], None] | None = None,
) -> Fitted:
    """Return recorded scores with the calibration that was fitted to them.

    NotSupported where they are too few for the model, NotFit where they do not make one scale.
    """
    return _fitted(supported(recorded, model), on_progress)


def publish(
    bank_id: str, calibrated: Calibrated, source: ParameterSource, actor: Actor
) -> ParameterSet:
    """Return the published parameter set; NotConverged where the search did not end."""
    said = calibrated.report
    if not said.converged:
        raise NotConverged(
            _("The calibration did not converge (%(why)s). Not published.", why=said.message)
        )
    new = items.NewSet(source=source, report=items.report_data(said), items=calibrated.estimates)
    return items.publish_parameter_set(bank_id, new, actor)


def _fitted(found: Support, on_progress: Callable[[Progress], None] | None) -> Fitted:
    try:
        calibration = itembank.calibrate(
            found.recorded.scores,
            found.model,
            groups=found.recorded.codes,
            priors=_priors(found),
            minimum=None if found.recorded.believed.any() else "provisional",
            item_ids=[each.key for each in found.recorded.items],
            on_progress=on_progress,
        )
    except ValueError as fault:
        raise NotFit(_("These responses do not make one scale. %(fault)s", fault=fault)) from fault
    return Fitted(found, calibration)


def _priors(found: Support) -> Priors:
    """Return what is believed before the data: of slopes only where some item's data is thin.

    Where a panel placed items, its belief says where the scale lies, every group's mean and spread
    are free, and calibrating pulls free slopes towards 1.
    """
    free = not found.model.has_unit_slope and found.model is not Model.ONE_PL
    thin = any(each.standing < Standing.PUBLISHABLE for each in found.adequacy)
    believed = _believed(found.recorded)
    if believed is not None:
        return Priors(threshold=believed)
    return Priors(slope=LogNormal() if free and thin else None)


def _believed(recorded: RecordedScores) -> Normals | None:
    """Return what a panel believes of the difficulties; None where it does of none of them."""
    if recorded.panel is None or not recorded.believed.any():
        return None
    known = recorded.panel.thresholds
    pairs = [known.get(each.version_id, (math.nan, math.nan)) for each in recorded.items]
    return Normals([mean for mean, _sd in pairs], [sd for _mean, sd in pairs])


def _estimate(fitted: Fitted, place: int) -> items.ItemEstimate:
    parameters, errors = fitted.calibration.parameters, fitted.errors
    steps = int(parameters.n_categories[place]) - 1
    return items.ItemEstimate(
        model=parameters.model[place].value,
        slope=float(parameters.slope[place]),
        thresholds=tuple(parameters.threshold[place, :steps].tolist()),
        threshold_ses=tuple(_known(each) for each in errors.threshold[place, :steps]),
        guessing=float(parameters.guessing[place]),
        upper=float(parameters.upper[place]),
        slope_se=_known(errors.slope[place]),
        guessing_se=_known(errors.guessing[place]),
        upper_se=_known(errors.upper[place]),
        responses=int(fitted.calibration.adequacy[place].n_answers),
    )


def _known(value: float) -> float | None:
    """Return a standard error, None where the parameter is fixed."""
    return float(value) if math.isfinite(value) else None
