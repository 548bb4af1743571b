"""Who may see a credential, and what its holder shares of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from assessment.access import Action, Actor, institutions_for
from assessment.audit import service as audit
from assessment.credentials.models import Credential
from assessment.credentials.names import is_one_of
from assessment.credentials.places import address
from assessment.credentials.signing import credential_in
from assessment.credentials.verification import hashed_names
from assessment.errors import Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.people import service as people


class Standing(StrEnum):
    """Where a credential stands, in a word."""

    VALID = "valid"
    REVOKED = "revoked"
    EXPIRED = "expired"


def standing(credential: Credential, now: datetime) -> Standing:
    """Return where the credential stands at `now`."""
    if credential.revoked_at is not None:
        return Standing.REVOKED
    if credential.expires_at is not None and credential.expires_at <= now:
        return Standing.EXPIRED
    return Standing.VALID


def visible(credential_id: str, actor: Actor) -> Credential:
    """Return a credential that is shared, the actor's own, or of an institution that they serve.

    Any other is the same as one that does not exist.
    """
    found = db.session.scalars(select(Credential).filter_by(id=credential_id)).one_or_none()
    if found is None or not (found.shared or is_holder(found, actor) or is_keeper(found, actor)):
        raise NoSuchRecord("credential", credential_id)
    return found


def is_holder(credential: Credential, actor: Actor) -> bool:
    """Return whether the credential is the actor's own."""
    return actor.learner_id is not None and actor.learner_id == credential.learner_id


def is_keeper(credential: Credential, actor: Actor) -> bool:
    """Return whether the actor keeps the records of the institution that issued it."""
    return credential.institution_id in institutions_for(actor, Action.GRANT_CREDIT)


def page_address(credential: Credential) -> str:
    """Return the address of the credential's page."""
    return address("credentials", credential.id)


def holder_name(credential: Credential) -> str:
    """Return the legal name that the page may show: none without the holder's consent."""
    return _legal_name(credential) if credential.shows_name else ""


def is_signed_name(credential: Credential, name: str) -> bool:
    """Return whether the credential was signed for somebody of this name.

    Holders may change the name of their account; what the institution confirms stays as it was.
    """
    return is_one_of(hashed_names(credential_in(credential.jwt)), name)


def is_nameable(credential: Credential) -> bool:
    """Return whether the holder has given a legal name that the page could show."""
    return bool(_legal_name(credential))


def _legal_name(credential: Credential) -> str:
    person = people.person_of_learner(credential.learner_id)
    return person.legal_name if person else ""


def share(credential_id: str, actor: Actor, *, shared: bool, shows_name: bool) -> Credential:
    """Return the actor's own credential, shared as they say from now on."""
    credential = _own(credential_id, actor)
    if shows_name and not is_nameable(credential):
        raise Invalid(_("Add your legal name to your account first, so that it can be shown."))
    credential.shared, credential.shows_name = shared, shows_name
    db.session.flush()
    chain = audit.learner_chain(credential.learner_id)
    audit.record(
        chain, "credential sharing set", actor, credential.id, shared=shared, named=shows_name
    )
    return credential


def _own(credential_id: str, actor: Actor) -> Credential:
    query = select(Credential).filter_by(id=credential_id, learner_id=actor.learner_id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NoSuchRecord("credential", credential_id)
    return found
