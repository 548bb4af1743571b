"""Who sat each test of a bank, on the scale of its calibration."""

from __future__ import annotations

from dataclasses import dataclass

import itembank
from assessment.analysis.reporting import Fitted
from assessment.analysis.responses import RecordedScores


@dataclass(frozen=True, eq=False)
class Group:
    """The sittings of one test, with its distribution of ability, in a calibration of several."""

    test: str
    recorded: RecordedScores
    parameters: itembank.ItemParameters
    """Of the items that it recorded."""
    prior: itembank.Prior


def groups_of(fitted: Fitted) -> tuple[Group, ...]:
    """Return the tests that were calibrated, the one with the most sittings first."""
    return tuple(
        Group(
            test,
            fitted.recorded.keep_tests([test]),
            fitted.calibration.parameters,
            itembank.Prior(latent.mean, latent.sd),
        )
        for test, latent in zip(fitted.recorded.groups, fitted.calibration.latent, strict=True)
    )
