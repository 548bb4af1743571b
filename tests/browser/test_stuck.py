"""The list of work that nobody may rate, as it looks."""

from __future__ import annotations

from itertools import count

import pytest
from sqlalchemy import update

from assessment import clock, transactions
from assessment.access import Role
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_institution, build_staff
from assessment.demo.builders.performances import (
    BUILDER,
    a_rubric,
    build_performance,
    build_task,
)
from assessment.extensions import db
from assessment.performances import service, stuck
from assessment.performances.models import Assignment
from tests.browser import axe
from tests.browser.conftest import Look, Site
from tests.browser.test_appealing import LOOKS, Browse, signed_in

pytestmark = pytest.mark.browser
NUMBERS = count(1)


def short_of_somebody(look: Look) -> str:
    """Return the address of a registrar at an institution that has nobody to rate its work."""
    key = f"short-{next(NUMBERS)}"
    house = build_institution(key)
    service.publish_rubric(a_rubric(key), house.key, BUILDER)
    work = build_performance(build_task(house, key, rubric=key), build_learner()[1])
    db.session.execute(
        update(Assignment)
        .where(Assignment.performance_id == work.id)
        .values(waiting_since=clock.now() - stuck.GRACE)
    )
    for change in stuck.changes():
        if change.institution_id == house.id:
            stuck.note(change)
    return build_staff(Role.REGISTRAR, house, language=look.language).email


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_list_is_in_order(browse: Browse, site: Site, look: Look) -> None:
    with site.app.app_context(), transactions.writing():
        email = short_of_somebody(look)
    page = signed_in(browse, look, email, for_axe=True)
    page.goto("/registrar/stuck")
    page.wait_for_load_state()
    assert page.locator("tbody tr").count() == 2
    assert axe.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= look.width
