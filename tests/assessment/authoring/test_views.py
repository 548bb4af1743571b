"""The desk: for authors and psychometricians of the institution alone, and inert."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

import itembank
from assessment import clock
from assessment.access import Role
from assessment.demo.builders import examinations
from assessment.demo.builders.catalogue import BUILDER, both
from assessment.demo.builders.items import build_bank, build_test, choice_item, parsed_bank
from assessment.demo.builders.people import build_institution, build_person, build_staff
from assessment.extensions import db
from assessment.ids import new_id
from assessment.items.models import ItemVersion
from assessment.items.service import (
    Adaptivity,
    BankSpec,
    Parallels,
    forms_of,
    import_bank,
    pictures,
)
from assessment.people.service import institution_by_key
from tests.assessment.people.browser import sign_in

PNG = b"\x89PNG\r\n\x1a\nrest"
CANARY = "canary-rationale-7f3a"
NASTY = '<script>alert(1)</script><img src=x onerror="alert(1)">{{ 7*7 }}'
pytestmark = pytest.mark.usefixtures("college")

PAGES = (
    "/banks",
    "/banks/bev",
    "/banks/bev/items/f-1",
    "/banks/bev/items/f-1/figures/1",
    "/banks/bev/tests/pre",
)


@pytest.fixture
def college(app: Flask) -> None:
    with app.app_context():
        institution = build_institution("college")
        shown = choice_item(
            "f-1",
            "a",
            figure=itembank.Figure("f_correct.png"),
            rationale=both(CANARY),
            stem={"en": f"English {NASTY}", "fr": f"Français {NASTY}"},
        )
        number = choice_item(
            "n-1",
            "a",
            kind=itembank.ItemKind.NUMERIC,
            options=(),
            key=(),
            answer=12.5,
            tolerance=0.5,
            stem={"en": "How many?"},
            rationale={},
        )
        parsed = replace(parsed_bank("a", "b"), items=(*parsed_bank("a", "b").items, shown, number))
        spec = BankSpec(key="bev", institution_id=institution.id, title=both(f"Vehicles {NASTY}"))
        import_bank(parsed, spec, BUILDER, figures=pictures({"f_correct.png": PNG}))
        build_test("pre", "bev", opens_when=None, purpose=both(NASTY))
        db.session.commit()


def signed_in(app: Flask, client: FlaskClient, role: Role) -> FlaskClient:
    with app.app_context():
        return sign_in(client, build_staff(role, institution_by_key("college")))


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.PSYCHOMETRICIAN])
def test_those_who_keep_banks_see_every_page(role: Role, app: Flask, client: FlaskClient) -> None:
    signed_in(app, client, role)
    for page in PAGES:
        assert client.get(page).status_code == 200, page


@pytest.mark.parametrize("page", PAGES)
def test_learners_and_visitors_never_reach_the_desk(
    page: str, app: Flask, client: FlaskClient
) -> None:
    for headers in ({}, {"Accept": "application/json"}):
        answer = client.get(page, headers=headers)
        assert answer.status_code in (302, 401)
        assert CANARY not in answer.text
    with app.app_context():
        sign_in(client, build_person())
    for headers in ({}, {"Accept": "application/json"}):
        answer = client.get(page, headers=headers)
        assert answer.status_code == 403
        assert CANARY not in answer.text


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.ASSESSOR, Role.OBSERVER, Role.ADMINISTRATOR])
def test_other_roles_of_the_institution_do_not_reach_it_either(
    role: Role, app: Flask, client: FlaskClient
) -> None:
    signed_in(app, client, role)
    assert {client.get(page).status_code for page in PAGES} == {403}


def test_another_institutions_bank_is_404_like_one_that_does_not_exist(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        other = build_institution("other")
        build_bank(other, parsed_bank("x"), key="own")
        sign_in(client, build_staff(Role.AUTHOR, other))
    desk = client.get("/banks").text
    assert "/banks/own" in desk
    assert "/banks/bev" not in desk
    absent = client.get("/banks/nothing")
    for page in PAGES[1:]:
        assert client.get(page).status_code == 404
    for nested in (
        "/banks/own/items/f-1",
        "/banks/own/tests/pre",
        "/banks/own/items/x-1/figures/1",
    ):
        assert client.get(nested).status_code == 404
    assert absent.status_code == 404


def test_an_item_shows_both_languages_its_key_and_why(app: Flask, client: FlaskClient) -> None:
    signed_in(app, client, Role.AUTHOR)
    page = client.get("/banks/bev/items/f-1").text
    assert '<p lang="en">English' in page
    assert '<p lang="fr">Français' in page
    assert CANARY in page
    assert "Key</span>" in page
    assert "f_correct.png" not in page
    assert "needs sight" in page
    picture = client.get("/banks/bev/items/f-1/figures/1")
    assert picture.data == PNG
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert picture.headers["Content-Disposition"].startswith("attachment")
    assert client.get("/banks/bev/items/f-1/figures/2").status_code == 404
    assert client.get("/banks/bev/items/a-1/figures/1").status_code == 404


def test_what_authors_write_is_inert(app: Flask, client: FlaskClient) -> None:
    signed_in(app, client, Role.AUTHOR)
    for page in ("/banks", "/banks/bev", "/banks/bev/items/f-1", "/banks/bev/tests/pre"):
        text = client.get(page).text
        assert "alert(1)" in text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "{{ 7*7 }}" in html.unescape(text)


def test_versions_are_shown_with_what_changed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        edited = choice_item("a-1", "a", key=frozenset({1}), stem=both("Question b-1?"))
        spec = BankSpec(key="bev", institution_id=institution_by_key("college").id)
        import_bank(itembank.ParsedBank(items=(edited,)), spec, BUILDER)
        db.session.commit()
    signed_in(app, client, Role.AUTHOR)
    page = client.get("/banks/bev/items/a-1").text
    assert "Version 2" in page
    assert "<del>a</del>" in page
    assert "<ins>b</ins>" in page


@pytest.mark.parametrize(
    ("query", "found", "absent"),
    [
        ("area=b", "/items/b-1", "/items/a-1"),
        ("kind=numeric", "/items/n-1", "/items/a-1"),
        ("sight=yes", "/items/f-1", "/items/a-1"),
        ("sight=no", "/items/a-1", "/items/f-1"),
        ("language=fr", "/items/a-1", "/items/n-1"),
        ("language=-fr", "/items/n-1", "/items/a-1"),
        ("state=retired", "No item fits", "/items/a-1"),
    ],
)
def test_filters_stand_in_the_address(
    query: str, found: str, absent: str, app: Flask, client: FlaskClient
) -> None:
    signed_in(app, client, Role.AUTHOR)
    page = client.get(f"/banks/bev?{query}").text
    assert found in page
    assert absent not in page


@pytest.mark.parametrize(
    "query", ["area=' OR 1=1", "kind=essay", "sight=maybe", "language=de", "page=0", "state=x"]
)
def test_a_filter_that_cannot_be_used_is_named_and_left_out(
    query: str, app: Flask, client: FlaskClient
) -> None:
    signed_in(app, client, Role.AUTHOR)
    answer = client.get(f"/banks/bev?{query}")
    assert answer.status_code == 200
    assert "There is something to correct" in answer.text
    assert "/items/a-1" in answer.text


def test_an_adaptive_test_says_how_it_chooses_and_stops(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        college = build_institution("scaled")
        examinations.build_scale(examinations.build_bank(college, "scaled"))
        adaptive = Adaptivity(least=4, sure=0.98, se=0.4, exposure=0.9)
        examinations.build_adaptive_test(college, "scaled", "adaptive", adaptive=adaptive)
        db.session.commit()
        browser = sign_in(client, build_staff(Role.PSYCHOMETRICIAN, college))
    page = browser.get("/banks/scaled/tests/adaptive").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "4 to 12, chosen by the answers before them" in page
    assert "once it is 98 % sure on which side of the passing mark ability lies" in page
    assert "or once the standard error is at most 0.4 logits" in page
    assert "5 best questions" in page
    assert "90 % of sittings" in page


def test_a_test_shows_its_parallel_forms_and_says_when_none_can_be_given(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        college = build_institution("scaled")
        bank = examinations.build_bank(college, "scaled")
        examinations.build_scale(bank)
        forms = Parallels(parallel=2, difference=0.5)
        test = examinations.build_test(college, "scaled", "parallel", forms=forms)
        held = [form.version_ids[0] for form in forms_of(test)]
        db.session.commit()
        browser = sign_in(client, build_staff(Role.PSYCHOMETRICIAN, college))
    page = browser.get("/banks/scaled/tests/parallel").text
    assert page.count('data-label="State">Given</td>') == 2
    for version_id, said in zip(held, (ONE_LOST, NONE_LEFT), strict=True):
        with app.app_context():
            version = db.session.get_one(ItemVersion, version_id)
            version.item.retired_at = clock.now()
            version.item.bank.revision = new_id()
            db.session.commit()
        page = browser.get("/banks/scaled/tests/parallel").text
        assert said in page
        assert "Not given: a question was withdrawn or reworded" in page


ONE_LOST = "Forms that hold a question which was withdrawn or reworded are not given any more."
NONE_LEFT = "Nobody can start this test: each of its forms holds a question that was withdrawn"


def test_a_test_shows_its_blueprint_beside_the_bank(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        build_test("post", "bev", opens_when={"test": "pre", "percent": 80}, attempts=2)
        db.session.commit()
    signed_in(app, client, Role.PSYCHOMETRICIAN)
    page = client.get("/banks/bev/tests/post").text
    assert "Score at least 80" in page
    asked, held = 'data-label="Asked">1</td>', 'data-label="In the bank">5</td>'
    assert f'<td class="number" {asked}<td class="number" {held}' in page
    assert "Passed (70" in page
