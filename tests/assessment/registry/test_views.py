"""The registrar's desk in a browser."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from assessment.access import Role
from assessment.awards.models import Award, AwardState
from assessment.demo.builders.awards import build_awards
from assessment.demo.builders.examinations import build_examination
from assessment.demo.builders.people import build_person, build_staff
from assessment.evidence.models import Hold
from assessment.extensions import db
from assessment.people.models import Person
from assessment.registry import paging
from assessment.sittings.models import StartCode
from tests.assessment.people.browser import sign_in
from tests.assessment.registry.offices import build_office

ENGLISH = {"Accept-Language": "en"}
REASON = {"revoked_for": "error", "reason": "The wrong person sat it."}


@dataclass(frozen=True)
class Desk:
    """A registrar's browser, and an award of somebody with a certificate that rests on it."""

    app: Flask
    browser: FlaskClient
    stranger: FlaskClient
    award_id: str
    learner_id: str

    @property
    def page(self) -> str:
        """Return the path of the award's page."""
        return f"/registrar/awards/{self.award_id}"

    def state(self) -> AwardState:
        """Return where the award stands now."""
        with self.app.app_context():
            found = db.session.scalars(select(Award).filter_by(id=self.award_id)).one()
            return AwardState(found.state)

    def hold_ids(self) -> list[str]:
        """Return the holds that stand."""
        with self.app.app_context():
            return list(db.session.scalars(select(Hold.id).where(Hold.lifted_at.is_(None))))


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Return a desk with one learner's course and certificate, and another institution's."""
    with app.app_context():
        office = build_office()
        person = build_person("ana@example.org", legal_name="Ana Côté", student_number="B-0042")
        award = build_awards(person, office.test)[0]
        award_id, learner_id = award.id, award.learner_id
        stranger = build_office("harbour-institute").person
        browser = sign_in(app.test_client(), office.person)
        return Desk(app, browser, sign_in(app.test_client(), stranger), award_id, learner_id)


def test_the_desk_lists_awards(desk: Desk) -> None:
    page = desk.browser.get("/registrar", headers=ENGLISH)
    assert page.text.count("Ana Côté") == 2
    assert "2 awards" in page.text
    assert "B-0042" in page.text
    assert "Ana Côté" not in desk.stranger.get("/registrar").text


def test_the_filters_stand_in_the_address(desk: Desk) -> None:
    address = "/registrar?words=cote&achievement=northern-college-course&shows=standing"
    page = desk.browser.get(address, headers=ENGLISH)
    assert "1 award" in page.text
    assert 'value="cote"' in page.text
    assert "words=cote&amp;achievement=northern-college-course" in page.text
    nothing = desk.browser.get("/registrar?words=zzz", headers=ENGLISH)
    assert "No award fits all of this" in nothing.text


def test_pages_keep_the_filters(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 1)
    page = desk.browser.get("/registrar?words=ana&sort=name", headers=ENGLISH).text
    assert "Page 1 of 2" in page
    assert "page=2" in page
    assert "Page 2 of 2" in desk.browser.get("/registrar?words=ana&page=2", headers=ENGLISH).text


@pytest.mark.parametrize(
    "query",
    [
        "sort=award.id;DROP TABLE award",
        "sort=password_hash",
        "shows=everything",
        "achievement=harbour-institute-course",
        "achievement=' OR 1=1",
        "since=yesterday",
        "until=2026-13-01",
        "page=0",
        "page=99999999999999999999",
        "reverse=2",
        f"words={'a' * 201}",
    ],
)
@pytest.mark.parametrize("path", ["/registrar", "/registrar/awards.csv"])
def test_what_is_not_in_the_lists_is_refused(desk: Desk, path: str, query: str) -> None:
    answer = desk.browser.get(f"{path}?{query}", headers=ENGLISH)
    assert answer.status_code == 422
    assert "There is something to correct" in answer.text
    assert "Ana Côté" not in answer.text


def test_the_list_is_downloaded(desk: Desk) -> None:
    answer = desk.browser.get("/registrar/awards.csv?words=cote")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == "attachment; filename=awards.csv"
    assert answer.data.decode().startswith("\ufeffaward,")
    assert answer.text.count("Ana Côté") == 2
    assert "Ana Côté" not in desk.stranger.get("/registrar/awards.csv").text


def test_an_award_page_answers_for_the_award(desk: Desk) -> None:
    page = desk.browser.get(desk.page, headers=ENGLISH).text
    for words in (
        "Ana Côté",
        "90",
        "Invigilator present",
        "Document seen",
        "give the same decision",
    ):
        assert words in page
    assert f"/awards/{desk.award_id}" in page
    assert desk.browser.get(f"/awards/{desk.award_id}").status_code == 200


def test_another_institutions_registrar_finds_nothing(desk: Desk) -> None:
    for path in (desk.page, desk.page + "/revoke", f"/awards/{desk.award_id}"):
        assert desk.stranger.get(path).status_code == 404
    for path in (desk.page + "/revoke", desk.page + "/holds"):
        assert desk.stranger.post(path, data=REASON).status_code == 404
    assert desk.state() is AwardState.AWARDED
    assert desk.hold_ids() == []


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ASSESSOR, Role.AUTHOR, None])
def test_only_registrars_have_the_desk(desk: Desk, role: Role | None) -> None:
    with desk.app.app_context():
        house = build_office("third-college").institution
        person = build_staff(role, house) if role else build_person()
        browser = sign_in(desk.app.test_client(), person)
    for path in ("/registrar", "/registrar/awards.csv", "/registrar/holds", desk.page):
        assert browser.get(path).status_code == 403
    assert browser.post(desk.page + "/revoke", data=REASON).status_code == 403
    assert desk.state() is AwardState.AWARDED


def test_revoking_shows_first_what_rests_on_it(desk: Desk) -> None:
    page = desk.browser.get(desk.page + "/revoke", headers=ENGLISH).text
    assert "1 other award rests on this one" in page
    assert "Northern-College-Certificate" in page
    assert desk.state() is AwardState.AWARDED


def test_revoking_is_seen_at_once_by_everybody(desk: Desk) -> None:
    page = desk.browser.get(desk.page).text
    credential = page.partition("/credentials/")[2][:26]
    public = desk.app.test_client()
    assert "Valid" in public.get(f"/credentials/{credential}", headers=ENGLISH).text
    assert desk.browser.post(desk.page + "/revoke", data=REASON).status_code == 303
    after = public.get(f"/credentials/{credential}", headers=ENGLISH).text
    assert "Revoked on" in after
    assert "It was issued in error." in after
    assert REASON["reason"] not in after
    assert REASON["reason"] in desk.browser.get(desk.page).text
    assert desk.browser.post(desk.page + "/revoke", data=REASON).status_code == 409


@pytest.mark.parametrize(
    "data", [{}, {"reason": "A reason."}, {**REASON, "reason": " "}, {**REASON, "revoked_for": "x"}]
)
def test_a_revocation_is_explained(desk: Desk, data: dict[str, str]) -> None:
    answer = desk.browser.post(desk.page + "/revoke", data=data, headers=ENGLISH)
    assert answer.status_code == 422
    assert "There is something to correct" in answer.text
    assert desk.state() is AwardState.AWARDED


def test_a_hold_is_placed_and_lifted(desk: Desk) -> None:
    assert desk.browser.post(desk.page + "/holds", data={}, headers=ENGLISH).status_code == 422
    assert desk.browser.post(desk.page + "/holds", data={"reason": "A doubt."}).status_code == 303
    assert "A doubt." in desk.browser.get(desk.page).text
    assert "A doubt." in desk.browser.get("/registrar/holds").text
    (hold_id,) = desk.hold_ids()
    assert desk.stranger.post(f"/registrar/holds/{hold_id}/lift").status_code == 404
    assert desk.browser.post(f"/registrar/holds/{hold_id}/lift").status_code == 303
    assert desk.hold_ids() == []


def test_a_hold_is_placed_on_somebody_who_is_named(desk: Desk) -> None:
    data = {"learner": "b-0042", "reason": "A doubt."}
    assert desk.browser.post("/registrar/holds", data=data).status_code == 303
    refused = desk.browser.post(
        "/registrar/holds", data={**data, "learner": "nobody@example.org"}, headers=ENGLISH
    )
    assert refused.status_code == 422
    assert "No one learner of your institution" in refused.text
    assert len(desk.hold_ids()) == 1


@pytest.fixture
def invigilator(app: Flask) -> FlaskClient:
    """Return the browser of an assessor at an institution with tests, who has no desk."""
    with app.app_context():
        person: Person = build_staff(Role.ASSESSOR, build_examination().institution)
        return sign_in(app.test_client(), person)


def codes_kept(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(StartCode)) or 0


def test_a_start_code_is_shown_once(invigilator: FlaskClient, app: Flask) -> None:
    data = {"test": "post", "supervision": "invigilated", "identity": "document"}
    made = invigilator.post("/registrar/codes", data=data, headers=ENGLISH)
    code = made.text.partition("<code>")[2].partition("</code>")[0]
    assert len(code) == len("ABCD-2345")
    again = invigilator.get("/registrar/codes", headers=ENGLISH).text
    assert code not in again
    assert "Test post" in again
    assert "Invigilator present" in again
    assert codes_kept(app) == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"test": "nowhere", "supervision": "invigilated", "identity": "document"},
        {"test": "post", "supervision": "none", "identity": "document"},
        {"test": "post", "supervision": "invigilated", "identity": "guess"},
    ],
)
def test_a_start_code_that_vouches_for_nothing_is_refused(
    invigilator: FlaskClient, app: Flask, data: dict[str, str]
) -> None:
    assert invigilator.post("/registrar/codes", data=data).status_code == 422
    assert codes_kept(app) == 0


def test_another_institutions_test_is_not_theirs_to_start(
    invigilator: FlaskClient, app: Flask, desk: Desk
) -> None:
    data = {"test": "post", "supervision": "invigilated", "identity": "document"}
    assert desk.browser.post("/registrar/codes", data=data).status_code == 422
    assert codes_kept(app) == 0


def test_learners_make_no_codes(app: Flask) -> None:
    with app.app_context():
        browser = sign_in(app.test_client(), build_person())
    assert browser.get("/registrar/codes").status_code == 403


@pytest.mark.parametrize("path", ["/registrar", "/registrar/holds", "/registrar/codes"])
def test_the_desk_speaks_french(desk: Desk, path: str) -> None:
    answer = desk.browser.get(path, headers={"Accept-Language": "fr"})
    assert answer.status_code == 200
