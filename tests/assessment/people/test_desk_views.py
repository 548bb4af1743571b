"""The people desk: an administrator's own institutions, and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.access import Role
from assessment.demo.builders.people import (
    build_institution,
    build_person,
    build_role,
    build_staff,
)
from assessment.extensions import db
from assessment.people import service
from assessment.people.models import Purpose
from tests.assessment.people.browser import sign_in
from tests.assessment.people.mailed import token_for


@dataclass(frozen=True)
class House:
    """Ids of an institution with two people."""

    institution_id: str
    registrar_grant: str
    administrator_grant: str


def house(name: str, client: FlaskClient | None = None) -> House:
    """Return a new institution; `client` is signed in as its administrator."""
    place = build_institution(name={"en": name, "fr": name})
    administrator = build_staff(Role.ADMINISTRATOR, place, display_name=f"Admin of {name}")
    registrar = build_person(display_name=f"Registrar of {name}")
    grant = build_role(registrar, Role.REGISTRAR, place)
    built = House(place.id, grant.id, administrator.grants[0].id)
    if client is not None:
        sign_in(client, administrator)
    db.session.commit()
    return built


@pytest.fixture
def north(app: Flask, client: FlaskClient) -> House:
    """Return the institution that `client` administers."""
    with app.app_context():
        return house("North", client)


@pytest.fixture
def south(app: Flask) -> House:
    """Return another institution."""
    with app.app_context():
        return house("South")


def test_the_desk_lists_one_s_own_staff(client: FlaskClient, north: House, south: House) -> None:
    page = client.get("/people").get_data(as_text=True)
    assert "Registrar of North" in page
    assert "Registrar of South" not in page


def test_the_desk_is_for_administrators(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        sign_in(client, build_staff(Role.REGISTRAR, build_institution()))
    for path in ("/people", "/people/invite", "/people/accommodations"):
        assert client.get(path).status_code == 403


def test_staff_are_invited_and_withdrawn(app: Flask, client: FlaskClient, north: House) -> None:
    data = {
        "email": "grace@example.org",
        "institution": north.institution_id,
        "role": "assessor",
        "language": "fr",
    }
    assert client.post("/people/invite", data=data).location == "/people"
    page = client.get("/people").get_data(as_text=True)
    assert "grace@example.org" in page
    with app.app_context():
        token = token_for("grace@example.org", Purpose.INVITATION)
        ticket_id = service.find_ticket(token, Purpose.INVITATION).id
    assert client.post(f"/people/invitations/{ticket_id}/withdraw").location == "/people"
    assert "grace@example.org" not in client.get("/people").get_data(as_text=True)


@pytest.mark.parametrize(
    "change",
    [{"email": "grace"}, {"role": "emperor"}, {"language": "xx"}, {"institution": "made-up"}],
)
def test_an_invitation_that_cannot_be_is_refused(
    client: FlaskClient, north: House, change: dict[str, str]
) -> None:
    data = {
        "email": "grace@example.org",
        "institution": north.institution_id,
        "role": "assessor",
        "language": "fr",
    }
    assert client.post("/people/invite", data={**data, **change}).status_code == 422


def test_nobody_is_invited_to_another_institution(
    client: FlaskClient, north: House, south: House
) -> None:
    data = {
        "email": "grace@example.org",
        "institution": south.institution_id,
        "role": "assessor",
        "language": "en",
    }
    assert client.post("/people/invite", data=data).status_code == 422


def test_a_role_is_removed(client: FlaskClient, north: House, south: House) -> None:
    assert client.post(f"/people/roles/{north.registrar_grant}/remove").location == "/people"
    assert "Registrar of North" not in client.get("/people").get_data(as_text=True)
    assert client.post(f"/people/roles/{south.registrar_grant}/remove").status_code == 404
    assert client.post(f"/people/roles/{north.administrator_grant}/remove").status_code == 409


def test_a_learner_is_found_by_the_whole_address(
    app: Flask, client: FlaskClient, north: House
) -> None:
    with app.app_context():
        learner_id = build_person("learner@example.org").learner_id
        db.session.commit()
    found = client.get("/people/accommodations?email=Learner@example.org")
    assert found.location == f"/people/accommodations/{learner_id}"
    missed = client.get("/people/accommodations?email=learner").get_data(as_text=True)
    assert "There is no account with the address learner." in missed


def test_an_accommodation_is_set(app: Flask, client: FlaskClient, north: House) -> None:
    with app.app_context():
        learner_id = build_person().learner_id
        db.session.commit()
    path = f"/people/accommodations/{learner_id}"
    data = {"institution": north.institution_id, "multiplier": "1.5", "added_minutes": "5"}
    assert client.post(path, data={**data, "without_sight": "y"}).location == path
    assert 'value="1.5"' in client.get(path).get_data(as_text=True)
    with app.app_context():
        assert service.allowance(learner_id) == service.Allowance(1.5, 5, 0, True)


@pytest.mark.parametrize(
    "change",
    [
        {"multiplier": "nan"},
        {"multiplier": "inf"},
        {"multiplier": "1e308"},
        {"multiplier": "-1"},
        {"multiplier": ""},
        {"added_minutes": "-1"},
        {"added_minutes": "9" * 30},
        {"added_minutes": "x"},
    ],
)
def test_figures_out_of_reach_are_refused(
    app: Flask, client: FlaskClient, north: House, change: dict[str, str]
) -> None:
    with app.app_context():
        learner_id = build_person().learner_id
        db.session.commit()
    data = {"institution": north.institution_id, "multiplier": "1.5", "added_minutes": "5"}
    path = f"/people/accommodations/{learner_id}"
    assert client.post(path, data={**data, **change}).status_code == 422
    with app.app_context():
        assert service.allowance(learner_id) == service.Allowance()


def test_a_learner_that_there_is_not_is_not_found(client: FlaskClient, north: House) -> None:
    assert client.get("/people/accommodations/made-up").status_code == 404
