"""Which exemplars the demo has of each rubric: what they are for, and how good they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assessment.demo.works import isolated, written
from assessment.demo.works.isolated import isolation
from assessment.demo.works.pieces import Ranks, Work, content, ranks
from assessment.demo.works.written import risk_assessment

MAKERS: dict[str, Callable[[int, Ranks, str], Work]] = {
    isolated.RUBRIC: isolation,
    written.RUBRIC: risk_assessment,
}
"""Who makes works for a rubric: from a number, the place of each criterion, and a key."""


@dataclass(frozen=True)
class Exemplar:
    """A work whose levels are agreed on, and what it is for: `training`, `gate` or `seed`."""

    work: Work
    purpose: str


def exemplars(rubric: str) -> list[Exemplar]:
    """Return the demo's exemplars of a rubric; none stands twice, and none has two purposes."""
    planned = [
        (purpose, profile)
        for purpose, profiles in content("works")["profiles"].items()
        for profile in profiles
    ]
    return [
        Exemplar(MAKERS[rubric](number, ranks(profile), f"{rubric}-{number + 1:02}"), purpose)
        for number, (purpose, profile) in enumerate(planned)
    ]
