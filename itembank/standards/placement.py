"""A bank on its first day: items and cut where a panel's judgement places them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit

from itembank.arguments import FloatArray, frozen, number, sentence_fault
from itembank.calibration.priors import Normals, Priors
from itembank.mastery import Cut
from itembank.parameters import ItemParameters, Model
from itembank.standards.angoff import Angoff, angoff

JUDGEMENT_SD = 0.8
"""How far the difficulty of an item lies from where a panel without error sees it, in logits."""
NEAREST = 0.02
"""Mean ratings nearer to 0 or 1 are taken as this far from them: a logit has no end."""
_MOST_SD = 100.0


@dataclass(frozen=True, eq=False)
class Placement:
    """Items and a cut as a panel places them, until there are responses.

    Attributes
    ----------
    panel : Angoff
        The ratings' own cut, raw and immutable: what is solved again once there are responses.
    parameters : ItemParameters
        2PL items with slope 1 and ``b = -logit(mean rating)``: the scale's origin is the borderline
        person, so that the test characteristic curve at the cut is the raw cut.
    cut : Cut
        0 logits, where the curve is the items' own sum: the raw cut, but for mean ratings nearer
        than 0.02 to 0 or 1. Its standard error is the raw cut's over the slope of the curve: 0
        where the judges' sums are all equal, which says that they agree and not that they are
        right. Nothing is added to it for that: `prior` holds 0.8 logits for every item, which move
        abilities as well as the cut.
    prior : Normals
        What is believed of the thresholds once there are responses: normal at `b`, with variance
        ``SE_panel^2 + 0.8^2``.
    """

    panel: Angoff
    parameters: ItemParameters
    cut: Cut
    prior: Normals

    @property
    def priors(self) -> Priors:
        """What to calibrate with once there are responses: the thresholds' prior, for `calibrate`.

        Free slopes get `AROUND_ONE` with it, whose mode is the slope that items have here.
        """
        return Priors(threshold=self.prior)

    @property
    def share(self) -> float:
        """The raw cut as a share of the greatest sum: what is solved again after calibrating."""
        return self.panel.share

    @property
    def share_se(self) -> float:
        """Its standard error."""
        return self.panel.se / self.panel.n_items


def place_by_panel(ratings: ArrayLike | Angoff, *, judgement_sd: float = JUDGEMENT_SD) -> Placement:
    """Return where a panel's ratings place items and cut.

    Parameters
    ----------
    ratings : array_like, shape (n_judges, n_items), or Angoff
        As for `angoff`.
    judgement_sd : float
        Logits, positive.

    Returns
    -------
    Placement

    Raises
    ------
    ValueError
        As `angoff` does, and where every rating is 0, or every one is 1.
    """
    panel = ratings if isinstance(ratings, Angoff) else angoff(ratings)
    allowed = f"positive, and at most {_MOST_SD:g} logits"
    number("judgement_sd", judgement_sd, allowed, lambda given: 0 < given <= _MOST_SD)
    if panel.cut in {0, panel.n_items}:
        raise sentence_fault("ratings", "neither all 0 nor all 1", f"a raw cut of {panel.cut:g}")
    means = np.clip(panel.item_means, NEAREST, 1 - NEAREST)
    threshold = -logit(means)
    parameters = ItemParameters(Model.TWO_PL, 1.0, threshold)
    return Placement(
        panel=panel,
        parameters=parameters,
        cut=Cut(0.0, panel.se / float((means * (1 - means)).sum())),
        prior=Normals(threshold, _spread(panel.item_ses, means, judgement_sd)),
    )


def _spread(ses: FloatArray, means: FloatArray, judgement_sd: float) -> FloatArray:
    """Return the priors' standard deviations, from the panel's error and that of judgement."""
    in_logits = ses / (means * (1 - means))
    return frozen(np.sqrt(in_logits**2 + judgement_sd**2))
