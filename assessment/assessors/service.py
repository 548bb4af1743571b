"""What the assessors' pages ask for."""

from __future__ import annotations

from assessment.assessors.anchors import exemplar_artefact, exemplar_pieces
from assessment.assessors.comments import keep_comment, remove_comment, stock_comments
from assessment.assessors.desk import Desk, desk_of, rubric_within_reach, skills_in
from assessment.assessors.hours import hours_csv
from assessment.assessors.seeding import take_next
from assessment.assessors.watching import Consequence, release
from assessment.performances.marking_pages import evidence_of, marking_page
from assessment.performances.rating import save, unfinished
from assessment.performances.reach import reach_of
from assessment.performances.skipping import ask_second_look, skip

__all__ = [
    "Consequence",
    "Desk",
    "ask_second_look",
    "desk_of",
    "evidence_of",
    "exemplar_artefact",
    "exemplar_pieces",
    "hours_csv",
    "keep_comment",
    "marking_page",
    "reach_of",
    "release",
    "remove_comment",
    "rubric_within_reach",
    "save",
    "skills_in",
    "skip",
    "stock_comments",
    "take_next",
    "unfinished",
]
