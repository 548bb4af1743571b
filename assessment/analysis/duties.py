"""What a worker does for tests: looking anew at their areas when many more have sat them."""

from __future__ import annotations

from assessment.access import system
from assessment.jobs.handlers import every
from assessment.jobs.sweeping import one_by_one

AREAS_SECONDS = 6 * 3600.0
_ACTOR = system("worker")


@every(AREAS_SECONDS, "analysis.areas")
def look_at_areas() -> None:
    """Find the tests that many more have sat, and what their areas tell now."""
    from assessment.analysis import areas  # noqa: PLC0415 - numbers are slow to load

    one_by_one("analysis.areas", areas.banks_to_report(), _report)


def _report(bank_id: str) -> None:
    from assessment.analysis import areas  # noqa: PLC0415 - as above

    areas.report_bank(bank_id, _ACTOR)
