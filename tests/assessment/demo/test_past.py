"""What the demo tells of: works that were rated, works that wait, and whoever may rate them."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import clock, transactions
from assessment.artefacts.models import Artefact
from assessment.audit.models import AuditLink
from assessment.audit.verification import verify
from assessment.awards.doubting import doubts_for
from assessment.demo import content_files
from assessment.demo.loading import Loaded, load
from assessment.demo.stories import LETTERS
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.observations.calling import calls_waiting
from assessment.observations.claiming import given_by
from assessment.observations.flagging import flagged
from assessment.observations.mailboxes import is_public
from assessment.observations.models import Nomination, Observation, Particulars, Sign
from assessment.observations.naming import MAIL_LINK
from assessment.people.models import Person
from assessment.people.service import actor_of
from assessment.performances import service as performances
from assessment.performances.complaining import complaints_for
from assessment.performances.models import (
    Assignment,
    AssignmentRole,
    AssignmentState,
    Performance,
    PerformanceState,
    RatingRow,
    Submission,
)
from assessment.performances.reviewers import somebody_may_take
from assessment.performances.trust_models import ExemplarReference
from assessment.registry.appeals import appeals_for
from assessment.registry.second_looks import CameOf, second_looks
from tests.conftest import DATABASES, build_app

QUALIFIED = ("assessor-1", "assessor-2", "assessor-4")
ENOUGH_FOR_FIGURES = 10
LONGEST_DESK, SHORTEST_DESK = 60, 30


@pytest.fixture(scope="module", params=DATABASES)
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Flask, Loaded]:
    """Return an installation with the whole demo; tests change nothing."""
    app = build_app(request.param, tmp_path_factory.mktemp("told"), request)
    with app.app_context(), transactions.writing():
        return app, load()


@pytest.fixture
def loaded(told: tuple[Flask, Loaded]) -> Loaded:
    """Return what was loaded, within its installation."""
    return told[1]


@pytest.fixture(autouse=True)
def _within(told: tuple[Flask, Loaded]) -> Iterator[None]:
    with told[0].app_context():
        yield


def person(key: str) -> Person:
    """Return one of the demo's people."""
    email = next(each.email for each in content_files.people() if each.key == key)
    return db.session.scalars(select(Person).where(Person.email == email)).one()


def shown(key: str) -> dict[str, PerformanceState]:
    """Return where each performance of one of the demo's people stands, by its task."""
    found = performances.performances_of(person(key).learner_id)
    return {each.task_key: PerformanceState(each.state) for each in found}


def test_says_how_much_there_is(loaded: Loaded) -> None:
    assert loaded.exemplars == 80
    assert loaded.works == 69


def test_the_desk_looks_alive() -> None:
    """A hundred days of work are rated, and some waits."""
    for key in QUALIFIED:
        desk = performances.queue_of(actor_of(person(key)))
        assert desk.number >= SHORTEST_DESK
        assert not desk.under_way
    waiting = (PerformanceState.SUBMITTED, PerformanceState.IN_MARKING)
    rows = select(Performance).where(Performance.state.in_(waiting))
    assert SHORTEST_DESK <= len(db.session.scalars(rows).all()) <= LONGEST_DESK


def test_nothing_in_french_waits_so_that_the_tour_finds_its_own() -> None:
    for key in QUALIFIED:
        french = performances.queue_of(actor_of(person(key)), performances.Choice(language="fr"))
        assert french.number == 0


def test_no_exemplar_comes_in_the_stead_of_work_in_french() -> None:
    seeds = select(ExemplarReference.performance_id).where(ExemplarReference.for_seeds)
    rows = select(Submission.language).where(Submission.performance_id.in_(seeds))
    assert set(db.session.scalars(rows)) == {"en"}


def test_whoever_is_not_through_the_gate_has_nothing_to_rate() -> None:
    assert performances.queue_of(actor_of(person("assessor-3"))).number == 0


def test_each_assessor_has_rated_enough_beside_the_others() -> None:
    rows = select(RatingRow.person_id, RatingRow.performance_id).where(
        RatingRow.released_at.is_not(None), RatingRow.role == AssignmentRole.ASSESSOR
    )
    pairs = db.session.execute(rows).all()
    number = Counter(who for who, _ in pairs)
    assert number.keys() == {person(key).id for key in QUALIFIED}
    assert min(number.values()) >= ENOUGH_FOR_FIGURES
    together = {
        frozenset((one, other))
        for one, first in pairs
        for other, second in pairs
        if first == second and one != other
    }
    assert len(together) == len(QUALIFIED)  # each with each: the design is connected


def test_what_was_handed_in_at_work_was_seen_there() -> None:
    rows = select(Performance).filter_by(
        task_key="isolate-hv-battery", state=PerformanceState.RESOLVED
    )
    resolved = {each.id for each in db.session.scalars(rows)}
    seen = set(db.session.scalars(select(Observation.performance_id)))
    assert len(resolved) >= ENOUGH_FOR_FIGURES - 1
    assert resolved <= seen


def test_whoever_decides_is_there_lent_by_a_partner() -> None:
    """All who could have had a part in it; whoever has not sees all that they said."""
    rows = select(Assignment).filter_by(state=AssignmentState.OPEN)
    by_role = {each.role: each for each in db.session.scalars(rows)}
    place = by_role[AssignmentRole.ADJUDICATOR]
    assert place.is_shared
    assert somebody_may_take(place)
    partner = actor_of(person("assessor-5"))
    waiting = performances.queue_of(partner).waiting
    assert place.rubric_key in {each.rubric_key for each in waiting}
    for key in QUALIFIED:
        rated = select(RatingRow).filter_by(
            performance_id=place.performance_id, person_id=person(key).id
        )
        assert db.session.scalars(rated).one().released_at is not None


def test_the_observer_finds_what_they_sent() -> None:
    given = given_by(actor_of(person("observer")))
    assert len(given) >= 3
    assert {each.rubric_key for each in given} == {"hv-isolation"}


def test_learners_have_something_under_way() -> None:
    assert shown("learner") == {"isolate-hv-battery": PerformanceState.SUBMITTED}
    assert shown("learner-fr") == {
        "isolate-hv-battery": PerformanceState.DRAFT,
        "risk-assessment-hv": PerformanceState.MORE_EVIDENCE,
    }
    assert shown("learner-access") == {"risk-assessment-hv": PerformanceState.RESOLVED}


def test_nobody_is_written_to_about_what_is_long_past() -> None:
    jobs = db.session.scalars(select(Job)).all()
    letters = [each for each in jobs if each.kind in LETTERS]
    assert letters
    assert min(each.run_at for each in letters) > clock.now() - timedelta(days=3)
    assert any(each.kind == MAIL_LINK for each in letters)


def test_no_work_is_there_twice() -> None:
    digests = db.session.scalars(select(Artefact.sha256)).all()
    assert len(set(digests)) == len(digests)


def test_it_is_told_in_the_order_of_time_and_ends_today() -> None:
    assert not verify().faults
    moments = db.session.execute(
        select(AuditLink.chain, AuditLink.number, AuditLink.at).order_by(
            AuditLink.chain, AuditLink.number
        )
    ).all()
    for (chain, _, earlier), (next_chain, _, later) in pairwise(moments):
        assert chain != next_chain or earlier <= later
    last = max(at for _, _, at in moments)
    assert timedelta(0) <= clock.now() - last < timedelta(hours=1)


def test_each_desk_of_the_registrar_has_something_on_it() -> None:
    registrar = actor_of(person("registrar"))
    appeals = appeals_for(registrar)
    assert [each.is_decided for each in appeals] == [False, True]
    assert appeals[
        0
    ].lacks_anybody  # all have a part, the partner's knows her: somebody has to be found
    answered = [each.answered_at is not None for each in complaints_for(registrar)]
    assert answered == [False, True]
    (call,) = calls_waiting(registrar)
    assert (call.employer, call.telephone != "") == ("Ostrowski EV", True)
    seen_by = select(Particulars.email).filter_by(observation_id=call.observation_id)
    assert is_public(db.session.scalars(seen_by).one() or "")
    used = select(Nomination.used_at).filter_by(name=call.observer_name)
    assert db.session.scalars(used).one() is not None  # so that nobody is written to
    (suspect,) = flagged(registrar)
    assert (suspect.signs, suspect.counts) == ((Sign.DECLARED, Sign.SAME_NAME), False)
    (doubted,) = doubts_for(registrar, 10)
    assert doubted.achievement.key == "bev-hazards"
    (look,) = second_looks(registrar).rows
    assert (look.came_of, look.steps) == (CameOf.LOOKED_AT, 1)
    assert look.learner is person("learner-argues")
