"""Whose device a request comes from: learners' devices are marked where they name observers."""

from __future__ import annotations

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from assessment.observations.conflicts import Circumstances
from assessment.observations.mailboxes import keyed
from assessment.observations.models import Nomination

COOKIE = "named-by"
SECONDS = 60 * 60 * 24 * 180


def network_address() -> str:
    """Return the address from which this request came; limits count by it."""
    return request.remote_addr or "unknown"


def origin() -> str:
    """Return a keyed hash of the network and the browser of this request."""
    return keyed("origin", f"{network_address()}\n{request.user_agent.string}")


def mark(response: Response, learner_id: str) -> Response:
    """Return the response, which marks this browser as the learner's own."""
    response.set_cookie(
        COOKIE,
        str(_signed().dumps(keyed("device", learner_id))),
        max_age=SECONDS,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def circumstances(nomination: Nomination, signed_in: str | None) -> Circumstances:
    """Return how this request answers a nomination; `signed_in` is the learner, if there is one."""
    learner_id = nomination.learner_id
    return Circumstances(
        device_of=frozenset({learner_id} if is_of(learner_id, signed_in) else ()),
        origin=origin(),
        named_from=nomination.origin,
    )


def is_of(learner_id: str, signed_in: str | None) -> bool:
    """Return whether this request comes from a learner's own device; `signed_in` is who it is."""
    return _marked() == keyed("device", learner_id) or signed_in == learner_id


def _marked() -> str:
    try:
        return str(_signed().loads(request.cookies.get(COOKIE, "")))
    except BadSignature:
        return ""


def _signed() -> URLSafeSerializer:
    secret = str(current_app.config["SECRET_KEY"])
    return URLSafeSerializer(secret, salt="device of a learner")
