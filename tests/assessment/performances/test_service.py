"""From a task to an award: what learners show, what assessors say of it, and what follows."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from assessment import clock
from assessment.access import Actor, Role
from assessment.artefacts import service as artefacts
from assessment.awards.models import Award
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.people import build_institution, build_role, build_staff
from assessment.demo.builders.performances import (
    CRITERIA,
    Workshop,
    build_performance,
    build_rating,
    build_task,
    build_workshop,
    claimed,
    given,
)
from assessment.errors import Conflict, Forbidden, Invalid, NoSuchRecord
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.people.models import Person
from assessment.performances import service
from assessment.performances.models import (
    Assignment,
    AssignmentState,
    Performance,
    PerformanceState,
    RatingRow,
)
from tests.assessment.people.actors import actor_for

EVERYWHERE = dict.fromkeys(CRITERIA, "")
GOOD = ("proficient",) * 3


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop()


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    target = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "canary camera"
    exif[0x0112] = 6  # lies on its side
    Image.new("RGB", size, "red").save(target, kind, exif=exif)
    return target.getvalue()


def awards_of(actor: Actor) -> list[Award]:
    return list(db.session.scalars(select(Award).filter_by(learner_id=actor.learner_id)))


def test_two_independent_ratings_award_at_once(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    one, two, *_rest = workshop.actors
    build_rating(one, *GOOD)
    assert shown.state == PerformanceState.IN_MARKING
    assert awards_of(learner) == []
    build_rating(two, "expert", "proficient", "proficient")
    assert shown.state == PerformanceState.RESOLVED
    (award,) = awards_of(learner)
    assert award.achievement.key == "isolating"
    (fact,) = evidence.facts(learner.learner_id or "").rubrics
    assert (fact.level, fact.raters, dict(fact.by_role)) == ("proficient", 2, {"assessor": 2})
    assert {key: each.level for key, each in fact.criteria.items()} == {
        "prepares": "proficient",  # of two the lower
        "isolates": "proficient",
        "tidies": "proficient",
    }
    assert fact.occurred_on == shown.submitted_at


def test_below_the_level_is_evidence_and_no_award(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, "expert", "developing", "expert")  # nothing makes up for safety
    assert shown.state == PerformanceState.RESOLVED
    (fact,) = evidence.facts(learner.learner_id or "").rubrics
    assert fact.level == "beginning"
    assert awards_of(learner) == []
    again = service.begin(workshop.task, learner)
    assert (again.number, again.state) == (2, PerformanceState.DRAFT)


def test_a_third_rater_and_then_somebody_who_decides(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    one, two, three, four = workshop.actors
    build_rating(one, "beginning", *GOOD[1:])
    build_rating(two, "proficient", *GOOD[1:])
    third = build_rating(three, "expert", *GOOD[1:])
    assert third.role == "third"
    assert third.criteria == list(CRITERIA)  # and is not told what the others disagree on
    assert shown.state == PerformanceState.RESOLVED  # two of three lie within a step
    assert service.queue_of(four).number == 0


def test_the_adjudicator_is_asked_about_what_is_in_dispute(
    workshop: Workshop, learner: Actor
) -> None:
    shown = build_performance(workshop.task, learner)
    one, two, three, four = workshop.actors
    build_rating(one, *GOOD)
    build_rating(two, "proficient", "beginning", "proficient")
    build_rating(three, *GOOD)  # safety is not a matter of majority
    assert shown.state == PerformanceState.IN_MARKING
    assert service.claim_next(three) is None  # who has rated it does not settle it
    place = claimed(four)
    assert (place.role, place.criteria) == ("adjudicator", ["isolates"])
    page = service.marking_page(place.id, four)
    assert [each.marks["isolates"] for each in page.others].count("beginning") == 1
    decision = service.Given({"isolates": "proficient"}, {})
    assert isinstance(service.release(place.id, decision, four), service.Unfinished)
    reasoned = service.Given({"isolates": "proficient"}, {"isolates": "The lock is seen."})
    assert isinstance(service.release(place.id, reasoned, four), service.Released)
    assert shown.state == PerformanceState.RESOLVED
    assert len(awards_of(learner)) == 1


def test_more_evidence_is_asked_for_and_looked_at_anew(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, "proficient", None, "proficient")
    assert shown.state == PerformanceState.MORE_EVIDENCE
    page = service.performance_page(shown)
    assert [line.criterion.key for line in page.lines if line.needs_more] == ["isolates"]
    said = [(each.text, each.on_appeal) for each in page.lines[1].comments]
    assert said == [("Show me more of it.", False)] * 2
    with pytest.raises(Invalid):
        service.submit(shown.id, learner)  # nothing is new
    service.add_text(shown.id, "And here is the lock.", {"isolates": "line 1"}, learner)
    service.submit(shown.id, learner)
    assert (shown.round, shown.version) == (2, 2)
    for actor in workshop.actors[1:3]:
        build_rating(actor, *GOOD)
    assert shown.state == PerformanceState.RESOLVED
    assert len(awards_of(learner)) == 1


def test_what_is_handed_in_is_changed_no_more(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    assert service.submit(shown.id, learner).version == 1  # twice is once
    with pytest.raises(Conflict):
        service.add_text(shown.id, "More.", EVERYWHERE, learner)
    with pytest.raises(Conflict):
        service.take_out(shown.id, shown.shown[0].artefact_id, learner)
    assert service.begin(workshop.task, learner) == shown


def test_a_withdrawn_performance_is_rated_by_nobody(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    one, two, *_rest = workshop.actors
    place = claimed(one)
    service.withdraw(shown.id, learner)
    assert service.withdraw(shown.id, learner).state == PerformanceState.WITHDRAWN
    assert service.claim_next(two) is None
    kept = service.release(place.id, given(*GOOD), one)
    assert isinstance(kept, service.Kept)
    assert kept.hold is service.Hold.LOST
    assert service.begin(workshop.task, learner).number == 2


def test_what_was_assessed_is_not_withdrawn(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, *GOOD)
    with pytest.raises(Conflict):
        service.withdraw(shown.id, learner)


def test_nothing_is_handed_in_empty(workshop: Workshop, learner: Actor) -> None:
    with pytest.raises(Invalid):
        service.submit(service.begin(workshop.task, learner).id, learner)


def test_nobody_rates_their_own_work(workshop: Workshop) -> None:
    person = workshop.assessors[0]
    build_performance(workshop.task, actor_for(person))
    assert service.claim_next(actor_for(person)) is None
    assert service.queue_of(actor_for(person)).number == 0
    assert service.queue_of(workshop.actors[1]).number == 1


def test_an_assessor_elsewhere_sees_nothing(workshop: Workshop, learner: Actor) -> None:
    build_performance(workshop.task, learner)
    stranger = actor_for(build_staff(Role.ASSESSOR, build_institution("elsewhere")))
    assert service.queue_of(stranger).number == 0
    assert service.claim_next(stranger) is None
    place = claimed(workshop.actors[0])
    for act in (service.marking_page, service.own_rating):
        with pytest.raises(NoSuchRecord):
            act(place.id, stranger)
    for change in (service.save, service.release):
        with pytest.raises(NoSuchRecord):
            change(place.id, given(*GOOD), stranger)


def test_a_role_that_was_taken_rates_no_more(workshop: Workshop, learner: Actor) -> None:
    build_performance(workshop.task, learner)
    person = workshop.assessors[0]
    place = claimed(actor_for(person))
    db.session.delete(person.grants[0])
    db.session.flush()
    db.session.refresh(person, ["grants"])
    with pytest.raises(NoSuchRecord):
        service.release(place.id, given(*GOOD), actor_for(person))


def test_one_has_one_at_a_time_and_the_oldest_first(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + timedelta(minutes=5)
    first = build_performance(workshop.task, build_learner()[1])
    monkeypatch.setattr(clock, "now", lambda: later)
    second = build_performance(workshop.task, build_learner()[1])
    one = workshop.actors[0]
    place = claimed(one)
    assert place.performance_id == first.id
    assert claimed(one).id == place.id
    service.release(place.id, given(*GOOD), one)
    assert claimed(one).performance_id == second.id  # never the same one twice


def test_a_draft_is_kept_and_seen_by_nobody_else(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    one, two, *_rest = workshop.actors
    place = claimed(one)
    service.save(place.id, service.Given({"tidies": "expert"}, {"tidies": "canary"}), one)
    assert service.own_rating(place.id, one).marks == {"tidies": "expert"}
    assert shown.state == PerformanceState.SUBMITTED
    other = claimed(two)
    assert other.performance_id == place.performance_id
    assert service.marking_page(other.id, two).others == ()
    with pytest.raises(NoSuchRecord):
        service.own_rating(place.id, two)
    assert not any(line.comments for line in service.performance_page(shown).lines)


def test_a_rating_is_released_whole_and_once(workshop: Workshop, learner: Actor) -> None:
    build_performance(workshop.task, learner)
    one = workshop.actors[0]
    place = claimed(one)
    partly = service.release(place.id, given("expert"), one)
    assert isinstance(partly, service.Unfinished)
    assert partly.without_level == ("isolates", "tidies")
    unsaid = service.release(
        place.id, service.Given({**given(*GOOD).marks, "tidies": None}, {}), one
    )
    assert isinstance(unsaid, service.Unfinished)
    assert unsaid.without_comment == ("tidies",)
    done = service.release(place.id, given(*GOOD), one)
    again = service.release(place.id, given(*("beginning",) * 3), one)
    assert isinstance(done, service.Released)
    assert isinstance(again, service.Released)
    assert again.rating.marks == given(*GOOD).marks
    with pytest.raises(Conflict):
        service.save(place.id, given(*GOOD), one)


@pytest.mark.parametrize(
    "wrong",
    [
        service.Given({"sings": "expert"}, {}),
        service.Given({"tidies": "superb"}, {}),
        service.Given({"tidies": "NaN"}, {}),
        service.Given({}, {"sings": "Well."}),
        service.Given({}, {"tidies": "x" * 5001}),
    ],
)
def test_marks_that_the_rubric_does_not_know_are_refused(
    workshop: Workshop, learner: Actor, wrong: service.Given
) -> None:
    build_performance(workshop.task, learner)
    one = workshop.actors[0]
    place = claimed(one)
    for act in (service.save, service.release):
        with pytest.raises(Invalid):
            act(place.id, wrong, one)
    assert service.own_rating(place.id, one).marks == {}


def test_a_lease_that_ran_out_loses_nothing_that_was_typed(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = build_performance(workshop.task, learner)
    one, two, three, _four = workshop.actors
    place = claimed(one)
    later = clock.now() + service.LEASE
    monkeypatch.setattr(clock, "now", lambda: later)
    mine = service.release(place.id, given(*GOOD), one)
    assert isinstance(mine, service.Kept)
    assert mine.hold is service.Hold.RENEWED  # refused, kept, and theirs again
    even_later = later + service.LEASE
    monkeypatch.setattr(clock, "now", lambda: even_later)
    assert {claimed(two).id, claimed(three).id} >= {place.id}
    lost = service.release(place.id, given("expert", "expert", "expert"), one)
    assert isinstance(lost, service.Kept)
    assert lost.hold is service.Hold.LOST
    assert service.own_rating(place.id, one).marks == given("expert", "expert", "expert").marks
    assert service.marking_page(place.id, one).pieces == ()  # no longer theirs to see
    assert shown.state == PerformanceState.SUBMITTED


def test_another_learners_performance_is_none(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    other = build_learner()[1]
    for act in (service.own_performance, service.submit, service.withdraw):
        with pytest.raises(NoSuchRecord):
            act(shown.id, other)
    with pytest.raises(NoSuchRecord):
        service.add_text(shown.id, "Mine now.", EVERYWHERE, other)
    with pytest.raises(Forbidden):
        service.begin(workshop.task, Actor(kind=learner.kind, person_id="x"))


def test_an_artefact_of_another_performance_is_none(workshop: Workshop, learner: Actor) -> None:
    foreign = build_performance(workshop.task, build_learner()[1]).shown[0].artefact_id
    own = service.begin(workshop.task, learner)
    with pytest.raises(NoSuchRecord):
        service.take_out(own.id, foreign, learner)
    with pytest.raises(NoSuchRecord):
        service.artefact_of(own, foreign)


def test_a_file_is_what_its_bytes_are(workshop: Workshop, learner: Actor) -> None:
    own = service.begin(workshop.task, learner)
    kept = service.add_file(
        own.id, picture(), "../../etc/x\u202egpj.html", EVERYWHERE, learner
    ).artefact
    assert kept.media_type == "image/png"
    assert "etc/" not in kept.storage_key
    assert kept.storage_key.endswith(".png")
    assert kept.original_name == "../../etc/xgpj.html"
    assert len(kept.sha256) == 64


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg onload='alert(1)'/>",
        b"<html>",
        b"GIF89a/*",
        b"\x89PNG\r\n\x1a\nrest",
        b"\xff\xd8\xff",
    ],
)
def test_what_we_do_not_take_is_refused(workshop: Workshop, learner: Actor, data: bytes) -> None:
    own = service.begin(workshop.task, learner)
    with pytest.raises(Invalid):
        service.add_file(own.id, data, "a.png", EVERYWHERE, learner)
    assert own.shown == []


def test_a_flood_of_pixels_is_refused_before_it_is_unpacked(
    workshop: Workshop, learner: Actor
) -> None:
    small = picture(size=(1, 1))
    flood = small[:16] + (50_000).to_bytes(4, "big") * 2 + small[24:]
    own = service.begin(workshop.task, learner)
    with pytest.raises(Invalid):
        service.add_file(own.id, flood, "a.png", EVERYWHERE, learner)


@pytest.mark.parametrize("anchors", [{}, {"sings": ""}, {"tidies": "x" * 121}])
def test_evidence_is_attached_to_criteria_that_there_are(
    workshop: Workshop, learner: Actor, anchors: dict[str, str]
) -> None:
    own = service.begin(workshop.task, learner)
    with pytest.raises(Invalid):
        service.add_text(own.id, "So.", anchors, learner)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_assessors_see_a_picture_without_what_a_camera_wrote(
    workshop: Workshop, learner: Actor, kind: str
) -> None:
    own = service.begin(workshop.task, learner)
    kept = service.add_file(own.id, picture(kind), "canary.png", EVERYWHERE, learner)
    service.submit(own.id, learner)
    one = workshop.actors[0]
    place = claimed(one)
    drawn = artefacts.picture(service.evidence_of(place.id, kept.artefact_id, one)).data
    assert b"canary" in picture(kind)
    assert b"canary" not in drawn
    with Image.open(BytesIO(drawn)) as seen:
        assert (seen.format, seen.size) == ("JPEG", (30, 40))  # upright
    with pytest.raises(NoSuchRecord):
        service.evidence_of(place.id, own.shown[0].artefact_id, workshop.actors[1])


def test_one_rater_may_be_enough(context: Flask, learner: Actor) -> None:
    workshop = build_workshop(raters=1)
    shown = build_performance(workshop.task, learner)
    build_rating(workshop.actors[0], *GOOD)
    assert shown.state == PerformanceState.RESOLVED
    assert len(awards_of(learner)) == 1


def test_what_was_begun_keeps_its_task(workshop: Workshop, learner: Actor) -> None:
    begun = service.begin(workshop.task, learner)
    build_task(workshop.institution, policy={"required": "expert", "raters": 3})
    assert begun.task.version == 1
    service.add_text(begun.id, "So.", EVERYWHERE, learner)
    service.submit(begun.id, learner)
    rows = select(Assignment).filter_by(performance_id=begun.id, state=AssignmentState.OPEN)
    assert len(db.session.scalars(rows).all()) == 2


def test_a_person_of_two_institutions_rates_at_both(workshop: Workshop, learner: Actor) -> None:
    person: Person = workshop.assessors[0]
    build_role(person, Role.ASSESSOR, build_institution("elsewhere"))
    build_performance(workshop.task, learner)
    assert service.queue_of(actor_for(person)).number == 1
    assert db.session.scalars(select(RatingRow)).all() == []
    assert db.session.scalars(select(Performance)).one().learner_id == learner.learner_id


def test_a_line_end_of_a_browser_is_one_character(workshop: Workshop, learner: Actor) -> None:
    build_performance(workshop.task, learner)
    one = workshop.actors[0]
    place = claimed(one)
    typed = "x\r\n" * 2_500  # 5,000 characters, as a browser counts them
    service.save(place.id, service.Given({}, {"tidies": typed}), one)
    assert service.own_rating(place.id, one).comments == {"tidies": ("x\n" * 2_500).strip()}
    with pytest.raises(Invalid):
        service.save(place.id, service.Given({}, {"tidies": typed + "\r\n\r\nxx"}), one)
