"""The whole report on a bank, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from assessment.analysis.areas import TestAreas
from assessment.analysis.bank_report.areas import area_sections
from assessment.analysis.bank_report.classical import classical_sections
from assessment.analysis.bank_report.deciding import decision_sections
from assessment.analysis.bank_report.fairness import fairness_sections
from assessment.analysis.bank_report.model import model_sections
from assessment.analysis.bank_report.sections import BankReport, Section
from assessment.analysis.calibrating import NotFit, fitted_scores
from assessment.analysis.responses import NOT_GIVEN, RecordedScores
from assessment.analysis.supporting import NotSupported
from assessment.items.models import Bank
from assessment.locale import gettext as _
from assessment.locale import ngettext
from itembank.calibration import Progress
from itembank.parameters import Model


@dataclass(frozen=True)
class Wanted:
    """What a report is asked for: its language, its model, and groups of learners to compare."""

    language: str = "en"
    model: Model = Model.TWO_PL
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By grouping, the label of each learner."""
    on_progress: Callable[[Progress], None] | None = None


def report_on(
    bank: Bank, recorded: RecordedScores, areas: Sequence[TestAreas], wanted: Wanted
) -> BankReport:
    """Return the report on a bank's recorded responses."""
    given = (recorded.scores != NOT_GIVEN).any(axis=0)
    asked = recorded.keep_items(np.flatnonzero(given).tolist())
    parts = _parts(bank.id, asked, areas, wanted) if recorded.persons else ()
    title = bank.title.get(wanted.language) or next(iter(bank.title.values()))
    return BankReport(bank.key, title, (_sittings(recorded), *parts))


def _parts(
    bank_id: str, recorded: RecordedScores, areas: Sequence[TestAreas], wanted: Wanted
) -> Iterator[Section]:
    language = wanted.language
    yield from classical_sections(recorded, language)
    yield from area_sections(areas, language)
    fitted = None
    try:
        fitted = fitted_scores(recorded, wanted.model, wanted.on_progress)
    except (NotSupported, NotFit) as refusal:
        yield Section("model", _("The model"), (str(refusal),))
    else:
        yield from model_sections(bank_id, fitted, language)
    yield from decision_sections(bank_id, recorded, fitted, language)
    yield from fairness_sections(recorded, fitted, wanted.groups, language)


def _sittings(recorded: RecordedScores) -> Section:
    lines = [ngettext("%(num)s sitting", "%(num)s sittings", recorded.persons)]
    lines += [
        ngettext(
            "%(test)s: %(num)s sitting",
            "%(test)s: %(num)s sittings",
            recorded.tests.count(test),
            test=test,
        )
        for test in recorded.groups
    ]
    if not recorded.persons:
        lines.append(
            _("No scored sitting of this bank is on record yet: there is nothing to report.")
        )
    return Section("sittings", _("What it rests on"), tuple(lines))
