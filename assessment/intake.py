"""What no record can hold is refused at the door, the same way whichever database is behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from werkzeug.routing import IntegerConverter, ValidationError

ZERO = "\x00"
"""The character that PostgreSQL refuses in a text, and SQLite keeps."""
LARGEST = 2**31 - 1
LONGEST = 10
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

View = TypeVar("View", bound=Callable[..., Any])


class StoredInteger(IntegerConverter):
    """A whole number that a column can hold; an address with a larger one leads nowhere."""

    def to_python(self, value: str) -> Any:
        """Return the number; ValidationError, which is a 404, for one that is too large."""
        if len(value) > LONGEST or int(value) > LARGEST:
            raise ValidationError
        return super().to_python(value)


def takes_at_most(most: int, *, form: bool = True) -> Callable[[View], View]:
    """Return a mark for views: more than `most` bytes are refused before any of them is read.

    A view that takes no form reads what is sent itself: nothing else may read it before.
    """

    def mark(view: View) -> View:
        view.attest_takes = (most, form)  # type: ignore[attr-defined]  # read by `_refuse_body`
        return view

    return mark


def _refuse_body() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    most, form = getattr(view, "attest_takes", (None, True))
    if most is None:
        return
    if (request.content_length or 0) > most:
        abort(413)
    if not form and request.mimetype in FORMS:
        abort(415)
    request.max_content_length = most  # where no length is said


def _texts() -> Iterator[str]:
    yield request.path
    for given in (request.args, request.form):
        for name, value in given.items(multi=True):
            yield name
            yield value


def _examine() -> None:
    _refuse_body()
    if request.mimetype == "application/x-www-form-urlencoded":  # of which parts are not counted
        most = (request.max_content_length, current_app.config["MAX_FORM_MEMORY_SIZE"])
        request.max_content_length = min(each for each in most if each is not None)
    if any(ZERO in text for text in _texts()):
        abort(422)


def init_app(app: Flask) -> None:
    """Refuse what cannot be kept, before anybody is asked for; call it before routes are added."""
    app.url_map.converters["int"] = StoredInteger
    app.before_request(_examine)
