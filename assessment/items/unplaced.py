"""Marks that a panel was to set and does not: what is said of them, and what decides instead."""

from __future__ import annotations

from collections.abc import Iterator

from assessment.items.models import ParameterSet, Test
from assessment.items.panel_marks import why_unplaced
from assessment.items.panel_standards import governing, passed_over
from assessment.items.scales import measured, scale
from assessment.locale import gettext as _


def unplaced_marks(test: Test, found: ParameterSet) -> Iterator[str]:
    """Yield each mark of a test that a panel was to set and does not, with what decides instead."""
    known, cuts = measured(found.id), scale(found.id, test).cuts
    panels, others = governing(test), passed_over(test)
    for mark in test.cuts:
        key = mark["key"]
        given = {"test": test.key, "mark": key, "percent": f"{mark['percent']:g}"}
        if key in panels and key not in cuts:
            why = why_unplaced(panels[key], test, known)
            yield _(
                "%(test)s, %(mark)s: has no place on this scale, so that points decide, held "
                "against %(percent)s %%. %(why)s",
                why=why,
                **given,
            )
        elif key in others and key not in panels:
            why = why_unplaced(others[key], test, known)
            yield _("%(test)s, %(mark)s: stays at %(percent)s %%. %(why)s", why=why, **given)


def why_no_passing_mark(test: Test, parameter_set_id: str) -> str | None:
    """Return why a panel's passing mark has no place on a scale; None where no panel sets it."""
    standard = governing(test).get(test.cuts[0]["key"])
    return None if standard is None else why_unplaced(standard, test, measured(parameter_set_id))
