"""Revoke a credential: its page, and its bit in the status list, say so at once."""

from __future__ import annotations

from assessment import clock
from assessment.access import Actor
from assessment.audit import service as audit
from assessment.credentials.issuing import credential_of
from assessment.credentials.models import RevokedFor
from assessment.extensions import db


def revoke(
    learner_id: str,
    subject_id: str,
    reason: str,
    actor: Actor,
    revoked_for: RevokedFor = RevokedFor.OTHER,
) -> None:
    """Revoke the credential of an award, if it has one that stands.

    `reason` is for the holder and the registrar; the public reads `revoked_for`, a sort of reason.
    The caller has asked whether the actor may.
    """
    credential = credential_of(learner_id, subject_id)
    if credential is None or credential.revoked_at is not None:
        return
    moment = clock.now()
    credential.revoked_at = moment
    credential.revoked_for = revoked_for
    credential.revoked_reason = reason
    credential.status_list.updated_at = moment
    db.session.flush()
    audit.record(
        audit.learner_chain(learner_id),
        "credential revoked",
        actor,
        credential.id,
        revoked_for=revoked_for.value,
    )
