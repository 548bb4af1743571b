"""How a bank measures, on its pages: figures, marks, plots and files, in both languages."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment.access import Role
from assessment.analysis.calibrating import calibrate_scores, publish
from assessment.analysis.responses import asked_items
from assessment.demo.builders.catalogue import BUILDER
from assessment.demo.builders.examinations import publish as publish_test
from assessment.demo.builders.items import build_bank, build_test, parsed_bank, specification
from assessment.demo.builders.people import build_institution, build_staff
from assessment.extensions import db
from assessment.items.models import Bank, ParameterSource
from assessment.items.service import (
    NewStandard,
    Parallels,
    PilotItem,
    PilotReason,
    publish_standard,
)
from assessment.people.service import institution_by_key
from itembank.parameters import Model
from tests.assessment.analysis.simulated import simulated
from tests.assessment.people.browser import sign_in

PAGES = (
    "/banks/wires/measurement",
    "/banks/wires/measurement/items.csv",
    "/banks/wires/measurement/wright-map.svg",
    "/banks/wires/measurement/wright-map.csv",
    "/banks/wires/measurement/information.svg",
    "/banks/wires/measurement/information.csv",
)


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> FlaskClient:
    """Return the browser of a psychometrician, whose bank is not calibrated."""
    with app.app_context():
        college = build_institution("college")
        build_bank(college, parsed_bank("a", "b", each=7), "wires")
        build_test("pre", "wires", blueprint={"a": 4, "b": 3})
        db.session.commit()
        return sign_in(client, build_staff(Role.PSYCHOMETRICIAN, college))


def calibrate(app: Flask, source: ParameterSource = ParameterSource.RESPONSES) -> None:
    """Publish a set for all but two items of the bank, one of them said to be one-sided."""
    with app.app_context():
        bank = db.session.scalars(select(Bank).where(Bank.key == "wires")).one()
        asked = asked_items(bank.id)[:12]
        found = calibrate_scores(
            replace(simulated({"pre": (1000, 0.0)}), items=asked), Model.TWO_PL
        )
        pilot = (PilotItem(item="b-6", reason=PilotReason.ONE_SIDED, figure=3),)
        report = replace(found.report, pilot=pilot)
        publish(bank.id, replace(found, report=report), source, BUILDER)
        db.session.commit()


def test_a_bank_without_a_scale_says_what_to_do(browser: FlaskClient) -> None:
    for page in ("/banks/wires", PAGES[0]):
        text = browser.get(page).text
        assert "This bank is not calibrated yet" in text
        assert "attest bank calibrate wires" in text
    for page in PAGES[1:]:
        assert browser.get(page).status_code == 404


def test_the_pages_say_what_the_scale_rests_on_and_where_items_and_marks_lie(
    app: Flask, browser: FlaskClient
) -> None:
    calibrate(app)
    summary, text = browser.get("/banks/wires").text, browser.get(PAGES[0]).text
    for page in (summary, text):
        assert "Responses recorded in sittings" in page
        assert "2, asked without being scored on this scale" in page
        assert "simulated" not in page
    assert "1,000" in text
    assert "2PL" in text
    assert "12 calibrated items" in text
    assert "b-6: nearly everybody answers alike: only 3 did not" in text
    assert 'href="/banks/wires/tests/pre"' in text
    assert text.count('<img class="drawing"') == 2


def test_simulated_responses_are_said_to_be_simulated(app: Flask, browser: FlaskClient) -> None:
    calibrate(app, ParameterSource.SIMULATED)
    for page in ("/banks/wires", PAGES[0]):
        assert "This scale was calibrated from simulated responses." in browser.get(page).text
    assert "(simulated)" in browser.get("/banks").text


def place_by_panel(app: Flask) -> None:
    """Publish a panel's judgement of all but two items of the bank."""
    keys = tuple(f"{area}-{n}" for area in ("a", "b") for n in range(1, 7))
    ratings = tuple(tuple(rate + n / 50 for n in range(12)) for rate in (0.5, 0.55, 0.63))
    with app.app_context():
        bank = db.session.scalars(select(Bank).where(Bank.key == "wires")).one()
        publish_standard(bank.id, NewStandard(items=keys, ratings=ratings), BUILDER)
        db.session.commit()


def test_a_panels_judgement_is_never_called_a_calibration(app: Flask, browser: FlaskClient) -> None:
    place_by_panel(app)
    summary, text = browser.get("/banks/wires").text, browser.get(PAGES[0]).text
    for page in (summary, text):
        assert "Items and marks were placed by a panel’s judgement" in page
        assert "calibrated" not in page.lower()
    assert "12 items placed by judgement" in text
    assert "set by panel 1" in text
    assert "8.04 of 12 points" in text
    assert "Agreement of the panel, ICC(2,k)" in text
    assert text.count('<img class="drawing"') == 2
    assert "(by a panel)" in browser.get("/banks").text
    for page in PAGES[1:]:
        assert browser.get(page).status_code == 200
    assert browser.get(PAGES[1]).text.count(",1,panel") == 12


def test_the_page_of_a_test_says_what_a_panel_placed(app: Flask, browser: FlaskClient) -> None:
    judged = "The questions and the mark of this test were placed by a panel’s judgement"
    assert judged not in browser.get("/banks/wires/tests/pre").text
    place_by_panel(app)
    with app.app_context():
        spec = specification(
            "alike",
            "wires",
            blueprint={"a": 2, "b": 2},
            forms=Parallels(parallel=2, difference=0.5),
        )
        publish_test(spec)
        db.session.commit()
    page = browser.get("/banks/wires/tests/alike").text
    assert judged in page
    assert "; set by panel 1)" in page
    assert "rests on questions that were placed by a panel’s judgement." in page
    assert "calibrated" not in page.lower()
    calibrate(app)
    page = browser.get("/banks/wires/tests/alike").text
    assert judged not in page
    assert "rests on questions that were placed by a panel’s judgement." in page  # forms of then


def test_the_page_of_a_test_says_which_mark_has_no_place(app: Flask, browser: FlaskClient) -> None:
    with app.app_context():
        bank = db.session.scalars(select(Bank).where(Bank.key == "wires")).one()
        build_test("a-only", "wires", blueprint={"a": 1})
        publish_standard(bank.id, NewStandard(items=("a-1",), ratings=((0.5,), (0.6,))), BUILDER)
        db.session.commit()
    page = browser.get("/banks/wires/tests/pre").text
    assert "pre, pass: stays at 70 %. Panel 1 rated no question of these areas" in page
    assert "set by panel" not in page
    assert "stays at" not in browser.get("/banks/wires/tests/a-only").text


def test_a_panels_judgement_is_said_in_french_as_well(app: Flask, browser: FlaskClient) -> None:
    place_by_panel(app)
    with app.app_context():
        college = institution_by_key("college")
        sign_in(browser, build_staff(Role.PSYCHOMETRICIAN, college, language="fr"))
    text = browser.get(PAGES[0]).text
    assert "placées par le jugement d’un jury" in text
    assert "12 questions placées par jugement" in text
    assert "fixée par le jury 1" in text
    assert "calibrée" not in text


@pytest.mark.parametrize("name", ["wright-map", "information"])
def test_plots_are_pictures_in_the_language_and_theme_asked_for(
    app: Flask, browser: FlaskClient, name: str
) -> None:
    calibrate(app)
    answer = browser.get(f"/banks/wires/measurement/{name}.svg")
    assert answer.content_type == "image/svg+xml; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}.svg"
    assert ET.fromstring(answer.text).tag == "{http://www.w3.org/2000/svg}svg"
    dark = browser.get(f"/banks/wires/measurement/{name}.svg?theme=dark").text
    assert browser.get(f"/banks/wires/measurement/{name}.svg").text == answer.text
    with app.app_context():
        college = institution_by_key("college")
        sign_in(browser, build_staff(Role.PSYCHOMETRICIAN, college, language="fr"))
    french = browser.get(f"/banks/wires/measurement/{name}.svg").text
    assert len({answer.text, dark, french}) == 3


def test_files_hold_every_figure(app: Flask, browser: FlaskClient) -> None:
    calibrate(app)
    text = browser.get("/banks/wires/measurement/items.csv").text.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 12
    assert rows[0]["item"] == "a-1"
    assert float(rows[0]["difficulty"]) == float(rows[0]["thresholds"])
    assert float(rows[0]["slope_se"]) > 0
    assert {(row["set"], row["source"]) for row in rows} == {("1", "responses")}
    assert (rows[0]["guessing"], rows[0]["upper"], rows[0]["responses"]) == ("0", "1", "1000")
    for name in ("wright-map", "information"):
        figures = browser.get(f"/banks/wires/measurement/{name}.csv").text
        assert len(figures.splitlines()) > 5


@pytest.mark.parametrize("order", ["", "item", "difficulty", "slope"])
def test_items_are_sorted_as_asked(app: Flask, browser: FlaskClient, order: str) -> None:
    calibrate(app)
    text = browser.get(f"{PAGES[0]}?sort={order}").text
    file = browser.get("/banks/wires/measurement/items.csv").text.removeprefix("\ufeff")
    figures = {
        row["item"]: float(row[order]) if order in {"difficulty", "slope"} else 0.0
        for row in csv.DictReader(io.StringIO(file))
    }
    assert _keys_in(text) == sorted(figures, key=lambda key: (figures[key], key))


def _keys_in(text: str) -> list[str]:
    parts = text.split('href="/banks/wires/items/')[1:]
    return [part.partition('"')[0] for part in parts]


def test_what_cannot_be_used_in_the_address_is_named_or_missing(
    app: Flask, browser: FlaskClient
) -> None:
    calibrate(app)
    assert "“sideways” is not in the list" in browser.get(f"{PAGES[0]}?sort=sideways").text
    assert "“no-test” is not in the list" in browser.get(f"{PAGES[0]}?test=no-test").text
    assert browser.get("/banks/wires/measurement/portrait.svg").status_code == 404


def test_the_pages_are_for_those_who_keep_the_bank(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        build_bank(build_institution("college"), parsed_bank("a", "b", each=7), "wires")
        db.session.commit()
    calibrate(app)
    for page in PAGES:
        assert client.get(page).status_code == 302
    with app.app_context():
        build_institution("other")
        sign_in(client, build_staff(Role.AUTHOR, institution_by_key("other")))
    for page in PAGES:
        assert client.get(page).status_code == 404
