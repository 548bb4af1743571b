"""What people read when something goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.access import Action, action
from assessment.app import create_app
from tests.conftest import settings_for


@pytest.fixture
def broken(tmp_path: Path) -> Flask:
    """Return an app whose database cannot be opened, with a page that asks it nothing."""
    app = create_app(settings_for(f"sqlite:///{tmp_path}/none/attest.db", tmp_path))
    app.add_url_rule("/calm", "calm", action(Action.READ_PUBLIC)(lambda: "calm"))
    app.add_url_rule("/oh", "oh", action(Action.READ_PUBLIC)(lambda: 1 // 0))
    return app


@pytest.fixture
def signed_in(broken: Flask) -> FlaskClient:
    """Return a browser with a cookie that the database can no longer confirm."""
    client = broken.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "somebody"
    return client


def test_without_its_database_a_page_asks_to_come_back(signed_in: FlaskClient) -> None:
    response = signed_in.get("/calm")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "Nothing was lost" in response.text


def test_without_its_database_a_page_that_is_not_there_is_still_a_page(
    signed_in: FlaskClient,
) -> None:
    response = signed_in.get("/nowhere")
    assert response.status_code == 500
    assert "Give this number" in response.text


def test_what_was_not_foreseen_is_told_with_its_number(broken: Flask) -> None:
    response = broken.test_client().get("/oh")
    assert response.status_code == 500
    assert "Give this number" in response.text
    assert "ZeroDivisionError" not in response.text


def test_a_page_that_is_not_there_says_so_in_the_language_asked_for(broken: Flask) -> None:
    response = broken.test_client().get("/nowhere", headers={"Accept-Language": "fr-CA"})
    assert response.status_code == 404
    assert '<html lang="fr">' in response.text
