"""The registrar's list as a CSV file that spreadsheets open without calculating anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from assessment.access import Actor
from assessment.awards import service as awards
from assessment.cells import safe
from assessment.clock import local_date
from assessment.credentials import service as credentials
from assessment.languages import wording
from assessment.locale import language
from assessment.registry.listing import Filters, Row, every

COLUMNS = (
    "award",
    "institution",
    "achievement",
    "version",
    "title",
    "kind",
    "course_code",
    "credit_hours",
    "grade_mode",
    "name",
    "student_number",
    "state",
    "awarded_on",
    "expires_on",
    "credential",
)
"""Names for programs, in no language; one row an award."""


def csv_of(filters: Filters, actor: Actor) -> str:
    """Return every award that the filters let through, as CSV text with a header."""
    return _written(_cells(row) for row in every(filters, actor))


def _written(rows: Iterable[list[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cells(row: Row) -> list[str]:
    award, person = row.award, row.person
    version = award.achievement_version
    institution = version.awarded_by
    return [
        award.id,
        institution.key if institution else "",
        award.achievement.key,
        str(version.version),
        wording(version.title, language()),
        str(award.achievement.kind),
        version.course_code,
        "" if version.credit_hours is None else f"{version.credit_hours:g}",
        version.grade_mode,
        (person.legal_name or person.display_name) if person else "",
        person.student_number if person else "",
        row.shows.value,
        local_date(award.awarded_at, awards.zone(award)).isoformat() if award.awarded_at else "",
        award.expires_on.isoformat() if award.expires_on else "",
        credentials.page_address(row.credential) if row.credential else "",
    ]
