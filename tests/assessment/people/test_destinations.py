"""`next=` leads to a path of ours, whatever is written into it."""

from __future__ import annotations

import pytest

from assessment.people.destinations import local_path


@pytest.mark.parametrize(
    "path", ["/", "/me", "/sittings/abc?page=2", "/achievements/soud%C3%A9?x=a%2Fb", "/a?next=//b"]
)
def test_a_local_path_stays(path: str) -> None:
    assert local_path(path, "/me") == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "me",
        "https://evil.example",
        "https:evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "/%2fevil.example",
        "/%5cevil.example",
        "%2f%2fevil.example",
        "/%252fevil.example",
        "/%09/evil.example",
        "javascript:alert(1)",
        "/me\r\nSet-Cookie: a=b",
        "/" + "a" * 3000,
        "http://[::1",
    ],
)
def test_anything_else_leads_to_the_usual_place(path: str | None) -> None:
    assert local_path(path, "/me") == "/me"
