"""Start codes: an invigilator's word that a sitting is supervised and who sits it is known."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from assessment import clock
from assessment.access import Action, Actor, require_at
from assessment.audit import service as audit
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.items.models import Test
from assessment.locale import gettext as _
from assessment.rules import Identity, Supervision
from assessment.sittings.models import StartCode

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is mistaken for another
CODE_LENGTH = 8
VALID_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Supervised:
    """How a sitting is supervised, and how the learner's identity was checked."""

    supervision: str
    identity: str


@dataclass(frozen=True)
class IssuedCode:
    """A start code, shown once to whoever invigilates."""

    code: str
    expires_at: datetime


UNSUPERVISED = Supervised(Supervision.NONE.value, Identity.SIGN_IN.value)


def issue(test: Test, supervision: Supervision, identity: Identity, actor: Actor) -> IssuedCode:
    """Return a new code for sittings of `test` that somebody supervises, good for 12 hours."""
    require_at(actor, Action.INVIGILATE, test.institution_id)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    moment = clock.now()
    row = StartCode(
        code_hash=_hash(code),
        test_key=test.key,
        institution_id=test.institution_id,
        supervision=supervision.value,
        identity=identity.value,
        issued_by=actor.reference,
        issued_at=moment,
        expires_at=moment + VALID_FOR,
    )
    db.session.add(row)
    db.session.flush()
    chain = audit.institution_chain(test.institution_id)
    audit.record(chain, "start code issued", actor, row.id, test=test.key)
    return IssuedCode(f"{code[:4]}-{code[4:]}", row.expires_at)


def redeem(test: Test, code: str, actor: Actor) -> Supervised:
    """Return what a code vouches for; no code vouches for a sign-in alone.

    Nobody vouches for themselves: a code does not serve whoever issued it.
    """
    if not code.strip():
        if test.needs_start_code:
            raise Invalid(_("This test is supervised: enter the start code of your invigilator."))
        return UNSUPERVISED
    found = db.session.scalars(
        select(StartCode)
        .filter_by(code_hash=_hash(code), test_key=test.key)
        .where(StartCode.expires_at > clock.now(), StartCode.issued_by != actor.reference)
    ).first()
    if found is None:
        raise Invalid(
            _("This start code does not open this test. Ask your invigilator for a new one.")
        )
    return Supervised(found.supervision, found.identity)


def _hash(code: str) -> str:
    plain = "".join(character for character in code.upper() if character in ALPHABET)
    return hashlib.sha256(plain.encode()).hexdigest()
