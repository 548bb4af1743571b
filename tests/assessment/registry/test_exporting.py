"""The CSV file: every line of the list, inert in a spreadsheet, and readable again."""

from __future__ import annotations

import csv
import io

from assessment.access import Actor
from assessment.cells import plain
from assessment.registry import service
from assessment.registry.exporting import COLUMNS
from assessment.registry.listing import Filters
from tests.assessment.registry.offices import Office, build_office


def exported(filters: Filters, actor: Actor) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(service.csv_of(filters, actor), newline="")))


def test_a_line_says_all_of_an_award(office: Office) -> None:
    award = office.award(legal_name="Zoë Roy", student_number="B-0042")
    filters = Filters(achievement="northern-college-course")
    credential = service.listed(filters, office.registrar).rows[0].credential
    assert credential is not None
    assert award.awarded_at is not None
    assert exported(filters, office.registrar) == [
        {
            "award": award.id,
            "institution": "northern-college",
            "achievement": "northern-college-course",
            "version": "1",
            "title": "Northern-College-Course",
            "kind": "course_credit",
            "course_code": "EV 101",
            "credit_hours": "3",
            "grade_mode": "CR",
            "name": "Zoë Roy",
            "student_number": "B-0042",
            "state": "standing",
            "awarded_on": exported(filters, office.registrar)[0]["awarded_on"],
            "expires_on": "",
            "credential": f"http://localhost:8000/credentials/{credential.id}",
        }
    ]


def test_names_are_no_formulas_and_come_back(office: Office) -> None:
    nasty = ["=HYPERLINK(A1)", "+1", "-2", "@SUM(1)", "'=3", 'a"b,c', "line\nbreak", "O'Brien"]
    for name in nasty:
        office.award(legal_name=name)
    rows = exported(Filters(achievement="northern-college-course"), office.registrar)
    assert not [row["name"] for row in rows if row["name"][0] in "=+-@"]
    assert {plain(row["name"]) for row in rows} == set(nasty)


def test_another_institutions_awards_are_not_in_it(office: Office) -> None:
    build_office("harbour-institute").award()
    text = service.csv_of(Filters(), office.registrar)
    assert text.strip() == ",".join(COLUMNS)
