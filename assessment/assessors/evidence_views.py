"""Evidence in the marking page: what we drew or copied of it, never the file itself."""

from __future__ import annotations

from flask import Response

from assessment.access import Action, action, actor
from assessment.artefacts import service as artefacts
from assessment.assessors import service
from assessment.assessors.blueprint import blueprint


@blueprint.get("/assessor/<assignment_id>/pictures/<artefact_id>")
@action(Action.ASSESS)
def picture(assignment_id: str, artefact_id: str) -> Response:
    """A picture, drawn anew without what a camera wrote beside it."""
    return artefacts.picture(service.evidence_of(assignment_id, artefact_id, actor()))


@blueprint.get("/assessor/<assignment_id>/sheets/<artefact_id>/<int:number>")
@action(Action.ASSESS)
def sheet(assignment_id: str, artefact_id: str, number: int) -> Response:
    """A page of a document, drawn by us."""
    return artefacts.page(service.evidence_of(assignment_id, artefact_id, actor()), number)


@blueprint.get("/assessor/<assignment_id>/films/<artefact_id>")
@action(Action.ASSESS)
def film(assignment_id: str, artefact_id: str) -> Response:
    """A film, or the part of it that the player asks for."""
    return artefacts.video(service.evidence_of(assignment_id, artefact_id, actor()))


@blueprint.get("/assessor/examples/<artefact_id>")
@action(Action.ASSESS)
def example(artefact_id: str) -> Response:
    """A picture of published work, beside the level that it is an example of."""
    return artefacts.picture(service.exemplar_artefact(artefact_id, actor()))


@blueprint.get("/assessor/examples/<artefact_id>/<int:number>")
@action(Action.ASSESS)
def example_sheet(artefact_id: str, number: int) -> Response:
    """A page of published work, beside the level that it is an example of."""
    return artefacts.page(service.exemplar_artefact(artefact_id, actor()), number)
