"""Whoever's word was set aside says nothing more of the work, and links end with their days."""

from __future__ import annotations

import pytest

from assessment.access import system
from assessment.demo.builders.examinations import build_learner
from assessment.errors import Expired, Forbidden
from assessment.extensions import db
from assessment.observations import calling
from assessment.observations.models import Ending, Interest, Nomination, Observation
from assessment.observations.service import actor_of_link, claim, may_claim, void
from assessment.performances import nominating
from assessment.performances.denied import Denied
from tests.assessment.observations.conftest import AT_WORK, Scene
from tests.assessment.people.clocks import StoppedClock

NOBODY = system("test")
SAM = "sam@lantern-motors.example"


def second_link(scene: Scene) -> tuple[Observation, Nomination]:
    """Return what somebody said, and another link that the same mailbox was sent since."""
    seen = scene.seen(scene.named())
    return seen, scene.named(f"{AT_WORK.upper()}")


def test_every_link_of_a_mailbox_ends_when_its_word_is_set_aside(scene: Scene) -> None:
    seen, second = second_link(scene)
    other = scene.named(SAM)
    void(seen.learner_id, seen.id, "They do not work there.", NOBODY)
    assert (second.ended_because, other.ended_because) == (Ending.SET_ASIDE, None)
    with pytest.raises(Expired, match="This request is closed"):
        scene.seen(second, once="another")
    assert scene.seen(other).counts
    with pytest.raises(Denied):
        scene.named()


def test_a_link_that_is_open_still_says_nothing_after_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second fence: even where a link was left open."""
    seen, second = second_link(scene)
    monkeypatch.setattr(calling, "_end_links", lambda *_given: None)
    void(seen.learner_id, seen.id, "They do not work there.", NOBODY)
    assert second.ended_at is None
    with pytest.raises(Expired, match="This request is closed"):
        scene.seen(second, once="another")


def test_a_request_that_was_erased_is_claimed_by_nobody(scene: Scene) -> None:
    nomination = scene.named()
    scene.seen(nomination)
    _person, somebody = build_learner()
    nomination.email = None
    db.session.flush()
    assert not may_claim(nomination)
    with pytest.raises(Expired, match="was erased"):
        claim(nomination, somebody)


def test_claiming_ends_with_the_days_of_the_link(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    nomination = scene.named()
    scene.seen(nomination)
    _person, somebody = build_learner()
    with pytest.raises(Forbidden):
        claim(nomination, actor_of_link(nomination))
    stopped.move(days=22)
    assert not may_claim(nomination)
    with pytest.raises(Expired, match="good for 21 days"):
        claim(nomination, somebody)
    stopped.move(days=-2)
    assert claim(nomination, somebody).person_id == somebody.person_id


def test_that_one_is_flagged_is_told_when_it_is_decided(scene: Scene) -> None:
    """Whoever learns at once which sign was seen, asks somebody else without it."""
    seen = scene.seen(scene.named(), interest=Interest.FAMILY)
    assert not seen.counts
    naming = nominating.naming_of(scene.performance)
    assert (naming.counted, naming.is_decided) == (1, False)
    void(seen.learner_id, seen.id, "They do not work there.", NOBODY)
    assert nominating.naming_of(scene.performance).counted == 0
