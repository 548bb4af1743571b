"""Links of observers: a token that no table holds, good for 21 days, used up by sending alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from enum import StrEnum

from flask import current_app
from sqlalchemy import select

from assessment import clock
from assessment.errors import Expired, NoSuchRecord
from assessment.extensions import db
from assessment.locale import format_moment
from assessment.locale import gettext as _
from assessment.observations.models import Asks, Ending, Nomination

LIFETIME = timedelta(days=21)


class Stage(StrEnum):
    """How far a nomination has come."""

    WAITING = "waiting"
    OPENED = "opened"
    USED = "used"
    RAN_OUT = "ran out"
    ENDED = "ended"


OPEN = frozenset({Stage.WAITING, Stage.OPENED})


def new_nonce() -> str:
    """Return 256 random bits."""
    return secrets.token_hex(32)


def token_of(nonce: str) -> str:
    """Return the secret part of a link: 256 bits that follow from the nonce and the secret key."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    mac = hmac.new(secret, f"observe\n{nonce}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def stage_of(nomination: Nomination) -> Stage:
    """Return how far a nomination has come by now."""
    if nomination.used_at is not None:
        return Stage.USED
    if nomination.ended_at is not None:
        return Stage.ENDED
    if nomination.expires_at <= clock.now():
        return Stage.RAN_OUT
    return Stage.WAITING if nomination.opened_at is None else Stage.OPENED


class BrokenLink(NoSuchRecord):
    """Nothing is found by a link: often its end was not copied."""

    def __init__(self, kind: str, token: str) -> None:
        super().__init__(kind, hashed(token)[:16])
        self.sentence = _(
            "Nothing is found by this link. Copy the whole link from the mail, to its last"
            " character, or open it there."
        )


def nomination_of(token: str, asks: Asks = Asks.WHAT) -> Nomination:
    """Return the nomination that a link belongs to, open or not; BrokenLink for none.

    A link that asks something else is none.
    """
    rows = select(Nomination).filter_by(token_hash=hashed(token), asks=asks)
    found = db.session.scalars(rows).first()
    if found is None:
        raise BrokenLink("nomination", token)
    return found


def require_open(nomination: Nomination) -> Nomination:
    """Return the nomination; Expired, with what to do, where its link is good no more."""
    stage = stage_of(nomination)
    if stage not in OPEN:
        raise Expired(_why_closed(nomination, stage), stage=stage)
    return nomination


def _why_closed(nomination: Nomination, stage: Stage) -> str:
    if nomination.used_at is not None and nomination.asks == Asks.WHO:
        return _(
            "You said who saw this work on %(moment)s; thank you. There is nothing more to do.",
            moment=format_moment(nomination.used_at),
        )
    if nomination.used_at is not None:
        return _(
            "What you saw was sent on %(moment)s; thank you. A copy is in your mail.",
            moment=format_moment(nomination.used_at),
        )
    if stage is Stage.RAN_OUT:
        return _("This link was good for 21 days. Ask whoever named you to send it again.")
    return {
        Ending.REVOKED: _("Whoever named you has withdrawn the request. There is nothing to do."),
        Ending.ERASED: _("This request was erased. There is nothing to do."),
        Ending.SET_ASIDE: _("This request is closed. There is nothing to do."),
        Ending.OVER: _("This work is assessed or withdrawn by now. There is nothing to do."),
    }.get(
        Ending(nomination.ended_because or Ending.REVOKED),
        _("You told us that this is not for you. There is nothing more to do."),
    )
