"""Evidence and ratings set aside: what is shown first, what follows, and what is never done."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment import clock
from assessment.access import Actor, Role
from assessment.awards import service as awards
from assessment.awards.models import Award, AwardDoubt, AwardState
from assessment.demo.builders.catalogue import build_achievement
from assessment.demo.builders.people import build_person, build_role, build_staff
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_rating,
    build_workshop,
)
from assessment.errors import Conflict, Forbidden, NoSuchRecord
from assessment.evidence.models import Evidence, EvidenceVoid
from assessment.extensions import db
from assessment.people.models import Person
from assessment.people.service import actor_of
from assessment.performances import appealing, service
from assessment.performances.models import (
    Assignment,
    AssignmentState,
    Performance,
    RatingRow,
    RatingVoid,
    ResolutionRow,
)
from assessment.performances.reviewers import somebody_may_take
from assessment.performances.without import Follows
from assessment.registry import voiding
from tests.assessment.people.browser import sign_in
from tests.assessment.performances.test_service import GOOD
from tests.assessment.registry.offices import build_office

ENGLISH = {"Accept-Language": "en"}
REASON = "The work is somebody else's."


@dataclass(frozen=True)
class Case:
    """Work that two assessors rated, an award on it, and a certificate that rests on the award."""

    workshop: Workshop
    registrar: Actor
    staff: Person
    learner: Person
    performance: Performance

    @property
    def evidence(self) -> Evidence:
        """The evidence that counted first."""
        row = select(ResolutionRow.evidence_id).filter_by(learner_id=self.learner.learner_id)
        first = db.session.scalars(row.order_by(ResolutionRow.resolved_at)).all()[0]
        return db.session.scalars(select(Evidence).filter_by(id=first)).one()

    def award(self, key: str) -> Award:
        """Return the award of an achievement, read anew."""
        found = awards.awards_of(self.learner.learner_id)
        return next(each for each in found if each.achievement.key == key)

    def ratings(self) -> list[RatingRow]:
        """Return the ratings, the first one first."""
        rows = select(RatingRow).where(RatingRow.released_at.is_not(None))
        return list(db.session.scalars(rows.order_by(RatingRow.released_at)))


def build_case(*levels: str, assessors: int = 4) -> Case:
    """Return a case of its own, of which both ratings gave these levels."""
    workshop = build_workshop(assessors=assessors)
    build_achievement("mechanic", workshop.institution, {"achievement": "isolating"})
    learner = build_person("ana@example.org", legal_name="Ana Côté")
    staff = build_staff(Role.REGISTRAR, workshop.institution)
    made = build_performance(workshop.task, actor_of(learner))
    for actor in workshop.actors[:2]:
        build_rating(actor, *(levels or GOOD))
    return Case(workshop, actor_of(staff), staff, learner, made)


@pytest.fixture
def case(context: Flask) -> Case:
    return build_case()


def test_what_would_follow_is_shown_and_nothing_is_done(case: Case) -> None:
    page = voiding.evidence_page(case.evidence.id, case.registrar)
    found = {each.award.achievement.key: each.stands for each in page.reruns}
    assert found == {"isolating": False, "mechanic": False}
    assert len(page.ratings) == 2
    assert db.session.scalars(select(EvidenceVoid)).all() == []
    assert db.session.scalars(select(AwardDoubt)).all() == []


def test_other_evidence_holds_an_award_up(case: Case) -> None:
    again = build_performance(case.workshop.task, actor_of(case.learner), text="Once more.")
    for actor in case.workshop.actors[:2]:
        build_rating(actor, *GOOD)
    assert again.state == "resolved"
    page = voiding.evidence_page(case.evidence.id, case.registrar)
    assert [(each.award.achievement.key, each.stands) for each in page.reruns] == [
        ("isolating", True)
    ]


def test_setting_aside_revokes_nothing_and_asks_about_each_award(case: Case) -> None:
    page = voiding.evidence_page(case.evidence.id, case.registrar)
    doubted = voiding.set_aside(case.evidence.id, REASON, page.seen, case.registrar)
    assert {each.achievement.key for each in doubted} == {"isolating", "mechanic"}
    assert case.award("isolating").state == case.award("mechanic").state == AwardState.AWARDED
    assert awards.facts_of(case.learner.learner_id).rubrics == ()
    assert len(awards.doubts_for(case.registrar, 10)) == 2
    with pytest.raises(Conflict):
        voiding.set_aside(case.evidence.id, REASON, "", case.registrar)


def test_keeping_an_award_keeps_what_rests_on_it(case: Case) -> None:
    page = voiding.evidence_page(case.evidence.id, case.registrar)
    voiding.set_aside(case.evidence.id, REASON, page.seen, case.registrar)
    awards.keep(case.award("isolating").id, "Shown to me in person.", case.registrar)
    assert awards.doubts_for(case.registrar, 10) == []
    with pytest.raises(Conflict):
        awards.keep(case.award("isolating").id, "Again.", case.registrar)


def test_revoking_an_award_leaves_what_rests_on_it_in_doubt(case: Case) -> None:
    page = voiding.evidence_page(case.evidence.id, case.registrar)
    voiding.set_aside(case.evidence.id, REASON, page.seen, case.registrar)
    awards.revoke(case.award("isolating").id, REASON, case.registrar)
    (left,) = awards.doubts_for(case.registrar, 10)
    assert left.achievement.key == "mechanic"
    assert not awards.rerun_of(left).stands
    awards.keep(left.id, "It was earned otherwise.", case.registrar)
    assert awards.doubts_for(case.registrar, 10) == []


def test_what_changed_since_the_page_was_opened_is_shown_again(case: Case) -> None:
    page = voiding.evidence_page(case.evidence.id, case.registrar)
    awards.revoke(case.award("mechanic").id, REASON, case.registrar)
    with pytest.raises(Conflict, match="has changed"):
        voiding.set_aside(case.evidence.id, REASON, page.seen, case.registrar)
    assert db.session.scalars(select(EvidenceVoid)).all() == []


def test_only_the_institution_that_stands_for_it_sets_it_aside(case: Case) -> None:
    stranger = build_office("harbour-institute").registrar
    with pytest.raises(NoSuchRecord):
        voiding.evidence_page(case.evidence.id, stranger)
    with pytest.raises(NoSuchRecord):
        voiding.set_aside(case.evidence.id, REASON, "", stranger)
    with pytest.raises(NoSuchRecord):
        voiding.rating_page(case.ratings()[0].id, stranger)


def test_nobody_decides_about_their_own_record(case: Case) -> None:
    build_role(case.learner, Role.REGISTRAR, case.workshop.institution)
    own = actor_of(case.learner)
    page = voiding.evidence_page(case.evidence.id, own)
    assert page.ratings == ()  # nor do they learn there who rated them
    with pytest.raises(Forbidden):
        voiding.set_aside(case.evidence.id, REASON, page.seen, own)
    rating = case.ratings()[0]
    with pytest.raises(Forbidden, match="your own record"):
        voiding.rating_page(rating.id, own)
    seen = voiding.rating_page(rating.id, case.registrar).would.seen
    with pytest.raises(Forbidden):
        voiding.set_rating_aside(rating.id, REASON, seen, own)


def test_without_one_of_two_ratings_somebody_else_is_asked(case: Case) -> None:
    rating = case.ratings()[0]
    page = voiding.rating_page(rating.id, case.registrar)
    assert (page.would.follows, page.would.after) == (Follows.NOBODY, None)
    assert [each.stands for each in page.would.reruns] == [False, False]
    assert db.session.scalars(select(RatingVoid)).all() == []
    before = voiding.set_rating_aside(rating.id, REASON, page.would.seen, case.registrar)
    assert before == case.evidence.id
    assert len(awards.doubts_for(case.registrar, 10)) == 2
    build_rating(case.workshop.actors[2], *GOOD)
    assert case.award("isolating").state == AwardState.AWARDED
    assert all(awards.rerun_of(each).stands for each in awards.doubts_for(case.registrar, 10))


def test_a_rating_on_appeal_that_is_set_aside_gives_the_level_before(context: Flask) -> None:
    case = build_case("proficient", "developing", "proficient")
    appealing.appeal(case.performance.id, {"isolates": "At 1:30."}, actor_of(case.learner))
    build_rating(case.workshop.actors[2], *GOOD, comments={"isolates": "I see it."})
    rating = case.ratings()[-1]
    page = voiding.rating_page(rating.id, case.registrar)
    assert page.would.follows is Follows.OTHER
    assert page.would.before is not None
    assert page.would.after is not None
    assert (page.would.before.key, page.would.after.key) == ("proficient", "beginning")
    assert {each.award.achievement.key for each in page.would.reruns} == {"isolating", "mechanic"}
    voiding.set_rating_aside(rating.id, REASON, page.would.seen, case.registrar)
    assert len(awards.doubts_for(case.registrar, 10)) == 2
    build_rating(case.workshop.actors[3], *GOOD, comments={"isolates": "I see it."})


def test_a_lost_appeal_puts_the_award_in_doubt(case: Case) -> None:
    appealing.appeal(case.performance.id, {"isolates": "Look again."}, actor_of(case.learner))
    levels = ("proficient", "beginning", "proficient")
    build_rating(case.workshop.actors[2], *levels, comments={"isolates": "No lock."})
    assert case.award("isolating").state == AwardState.AWARDED
    assert len(awards.doubts_for(case.registrar, 10)) == 2


def test_whoever_rates_it_does_not_see_who_else_did(context: Flask) -> None:
    case = build_case()
    appealing.appeal(case.performance.id, {"isolates": "Look again."}, actor_of(case.learner))
    person = case.workshop.assessors[2]
    build_role(person, Role.REGISTRAR, case.workshop.institution)
    both = actor_of(person)
    assert service.claim_next(both) is not None
    with pytest.raises(Forbidden):
        voiding.rating_page(case.ratings()[0].id, both)
    assert voiding.evidence_page(case.evidence.id, both).ratings == ()
    assert len(voiding.evidence_page(case.evidence.id, case.registrar).ratings) == 2


def test_whoever_may_rate_it_next_does_not_see_who_else_did(context: Flask) -> None:
    case = build_case(assessors=5)
    person = case.workshop.assessors[4]
    build_role(person, Role.REGISTRAR, case.workshop.institution)
    both = actor_of(person)
    first, second = case.ratings()
    assert len(voiding.evidence_page(case.evidence.id, both).ratings) == 2
    service.void_rating(first, "Seen to be careless.", case.registrar)
    assert voiding.evidence_page(case.evidence.id, both).ratings == ()
    with pytest.raises(Forbidden, match="may take it now"):
        voiding.rating_page(second.id, both)
    assert len(voiding.evidence_page(case.evidence.id, case.registrar).ratings) == 2
    build_rating(case.workshop.actors[2], *GOOD)
    assert len(voiding.evidence_page(case.evidence.id, both).ratings) == 3


def test_whoever_sets_a_rating_aside_does_not_give_the_next_one(context: Flask) -> None:
    case = build_case(assessors=4)
    person = case.workshop.assessors[3]
    build_role(person, Role.REGISTRAR, case.workshop.institution)
    both = actor_of(person)
    rating = case.ratings()[0]
    seen = voiding.rating_page(rating.id, both).would.seen
    voiding.set_rating_aside(rating.id, REASON, seen, both)
    assert service.queue_of(both).number == 0
    assert service.claim_next(both) is None
    other = case.workshop.actors[2]
    assert service.queue_of(other).number == 1
    (place,) = db.session.scalars(select(Assignment).filter_by(state=AssignmentState.OPEN))
    assert somebody_may_take(place)
    other_person = case.workshop.assessors[2]
    other_person.disabled_at = clock.now()
    db.session.flush()
    assert not somebody_may_take(place)  # and whoever set it aside is nobody to wait for


class Desk:
    """A registrar's browser on a case, and one of another institution."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            case = build_case("expert", "proficient", "proficient")
            self.evidence_id = case.evidence.id
            self.rating_id = case.ratings()[0].id
            self.award_id = case.award("isolating").id
            self.performance_id = case.performance.id
            stranger = build_office("harbour-institute").person
            self.browser = sign_in(app.test_client(), case.staff)
            self.learner = sign_in(app.test_client(), case.learner)
            self.stranger: FlaskClient = sign_in(app.test_client(), stranger)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def seen(text: str) -> str:
    """Return what the page said would follow."""
    return text.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]


def test_from_the_award_to_setting_its_evidence_aside(desk: Desk) -> None:
    award = f"/registrar/awards/{desk.award_id}"
    assert f"{award}/evidence" in desk.browser.get(award).text
    at = f"/registrar/evidence/{desk.evidence_id}"
    assert at in desk.browser.get(f"{award}/evidence").text
    assert at in desk.browser.get("/registrar/evidence?learner=ana@example.org").text
    page = desk.browser.get(at, headers=ENGLISH).text
    assert page.count("Would no longer stand") == 2
    empty = desk.browser.post(at, data={"seen": seen(page), "reason": " "}, headers=ENGLISH)
    assert (empty.status_code, "Give the reason." in empty.text) == (422, True)
    stale = desk.browser.post(at, data={"seen": "", "reason": "Kept words"})
    assert (stale.status_code, "Kept words" in stale.text) == (409, True)
    done = desk.browser.post(at, data={"seen": seen(stale.text), "reason": REASON})
    assert done.status_code == 303
    after = desk.browser.get(at, headers=ENGLISH).text
    assert f"/registrar/doubts/{desk.award_id}" in after
    assert "somebody else&#39;s" in desk.learner.get(f"/performances/{desk.performance_id}").text


def test_deciding_about_an_award_in_doubt(desk: Desk) -> None:
    at = f"/registrar/evidence/{desk.evidence_id}"
    page = desk.browser.get(at).text
    desk.browser.post(at, data={"seen": seen(page), "reason": REASON})
    doubt = f"/registrar/doubts/{desk.award_id}"
    assert doubt in desk.browser.get("/registrar/doubts").text
    assert doubt in desk.browser.get(f"/registrar/awards/{desk.award_id}").text
    said = desk.browser.get(doubt, headers=ENGLISH).text
    assert "no longer met" in said
    assert f"/registrar/awards/{desk.award_id}/revoke" in said
    assert desk.browser.post(doubt, data={"reason": ""}).status_code == 422
    assert desk.browser.post(doubt, data={"reason": "Seen in person."}).status_code == 303
    late = desk.browser.post(doubt, data={"reason": "Late words"})
    assert (late.status_code, "Late words" in late.text) == (409, True)
    assert "Seen in person." in desk.browser.get(doubt).text


def test_setting_one_rating_aside(desk: Desk) -> None:
    at = f"/registrar/ratings/{desk.rating_id}"
    assert at in desk.browser.get(f"/registrar/evidence/{desk.evidence_id}").text
    page = desk.browser.get(at, headers=ENGLISH).text
    assert "Too little is left for a result" in page
    assert "expert" not in page.lower()  # no mark is shown
    done = desk.browser.post(at, data={"seen": seen(page), "reason": REASON})
    assert done.status_code == 303
    again = desk.browser.post(at, data={"seen": seen(page), "reason": "Late words"})
    assert (again.status_code, "Late words" in again.text) == (409, True)


def test_another_institution_finds_nothing(desk: Desk) -> None:
    for path in (
        f"/registrar/evidence/{desk.evidence_id}",
        f"/registrar/ratings/{desk.rating_id}",
        f"/registrar/doubts/{desk.award_id}",
        f"/registrar/awards/{desk.award_id}/evidence",
    ):
        assert desk.stranger.get(path).status_code == 404
    unknown = desk.stranger.get("/registrar/evidence?learner=ana@example.org")
    assert unknown.status_code == 422
    assert desk.evidence_id not in unknown.text
    assert desk.learner.get("/registrar/doubts").status_code == 403


def test_the_registrar_sees_appeals_without_names(desk: Desk) -> None:
    path = f"/performances/{desk.performance_id}/appeal"
    assert desk.learner.post(path, data={"reason-isolates": "At 1:30."}).status_code == 303
    page = desk.browser.get("/registrar/appeals", headers=ENGLISH).text
    assert "Isolate a battery" in page
    assert "Ana Côté" not in page
    assert "Isolate a battery" not in desk.stranger.get("/registrar/appeals").text
