"""Observers and those at employers may ask to be forgotten: what was seen stays, by nobody."""

from __future__ import annotations

import secrets

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment.access import Role
from assessment.audit.models import AuditBody
from assessment.demo.builders.people import build_institution, build_staff
from assessment.extensions import db
from assessment.observations import calling
from assessment.observations.models import (
    Ending,
    Nomination,
    Observation,
    ObservationVoid,
    Observer,
    Particulars,
)
from assessment.observations.service import observations_of
from assessment.people.models import Institution
from tests.assessment.observations.conftest import AT_WORK
from tests.assessment.observations.test_referring import CONTACT, ELSEWHERE, ROSA, SAM, Referral
from tests.assessment.people.browser import sign_in

ERASE = "/registrar/observers/erase"
NOTE = "Only for the assessors."


@pytest.fixture
def referral(app: Flask) -> Referral:
    """Return a referral whose office named two people; one of them said what they saw."""
    made = Referral(app)
    assert made.names(ROSA, SAM).status_code == 303
    made.phone.environ_base.update(ELSEWHERE)
    form = made.form(note=NOTE, telephone="705 555 0134")
    assert made.phone.post(f"/observe/{made.token(ROSA)}/form", data=form).status_code == 303
    return made


def staff(referral: Referral, role: Role, *, here: bool = True) -> FlaskClient:
    """Return the browser of somebody at the institution that asked, or at another."""
    with referral.app.app_context():
        rows = select(Institution).join(Nomination, Nomination.institution_id == Institution.id)
        place = db.session.scalars(rows).first() if here else build_institution()
        assert place is not None
        return sign_in(referral.app.test_client(), build_staff(role, place))


def everything(referral: Referral) -> str:
    """Return all that the tables of observers and the audit log say."""
    tables = (Nomination, Observation, Observer, Particulars, AuditBody)
    with referral.app.app_context():
        rows = [each for table in tables for each in db.session.execute(select(table.__table__))]
        return "\n".join(map(str, rows))


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.ADMINISTRATOR])
def test_who_an_observer_is_can_be_erased_and_what_they_saw_stays(
    referral: Referral, role: Role
) -> None:
    desk = staff(referral, role)
    assert desk.get(ERASE).status_code == 200
    shown = desk.post(ERASE, data={"email": ROSA})
    assert shown.status_code == 200
    assert "by nobody: results and awards rest on them" in shown.text
    assert ROSA in everything(referral)  # looking erases nothing
    assert desk.post(ERASE, data={"email": ROSA, "go": "erase"}).location == ERASE
    said = everything(referral)
    for canary in (ROSA, "Rosa Delgado", "Person 0", "705 555 0134", "Shop supervisor", NOTE):
        assert canary not in said
    assert SAM in said
    assert "s particulars erased" in said
    with referral.app.app_context():
        (seen,) = db.session.scalars(select(Observation)).all()
        assert seen.counts
        assert set(seen.marks.values()) == {"proficient"}
    assert "Somebody" in referral.listed()
    assert desk.post(ERASE, data={"email": ROSA}).status_code == 422


def test_an_open_link_ends_when_its_holder_is_erased(referral: Referral) -> None:
    link = f"/observe/{referral.token(SAM)}"
    staff(referral, Role.REGISTRAR).post(ERASE, data={"email": SAM, "go": "erase"})
    assert referral.phone.get(link).status_code == 410
    assert referral.phone.post(f"{link}/form", data=referral.form()).status_code == 410
    assert "Erased at their request" in referral.listed()
    with referral.app.app_context():
        ended = select(Nomination.ended_because).filter_by(ended_because=Ending.ERASED)
        assert len(db.session.scalars(ended).all()) == 1


def test_somebody_at_an_employer_can_be_erased(referral: Referral) -> None:
    staff(referral, Role.REGISTRAR).post(ERASE, data={"email": CONTACT, "go": "erase"})
    said = everything(referral)
    assert CONTACT not in said
    assert "Ines Roy" not in said
    assert ROSA in said


def test_what_waits_for_a_call_counts_no_more_once_nobody_can_be_called(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda _below: 0)
    walk = Referral(app)
    public = "rosa@gmail.com"
    walk.named(public)
    walk.phone.environ_base.update(ELSEWHERE)
    form = walk.form(telephone="705 555 0134")
    assert walk.phone.post(f"/observe/{walk.token(public)}/form", data=form).status_code == 303
    desk = staff(walk, Role.REGISTRAR)
    shown = desk.post(ERASE, data={"email": public}).text
    assert "1 observation waits for a call to the workplace" in shown
    assert "Calls made" not in desk.get("/registrar/call-backs").text
    assert desk.post(ERASE, data={"email": public, "go": "erase"}).location == ERASE
    page = desk.get("/registrar/call-backs").text
    assert "cannot be called any more, and does not count" in page
    with app.app_context():
        (seen,) = db.session.scalars(select(Observation)).all()
        (void,) = db.session.scalars(select(ObservationVoid)).all()
        assert (void.observation_id, void.reason) == (seen.id, calling.ERASED)
        (fact,) = observations_of(seen.learner_id, seen.performance_id)
        assert not fact.counts


def test_what_a_call_has_confirmed_stays_when_it_is_erased(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda _below: 0)
    walk = Referral(app)
    public = "rosa@gmail.com"
    walk.named(public)
    walk.phone.environ_base.update(ELSEWHERE)
    form = walk.form(telephone="705 555 0134")
    assert walk.phone.post(f"/observe/{walk.token(public)}/form", data=form).status_code == 303
    desk = staff(walk, Role.REGISTRAR)
    with app.app_context():
        call = db.session.scalars(select(Observation)).one().id
    assert (
        desk.post(f"/registrar/call-backs/{call}", data={"found": "confirmed"}).status_code == 303
    )
    assert "waits for a call" not in desk.post(ERASE, data={"email": public}).text
    desk.post(ERASE, data={"email": public, "go": "erase"})
    with app.app_context():
        assert db.session.scalars(select(ObservationVoid)).all() == []


def test_another_institution_erases_nothing_of_ours(referral: Referral) -> None:
    desk = staff(referral, Role.REGISTRAR, here=False)
    assert desk.post(ERASE, data={"email": ROSA}).status_code == 422
    before = everything(referral).count(ROSA)
    desk.post(ERASE, data={"email": ROSA, "go": "erase"})
    assert everything(referral).count(ROSA) == before


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.AUTHOR, Role.PSYCHOMETRICIAN])
def test_nobody_else_erases_anybody(referral: Referral, role: Role) -> None:
    desk = staff(referral, role)
    assert desk.get(ERASE).status_code == 403
    assert desk.post(ERASE, data={"email": ROSA, "go": "erase"}).status_code == 403
    assert referral.learner.post(ERASE, data={"email": ROSA, "go": "erase"}).status_code == 403
    assert ROSA in everything(referral)


def test_an_address_under_which_nothing_is_held_says_so(referral: Referral) -> None:
    refused = staff(referral, Role.REGISTRAR).post(ERASE, data={"email": f"x{AT_WORK}"})
    assert refused.status_code == 422
    assert "Nothing is held under this address here." in refused.text
    assert f"x{AT_WORK}" in refused.text
