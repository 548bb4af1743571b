"""Where an expected share of points lies among a set's items, and how exactly that is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import itembank
from assessment.items.models import ParameterSource
from assessment.items.reports import CalibratedGroup
from assessment.items.scales import ItemEstimate, Measured, nan_of, padded, parameters_of

if TYPE_CHECKING:
    from itembank.calibration import Latent, StandardErrors


def cut_at(
    measured: Measured,
    places: Sequence[int],
    weights: Sequence[float],
    share: float,
    share_se: float = 0.0,
) -> itembank.Cut:
    """Return the ability at which some items of a set, so weighed, give a share of their points.

    Its error is that of the share, that of the items' places beside the learners, and that of who
    the learners were; never that of where the scale lies, which abilities share. Where a panel
    placed the items, they are taken for right: what is wrong with them moves abilities as it does
    the cut. ValueError where no ability gives the share.
    """
    items = [measured.estimates[place] for place in places]
    is_judged = measured.source == ParameterSource.PANEL
    first = measured.first
    return itembank.theta_cut(
        parameters_of(items),
        share,
        weights=weights,
        share_se=share_se,
        standard_errors=None if is_judged else _standard_errors(items),
        persons=None if first is None else first.persons,
        latent=None if first is None else _latent(first),
    )


def _latent(group: CalibratedGroup) -> Latent:
    from itembank.calibration import Latent  # noqa: PLC0415 - slow to load, and few requests publish

    return Latent(group.mean, group.sd)


def _standard_errors(items: Sequence[ItemEstimate]) -> StandardErrors:
    import numpy as np  # noqa: PLC0415 - slow to load, and few requests publish

    from itembank.calibration import StandardErrors  # noqa: PLC0415 - as above

    return StandardErrors(
        slope=np.array([nan_of(each.slope_se) for each in items]),
        threshold=np.array(padded(each.threshold_ses for each in items)),
        guessing=np.array([nan_of(each.guessing_se) for each in items]),
        upper=np.array([nan_of(each.upper_se) for each in items]),
    )
