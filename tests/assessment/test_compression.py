"""Files travel compressed, and once."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

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
