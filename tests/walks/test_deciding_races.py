"""At once: a suspension and a release, appeals on one criterion, and the last seat of a project."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from assessment.artefacts import service as artefacts
from assessment.assessors import seeding, suspending
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.exemplars import build_gated
from assessment.demo.builders.performances import (
    CRITERIA,
    build_performance,
    build_rating,
    build_workshop,
)
from assessment.demo.builders.projects import build_team
from assessment.extensions import db
from assessment.performances import appealing, settling
from assessment.performances.appeal_models import Appeal, AppealedCriterion
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    AssignmentState,
    Performance,
    RatingRow,
    RatingVoid,
)
from assessment.performances.qualifications import may_rate
from assessment.projects import joining as joining_slice
from assessment.projects import mates
from assessment.projects import service as projects
from assessment.projects.models import Participation, Project, TeamInvitation
from tests.assessment.assessors.test_seeding import Drawn
from tests.assessment.projects.conftest import build_yard, token_sent
from tests.conftest import DATABASES, build_app
from tests.walks.test_rating_races import AT_ONCE, GOOD, Hall

LOW = ("proficient", "developing", "proficient")
UNSAFE = dict(zip(CRITERIA, ("proficient", "proficient", "expert"), strict=True))
"""As expected of the exemplar, but for what is critical for safety."""


def slowly(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let whoever has read something think about it, so that others could come in between."""
    read = getattr(module, name)

    def and_think(*given: object) -> object:
        found = read(*given)
        kept = list(found) if isinstance(found, Iterator) else found
        time.sleep(0.3)
        return kept

    monkeypatch.setattr(module, name, and_think)


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    return build_app(request.param, tmp_path, request, WTF_CSRF_ENABLED=False)


@pytest.fixture
def watched(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Hall:
    """Return a hall in which one assessor holds live work, and an exemplar among it."""
    with app.app_context():
        made = build_workshop(assessors=4)
        build_gated(made, seeds=4, seed_share=0.5)
        person, learner = build_learner()
        performance = build_performance(made.task, learner).id
        build_performance(made.task, build_learner()[1])  # in whose stead the exemplar comes
        places = []
        for draw in (0.9, 0.0):
            monkeypatch.setattr(seeding, "_chance", Drawn(draw))
            place = seeding.take_next(made.actors[0], another=True)
            assert place is not None
            places.append(f"/assessor/{place.id}")
        assert place.role == AssignmentRole.SEEDED
        found = Hall(app, performance, person.id, (made.assessors[0].id,), tuple(places))
        db.session.commit()
    return found


@pytest.mark.parametrize("slow", [None, (suspending, "_learners"), (settling, "released")])
def test_nothing_counts_that_is_released_while_its_rater_is_suspended(
    watched: Hall, monkeypatch: pytest.MonkeyPatch, slow: tuple[Any, str] | None
) -> None:
    if slow is not None:
        slowly(monkeypatch, *slow)
    unsafe = {f"level-{key}": level for key, level in UNSAFE.items()} | {"go": "release"}
    said = (GOOD, unsafe)
    got = watched.at_once(
        watched.assessors * 2,
        lambda browser, place: browser.post(watched.places[place], data=said[place]),
    )
    assert got[1].status_code == 303
    assert got[0].status_code < 500
    with watched.app.app_context():
        assert not may_rate(watched.assessors[0], "isolation")
        live = select(RatingRow).filter_by(performance_id=watched.performance)
        counting = live.where(
            RatingRow.released_at.is_not(None), RatingRow.id.not_in(select(RatingVoid.rating_id))
        )
        assert db.session.scalars(counting).all() == []
        free = select(Assignment.person_id).filter_by(
            performance_id=watched.performance, state=AssignmentState.OPEN
        )
        assert db.session.scalars(free).all() == [None, None]
        state = select(Performance.state).filter_by(id=watched.performance)
        assert db.session.scalar(state) in {"submitted", "in marking"}


@pytest.fixture
def decided(app: Flask) -> Hall:
    """Return a hall with work that two assessors found unsafe."""
    with app.app_context():
        made = build_workshop(assessors=3)
        person, learner = build_learner()
        performance = build_performance(made.task, learner).id
        for actor in made.actors[:2]:
            build_rating(actor, *LOW)
        found = Hall(app, performance, person.id, (), ())
        db.session.commit()
    return found


def test_a_criterion_is_appealed_once(decided: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    slowly(monkeypatch, appealing, "_levels_asked")
    got = decided.at_once(
        [decided.learner] * 6,
        lambda browser, place: browser.post(
            f"/performances/{decided.performance}/appeal",
            data={"reason-isolates": f"The lock is seen at 1:3{place}."},
        ),
    )
    assert sorted(each.status_code for each in got) == [303] + [409] * 5
    assert decided.counts(Appeal, AppealedCriterion) == [1, 1]
    with decided.app.app_context():
        reviews = select(Assignment).filter_by(role=AssignmentRole.REVIEWER)
        assert len(db.session.scalars(reviews).all()) == 1


def test_the_last_seat_of_a_project_goes_to_one_learner(app: Flask) -> None:
    with app.app_context():
        yard = build_yard()
        project = yard.project().id
        learners = [build_learner()[0].id for _ in range(AT_ONCE)]
        hall = Hall(app, "", "", (), ())
        db.session.commit()
    got = hall.at_once(learners, joining(project))
    assert {each.status_code for each in got} == {303}
    assert hall.counts(Participation, Performance) == [1, 1]  # who came late has begun nothing


def test_the_last_seat_of_a_project_goes_to_one_of_those_invited(app: Flask) -> None:
    with app.app_context():
        yard = build_yard()
        project = yard.project(seats=2).id
        projects.join(project, yard.learns)
        learners = [build_learner()[0].id for _ in range(AT_ONCE)]
        links = [
            token_sent(
                partial(projects.invite_mate, project, f"m{n}@example.org", "en", yard.learns)
            )
            for n in range(AT_ONCE // 2)
        ]
        hall = Hall(app, "", "", (), ())
        db.session.commit()
    got = hall.at_once(  # two have each link, and there is one seat
        learners, lambda browser, place: browser.post(f"/teams/{links[place // 2]}")
    )
    assert [each.status_code for each in got].count(303) + [each.status_code for each in got].count(
        410
    ) == AT_ONCE
    assert hall.counts(Participation, Performance) == [2, 2]
    with app.app_context():
        assert len(set(db.session.scalars(select(Participation.team)))) == 1
        used = select(TeamInvitation).where(TeamInvitation.used_at.is_not(None))
        assert len(db.session.scalars(used).all()) == 1


@pytest.mark.parametrize("slow", ["team_of", "require_undelivered"])
def test_a_team_is_as_large_as_what_is_delivered_says(
    app: Flask, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    with app.app_context():
        yard = build_yard()
        project = yard.project(seats=6).id
        build_team(db.session.get_one(Project, project), yard.learns, build_learner()[1])
        invite = partial(projects.invite_mate, project, actor=yard.learns, language="en")
        links = [token_sent(partial(invite, f"m{n}@example.org")) for n in range(4)]
        people = [yard.learner.id, *(build_learner()[0].id for _ in links)]
        hall = Hall(app, "", "", (), ())
        db.session.commit()
    for module in (joining_slice, mates):
        if hasattr(module, slow):
            slowly(monkeypatch, module, slow)
    mine = {"text": "I isolated it so.", "own": "I locked it."}

    def act(browser: FlaskClient, place: int) -> TestResponse:
        if place == 0:
            return browser.post(f"/projects/{project}/delivery", data=mine)
        return browser.post(f"/teams/{links[place - 1]}")

    got = hall.at_once(people, act)
    assert got[0].status_code == 303
    joined = [each.status_code for each in got[1:]]
    assert set(joined) <= {303, 410}
    size = 2 + joined.count(303)
    with app.app_context():
        teams = list(db.session.scalars(select(Participation.team)))
        assert (len(teams), len(set(teams))) == (size, 1)
        part = db.session.scalars(
            select(Participation).where(Participation.delivered_at.is_not(None))
        ).one()
        first = projects.performance_of(part).shown[0].artefact
        assert artefacts.text(first).startswith(f"Done in a team of {size} people.")


def joining(project: str) -> Callable[[FlaskClient, int], TestResponse]:
    """Return what somebody does who joins a project."""
    return lambda browser, _place: browser.post(f"/projects/{project}")
