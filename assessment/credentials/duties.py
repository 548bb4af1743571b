"""What a worker does for credentials: it stores the form that takes longer to sign."""

from __future__ import annotations

from sqlalchemy import update

from assessment import transactions
from assessment.credentials.documents import document_for
from assessment.credentials.issuing import DATA_INTEGRITY_JOB
from assessment.credentials.models import Credential
from assessment.extensions import db
from assessment.jobs.handlers import Payload, handler


@handler(DATA_INTEGRITY_JOB)
def store_data_integrity(payload: Payload) -> None:
    """Store the Data Integrity form of a credential: the bytes that were computed on request."""
    key = (payload["learner_id"], payload["credential_id"])
    credential = db.session.get(Credential, key)
    if credential is None or credential.data_integrity is not None:
        return
    document = document_for(credential)
    transactions.rollback()  # the signing read only; writing begins anew
    with transactions.writing():
        db.session.execute(
            update(Credential)
            .where(Credential.learner_id == key[0], Credential.id == key[1])
            .values(data_integrity=document)
        )
