"""Mails about performances: that work waits, that more is asked for, that there is a result."""

from __future__ import annotations

from assessment.performances.models import Performance


def work_waits(institution_id: str, rubric_key: str) -> None:
    """Let assessors know, soon and at most once a day, that there is something to rate."""


def tell_more_evidence(performance: Performance) -> None:
    """Let the learner know that the assessors ask for more."""


def tell_result(performance: Performance) -> None:
    """Let the learner know that there is a result."""
