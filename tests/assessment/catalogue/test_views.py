"""The public pages: everything said before anyone starts, and nothing that bites."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.catalogue.models import AchievementKind, Mode
from assessment.catalogue.service import publish_occupation
from assessment.catalogue.views import language_names
from assessment.demo.builders.catalogue import build_achievement, build_framework
from assessment.demo.builders.items import build_bank, build_test, parsed_bank
from assessment.demo.builders.people import build_institution
from assessment.extensions import db

NASTY = '<script>alert(1)</script><img src=x onerror="alert(1)">{{ 7*7 }}'


def wicked(text: str) -> dict[str, str]:
    return {"en": f"{text}{NASTY}", "fr": f"{text}{NASTY}"}


@pytest.fixture
def offered(app: Flask) -> None:
    with app.app_context():
        college = build_institution("college", name={"en": "Elm College", "fr": "Collège Orme"})
        build_institution("assessor", name={"en": "Oak Centre", "fr": "Centre Chêne"})
        publish_occupation("72410", {"en": "Automotive technicians", "fr": "Mécaniciens"})
        build_framework("isolate")
        bank = build_bank(college, parsed_bank("a", "b"))
        build_test("pre", bank, attempts=2, window_days=30, minutes=15)
        build_test("post", bank, opens_when={"test": "pre", "percent": 80}, wait_days=7)
        build_achievement(
            "theory",
            college,
            {"test": "post", "percent": 80},
            kind=AchievementKind.COURSE_CREDIT,
            course_code="BEV 101",
            credit_hours=3.0,
            grade_mode="Pass",
            cost_cents=12500,
            minutes=90,
            mode=Mode.HYBRID,
            place="Shop 4",
            assessed_by="assessor",
            occupations=("72410", "99999"),
            competency_keys=("isolate",),
            languages=("en",),
        )
        build_achievement("whole", college, {"achievement": "theory"})
        db.session.commit()


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.usefixtures("offered")
def test_a_visitor_is_three_clicks_from_a_pre_test(client: FlaskClient) -> None:
    home = client.get("/").text
    assert 'href="/tests/pre"' in home
    assert home.index("/achievements/whole") < home.index("/achievements/theory")
    listing = client.get("/achievements/theory").text
    assert re.search(r'href="/tests/pre">Start the pre-test<', listing)
    assert client.get("/tests/pre").status_code == 200


@pytest.mark.usefixtures("offered")
def test_a_listing_says_everything_before_anyone_starts(client: FlaskClient) -> None:
    page = text_of(client.get("/achievements/theory").text)
    for said in (
        "Course credit",
        "BEV 101",
        "Score at least 80 % on Post.",
        "Knowledge only",
        "No employer has endorsed this yet",
        "Partly online",
        "Shop 4",
        "About 90 min",
        "$125.00",
        "English",
        "Elm College",
        "Oak Centre",
        "2 sittings in 30 days",
        "As many as you like",
        "7 days",
        "15 min",
        "Score at least 80 % on Pre.",
        "At any hour, to everyone",
        "72410 – Automotive technicians",
        "99999",
        "Isolate",
        "What it leads to Whole",
    ):
        assert said in page


@pytest.mark.usefixtures("offered")
def test_pages_speak_french(client: FlaskClient) -> None:
    page = client.get("/achievements/theory", headers={"Accept-Language": "fr"}).text
    assert '<html lang="fr">' in page
    assert "Collège Orme" in page
    assert "Theory (fr)" in page


@pytest.mark.usefixtures("offered")
def test_filters_stand_in_the_address_and_find(client: FlaskClient) -> None:
    page = client.get("/catalogue?words=technicians&mode=hybrid&minutes=120&cents=25000").text
    assert "/achievements/theory" in page
    assert "/achievements/whole" not in page
    assert 'value="technicians"' in page
    nothing = client.get("/catalogue?words=unicorns").text
    assert "Nothing fits all of this" in nothing


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    "query",
    [
        "mode=' OR 1=1 --",
        "mode=nowhere",
        "minutes=1e308",
        "minutes=NaN",
        "minutes=-1",
        "cents=10;DROP TABLE measure",
        "cents=true",
        "language=en' UNION SELECT 1",
        "language=de",
        "page=0",
        "page=99999999999999999999999",
        "page=a",
        "words=" + "x" * 201,
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_left_out(query: str, client: FlaskClient) -> None:
    answer = client.get(f"/catalogue?{query}")
    assert answer.status_code == 200
    assert "There is something to correct" in answer.text
    assert "/achievements/theory" in answer.text
    assert "/achievements/whole" in answer.text


def test_an_empty_catalogue_says_what_will_come(client: FlaskClient) -> None:
    assert "Nothing is published yet" in client.get("/catalogue").text
    assert client.get("/").status_code == 200


@pytest.mark.usefixtures("offered")
def test_an_institution_shows_what_it_does(client: FlaskClient) -> None:
    college = text_of(client.get("/institutions/college").text)
    assert "It awards" in college
    assert "It authors" in college
    assessor = text_of(client.get("/institutions/assessor").text)
    assert "It assesses" in assessor
    assert "It awards" not in assessor


@pytest.mark.parametrize("path", ["/achievements/nothing", "/institutions/nobody"])
def test_what_does_not_exist_is_404(path: str, client: FlaskClient) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/catalogue", "/achievements/bad", "/institutions/bad"])
def test_what_authors_write_is_inert(path: str, app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        college = build_institution("bad", name=wicked("College"), city=NASTY)
        publish_occupation("72410", wicked("Occupation"))
        bank = build_bank(college, parsed_bank("a"))
        build_test("t", bank, title=wicked("Test"))
        build_achievement(
            "bad",
            college,
            {"test": "t", "percent": 80},
            title=wicked("Title"),
            summary=wicked("Summary"),
            description=wicked("Description"),
            occupations=("72410",),
            mode=Mode.IN_PERSON,
            place=NASTY,
            grade_mode=NASTY[:40],
            course_code=NASTY[:40],
        )
        db.session.commit()
    page = client.get(path).text
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "{{ 7*7 }}" in html.unescape(page)


@pytest.mark.parametrize(
    ("place", "said"), [("en", "English, French"), ("fr", "Anglais, français")]
)
def test_french_writes_languages_small_but_for_the_first(app: Flask, place: str, said: str) -> None:
    with app.test_request_context(headers={"Accept-Language": place}):
        assert language_names(["en", "fr"]) == said
        assert language_names([]) == ""
