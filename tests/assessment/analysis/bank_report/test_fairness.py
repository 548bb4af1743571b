"""Fairness between groups: matched on the total where questions are the same, else on ability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from flask import Flask

import itembank
from assessment.analysis.bank_report.fairness import fairness_sections
from assessment.analysis.bank_report.sections import UNKNOWN, Section
from assessment.analysis.calibrating import fitted_scores
from assessment.analysis.responses import RecordedScores
from itembank.differential import Adjustment
from tests.assessment.analysis.bank_report.sharing import ITEMS, answered, drawn

HARDER = 4
"""The place of the item that is harder for the focal group, where one is."""


def sexes(recorded: RecordedScores) -> dict[str, str]:
    """Return a label for each learner, every other one's the same."""
    return {each: "ab"[n % 2] for n, each in enumerate(recorded.learners)}


def made_harder(recorded: RecordedScores) -> RecordedScores:
    """Return the same where two in three of the focal group who had one item right have not."""
    scores = recorded.scores.copy()
    focal = np.arange(recorded.persons) % 2 == 1
    lost = focal & (np.random.default_rng(5).random(recorded.persons) < 2 / 3)
    scores[lost & (scores[:, HARDER] == 1), HARDER] = 0
    return replace(recorded, scores=scores)


def section_of(recorded: RecordedScores, groups: Mapping[str, str], *, fit: bool = True) -> Section:
    """Return the one section on two groups."""
    fitted = fitted_scores(recorded) if fit else None
    (found,) = fairness_sections(recorded, fitted, {"sex": groups}, "en")
    return found


def test_questions_drawn_for_each_are_compared_by_ability(context: Flask) -> None:
    recorded = made_harder(drawn(1_000))
    section = section_of(recorded, sexes(recorded))
    assert section.table is not None
    assert len(section.table.rows) == ITEMS
    assert "matched on ability" in section.sentences[0]
    row = section.table.rows[HARDER]
    assert float(row[3]) < -1.5
    assert row[5] == row[12] == "×"
    assert row[6] == row[9] == UNKNOWN
    flagged = sum(each[12] == "×" for each in section.table.rows)
    assert flagged == 1


def test_without_a_scale_drawn_questions_cannot_be_compared(context: Flask) -> None:
    recorded = drawn(200)
    section = section_of(recorded, sexes(recorded), fit=False)
    assert section.table is None
    assert "Not enough" in section.sentences[0]


def test_too_few_of_a_group_are_said(context: Flask) -> None:
    recorded = drawn(800)
    labels = dict.fromkeys(recorded.learners, "a") | dict.fromkeys(recorded.learners[:9], "b")
    section = section_of(recorded, labels)
    assert section.table is None
    assert section.sentences == ("Not enough: 800 people of these groups answered.",)


@pytest.mark.parametrize(("persons", "has_ratio"), [(580, False), (620, True)])
def test_the_likelihood_ratio_needs_300_a_group(
    context: Flask, persons: int, has_ratio: bool
) -> None:
    recorded = made_harder(answered(["x"] * persons))
    section = section_of(recorded, sexes(recorded))
    assert section.table is not None
    assert "matched on the total score" in section.sentences[0]
    row = section.table.rows[HARDER]
    assert (row[9] != UNKNOWN) is has_ratio
    assert (
        any(each.startswith("By the likelihood ratio") for each in section.sentences) is has_ratio
    )
    assert row[10] == ("×" if has_ratio else UNKNOWN)


def test_flags_that_allow_for_their_number_stand_beside_the_others(context: Flask) -> None:
    recorded = answered(["x"] * 500)
    labels = sexes(recorded)
    section = section_of(recorded, labels, fit=False)
    assert section.table is not None
    groups = [labels[each] for each in recorded.learners]
    own = itembank.dif(recorded.scores, groups, adjustment=Adjustment.BENJAMINI_HOCHBERG)
    assert [row[11] for row in section.table.rows] == own.p_adjusted.tolist()
    assert [row[12] == "×" for row in section.table.rows] == own.flagged.tolist()
    plain = [row[5] == "×" for row in section.table.rows]
    assert plain == (own.p < 0.05).tolist()
    assert sum(plain) > own.flagged.sum()
    assert "about 1.0 are flagged by each method" in section.sentences[2]


def test_a_difference_without_bounds_is_printed(context: Flask) -> None:
    recorded = answered(["x"] * 500)
    scores = recorded.scores.copy()
    scores[1::2, HARDER] = 0
    section = section_of(replace(recorded, scores=scores), sexes(recorded), fit=False)
    assert section.table is not None
    assert section.table.rows[HARDER][3:6] == ("−∞", "C", "×")


def test_each_grouping_has_files_of_its_own(context: Flask) -> None:
    recorded = drawn(200)
    groups = {"Âge": sexes(recorded), "Ège": sexes(recorded)}
    keys = [each.key for each in fairness_sections(recorded, None, groups, "en")]
    assert len(set(keys)) == len(keys) == 2


def test_learners_whom_nobody_knows_are_said(context: Flask) -> None:
    strangers = {f"stranger-{n}": "ab"[n % 2] for n in range(30)}
    (found,) = fairness_sections(drawn(200), None, {"sex": strangers}, "en")
    assert "of the 30 learners that the file names, 0 sat" in found.sentences[0]
