"""Tests as they are given and scored now: on the bank's scale in use, to those who sit them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

import itembank
from assessment.analysis.bank_report.forms import SEED, Forms, forms_of
from assessment.analysis.responses import RecordedScores
from assessment.items import service as items
from assessment.items.models import Test

FEWEST_SITTINGS = 30
"""Of one test: fewer do not tell where its learners stand."""
ON_SCALE = 0.5
"""The share of a form's questions that must be on the scale for ability to be judged."""
_MOST_PERSONS = 2_000
_STEPS = 100
_CLOSE = 1e-3


@dataclass(frozen=True, eq=False)
class Delivered:
    """A test on the scale in use, with its marks there and the ability of those who sat it."""

    test: Test
    parameters: itembank.ItemParameters
    cuts: Mapping[str, itembank.Cut]
    """By the key of the mark, in logits."""
    people: itembank.Prior
    persons: int
    forms: Forms
    """That learners had, over these parameters; they say nothing of an adaptive test."""
    design: itembank.AdaptiveDesign | None = None

    @property
    def passing(self) -> itembank.Cut:
        """The mark that a probability of mastery is about."""
        return self.cuts[self.test.cuts[0]["key"]]

    def share_at(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of points that is expected at each ability, over the forms."""
        lengths = self.forms.asked.sum(axis=1, keepdims=True)
        each = (self.forms.asked / lengths * self.forms.times[:, np.newaxis]).sum(axis=0)
        expected = itembank.expected_score(theta, self.parameters)
        return np.asarray(expected @ each / self.forms.times.sum())


def delivered(test: Test, recorded: RecordedScores) -> Delivered | None:
    """Return a test on the bank's scale in use; None where it has none, or too few have sat it."""
    scale = items.scale_of(test)
    if scale is None or not test.cuts or test.cuts[0]["key"] not in scale.cuts:
        return None
    places = np.array([scale.places.get(each.version_id, -1) for each in recorded.items])
    known = np.flatnonzero(places >= 0)
    own = recorded.keep_tests([test.key])
    sat = own.keep_items(known.tolist())
    if sat.persons < FEWEST_SITTINGS:
        return None
    parameters = scale.parameters.take(places[known])
    people = population(sat.scores, parameters)
    forms = _forms(test, own, known)
    plain = Delivered(test, parameters, scale.cuts, people, sat.persons, forms)
    if test.adaptive is not None:
        return _adaptive(plain, scale)
    return plain if len(forms) else None


def _adaptive(plain: Delivered, scale: items.Scale) -> Delivered | None:
    """Return an adaptive test over the items of its design; None where it has none."""
    try:
        design = items.design(plain.test, scale.parameter_set_id).adaptive
    except items.NoDesign:
        return None
    return replace(plain, parameters=design.parameters, design=design)


def _forms(test: Test, own: RecordedScores, known: NDArray[np.int64]) -> Forms:
    """Return whole forms, of which enough is on the scale, over what is."""
    length = sum(test.blueprint.values())
    whole = forms_of(own, length).sample()
    asked = whole.asked[:, known]
    enough = asked.sum(axis=1) >= max(1.0, ON_SCALE * length)
    return Forms(asked[enough], whole.times[enough])


def population(scores: NDArray[np.int8], parameters: itembank.ItemParameters) -> itembank.Prior:
    """Return the normal distribution of ability that makes scores likeliest, by EM.

    Of many learners, that of a few thousand drawn by a stored seed.
    """
    if len(scores) > _MOST_PERSONS:
        drawn = np.random.default_rng(SEED).choice(len(scores), _MOST_PERSONS, replace=False)
        scores = scores[drawn]
    found = itembank.Prior()
    for _step in range(_STEPS):
        ability = itembank.estimate_ability(scores, parameters, prior=found)
        mean = float(ability.theta.mean())
        sd = float(np.sqrt(ability.theta.var() + np.mean(ability.se**2)))
        change = max(abs(mean - found.mean), abs(sd - found.sd))
        found = itembank.Prior(mean, sd)
        if change < _CLOSE:
            break
    return found
