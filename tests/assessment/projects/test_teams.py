"""Teams: invited, joined by a link, left, and delivering together; and what mates never see."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from assessment import clock
from assessment.access import Actor
from assessment.artefacts import service as artefacts
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import build_task
from assessment.demo.builders.projects import ADDRESS, build_project, build_team, what_is_said
from assessment.errors import Conflict, Expired, Invalid, NoSuchRecord, TooMany
from assessment.extensions import db
from assessment.jobs.models import Job
from assessment.observations import service as observations
from assessment.observations.naming import NAMED_BY_PERSON
from assessment.performances.handling import EvidenceKind, Handling
from assessment.projects import duties, mates, service
from assessment.projects.models import Participation, Project, TeamInvitation
from tests.assessment.artefacts.files import picture
from tests.assessment.projects.conftest import Yard, token_sent

MATE = "sam@example.org"
SHARE = "I wrote the plan."


@pytest.fixture
def project(yard: Yard) -> Project:
    found = yard.project(seats=3)
    service.join(found.id, yard.learns)
    return found


@pytest.fixture
def mate(yard: Yard) -> Actor:
    return build_learner(display_name="Sam Okafor", email=MATE)[1]


def invited(project: Project, actor: Actor, email: str = MATE) -> str:
    """Return the token that somebody is mailed."""
    return token_sent(lambda: service.invite_mate(project.id, email, "en", actor))


def part(project: Project, actor: Actor) -> Participation:
    return service.own_part(project.id, actor).part


def team(project: Project, actor: Actor) -> list[str]:
    return [each.learner_id for each in service.team_of(part(project, actor))]


def together(yard: Yard, project: Project, mate: Actor) -> None:
    """Let a learner and a mate be a team."""
    build_team(project, yard.learns, mate)


def deliver(project: Project, actor: Actor, own: str = SHARE, text: str = "So.") -> Participation:
    return service.deliver(project.id, service.Typed.of(text, own), actor)


def texts(found: Participation) -> list[str]:
    shown = service.performance_of(found).shown
    return [artefacts.text(each.artefact) for each in shown]


def test_a_mate_joins_by_the_link_once(yard: Yard, project: Project, mate: Actor) -> None:
    token = invited(project, yard.learns)
    assert team(project, yard.learns) == [yard.learns.learner_id]
    assert service.accept(token, mate, ADDRESS).id == project.id
    assert service.accept(token, mate, ADDRESS).id == project.id
    both = [yard.learns.learner_id, mate.learner_id]
    assert team(project, yard.learns) == team(project, mate) == both
    assert part(project, mate).seat == 2
    _person, other = build_learner()
    with pytest.raises(Expired, match="was used"):
        service.accept(token, other, ADDRESS)
    assert service.part_or_none(project.id, other) is None
    row = db.session.scalars(select(TeamInvitation)).one()
    assert (row.email, token in repr(vars(row))) == (None, False)


def test_who_has_joined_alone_enters_the_team_with_their_place(
    yard: Yard, project: Project, mate: Actor
) -> None:
    before = service.join(project.id, mate)
    service.accept(invited(project, yard.learns), mate, ADDRESS)
    assert part(project, mate).id == before.id
    assert len(team(project, mate)) == 2


def test_the_inviter_does_not_use_their_own_link_up(yard: Yard, project: Project) -> None:
    token = invited(project, yard.learns)
    service.accept(token, yard.learns, ADDRESS)
    assert service.require_open(service.invited(token))


def test_nobody_is_invited_where_every_place_is_taken(
    yard: Yard, project: Project, mate: Actor
) -> None:
    together(yard, project, mate)
    _person, other = build_learner()
    service.join(project.id, other)
    with pytest.raises(Conflict, match="Every place"):
        service.invite_mate(project.id, "kim@example.org", "en", other)


def test_another_team_has_to_be_left_first(yard: Yard, mate: Actor) -> None:
    project = yard.project(seats=5)
    _person, other = build_learner()
    for each in (yard.learns, other):
        service.join(project.id, each)
    together(yard, project, mate)
    token = invited(project, other)
    with pytest.raises(Conflict, match="another team"):
        service.accept(token, mate, ADDRESS)
    service.leave_team(project.id, mate)
    service.accept(token, mate, ADDRESS)
    assert team(project, mate) == [other.learner_id, mate.learner_id]
    assert team(project, yard.learns) == [yard.learns.learner_id]


@pytest.mark.parametrize("how", ["taken back", "21 days", "left", "left team", "delivered"])
def test_a_link_that_is_good_no_more_joins_nobody(
    yard: Yard, project: Project, mate: Actor, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = invited(project, yard.learns)
    row = db.session.scalars(select(TeamInvitation)).one()
    if how == "taken back":
        service.take_back(project.id, row.id, yard.learns)
    elif how == "left":
        service.leave(project.id, yard.learns)
    elif how == "left team":
        service.leave_team(project.id, yard.learns)
    elif how == "delivered":
        deliver(project, yard.learns, own="")
    else:
        moment: datetime = clock.now() + timedelta(days=22)
        monkeypatch.setattr(clock, "now", lambda: moment)
    sentence = "taken back" if how.startswith("left") else how
    with pytest.raises(Expired, match=sentence):
        service.accept(token, mate, ADDRESS)
    with pytest.raises(Expired, match=sentence):
        service.require_open(service.invited(token))
    assert service.part_or_none(project.id, mate) is None


def test_a_link_that_was_made_up_is_none(yard: Yard, project: Project, mate: Actor) -> None:
    invited(project, yard.learns)
    for token in ("x" * 43, yard.link(project)):
        with pytest.raises(NoSuchRecord):
            service.accept(token, mate, ADDRESS)
    with pytest.raises(NoSuchRecord):
        service.by_link("x" * 43)


def test_an_address_is_forgotten_when_the_days_are_over(yard: Yard, project: Project) -> None:
    invited(project, yard.learns)
    row = db.session.scalars(select(TeamInvitation)).one()
    job = db.session.scalars(select(Job).filter_by(kind=mates.RUN_OUT)).one()
    assert job.run_at == row.expires_at
    key = {"learner_id": row.learner_id, "invitation_id": row.id}
    db.session.commit()
    duties.end_invitation(key)
    duties.end_invitation(key)
    assert db.session.scalars(select(TeamInvitation.email)).one() is None


@pytest.mark.parametrize("address", ["l.ea+x@example.org", "no address", "a@b.example\r\nBcc: c"])
def test_an_address_that_cannot_be_invited_is_refused(
    yard: Yard, project: Project, address: str
) -> None:
    yard.learner.email = "lea@example.org"
    with pytest.raises(Invalid) as refusal:
        service.invite_mate(project.id, address, "en", yard.learns)
    assert refusal.value.details["field"] == "email"
    assert db.session.scalars(select(TeamInvitation)).all() == []


@pytest.mark.usefixtures("one_window")
def test_somebody_is_invited_once_at_a_time_and_few_times_a_day(
    yard: Yard, project: Project
) -> None:
    invited(project, yard.learns)
    with pytest.raises(Invalid, match="invited already"):
        invited(project, yard.learns, "s.am+again@example.org")
    (row,) = service.invitations_of(part(project, yard.learns))
    service.take_back(project.id, row.id, yard.learns)
    invited(project, yard.learns)
    with pytest.raises(NoSuchRecord):
        service.take_back(project.id, row.id, yard.learns)
    for number in range(NAMED_BY_PERSON.tries - 3):
        invited(project, yard.learns, f"mate{number}@example.org")
    with pytest.raises(TooMany):
        invited(project, yard.learns, "one.more@example.org")


def test_anothers_invitation_is_none(yard: Yard, project: Project, mate: Actor) -> None:
    together(yard, project, mate)
    invited(project, yard.learns, "kim@example.org")
    (row,) = service.invitations_of(part(project, yard.learns))
    with pytest.raises(NoSuchRecord):
        service.take_back(project.id, row.id, mate)
    _person, other = build_learner()
    for change in (service.leave_team, service.leave):
        with pytest.raises(NoSuchRecord):
            change(project.id, other)
    with pytest.raises(NoSuchRecord):
        service.invite_mate(project.id, "kim@example.org", "en", other)


def test_each_says_what_they_did_before_it_is_theirs(
    yard: Yard, project: Project, mate: Actor
) -> None:
    together(yard, project, mate)
    for own in ("", "  ", "x" * 501):
        with pytest.raises(Invalid, match="what you did yourself") as refusal:
            deliver(project, yard.learns, own)
        assert refusal.value.details["field"] == "own"
    found = deliver(project, yard.learns)
    first, second = texts(found)
    assert first == "Done in a team of 2 people. What I did myself: I wrote the plan."
    assert second == "So."
    theirs = part(project, mate)
    assert theirs.delivered_at is None
    assert service.performance_of(theirs).attachments == []
    assert [each.id for each in service.mates_delivered(theirs)] == [found.id]
    assert service.mates_delivered(found) == []


def test_who_delivers_alone_says_no_more_than_before(yard: Yard, project: Project) -> None:
    invited(project, yard.learns)
    assert texts(deliver(project, yard.learns, own="Ignored.")) == ["So."]
    assert part(project, yard.learns).own_share == ""


def test_a_team_that_has_delivered_stays_as_it_is(
    yard: Yard, project: Project, mate: Actor
) -> None:
    together(yard, project, mate)
    deliver(project, yard.learns)
    with pytest.raises(Conflict, match="Your team has delivered"):
        service.leave_team(project.id, mate)
    with pytest.raises(Conflict, match="Your team has delivered"):
        service.invite_mate(project.id, "kim@example.org", "en", mate)
    deliver(project, mate, own="I drove it.")
    assert texts(part(project, mate))[0].startswith("Done in a team of 2 people.")


def test_files_stay_each_learners_own_and_are_seen_by_the_team_once_delivered(
    yard: Yard, project: Project, mate: Actor
) -> None:
    together(yard, project, mate)
    theirs = artefacts.store_small_file(mate.learner_id or "", picture(), "canary.jpg", mate)
    service.add_file(project.id, theirs.id, mate)
    key = (project.id, part(project, mate).id, theirs.id)
    with pytest.raises(NoSuchRecord):
        service.team_file(*key, yard.learns)
    deliver(project, mate)
    assert service.team_file(*key, yard.learns).id == theirs.id
    with pytest.raises(NoSuchRecord):
        service.add_file(project.id, theirs.id, yard.learns)
    mine = deliver(project, yard.learns)
    shown = {each.artefact_id for each in service.performance_of(mine).shown}
    assert theirs.id not in shown
    _person, other = build_learner()
    service.join(project.id, other)
    with pytest.raises(NoSuchRecord):
        service.team_file(*key, other)


def test_a_task_without_texts_is_done_alone(yard: Yard) -> None:
    takes = (EvidenceKind.PICTURE,)
    task = build_task(yard.institution, "drawn", handling=Handling(projects=True, evidence=takes))
    project = build_project(task.key, yard.keeps, seats=2)
    service.join(project.id, yard.learns)
    with pytest.raises(Conflict, match="done by each alone"):
        service.invite_mate(project.id, MATE, "en", yard.learns)


def test_what_an_employer_says_is_of_one_learner_alone(
    yard: Yard, project: Project, mate: Actor
) -> None:
    together(yard, project, mate)
    mine, theirs = deliver(project, yard.learns), deliver(project, mate)
    token = yard.link(project)
    service.say_of_learner(token, mine.id, what_is_said(mine), False, ADDRESS)
    service.say_of_employer(project.id, "They were kind.", yard.learns)
    assert len(observations.observations_of(mine.learner_id, mine.performance_id)) == 1
    assert observations.observations_of(theirs.learner_id, theirs.performance_id) == []
    assert (theirs.employer_said, theirs.opened_at) == (None, None)


def test_a_draft_keeps_the_sentence_too(yard: Yard, project: Project, mate: Actor) -> None:
    together(yard, project, mate)
    mark = service.mark_of(part(project, mate))
    service.draft(project.id, service.Typed.of("So far.", SHARE, mark), mate)
    assert (part(project, mate).delivery, part(project, mate).own_share) == ("So far.", SHARE)
    with pytest.raises(Conflict, match="another window"):
        service.draft(project.id, service.Typed.of("So far.", "I slept.", mark), mate)
    with pytest.raises(Invalid, match="did yourself"):
        service.draft(project.id, service.Typed.of("So far.", "x" * 501), mate)
