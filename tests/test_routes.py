"""Every route declares what it lets somebody do; one that does not answers 403."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.access import PUBLIC, Action, action, actor, declared_action

PINNED = (
    "/",
    "/catalogue",
    "/achievements/a-key",
    "/me",
    "/sittings/an-id",
    "/registrar",
    "/banks",
    "/verify",
    "/credentials/an-id",
    "/credentials/an-id.json",
    "/status/1",
    "/institutions/a-key",
    "/institutions/a-key/did.json",
    "/health",
)
OPEN_METHODS = {"GET", "HEAD", "OPTIONS"}


def test_every_route_declares_an_action(shared_app: Flask) -> None:
    rules = list(shared_app.url_map.iter_rules())
    undeclared = {
        rule.endpoint for rule in rules if declared_action(shared_app, rule.endpoint) is None
    }
    assert len(rules) > 40
    assert undeclared == set()


def test_a_route_without_an_action_answers_403(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.view_functions, "health.health", lambda: "open to all")
    assert app.test_client().get("/health").status_code == 403


@pytest.mark.parametrize("path", PINNED)
def test_the_pinned_addresses_exist(shared_app: Flask, path: str) -> None:
    endpoint, _values = shared_app.url_map.bind("localhost").match(path, method="GET")
    assert declared_action(shared_app, str(endpoint)) is not None


def test_a_visitor_gets_no_further_than_public_pages(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        required = declared_action(app, rule.endpoint)
        if required in PUBLIC or "GET" not in (rule.methods or ()):
            continue
        with app.test_request_context():
            values = dict.fromkeys(rule.arguments, 1)
            path = app.url_for(rule.endpoint, **values)
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer.location.startswith("/sign-in?next="), path


def test_a_visitor_changes_nothing_but_where_visitors_may(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        required = declared_action(app, rule.endpoint)
        if required in PUBLIC or not (rule.methods or set()) - OPEN_METHODS:
            continue
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 1))
        sent = client.post(path)
        to_sign_in = sent.status_code == 303 and "/sign-in" in sent.location
        assert sent.status_code == 401 or to_sign_in, path


def test_the_actor_of_a_visitor_may_nothing() -> None:
    assert action(Action.READ_PUBLIC)(actor).attest_action is Action.READ_PUBLIC
