"""The demo loads whole, once, and refuses to live beside somebody's own data."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from assessment import installation, transactions
from assessment.awards import service as awards
from assessment.awards.models import AwardState
from assessment.catalogue import service as catalogue
from assessment.demo import content_files
from assessment.demo.builders.people import build_institution
from assessment.demo.loading import NotEmpty, load
from assessment.extensions import Model, db
from assessment.installation import Fact
from assessment.items import service as items
from assessment.items.models import ParameterSource
from assessment.people.accommodations import allowance
from assessment.people.demonstration import demo_people
from assessment.people.models import Person
from assessment.people.service import institution_by_key

COURSE, WORK = "hv-safety-theory", "bev-safety"


def person(key: str) -> Person:
    """Return one of the demo's people."""
    spec = next(spec for spec in content_files.people() if spec.key == key)
    return db.session.scalars(select(Person).where(Person.email == spec.email)).one()


def count_rows() -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Model.metadata.tables.items()
    }


def test_loads_what_the_files_hold(context: Flask) -> None:
    loaded = load(with_past=False)
    assert not loaded.already
    assert (loaded.items, loaded.tests) == (117, 4)
    assert loaded.achievements == len(catalogue.published()) == 7
    assert loaded.people == len(demo_people()) == 14
    assert {test.key for test in items.practice_tests()} == {"bev-practice"}
    assert institution_by_key("tamarack-cove").description["fr"]


def test_a_second_time_nothing_changes(context: Flask) -> None:
    load(with_past=False)
    transactions.commit()
    before = count_rows()
    assert load().already
    transactions.commit()
    assert count_rows() == before


def test_is_not_loaded_beside_the_data_of_others(context: Flask) -> None:
    build_institution("north-college")
    before = count_rows()
    with pytest.raises(NotEmpty):
        load()
    assert count_rows() == before
    assert not installation.holds(Fact.DEMO)


def test_the_bank_is_calibrated_from_responses_that_are_said_to_be_simulated(
    context: Flask,
) -> None:
    load(with_past=False)
    test = items.current_test("bev-adaptive")
    assert test is not None
    scale = items.scale_of(test)
    assert scale is not None
    assert scale.source == ParameterSource.SIMULATED
    assert set(scale.cuts) == {"pass"}
    known = scale.places.keys() & set(items.bank_pool(test.bank_id).version_ids.values())
    assert len(known) >= 100  # of 107
    assert set(items.pool(test).version_ids.values()) == known
    practice = items.current_test("bev-practice")
    assert practice is not None
    assert items.scale_of(practice) is None


def test_tests_alone_award_the_course_and_never_the_work(context: Flask) -> None:
    load(with_past=False)
    earned = {
        award.achievement.key: award.state
        for award in awards.awards_of(person("learner-fr").learner_id)
    }
    assert earned.pop(COURSE) == AwardState.AWARDED
    assert WORK not in earned
    assert "bev-emergency" not in earned  # half of its questions were wrong
    assert len(earned) == 4


def test_a_learner_has_a_gap_and_more_time(context: Flask) -> None:
    load(with_past=False)
    learner_id = person("learner-access").learner_id
    assert awards.awards_of(learner_id) == []
    version = catalogue.published_version(COURSE)
    assert version is not None
    assert awards.gap_report(learner_id, version).missing
    given = allowance(learner_id)
    assert (given.extend(40), given.without_sight) == (60, True)


def test_staff_hold_the_roles_that_the_files_name(context: Flask) -> None:
    load(with_past=False)
    for spec in content_files.people():
        held = {grant.role for grant in person(spec.key).grants}
        assert held == ({spec.role} if spec.role else set())


def test_every_page_says_that_this_is_a_demonstration(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        assert not installation.is_demo()
        load(with_past=False)
        transactions.commit()
        assert installation.is_demo()
    for path in ("/sign-in", "/no-such-page"):
        assert "Demonstration: the institutions" in client.get(path).text


def test_no_password_opens_a_demo_account(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        load(with_past=False)
        transactions.commit()
        email = person("registrar").email
    for password in ("a good long sentence", "", email):
        sent = {"email": email, "password": password}
        assert client.post("/sign-in", data=sent).status_code != 303
