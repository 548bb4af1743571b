"""What the registrar's desk asks."""

from __future__ import annotations

from assessment.registry.exporting import csv_of
from assessment.registry.holding import holds_known_to, learner_called, lift, place
from assessment.registry.invigilating import SUPERVISED, codes_in_force, issue, tests_to_invigilate
from assessment.registry.listing import (
    Filters,
    Listed,
    Shows,
    Sort,
    achievements_of,
    listed,
)
from assessment.registry.records import Record, record_of, resting_on, revocable, revoke

__all__ = [
    "SUPERVISED",
    "Filters",
    "Listed",
    "Record",
    "Shows",
    "Sort",
    "achievements_of",
    "codes_in_force",
    "csv_of",
    "holds_known_to",
    "issue",
    "learner_called",
    "lift",
    "listed",
    "place",
    "record_of",
    "resting_on",
    "revocable",
    "revoke",
    "tests_to_invigilate",
]
