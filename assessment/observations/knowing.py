"""Who knows whose work it is without having been named: the contacts of employers' projects."""

from __future__ import annotations

from sqlalchemy import delete

from assessment.extensions import db
from assessment.observations.mailboxes import known_by
from assessment.observations.models import Acquaintance
from assessment.upsert import insert_once


def keep_known(learner_id: str, performance_id: str, source_id: str, email: str) -> None:
    """Keep that whoever has a mailbox knows whose work it is: they rate none of it."""
    insert_once(
        Acquaintance,
        learner_id=learner_id,
        source_id=source_id,
        performance_id=performance_id,
        mailbox=known_by(email),
    )


def forget_known(learner_id: str, source_id: str) -> None:
    """Forget it where nothing was delivered, nor will be."""
    rows = delete(Acquaintance).where(
        Acquaintance.learner_id == learner_id, Acquaintance.source_id == source_id
    )
    db.session.execute(rows)
