"""What a worker does for projects when days are over: opening what was said, ending links."""

from __future__ import annotations

from assessment import transactions
from assessment.access import system
from assessment.extensions import db
from assessment.jobs.handlers import Payload, handler
from assessment.people import service as people
from assessment.projects import mates, saying
from assessment.projects.models import Participation, Project


@handler(saying.OPEN)
def open_said(payload: Payload) -> None:
    """Open what one side said while the other said nothing; what is open stays as it is."""
    with transactions.writing():
        people.lock_learner(payload["learner_id"])
        key = (payload["learner_id"], payload["participation_id"])
        part = db.session.get(Participation, key, populate_existing=True)
        if part is not None:
            project = db.session.get_one(Project, part.project_id)
            saying.unseal(project, part, system("worker"))


@handler(mates.RUN_OUT)
def end_invitation(payload: Payload) -> None:
    """Forget whom a team invited, where nobody joined by the link in time."""
    with transactions.writing():
        people.lock_learner(payload["learner_id"])
        mates.run_out(payload["learner_id"], payload["invitation_id"])
