"""Exemplars beside the levels: what work of each level looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from assessment.access import Actor
from assessment.artefacts import service as artefacts
from assessment.artefacts.kinds import MediaType
from assessment.artefacts.models import Artefact
from assessment.assessors.exemplars import in_use
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.languages import wording
from assessment.locale import language
from assessment.performances.anchors import place_of
from assessment.performances.models import AssignmentRole, Attachment
from assessment.performances.reach import reach_of
from assessment.performances.trust_models import ExemplarReference

MOST_OF_LEVEL = 1
LONGEST = 600
"""Beside a level there is room for a paragraph."""


@dataclass(frozen=True)
class ExemplarDrawing:
    """Our own drawing of a picture, or of a page of a document."""

    artefact_id: str
    page: int | None = None


@dataclass(frozen=True)
class ExemplarPiece:
    """A piece of published work of a level: in words, or as we drew it."""

    text: str = ""
    language: str = ""
    """The language of the text."""
    drawing: ExemplarDrawing | None = None
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
    """Yield what of an exemplar shows each criterion, in words and drawn, with why it is so."""
    for criterion, level in reference.levels.items():
        pieces = [each for each in reference.performance.shown if criterion in each.anchors]
        text, drawing = _text(pieces), _drawing(pieces, criterion)
        if level is None or not (text or drawing):
            continue
        why = wording(reference.reasons.get(criterion, {}), language())
        piece = ExemplarPiece(text, reference.language, drawing, because=why)
        yield (criterion, level), piece


def _text(pieces: Sequence[Attachment]) -> str:
    written = (each.artefact for each in pieces if each.artefact.media_type == MediaType.TEXT)
    found = next(written, None)
    return "" if found is None else _short(artefacts.text(found))


def _drawing(pieces: Sequence[Attachment], criterion: str) -> ExemplarDrawing | None:
    """Return the first piece that is drawn, of a document the page to look at."""
    for each in pieces:
        found = artefacts.shown(each.artefact)
        if found.kind is artefacts.ShownAs.PICTURE:
            return ExemplarDrawing(each.artefact_id)
        if found.kind is artefacts.ShownAs.PAGES:
            place = place_of(each.anchors[criterion], each.artefact.media_type)
            return ExemplarDrawing(each.artefact_id, min(place.page or 1, found.pages))
    return None


def exemplar_artefact(artefact_id: str, actor: Actor) -> Artefact:
    """Return a piece that stands beside the levels of a rubric on which the actor may come to rate;
    NoSuchRecord for any other."""
    within = {each.rubric_key for each in reach_of(actor).skills}
    rows = (
        select(Attachment, ExemplarReference.rubric_key)
        .join(
            ExemplarReference,
            (ExemplarReference.learner_id == Attachment.learner_id)
            & (ExemplarReference.performance_id == Attachment.performance_id),
        )
        .where(
            Attachment.artefact_id == artefact_id,
            ExemplarReference.for_training,
            ExemplarReference.retired_at.is_(None),
        )
    )
    for attachment, rubric_key in db.session.execute(rows):
        if rubric_key in within:
            return attachment.artefact
    raise NoSuchRecord("artefact", artefact_id)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + " …"
