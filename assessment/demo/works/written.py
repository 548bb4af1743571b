"""Written risk assessments: a level of a criterion adds to what the one below it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessment.demo.works.pieces import TEXT, Piece, Ranks, Work, content, headed, levels, reason

RUBRIC = "hv-risk-assessment"
OPENING = "hazards"
"""The section that says what the job is about, whatever its level."""


def risk_assessment(number: int, at: Ranks, key: str) -> Work:
    """Return the assessment of one of the demo's jobs; the same number gives the same one."""
    job, facts = _job(number)
    said = {
        criterion: [_filled(each, facts) for each in steps]
        for criterion, steps in job["sections"].items()
    }
    places = dict(zip(said, at, strict=True))
    sections = [_section(each, said[each], rank) for each, rank in places.items()]
    text = headed(job["title"], number, job["language"], sections)
    return Work(
        key=key,
        rubric=RUBRIC,
        language=job["language"],
        pieces=(Piece(text, TEXT, f"{job['title']}.txt", tuple(said)),),
        levels=levels(tuple(said), at),
        reasons={each: reason(said[each], rank) for each, rank in places.items()},
    )


def _section(criterion: str, steps: list[str], rank: int) -> str:
    """Return a section at its level; what is said at the lowest one, a better one leaves out."""
    first = 0 if criterion == OPENING else min(rank, 1)
    return " ".join(steps[first : rank + 1])


def _job(number: int) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Return a job and a vehicle; numbers in a row give other jobs, and later other vehicles."""
    jobs = content("jobs")
    job = jobs[number % len(jobs)]
    return job, job["facts"][number // len(jobs) % len(job["facts"])]


def _filled(words: str, facts: Mapping[str, str]) -> str:
    vehicle = facts["vehicle"]
    return words.format(Vehicle=vehicle[:1].upper() + vehicle[1:], **facts)
