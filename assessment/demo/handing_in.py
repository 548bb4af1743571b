"""Handing in made-up work, as a learner does."""

from __future__ import annotations

from flask_babel import force_locale

from assessment.access import Actor
from assessment.demo.works.pieces import TEXT, Piece, Work
from assessment.performances import service as performances
from assessment.performances.models import Performance, Task


def begin(task: Task, work: Work, actor: Actor) -> Performance:
    """Return a performance that holds a work, and is not handed in."""
    begun = performances.begin(task, actor)
    for piece in work.pieces:
        _add(begun, piece, actor)
    return begun


def hand_in(task: Task, work: Work, actor: Actor) -> Performance:
    """Return a performance that holds a work and was handed in, in the work's language."""
    begun = begin(task, work, actor)
    with force_locale(work.language):
        return performances.submit(begun.id, actor)


def _add(performance: Performance, piece: Piece, actor: Actor) -> None:
    shows = dict.fromkeys(piece.criteria, "")
    if piece.media_type == TEXT:
        performances.add_text(performance.id, piece.data.decode(), shows, actor)
    else:
        performances.add_file(performance.id, piece.data, piece.name, shows, actor)
