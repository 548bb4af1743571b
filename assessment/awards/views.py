"""Awards: why each was made, and answering an offer."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor, allows
from assessment.awards import service
from assessment.awards.drawing import ability_picture
from assessment.awards.models import Award
from assessment.credentials import service as credentials
from assessment.errors import NoSuchRecord
from assessment.locale import gettext as _

blueprint = Blueprint("awards", __name__)
blueprint.add_app_template_filter(ability_picture)


def _visible(award_id: str) -> Award:
    """Return an award of one's own, or of an institution at which one grants credit."""
    try:
        return service.own_award(award_id, actor())
    except NoSuchRecord:
        if not allows(actor(), Action.GRANT_CREDIT):
            raise
        return service.institution_award(award_id, actor())


@blueprint.get("/awards/<award_id>")
@action(Action.SEE_OWN_RECORD)
def explanation(award_id: str) -> ResponseReturnValue:
    """Why this was awarded: each fact used, in sentences."""
    award = _visible(award_id)
    return render_template(
        "awards/explanation.html",
        award=award,
        own=award.learner_id == actor().learner_id,
        explained=service.explain_award(award),
        credential=credentials.credential_of(award.learner_id, award.id),
    )


@blueprint.post("/awards/<award_id>/accept")
@action(Action.SEE_OWN_RECORD)
def accept(award_id: str) -> ResponseReturnValue:
    """Accept an offer: it is signed and stands on the record."""
    service.accept(award_id, actor())
    transactions.commit()
    flash(_("Accepted: it stands on your record, signed."), "success")
    return redirect(url_for("awards.explanation", award_id=award_id), 303)


@blueprint.post("/awards/<award_id>/decline")
@action(Action.SEE_OWN_RECORD)
def decline(award_id: str) -> ResponseReturnValue:
    """Decline an offer: no line of it stays."""
    service.decline(award_id, actor())
    transactions.commit()
    flash(_("Declined: it leaves no line on your record."), "success")
    return redirect(url_for("me.record"), 303)
