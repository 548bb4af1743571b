"""What areas tell beside the total, test by test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assessment.analysis.areas import FEWEST_SITTINGS, TestAreas
from assessment.analysis.bank_report.sections import Section, a_table
from assessment.locale import gettext as _


def area_sections(found: Iterable[TestAreas], language: str) -> Iterator[Section]:
    """Yield the section on areas: which have a figure on result pages from now on."""
    tests = list(found)
    columns = [
        (_("Test"), 0),
        (_("Area"), 0),
        (_("Questions"), 0),
        (_("Reliability"), 3),
        (_("PRMSE of its score"), 3),
        (_("of the total"), 3),
        (_("of both"), 3),
        (_("Has its own figure"), 0),
    ]
    rows = [
        (
            each.test.key,
            key,
            area.items,
            area.reliability,
            area.prmse,
            area.prmse_total,
            area.prmse_augmented,
            "×" if area.told else "",
        )
        for each in tests
        for key, area in each.areas.items()
    ]
    sentences = [
        _(
            "An area has a figure on result pages where its own score tells more of it than the "
            "total does (Haberman, 2008); else they say that there is not enough evidence. This "
            "holds from now on."
        )
    ]
    if not tests:
        few = _("No test has %(n)s sittings yet, so that no area has a figure.", n=FEWEST_SITTINGS)
        sentences.append(few)
    table = a_table(columns, rows, language) if rows else None
    yield Section("areas", _("Areas"), tuple(sentences), table)
