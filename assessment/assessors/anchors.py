"""Exemplars beside the levels: what work of each level looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ExemplarPiece:
    """A piece of published work of a level: in words, or as a drawn picture at an address."""

    text: str = ""
    picture: str = ""
    because: str = ""
    """Why it is at this level."""


Anchors = Mapping[tuple[str, str], tuple[ExemplarPiece, ...]]
"""Exemplars by criterion and level."""


def exemplar_pieces(rubric_key: str) -> Anchors:
    """Return what may be shown beside the levels of a rubric; nothing where none is published."""
    return {}
