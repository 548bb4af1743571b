"""Refused access, recorded: who asked for what is not theirs, in a transaction of its own."""

from __future__ import annotations

import hashlib
import logging

from flask import Flask, Response, current_app, request
from limits import parse
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import TooManyRequests

from assessment import transactions
from assessment.access import Actor, ActorKind, actor
from assessment.audit.service import SYSTEM_CHAIN, learner_chain, record
from assessment.extensions import limiter

log = logging.getLogger("attest.audit")

REFUSED = frozenset({403, 404})
DENIED = "access_denied"
UNGUARDED = frozenset({"static", "bootstrap.static"})
MOST_REFUSALS = parse("100 per hour")
"""To one person, by one process; what they may see is served to them all the same."""


def _after_request(response: Response) -> Response:
    guarded = request.endpoint is not None and request.endpoint not in UNGUARDED
    if guarded and response.status_code in REFUSED:
        try:
            _record(response)
        except SQLAlchemyError:  # the refusal stands, whether or not it can be recorded
            log.exception("a refused access could not be recorded")
    return response


def _record(response: Response) -> None:
    """Record the refusal of somebody known; a visitor is nobody whom a record could name."""
    who = actor()
    if who.kind is ActorKind.NOBODY:
        return
    transactions.rollback()
    if not limiter.limiter.hit(MOST_REFUSALS, who.reference):
        _ask_to_wait(response)
        return
    with transactions.writing():
        _record_for(who, response.status_code)


def _ask_to_wait(response: Response) -> None:
    """Turn the refusal of somebody who guesses on and on into 429, which fills no log."""
    page = current_app.make_response(current_app.handle_user_exception(TooManyRequests()))
    response.status = page.status
    response.set_data(page.get_data())
    response.headers["Retry-After"] = page.headers["Retry-After"]


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
