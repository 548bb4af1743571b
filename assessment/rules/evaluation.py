"""A rule applied to facts."""

from __future__ import annotations

from datetime import date

from assessment.rules.facts import Facts
from assessment.rules.language import Rule
from assessment.rules.outcomes import Outcome


def evaluate(rule: Rule, facts: Facts, on: date) -> Outcome:
    """Return what comes of `rule` on the day `on`, a date in the institution's zone."""
    raise NotImplementedError
