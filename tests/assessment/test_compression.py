"""Files travel compressed, and once, and ask nothing of the database."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from assessment.extensions import login

STYLES = ("/static/css/attest.css", "/bootstrap/static/css/bootstrap.min.css")


@pytest.mark.parametrize("path", STYLES)
def test_a_stylesheet_is_compressed(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    small = client.get(path, headers={"Accept-Encoding": "br"})
    assert plain.status_code == small.status_code == 200
    assert small.headers["Content-Encoding"] == "br"
    assert len(small.data) < len(plain.data) / 3


@pytest.mark.parametrize("path", STYLES)
def test_what_a_browser_has_is_not_sent_again(client: FlaskClient, path: str) -> None:
    asked = {"Accept-Encoding": "br"}
    tag = client.get(path, headers=asked).headers["ETag"]
    again = client.get(path, headers={**asked, "If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""


def test_a_file_asks_nobody_who_it_is_for(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "_user_callback", lambda _: pytest.fail("the user was loaded"))
    with client.session_transaction() as session:
        session["_user_id"] = "somebody"
    assert client.get(STYLES[0]).status_code == 200
