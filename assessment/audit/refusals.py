"""Refused access, recorded: who asked for what is not theirs, in a transaction of its own."""

from __future__ import annotations

import hashlib
import logging

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError

from assessment import transactions
from assessment.access import Actor, ActorKind, actor
from assessment.audit.service import SYSTEM_CHAIN, learner_chain, record

log = logging.getLogger("attest.audit")

REFUSED = frozenset({403, 404})
DENIED = "access_denied"
UNGUARDED = frozenset({"static", "bootstrap.static"})


def _after_request(response: Response) -> Response:
    if response.status_code in REFUSED and request.endpoint is not None:
        _record(response.status_code)
    return response


def _record(status: int) -> None:
    """Record the refusal of somebody known; a visitor is nobody whom a record could name."""
    if request.endpoint in UNGUARDED:
        return
    try:
        who = actor()
        if who.kind is not ActorKind.NOBODY:
            transactions.rollback()
            with transactions.writing():
                _record_for(who, status)
    except SQLAlchemyError:  # the refusal stands, whether or not it can be recorded
        log.exception("a refused access could not be recorded")


def _record_for(who: Actor, status: int) -> None:
    chain = learner_chain(who.learner_id) if who.learner_id else SYSTEM_CHAIN
    facts = {"status": status, "method": request.method, "asked": _asked()}
    record(chain, DENIED, who, str(request.endpoint), **facts)


def _asked() -> dict[str, str]:
    """Return hashes of what stood in the address: it may be a token, or anything at all."""
    named = (request.view_args or {}).items()
    return {name: hashlib.sha256(str(value).encode()).hexdigest()[:16] for name, value in named}


def init_app(app: Flask) -> None:
    """Record every refused access of somebody who is signed in."""
    app.after_request(_after_request)
