"""What observers send: kept once, with the conflicts that show, and never changed."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from assessment import clock, mail
from assessment.access import Role, system
from assessment.demo.builders.observations import build_observation, what_was_seen
from assessment.demo.builders.people import build_institution, build_staff
from assessment.demo.builders.performances import CRITERIA
from assessment.errors import Expired
from assessment.extensions import db
from assessment.observations import service as observations
from assessment.observations.models import (
    CallBack,
    Employer,
    Interest,
    Nomination,
    Observation,
    Observer,
    Particulars,
    Reached,
    Sign,
)
from assessment.people.service import actor_of
from assessment.performances import nominating
from assessment.performances.handling import Conflicts, Handling, Observing, handling_to_json
from tests.assessment.observations.conftest import AT_WORK, Scene, build_scene
from tests.assessment.people.clocks import StoppedClock

SYSTEM = system("test")


def facts(scene: Scene) -> list[observations.ObservationFact]:
    return observations.observations_of(scene.actor.learner_id or "", scene.performance.id)


def test_what_was_seen_is_a_fact(scene: Scene) -> None:
    row = scene.seen(scene.named())
    (fact,) = facts(scene)
    assert fact.observer == row.observer_id
    assert fact.marks == dict.fromkeys(CRITERIA, "proficient")
    assert fact.days == tuple(row.days)
    assert (fact.counts, fact.in_conflict, fact.is_capped) == (True, False, False)


@pytest.mark.parametrize("interest", [Interest.FAMILY, Interest.FRIEND, Interest.BUSINESS])
def test_a_declared_conflict_does_not_count(scene: Scene, interest: Interest) -> None:
    row = scene.seen(scene.named(), interest=interest)
    assert row.signs == [Sign.DECLARED]
    (fact,) = facts(scene)
    assert (fact.counts, fact.in_conflict) == (False, True)


def test_a_task_may_let_conflicts_count_and_be_told(context: Flask) -> None:
    handling = Handling(observers=Observing(invited=True, conflicts=Conflicts.FLAG))
    scene = build_scene()
    scene.performance.task.handling = handling_to_json(handling)
    scene.seen(scene.named(), interest=Interest.FRIEND)
    (fact,) = facts(scene)
    assert (fact.counts, fact.in_conflict) == (True, True)


def test_the_learners_own_address_is_a_conflict(scene: Scene) -> None:
    nomination = scene.named()
    scene.person.email = "Rosa.Delgado+me@lantern-motors.example".casefold()
    db.session.flush()
    assert Sign.OWN_ADDRESS in scene.seen(nomination).signs
    assert not facts(scene)[0].counts


def test_the_same_family_name_is_worth_a_look_and_counts(scene: Scene) -> None:
    assert scene.seen(scene.named(), name="Rosa FONTAINE").signs == [Sign.SAME_NAME]
    assert facts(scene)[0].counts


def test_too_many_for_one_learner_count_no_more(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    for number in range(7):
        stopped.move(days=1)
        row = scene.seen(scene.named(), once=str(number))
        assert (Sign.TOO_MANY in row.signs) is (number >= 5)
    stopped.move(days=91)
    assert scene.seen(scene.named(), once="later").signs == []


def test_all_of_one_employer_can_count_as_one(context: Flask) -> None:
    scene = build_scene()
    scene.performance.task.handling = handling_to_json(
        Handling(observers=Observing(invited=True, cap_by_employer=True))
    )
    for name in ("rosa", "sam"):
        scene.seen(scene.named(f"{name}@lantern-motors.example"))
    scene.seen(scene.named("kim@elsewhere.example"))
    assert len({fact.observer for fact in facts(scene)}) == 2


def test_an_employer_is_known_by_its_domain(scene: Scene) -> None:
    first = scene.seen(scene.named("a@lantern-motors.example"), employer="Lantern Motors")
    second = scene.seen(scene.named("b@Lantern-Motors.example"), employer="Lantern Motors Inc.")
    assert first.employer_id == second.employer_id
    assert db.session.get_one(Employer, first.employer_id).name == "Lantern Motors"


def test_behind_a_public_domain_an_employer_is_known_by_its_name(scene: Scene) -> None:
    phone = "705 555 0134"
    first = scene.seen(scene.named("a@gmail.com"), employer="Chez Léo", telephone=phone)
    second = scene.seen(scene.named("b@gmail.com"), employer="CHEZ LEO!", telephone=phone)
    other = scene.seen(scene.named("c@gmail.com"), employer="Elsewhere", telephone=phone)
    assert first.employer_id == second.employer_id != other.employer_id


def test_a_public_address_is_no_conflict_and_gives_a_telephone(scene: Scene) -> None:
    nomination = scene.named("rosa.delgado@gmail.com")
    with pytest.raises(observations.Unusable) as refused:
        scene.seen(nomination)
    assert list(refused.value.faults) == ["telephone"]
    row = scene.seen(nomination, telephone="+1 (705) 555-0134 x 12")
    assert row.signs == []
    assert row.counts


@pytest.mark.parametrize(("draw", "is_called"), [(0, True), (999, True), (1000, False)])
def test_a_sample_of_public_addresses_is_called(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, draw: int, is_called: bool
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda _below: draw)
    row = scene.seen(scene.named("rosa@gmail.com"), telephone="705 555 0134")
    assert row.draw == draw
    assert (db.session.scalars(select(CallBack)).first() is not None) is is_called


def test_nobody_at_a_workplace_address_is_called(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda _below: 0)
    assert scene.seen(scene.named()).draw is None
    assert db.session.scalars(select(CallBack)).all() == []


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("level-tidies", {"marks": {"prepares": "expert", "isolates": None}}),
    ("level-prepares", {"marks": dict.fromkeys(CRITERIA)}),
    ("level-prepares", {"marks": dict.fromkeys(CRITERIA, "superb")}),
    ("marks", {"marks": {**dict.fromkeys(CRITERIA, "expert"), "other": "expert"}}),
    ("marks", {"comments": {"other": "x"}}),
    ("comment-tidies", {"comments": {"tidies": "x" * 2001}}),
    ("days", {"days": ()}),
    ("days", {"days": ("yesterday",)}),
    ("days", {"days": ("2026-W01-1",)}),
    ("days", {"days": ("2099-01-01",)}),
    ("days", {"days": ("2001-01-01",)}),
    ("days", {"days": tuple(f"2027-05-{day:02d}" for day in range(1, 12))}),
    ("relationship", {"relationship": "boss"}),
    ("interest", {"interest": ""}),
    ("name", {"name": "  "}),
    ("name", {"name": "a\nb"}),
    ("employer", {"employer": ""}),
    ("role", {"role": "x" * 101}),
    ("telephone", {"telephone": "call me"}),
    ("telephone", {"telephone": "<b>7055550134</b>"}),
    ("note", {"note": "x" * 4001}),
    ("confirmed", {"is_confirmed": False}),
]


@pytest.mark.parametrize(
    ("field", "changes"), WRONG, ids=[f"{n}-{w[0]}" for n, w in enumerate(WRONG)]
)
def test_what_cannot_be_used_is_named_and_nothing_is_kept(
    scene: Scene, field: str, changes: dict[str, Any]
) -> None:
    nomination = scene.named()
    with pytest.raises(observations.Unusable) as refused:
        scene.seen(nomination, **changes)
    assert field in refused.value.faults
    assert all(refused.value.faults.values())
    db.session.flush()
    assert db.session.scalars(select(Observation)).all() == []
    assert nomination.used_at is None


def test_every_fault_is_named_at_once(scene: Scene) -> None:
    with pytest.raises(observations.Unusable) as refused:
        build_observation(scene.named(), observations.Seen())
    expected = {f"level-{key}" for key in CRITERIA}
    expected |= {"days", "relationship", "interest", "name", "employer", "role", "confirmed"}
    assert set(refused.value.faults) == expected


def test_an_observation_is_never_changed(scene: Scene) -> None:
    row = scene.seen(scene.named())
    key = row.id
    for statement in (
        update(Observation).where(Observation.id == key).values(counts=False),
        delete(Observation).where(Observation.id == key),
    ):
        with pytest.raises(IntegrityError, match="never changed"), db.session.begin_nested():
            db.session.execute(statement)


def test_what_is_personal_can_be_erased(scene: Scene) -> None:
    row = scene.seen(scene.named(), note="A private note.")
    registrar = actor_of(build_staff(Role.REGISTRAR, scene.workshop.institution))
    observations.erase("R.osa.Delgado+x@lantern-motors.example", registrar)
    assert db.session.scalars(select(Particulars)).all() == []
    observer = db.session.get_one(Observer, row.observer_id)
    assert (observer.name, observer.email) == (None, None)
    named = db.session.scalars(select(Nomination)).one()
    assert (named.name, named.email, named.employer) == (None, None, None)
    assert facts(scene)[0].marks == dict.fromkeys(CRITERIA, "proficient")
    (seeing,) = observations.seeings_of(scene.actor.learner_id or "", scene.performance.id)
    assert seeing.note == ""


def test_a_copy_goes_to_the_observer_alone(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(mail, "send", lambda to, subject, text, **_more: sent.append((to, text)))
    nomination = scene.named()
    comments = {CRITERIA[0]: "<b>Neat</b>\n.\nBcc: x"}
    scene.seen(nomination, comments=comments, note="Only for those who rate.")
    ((to, text),) = sent
    assert to == AT_WORK
    assert "<b>Neat</b>" in text
    assert "Only for those who rate." in text
    assert f"/observe/{observations.token_of(nomination.nonce)}/thanks" in text


def test_the_copy_says_all_that_was_asked(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(mail, "send", lambda to, subject, text, **_more: sent.append(text))
    with force_locale("en"):
        scene.seen(scene.named(), interest=Interest.FRIEND, telephone="705 555-0142")
    assert "Your name: Rosa Delgado\nWhere you work, or worked then: Lantern Bay Motors" in sent[0]
    assert "What you do there: Shop supervisor\nTelephone number of your workplace: 70" in sent[0]
    assert "What you are to this person at work: I am their supervisor" in sent[0]
    assert "Ties beside work: We are friends outside of work" in sent[0]
    with force_locale("fr"):
        scene.seen(scene.named("sam@x.example", name="Sam"), name="Sam", once="second")
    assert "\nVotre nom\N{NO-BREAK SPACE}: Sam\n" in sent[1]
    assert "Numéro de téléphone" not in sent[1]  # nothing stands of what was left out


def test_a_link_that_ran_out_sends_nothing_until_it_is_sent_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = StoppedClock(monkeypatch)
    nomination = scene.named()
    stopped.move(days=21)
    with pytest.raises(Expired, match="21 days"):
        scene.seen(nomination)

    nominating.ask_again(scene.performance.id, nomination.id, scene.actor)
    assert scene.seen(nomination).counts


def test_a_denied_call_sets_an_observation_aside(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda _below: 0)
    row = scene.seen(scene.named("rosa@gmail.com"), telephone="705 555 0134")
    call = db.session.scalars(select(CallBack)).one()
    for _time in range(2):
        assert observations.keep_call(call, Reached.NOT_REACHED, SYSTEM) is False
    assert call.outcome is None
    assert observations.keep_call(call, Reached.DENIED, SYSTEM) is True
    assert observations.keep_call(call, Reached.DENIED, SYSTEM) is False  # once
    assert not facts(scene)[0].counts
    assert observations.long_ratings("isolation") == []
    (seeing,) = observations.seeings_of(row.learner_id, row.performance_id)
    assert seeing.is_void


def test_who_is_never_reached_is_called_three_times(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda _below: 0)
    scene.seen(scene.named("rosa@gmail.com"), telephone="705 555 0134")
    call = db.session.scalars(select(CallBack)).one()
    for _time in range(3):
        observations.keep_call(call, Reached.NOT_REACHED, SYSTEM)
    assert call.outcome == Reached.NOT_REACHED
    assert facts(scene)[0].counts


def test_long_ratings_are_those_that_count(scene: Scene) -> None:
    row = scene.seen(scene.named(), marks={**dict.fromkeys(CRITERIA, "expert"), "tidies": None})
    scene.seen(scene.named("sam@x.example"), interest=Interest.FAMILY)
    found = observations.long_ratings("isolation")
    assert {(each.criterion, each.level) for each in found} == {
        ("prepares", "expert"),
        ("isolates", "expert"),
    }
    assert {each.observer for each in found} == {row.observer_id}


def test_what_an_employer_says_of_a_project_is_capped(scene: Scene) -> None:
    source = observations.Source(
        learner_id=scene.actor.learner_id or "",
        performance_id=scene.performance.id,
        institution_id=scene.workshop.institution.id,
        email="client@client.example",
        is_capped=True,
    )
    seen = what_was_seen(scene.performance)

    terms = nominating.terms_of(scene.performance.task)
    observations.receive_from(source, seen, terms, observations.Circumstances(), SYSTEM)
    observations.receive_from(source, seen, terms, observations.Circumstances(), SYSTEM)
    assert [fact.is_capped for fact in facts(scene)] == [True, True]


def test_a_day_that_has_begun_somewhere_may_be_named(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    StoppedClock(monkeypatch)
    today = clock.now().date()
    scene.seen(scene.named(), days=(today.isoformat(),))
    with pytest.raises(observations.Unusable):
        scene.seen(scene.named(), days=((today + timedelta(days=2)).isoformat(),))


def test_a_registrar_sees_what_is_worth_a_look(scene: Scene) -> None:
    scene.seen(scene.named(), interest=Interest.FRIEND)
    scene.seen(scene.named("sam@x.example"), name="Sam Fontaine")
    scene.seen(scene.named("kim@x.example"))
    here = actor_of(build_staff(Role.REGISTRAR, scene.workshop.institution))
    found = {each.signs: each.counts for each in observations.flagged(here)}
    assert found == {(Sign.DECLARED,): False, (Sign.SAME_NAME,): True}
    elsewhere = actor_of(build_staff(Role.REGISTRAR, build_institution()))
    assert observations.flagged(elsewhere) == []
    (employer, other) = observations.employers(here)
    assert (employer.domain, employer.observers, employer.not_counted) == ("x.example", 2, 0)
    assert (other.observations, other.not_counted) == (1, 1)
    (row,) = (
        each for each in db.session.scalars(select(Observation)) if each.signs == [] and each.counts
    )
    assert observations.void(row.learner_id, row.id, "Nobody there knows of it.", here)
    (employer, other) = observations.employers(here)
    assert (employer.observations, employer.not_counted, other.not_counted) == (2, 1, 1)
    assert observations.employers(elsewhere) == []
