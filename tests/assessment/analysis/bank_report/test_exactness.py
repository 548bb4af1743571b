"""How exactly tests measure: by the forms that they give, never by the whole bank."""

from __future__ import annotations

import numpy as np
import pytest
from flask import Flask

import itembank
from assessment.analysis.bank_report.exactness import middle_form, reliability_sentence
from assessment.analysis.bank_report.model import model_sections
from assessment.analysis.bank_report.populations import Group, groups_of
from assessment.analysis.calibrating import fitted_scores
from tests.assessment.analysis.bank_report.sharing import FIRST, drawn, two_tests


def told(group: Group, *, is_adaptive: bool = False) -> float:
    """Return the reliability that the sentence says."""
    said = reliability_sentence(group, is_adaptive)
    return float(said.partition(": ")[2].partition(" ")[0])


def test_a_test_is_as_reliable_as_its_own_questions(context: Flask) -> None:
    fitted = fitted_scores(two_tests(400))
    _post, pre = groups_of(fitted)
    own = fitted.calibration.parameters.take(FIRST)
    expected = itembank.marginal_reliability(own, mean=pre.prior.mean, sd=pre.prior.sd)
    assert told(pre) == pytest.approx(expected, abs=5e-4)
    assert middle_form(pre).tolist() == list(FIRST)


def test_drawn_questions_make_less_than_the_bank(context: Flask) -> None:
    fitted = fitted_scores(drawn(800))
    (group,) = groups_of(fitted)
    own, prior = fitted.calibration.parameters, group.prior
    bank = itembank.marginal_reliability(own, mean=prior.mean, sd=prior.sd)
    ability = itembank.estimate_ability(group.recorded.scores, own, prior=prior)
    seen = itembank.empirical_reliability(ability)
    assert told(group) == pytest.approx(seen, abs=0.03)
    assert told(group) < bank - 0.1
    assert told(group, is_adaptive=True) == pytest.approx(seen, abs=5e-4)


def test_the_plot_of_information_is_of_a_form(context: Flask) -> None:
    fitted = fitted_scores(drawn(800))
    section = next(iter(model_sections("no bank", fitted, "en")))
    (group,) = groups_of(fitted)
    _people, information = section.plots
    theta, shown = (np.array(each[:2], dtype=float) for each in information.table.rows[:2])
    form = fitted.calibration.parameters.take(middle_form(group))
    assert form.n_items == 10
    assert shown[1] == pytest.approx(itembank.information([shown[0]], form).sum(), rel=1e-3)
    assert theta[1] == pytest.approx(itembank.information([theta[0]], form).sum(), rel=1e-3)
