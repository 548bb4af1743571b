"""An office that awards: an institution, a test, two achievements that build on it, a registrar."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.access import Actor, Role
from assessment.awards.models import Award
from assessment.catalogue.models import AchievementKind, Measure
from assessment.demo.builders.awards import build_awards
from assessment.demo.builders.catalogue import build_achievement, build_measure
from assessment.demo.builders.people import build_institution, build_person, build_staff
from assessment.people.models import Institution, Person
from tests.assessment.people.actors import actor_for

VETO = {"none": [{"hold": "integrity"}]}


@dataclass(frozen=True)
class Office:
    """What `build_office` made."""

    institution: Institution
    test: Measure
    registrar: Actor
    person: Person

    def award(self, **columns: str) -> Award:
        """Return the first award of somebody new."""
        return build_awards(build_person(**columns), self.test)[0]


def build_office(key: str = "northern-college", **listing: object) -> Office:
    """Return an office whose test earns a course, and the course a certificate."""
    institution = build_institution(key, name={"en": key.title(), "fr": f"{key} (fr)"})
    test = build_measure(f"{key}-test", institution)
    rule = {"all": [{"test": test.key, "percent": 80}, VETO]}
    build_achievement(
        f"{key}-course",
        institution,
        rule,
        kind=AchievementKind.COURSE_CREDIT,
        credit_hours=3.0,
        course_code="EV 101",
        grade_mode="CR",
        **listing,
    )
    build_achievement(
        f"{key}-certificate",
        institution,
        {"achievement": f"{key}-course"},
        kind=AchievementKind.CERTIFICATE,
    )
    registrar = build_staff(Role.REGISTRAR, institution)
    return Office(institution, test, actor_for(registrar), registrar)
