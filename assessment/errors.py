"""The family of foreseen errors, and the only module that turns them into HTTP."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from assessment.locale import gettext as _

log = logging.getLogger("attest.errors")

RETRY_SECONDS = 5


class AssessmentError(Exception):
    """A foreseen refusal, with a sentence fit for the person who meets it."""

    status = 400
    code = "refused"

    def __init__(self, sentence: str, **details: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details


class Invalid(AssessmentError):
    """What was sent cannot be used; the sentence says what to change."""

    status = 422
    code = "invalid"


class NoSuchRecord(AssessmentError):
    """There is no such record for this person: one answer, whether it exists for another or not."""

    status = 404
    code = "not_found"

    def __init__(self, kind: str, record_id: str) -> None:
        super().__init__(_("There is no such page, or it is not yours to see."))
        self.kind = kind
        self.record_id = record_id


class Forbidden(AssessmentError):
    """The person may not do this."""

    status = 403
    code = "forbidden"


class Conflict(AssessmentError):
    """The state has moved on; the sentence says where it stands now."""

    status = 409
    code = "conflict"


class Expired(AssessmentError):
    """A link or an offer that was good once."""

    status = 410
    code = "gone"


class TooMany(AssessmentError):
    """Too many tries in too short a time; says how long to wait."""

    status = 429
    code = "too_many"

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Problem:
    """What an error page or an error's JSON says."""

    status: int
    code: str
    title: str
    sentence: str
    details: dict[str, Any]


def _title(status: int) -> str:
    titles = {
        401: _("Please sign in"),
        403: _("This is not open to you"),
        404: _("There is nothing here"),
        409: _("This has moved on"),
        410: _("This link has been used or has run out"),
        413: _("That is too large"),
        429: _("Please wait a little"),
        500: _("Something went wrong on our side"),
        503: _("We are busy for a moment"),
    }
    return titles.get(status, _("That did not work"))


def wants_json() -> bool:
    """Return whether this request asks for JSON rather than a page."""
    accepted = request.accept_mimetypes
    return bool(accepted["application/json"] > accepted["text/html"])


def respond(problem: Problem) -> Response:
    """Return the problem as a page or as JSON, by the request's Accept."""
    body = {
        "error": problem.code,
        "sentence": problem.sentence,
        "request_id": g.get("request_id", ""),
        **problem.details,
    }
    page = (
        jsonify(body)
        if wants_json()
        else make_response(render_template("errors/problem.html", problem=problem))
    )
    page.status_code = problem.status
    return page


def _foreseen(error: AssessmentError) -> Response:
    response = respond(
        Problem(error.status, error.code, _title(error.status), error.sentence, error.details)
    )
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _ask_nobody() -> None:
    """Let nobody be signed in, where the database cannot say who is: else its error page fails."""
    if "_login_user" not in g:
        g._login_user = AnonymousUserMixin()


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status >= 500:
        _ask_nobody()
    sentences = {
        401: _("You are signed out. Sign in, then do this again; what was saved is kept."),
        403: _(
            "Your account has no role that may do this. Ask an administrator of your institution."
        ),
        404: _("There is no such page, or it is not yours to see."),
        405: _("This address does not take that kind of request."),
        413: _("What was sent is larger than we accept."),
        429: _("There were too many requests from your address. Try again in a minute."),
        500: _recorded(),
    }
    sentence = sentences.get(status) or _(
        "The request could not be understood. Go back and try again."
    )
    response = respond(
        Problem(status, error.name.lower().replace(" ", "_"), _title(status), sentence, {})
    )
    if error.response is not None:
        return make_response(error.response)
    if status == 429:
        response.headers.setdefault("Retry-After", "60")
    return response


def _not_ours(_error: SecurityError) -> Response:
    """Return one line for a host that is not ours: at such an address no page of ours can link."""
    sentence = _("The request could not be understood. Go back and try again.")
    return Response(f"{sentence}\n", 400, mimetype="text/plain")


def _csrf(error: CSRFError) -> Response:
    sentence = _(
        "This form was opened in another visit. Go back, reload the page and send it again."
    )
    return respond(Problem(400, "csrf", _title(400), sentence, {}))


def _database(error: OperationalError | PoolTimeout) -> Response:
    _ask_nobody()
    cause = error.orig if isinstance(error, OperationalError) else error
    log.warning("database not available", extra={"error": type(cause).__name__})
    sentence = _("The database is busy. Nothing was lost; try again in a few seconds.")
    response = respond(Problem(503, "busy", _title(503), sentence, {}))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _unstorable(error: DataError) -> Response:
    """Return the page for a value that no record can hold, such as a zero character in an id."""
    _ask_nobody()
    sentence = _("The request could not be understood. Go back and try again.")
    return respond(Problem(422, "invalid", _title(422), sentence, {}))


def _unforeseen(error: Exception) -> Response:
    log.exception("unforeseen error")
    return respond(Problem(500, "error", _title(500), _recorded(), {}))


def _recorded() -> str:
    return _(
        "It has been recorded. Give this number if you ask us about it: %(number)s.",
        number=g.get("request_id", "-"),
    )


def init_app(app: Flask) -> None:
    """Register every handler on `app`."""
    app.register_error_handler(AssessmentError, _foreseen)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(SecurityError, _not_ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(Exception, _unforeseen)
