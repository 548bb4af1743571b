"""What no record can hold is refused at the door, the same way whichever database is behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, current_app, request
from werkzeug.routing import IntegerConverter, ValidationError

ZERO = "\x00"
"""The character that PostgreSQL refuses in a text, and SQLite keeps."""
LARGEST = 2**31 - 1
LONGEST = 10


class StoredInteger(IntegerConverter):
    """A whole number that a column can hold; an address with a larger one leads nowhere."""

    def to_python(self, value: str) -> Any:
        """Return the number; ValidationError, which is a 404, for one that is too large."""
        if len(value) > LONGEST or int(value) > LARGEST:
            raise ValidationError
        return super().to_python(value)


def _texts() -> Iterator[str]:
    yield request.path
    for given in (request.args, request.form):
        for name, value in given.items(multi=True):
            yield name
            yield value


def _examine() -> None:
    if request.mimetype == "application/x-www-form-urlencoded":  # of which parts are not counted
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    if any(ZERO in text for text in _texts()):
        abort(422)


def init_app(app: Flask) -> None:
    """Refuse what cannot be kept, before anybody is asked for; call it before routes are added."""
    app.url_map.converters["int"] = StoredInteger
    app.before_request(_examine)
