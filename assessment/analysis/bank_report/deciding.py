"""How sure decisions are: of each mark of a test, and of each whole rule."""

from __future__ import annotations

from collections.abc import Iterator

from assessment.analysis.bank_report.awarding import (
    awarding_section,
    rules_about,
    rules_that_open,
    sureness_asked,
)
from assessment.analysis.bank_report.delivering import delivered
from assessment.analysis.bank_report.marks import accuracy_section
from assessment.analysis.bank_report.sections import Section
from assessment.analysis.reporting import Fitted
from assessment.analysis.responses import RecordedScores
from assessment.items import service as items


def decision_sections(
    bank_id: str, recorded: RecordedScores, fitted: Fitted | None, language: str
) -> Iterator[Section]:
    """Yield the sections on marks, and on rules of published achievements."""
    found = {test.key: delivered(test, recorded) for test in items.current_tests(bank_id)}
    given = {key: each for key, each in found.items() if each is not None}
    named = rules_about(bank_id)
    asked = sureness_asked((*named, *rules_that_open(bank_id)))
    yield accuracy_section(bank_id, fitted, given, asked, language)
    yield awarding_section(named, given, language)
