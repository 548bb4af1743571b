"""Publishing at once: one version after another, and a sentence for whoever comes too late."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import transactions
from assessment.demo.builders.people import build_institution
from assessment.demo.builders.performances import BUILDER, a_rubric, build_rubric, build_task
from assessment.errors import Conflict
from assessment.extensions import db
from assessment.people.models import Institution
from assessment.performances import service
from assessment.performances.models import RubricVersion, Task
from tests.conftest import DATABASES, build_app

AT_ONCE = 6


@pytest.fixture(params=DATABASES)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    app = build_app(request.param, tmp_path, request)
    with app.app_context():
        for number in range(AT_ONCE):
            build_institution(f"college-{number}")
        build_rubric(build_institution("keeper"), "kept")
        db.session.commit()
    return app


def at_once(app: Flask, publish: Callable[[int], object]) -> list[str]:
    """Return what came of publishing so often at the same moment: "" or the name of an error."""
    start = Barrier(AT_ONCE)

    def run(number: int) -> str:
        start.wait()
        with app.app_context():
            try:
                with transactions.writing():
                    publish(number)
            except Exception as error:
                return type(error).__name__
        return ""

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(threads.map(run, range(AT_ONCE)))


def test_a_new_rubric_is_one_institutions(house: Flask) -> None:
    got = at_once(house, lambda n: service.publish_rubric(a_rubric("new"), f"college-{n}", BUILDER))
    assert got == ["", *[Conflict.__name__] * (AT_ONCE - 1)]
    with house.app_context():
        assert len(db.session.scalars(select(RubricVersion).filter_by(key="new")).all()) == 1


def test_a_new_task_is_one_institutions(house: Flask) -> None:
    def publish(number: int) -> None:
        spec = service.TaskSpec(
            key="new",
            rubric="kept",
            title={"en": "N"},
            brief={"en": "N"},
            languages=("en",),
            policy={"required": "proficient"},
            institution=f"college-{number}",
        )
        service.publish_task(spec, BUILDER)

    got = at_once(house, publish)
    assert got == ["", *[Conflict.__name__] * (AT_ONCE - 1)]
    with house.app_context():
        assert [each.is_current for each in db.session.scalars(select(Task))] == [True]


def test_versions_of_one_institution_come_one_after_another(house: Flask) -> None:
    def publish(number: int) -> None:
        title = {"en": f"Version of {number}", "fr": f"Version de {number}"}
        service.publish_rubric(a_rubric("kept", title=title), "keeper", BUILDER)

    assert at_once(house, publish) == [""] * AT_ONCE
    with house.app_context():
        numbers = db.session.scalars(select(RubricVersion.version).filter_by(key="kept")).all()
        assert sorted(numbers) == list(range(1, AT_ONCE + 2))
        home = db.session.scalars(select(Institution).filter_by(key="keeper")).one()
        assert build_task(home, rubric="kept").rubric.version == AT_ONCE + 1
