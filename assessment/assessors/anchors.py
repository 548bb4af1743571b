"""Exemplars beside the levels: what work of each level looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessment.artefacts import service as artefacts
from assessment.artefacts.kinds import MediaType
from assessment.assessors.exemplars import in_use
from assessment.extensions import db
from assessment.languages import wording
from assessment.locale import language
from assessment.performances.models import AssignmentRole
from assessment.performances.trust_models import ExemplarReference

MOST_OF_LEVEL = 1
LONGEST = 600
"""Beside a level there is room for a paragraph."""


@dataclass(frozen=True)
class ExemplarPiece:
    """A piece of published work of a level: in words, or as a drawn picture at an address."""

    text: str = ""
    picture: str = ""
    because: str = ""
    """Why it is at this level."""


Anchors = Mapping[tuple[str, str], tuple[ExemplarPiece, ...]]
"""Exemplars by criterion and level."""


def exemplar_pieces(rubric_key: str, role: str = "") -> Anchors:
    """Return what may be shown beside the levels of a rubric; nothing where none is published.

    They are those of the training: nobody is tried or watched on them. Whoever trains sees none,
    for these are what they are asked about.
    """
    if role == AssignmentRole.TRAINING:
        return {}
    rows = in_use(rubric_key).where(ExemplarReference.for_training)
    found: dict[tuple[str, str], tuple[ExemplarPiece, ...]] = {}
    inner = db.session.scalars(rows.order_by(ExemplarReference.key)).all()
    for reference in sorted(inner, key=lambda each: (each.language != language(), each.key)):
        for place, piece in _of(reference):
            there = found.get(place, ())
            if len(there) < MOST_OF_LEVEL:
                found[place] = (*there, piece)
    return found


def _of(reference: ExemplarReference) -> Iterator[tuple[tuple[str, str], ExemplarPiece]]:
    """Yield the first text of an exemplar that shows each criterion, with why it is so."""
    shown = [each for each in reference.performance.shown if _is_text(each.artefact.media_type)]
    for criterion, level in reference.levels.items():
        text = next((each.artefact for each in shown if criterion in each.anchors), None)
        if level is None or text is None:
            continue
        why = wording(reference.reasons.get(criterion, {}), language())
        yield (criterion, level), ExemplarPiece(text=_short(artefacts.text(text)), because=why)


def _is_text(media_type: str) -> bool:
    return media_type == MediaType.TEXT


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + " …"
