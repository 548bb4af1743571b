"""What a performance consists of: added, chosen, said what it shows, taken out and put back."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.access import Actor
from assessment.artefacts import service as artefacts
from assessment.artefacts.arriving import LONGEST_TEXT
from assessment.artefacts.models import Artefact
from assessment.demo.builders.examinations import build_learner
from assessment.demo.builders.performances import (
    Workshop,
    build_performance,
    build_rating,
    build_task,
    build_workshop,
)
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.performances import evidence, service
from assessment.performances.anchors import Ticks
from assessment.performances.changes import what_changed, what_would_change
from assessment.performances.handling import EvidenceKind, Handling
from assessment.performances.models import Performance, PerformanceState
from tests.assessment.performances.test_service import EVERYWHERE, GOOD, picture


@pytest.fixture
def workshop(context: Flask) -> Workshop:
    return build_workshop()


@pytest.fixture
def learner(context: Flask) -> Actor:
    return build_learner()[1]


def asked_for_more(workshop: Workshop, learner: Actor) -> Performance:
    """Return a performance of which more is asked: of `isolates`."""
    shown = build_performance(workshop.task, learner)
    for actor in workshop.actors[:2]:
        build_rating(actor, "proficient", None, "proficient")
    assert shown.state == PerformanceState.MORE_EVIDENCE
    return shown


def test_one_artefact_shows_several_criteria_each_somewhere(
    workshop: Workshop, learner: Actor
) -> None:
    own = service.begin(workshop.task, learner)
    anchors = {"tidies": " 3-4 ", "prepares": "page 2"}
    kept = artefacts.store_small_file(own.learner_id, b"%PDF-1.7", "plan.pdf", learner)
    piece = service.attach_own(own.id, kept.id, anchors, learner)
    assert piece.anchors == {"prepares": "page 2", "tidies": "3-4"}  # in the rubric's order
    (line, _isolates, last) = service.performance_page(own).lines
    assert [each.place for each in line.pieces[0].shows] == ["page 2", "pages 3 to 4"]
    assert last.place_in(last.pieces[0]) == "pages 3 to 4"


def test_what_is_wrong_is_said_criterion_by_criterion(workshop: Workshop, learner: Actor) -> None:
    own = service.begin(workshop.task, learner)
    kept = artefacts.store_small_file(own.learner_id, b"%PDF-1.7", "plan.pdf", learner)
    ticks = Ticks(("prepares",), {"prepares": "below", "tidies": "page 2"})
    with pytest.raises(Invalid) as refusal:
        service.attach_own(own.id, kept.id, ticks, learner)
    faults = refusal.value.details["faults"]
    assert set(faults) == {"prepares", "tidies"}
    assert "page 2" in faults["prepares"]
    assert faults["tidies"].startswith("Tick it")
    assert own.shown == []
    assert service.choosable(own) == [kept]  # nothing is lost


def test_what_it_shows_is_changed_before_it_is_handed_in(
    workshop: Workshop, learner: Actor
) -> None:
    own = service.begin(workshop.task, learner)
    piece = service.add_text(own.id, "So.", {"tidies": "line 1"}, learner)
    again = service.attach_own(own.id, piece.artefact_id, {"prepares": ""}, learner)
    assert again is piece
    assert piece.anchors == {"prepares": ""}
    assert len(own.shown) == 1


def test_taken_out_unseen_it_is_parked_or_deleted(workshop: Workshop, learner: Actor) -> None:
    own = service.begin(workshop.task, learner)
    first, second = (service.add_text(own.id, each, EVERYWHERE, learner) for each in ("a", "b"))
    parked, deleted = first.artefact_id, second.artefact_id
    service.take_out(own.id, parked, learner)
    service.take_out(own.id, deleted, learner, keep=False)
    assert own.shown == []
    assert [each.id for each in service.choosable(own)] == [parked]
    assert db.session.scalars(select(Artefact.id)).all() == [parked]
    assert service.attach_own(own.id, parked, EVERYWHERE, learner).since_version == 1


def test_what_another_performance_holds_is_not_deleted(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    other = service.begin(build_task(workshop.institution, "show-more"), learner)
    artefact = shown.shown[0].artefact_id
    assert artefact in {each.id for each in service.choosable(other)}
    service.attach_own(other.id, artefact, EVERYWHERE, learner)
    service.take_out(other.id, artefact, learner, keep=False)
    assert service.artefact_of(shown, artefact).storage_key


def test_what_was_handed_in_stays_in_that_version(workshop: Workshop, learner: Actor) -> None:
    shown = asked_for_more(workshop, learner)
    old = shown.shown[0]
    service.take_out(shown.id, old.artefact_id, learner)
    assert (old.until_version, shown.shown) == (1, [])
    assert what_would_change(shown).taken_out == (old,)
    service.put_back(shown.id, old.artefact_id, learner)
    assert (old.since_version, old.until_version) == (1, None)
    assert not what_would_change(shown).are_any
    service.take_out(shown.id, old.artefact_id, learner)
    with pytest.raises(Invalid):
        service.submit(shown.id, learner)  # nothing is there
    new = service.add_text(shown.id, "Here.", EVERYWHERE, learner)
    service.submit(shown.id, learner)
    changes = what_changed(shown)
    assert (changes.new, changes.taken_out, changes.moved) == ({new.id}, (old,), {})


def test_a_piece_that_a_version_went_without_is_new_again(
    workshop: Workshop, learner: Actor
) -> None:
    shown = asked_for_more(workshop, learner)
    old = shown.shown[0]
    service.take_out(shown.id, old.artefact_id, learner)
    service.add_text(shown.id, "Here.", EVERYWHERE, learner)
    service.submit(shown.id, learner)
    for actor in workshop.actors[2:]:
        build_rating(actor, "proficient", None, "proficient")
    assert shown.state == PerformanceState.MORE_EVIDENCE
    service.attach_own(shown.id, old.artefact_id, {"isolates": ""}, learner)
    assert (old.since_version, old.until_version, old.position) == (3, None, 1)
    assert what_would_change(shown).new == {old.id}


def test_another_place_in_the_same_piece_is_something_new(
    workshop: Workshop, learner: Actor
) -> None:
    shown = asked_for_more(workshop, learner)
    page = service.performance_page(shown)
    assert [each.key for each in page.still_wanted] == ["isolates"]
    (piece,) = shown.shown
    moved = {**piece.anchors, "isolates": "line 1"}
    service.attach_own(shown.id, piece.artefact_id, moved, learner)
    assert service.performance_page(shown).still_wanted == ()
    service.submit(shown.id, learner)
    assert what_changed(shown).moved == {piece.id: ("isolates",)}
    assert [each.pieces[piece.id]["isolates"] for each in shown.submissions] == ["", "line 1"]


def test_the_first_version_changed_nothing(workshop: Workshop, learner: Actor) -> None:
    assert not what_changed(build_performance(workshop.task, learner)).are_any


def test_room_counts_what_belongs_to_it_now(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST_ARTEFACTS", 2)
    monkeypatch.setattr(evidence, "MOST_BYTES", 10)
    own = service.begin(workshop.task, learner)
    first = service.add_text(own.id, "123456", EVERYWHERE, learner)
    with pytest.raises(Conflict, match="MB"):
        service.add_text(own.id, "12345", EVERYWHERE, learner)
    service.add_text(own.id, "1234", EVERYWHERE, learner)
    with pytest.raises(Conflict, match="at most 2"):
        service.add_text(own.id, "1", EVERYWHERE, learner)
    service.take_out(own.id, first.artefact_id, learner)
    service.add_text(own.id, "123", EVERYWHERE, learner)
    assert len(own.shown) == 2


def test_there_is_always_room_for_what_is_asked_for(
    workshop: Workshop, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST_ARTEFACTS", 1)
    monkeypatch.setattr(evidence, "RESERVE_ARTEFACTS", 2)
    monkeypatch.setattr(evidence, "MOST_BYTES", 12)
    monkeypatch.setattr(evidence, "RESERVE_BYTES", 10)
    shown = asked_for_more(workshop, learner)
    service.add_text(shown.id, "12345", EVERYWHERE, learner)
    service.add_text(shown.id, "12345", EVERYWHERE, learner)
    with pytest.raises(Conflict, match="at most 3"):
        service.add_text(shown.id, "1", EVERYWHERE, learner)


def test_a_text_is_counted_as_a_browser_counts(workshop: Workshop, learner: Actor) -> None:
    own = service.begin(workshop.task, learner)
    lines = LONGEST_TEXT // 2
    piece = service.add_text(own.id, "a\r\n" * lines, EVERYWHERE, learner)
    assert piece.artefact.size == 2 * lines - 1
    with pytest.raises(Invalid, match="20000"):
        service.add_text(own.id, "a\r\n" * lines + "bcd", EVERYWHERE, learner)


def test_a_task_takes_the_kinds_that_it_names(workshop: Workshop, learner: Actor) -> None:
    handling = Handling(evidence=(EvidenceKind.PICTURE,))
    own = service.begin(build_task(workshop.institution, "pictures", handling=handling), learner)
    with pytest.raises(Conflict, match="of this kind"):
        service.add_text(own.id, "So.", EVERYWHERE, learner)
    assert service.add_file(own.id, picture(), "a.png", EVERYWHERE, learner).anchors == EVERYWHERE


def test_of_others_it_is_asked_where_they_may_be_seen(workshop: Workshop, learner: Actor) -> None:
    own = service.begin(workshop.task, learner)
    service.add_text(own.id, "So.", EVERYWHERE, learner)
    assert not service.shows_others(own)
    service.add_file(own.id, picture(), "a.png", EVERYWHERE, learner)
    assert service.shows_others(own)
    service.submit(own.id, learner)
    (handed_in,) = own.submissions
    assert handed_in.statement == f"{service.declaration()}\n{service.consent()}"
    assert set(handed_in.pieces) == {each.id for each in own.shown}


def test_nobody_attaches_what_is_anothers(workshop: Workshop, learner: Actor) -> None:
    foreign = build_performance(workshop.task, build_learner()[1]).shown[0].artefact_id
    own = service.begin(workshop.task, learner)
    for act in (service.attach_own, service.put_back, service.take_out):
        with pytest.raises(NoSuchRecord):
            act(*(own.id, foreign, *([EVERYWHERE] if act is service.attach_own else []), learner))
    assert service.choosable(own) == []


def test_how_far_assessors_agree_is_counted(workshop: Workshop, learner: Actor) -> None:
    shown = build_performance(workshop.task, learner)
    one, two, *_rest = workshop.actors
    build_rating(one, *GOOD)
    assert service.performance_page(shown).likeness.criteria == 0  # nothing before all are in
    build_rating(two, "expert", "proficient", "proficient")
    found = service.performance_page(shown).likeness
    assert (found.alike, found.one_step, found.further) == (2, 1, 0)
