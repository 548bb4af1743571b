"""The registrar's list of second looks: what came of each, how far it is off, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from assessment.access import Actor, Role
from assessment.assessors import training
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.exemplars import build_exemplars, build_gate
from assessment.demo.builders.people import build_institution, build_role, build_staff
from assessment.demo.builders.performances import (
    CRITERIA,
    Workshop,
    build_performance,
    build_rating,
    build_workshop,
    claimed,
)
from assessment.people.models import Person
from assessment.people.service import actor_of
from assessment.performances import service
from assessment.performances.models import Performance
from assessment.performances.skipping import ask_second_look
from assessment.registry import paging
from assessment.registry.flagged_exemplars import flagged_exemplars
from assessment.registry.second_looks import CameOf, SecondLookListed, second_looks
from tests.assessment.people.browser import sign_in

GOOD = ("proficient", "proficient", "proficient")
WHY = "The film seems to be cut."


@dataclass(frozen=True)
class Asked:
    """Work at which somebody asked for a second look, with its result."""

    workshop: Workshop
    performance: Performance
    registrar: Person

    @property
    def listed(self) -> list[SecondLookListed]:
        return list(second_looks(actor_of(self.registrar)).rows)

    def look(self, *levels: str | None) -> None:
        """Let the third assessor look again."""
        actor = self.workshop.actors[2]
        place = claimed(actor)
        assert place.role == "read behind"
        marks = dict(zip(CRITERIA, levels, strict=True))
        entered = service.Given(marks, dict.fromkeys(CRITERIA, "I saw it."))
        assert isinstance(service.release(place.id, entered, actor), service.Released)


def ask(workshop: Workshop, learner: Actor) -> Performance:
    """Return work that was rated, with a second look asked for by the first assessor."""
    made = build_performance(workshop.task, learner)
    place = build_rating(workshop.actors[0], *GOOD)
    build_rating(workshop.actors[1], *GOOD)
    ask_second_look(place.id, WHY, workshop.actors[0])
    return made


@pytest.fixture
def asked(context: Flask) -> Asked:
    workshop = build_workshop()
    registrar = build_staff(Role.REGISTRAR, workshop.institution)
    return Asked(workshop, ask(workshop, build_learner()[1]), registrar)


def test_it_waits_until_somebody_looks(asked: Asked) -> None:
    (listed,) = asked.listed
    assert (listed.came_of, listed.rating, listed.steps) == (CameOf.WAITS, None, None)
    assert (listed.asked.words, listed.role) == (WHY, "assessor")
    assert listed.evidence_id is not None


@pytest.mark.parametrize(
    ("levels", "steps"),
    [
        (GOOD, 0),
        (("proficient", "beginning", "developing"), 2),
        (("proficient", None, "expert"), 1),
    ],
)
def test_it_says_who_looked_and_how_far_that_is_from_the_result(
    asked: Asked, levels: tuple[str | None, ...], steps: int
) -> None:
    asked.look(*levels)
    (listed,) = asked.listed
    assert (listed.came_of, listed.steps) == (CameOf.LOOKED_AT, steps)
    assert listed.looked is asked.workshop.assessors[2]


def test_filters_and_pages(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    asked.look(*GOOD)
    waiting = ask(asked.workshop, build_learner()[1])
    actor = actor_of(asked.registrar)
    found = {each: second_looks(actor, each).rows for each in CameOf}
    assert [each.performance for each in found[CameOf.LOOKED_AT]] == [asked.performance]
    assert [each.performance for each in found[CameOf.WAITS]] == [waiting]
    assert found[CameOf.NOTHING] == ()
    monkeypatch.setattr(paging, "PAGE_SIZE", 1)
    second = second_looks(actor, page=2)
    assert (second.total, second.pages, len(second.rows)) == (2, 2, 1)


def test_only_registrars_of_the_institution_without_a_part_see_it(asked: Asked) -> None:
    elsewhere = build_staff(Role.REGISTRAR, build_institution("elsewhere"))
    assert second_looks(actor_of(elsewhere)).rows == ()
    rater = asked.workshop.assessors[1]
    build_role(rater, Role.REGISTRAR, asked.workshop.institution)
    assert second_looks(actor_of(rater)).rows == ()
    assert len(asked.listed) == 1


def test_the_page_shows_no_level_and_not_who_asked(app: Flask, asked: Asked) -> None:
    browser = sign_in(app.test_client(), asked.registrar)
    assert "Waits for somebody" in browser.get("/registrar/second-looks").text
    asked.look("proficient", "developing", "proficient")
    page = browser.get("/registrar/second-looks").text
    assert "Differs by 1 step at the most" in page
    assert WHY in page
    assert asked.workshop.assessors[2].display_name in page
    assert f">{asked.workshop.assessors[0].display_name}<" not in page
    assert "Developing</" not in page
    nothing = browser.get("/registrar/second-looks?came_of=waits")
    assert "There is none of these" in nothing.text
    assert browser.get("/registrar/second-looks?came_of=x").status_code == 422


def test_flags_on_exemplars_are_for_registrars_who_rate_nothing(app: Flask, asked: Asked) -> None:
    build_exemplars(asked.workshop.task, training=1)
    assessor = asked.workshop.actors[3]
    build_gate(asked.workshop.task)
    place = training.next_training("isolation", assessor)
    assert place is not None
    ask_second_look(place.id, "The second picture is of another lock.", assessor)
    registrar = actor_of(asked.registrar)
    (flag,) = flagged_exemplars(registrar)
    assert (flag.key, flag.words) == ("training-00", "The second picture is of another lock.")
    assert [each.performance for each in asked.listed] == [asked.performance]
    both = build_staff(Role.REGISTRAR, asked.workshop.institution)
    build_role(both, Role.ASSESSOR, asked.workshop.institution)
    assert flagged_exemplars(actor_of(both)) == []
    elsewhere = build_staff(Role.REGISTRAR, build_institution("elsewhere"))
    assert flagged_exemplars(actor_of(elsewhere)) == []
    page = sign_in(app.test_client(), asked.registrar).get("/registrar/second-looks").text
    assert "training-00" in page
    assert "The second picture is of another lock." in page
