"""The house stands on both databases."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_health_answers(client: FlaskClient) -> None:
    assert client.get("/health").status_code == 200


def test_unknown_pages_are_404(client: FlaskClient) -> None:
    assert client.get("/nowhere").status_code == 404
