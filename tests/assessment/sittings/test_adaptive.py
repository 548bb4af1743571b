"""Adaptive sittings through the services, on both databases."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

import itembank
from assessment import clock
from assessment.access import Actor
from assessment.awards.models import Award
from assessment.demo.builders.catalogue import BUILDER
from assessment.demo.builders.examinations import (
    AREAS,
    build_achievement,
    build_adaptive_test,
    build_bank,
    build_item,
    build_learner,
    build_scale,
    build_test,
)
from assessment.demo.builders.people import build_institution
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.evidence.models import Evidence
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Bank, Item, Test
from assessment.people import service as people
from assessment.people.models import Institution
from assessment.sittings import service
from assessment.sittings.models import (
    Ending,
    Response,
    Sitting,
    SittingItem,
    SittingState,
)
from tests.assessment.sittings.answers import answer, answer_until_it_ends, place_of_key

UNSURE = service.Given(unsure=True)


@pytest.fixture
def institution(context: Flask) -> Institution:
    return build_institution("college")


@pytest.fixture
def bank(institution: Institution) -> Bank:
    found = build_bank(institution, "wiring")
    build_scale(found)
    return found


@pytest.fixture
def test(institution: Institution, bank: Bank) -> Test:
    return build_adaptive_test(institution, bank.key, "adaptive")


@pytest.fixture
def learner(test: Test) -> Actor:
    return build_learner()[1]


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def score_of(ended: service.Ended) -> itembank.Score:
    return service.score_from_text(ended.sitting.score or "")


def asked(sitting: Sitting) -> list[str]:
    """Return the keys of the items that a sitting has asked."""
    return [items.content(each.item_version_id).id for each in sitting.questions]


def areas(sitting: Sitting) -> Counter[str]:
    return Counter(items.content(each.item_version_id).area for each in sitting.questions)


def import_again(institution: Institution, bank: Bank, *changed: itembank.Item) -> None:
    """Import some items anew; those that are not given stay as they are."""
    parsed = itembank.ParsedBank(items=changed)
    spec = items.BankSpec(key=bank.key, institution_id=institution.id)
    items.import_bank(parsed, spec, BUILDER)


@pytest.mark.parametrize(("right", "least", "most"), [(True, 0.95, 1), (False, 0, 0.05)])
def test_it_ends_by_itself_as_soon_as_it_is_sure(
    right: bool, least: float, most: float, test: Test, learner: Actor
) -> None:
    sitting = service.begin(test, learner)
    assert (sitting.position, len(sitting.questions)) == (1, 1)
    ended = answer_until_it_ends(sitting, learner, lambda _position: right)
    assert (ended.sitting.state, ended.sitting.ending) == (SittingState.SCORED, Ending.COMPLETE)
    assert 4 <= len(ended.sitting.questions) < 12
    probability = score_of(ended).mastery_probability
    assert probability is not None
    assert least <= probability <= most
    assert count(Evidence) == 1


def test_in_doubt_it_goes_on_to_its_full_length_and_meets_the_blueprint(
    institution: Institution, bank: Bank
) -> None:
    sure = items.Adaptivity(least=4, sure=0.999)
    test, learner = (
        build_adaptive_test(institution, bank.key, "sure", adaptive=sure),
        build_learner()[1],
    )
    sitting = service.begin(test, learner)
    ended = answer_until_it_ends(sitting, learner, lambda position: position % 2 == 0)
    assert areas(ended.sitting) == dict.fromkeys(AREAS, 6)
    assert len(set(asked(ended.sitting))) == 12


def test_every_area_has_its_share_however_early_it_ends(test: Test, learner: Actor) -> None:
    ended = answer_until_it_ends(service.begin(test, learner), learner)
    assert all(areas(ended.sitting)[area] >= 2 for area in AREAS)


def test_an_answer_is_given_once(test: Test, learner: Actor) -> None:
    sitting = service.begin(test, learner)
    first = answer(sitting, 1, learner)
    again = answer(sitting, 1, learner)
    assert (first.committed, first.saved_at) == (True, again.saved_at)
    with pytest.raises(service.AnswerStands):
        answer(sitting, 1, learner, right=False)
    with pytest.raises(service.AnswerStands):
        service.save_answer(sitting.id, 1, UNSURE, learner)
    assert (count(Response), count(SittingItem), sitting.position) == (1, 2, 2)


def test_the_answer_that_ends_it_may_arrive_twice(test: Test, learner: Actor) -> None:
    sitting = service.begin(test, learner)
    answer_until_it_ends(sitting, learner)
    again = answer(sitting, sitting.position, learner)
    assert (again.committed, again.ended) == (True, None)
    with pytest.raises(service.AnswerStands):
        answer(sitting, sitting.position, learner, right=False)
    assert count(Evidence) == 1


def test_no_question_can_be_answered_before_it_is_asked(test: Test, learner: Actor) -> None:
    sitting = service.begin(test, learner)
    with pytest.raises(NoSuchRecord):
        service.save_answer(sitting.id, 2, service.Given(chosen=("0",)), learner)


def test_nothing_is_an_answer_only_when_the_learner_says_so(test: Test, learner: Actor) -> None:
    sitting = service.begin(test, learner)
    with pytest.raises(Invalid, match="I do not know"):
        service.save_answer(sitting.id, 1, service.Given(), learner)
    assert count(Response) == 0
    chosen = service.Given(chosen=(str(place_of_key(sitting, 1)),), unsure=True)
    assert service.save_answer(sitting.id, 1, chosen, learner).blank
    theta = sitting.questions[1].choice["theta"]
    assert theta < sitting.questions[0].choice["theta"]


def test_nobody_answers_for_another(test: Test, learner: Actor) -> None:
    sitting = service.begin(test, learner)
    with pytest.raises(NoSuchRecord):
        service.save_answer(sitting.id, 1, UNSURE, build_learner()[1])


def test_stopping_early_scores_what_was_answered(test: Test, learner: Actor) -> None:
    sitting = service.begin(test, learner)
    answer(sitting, 1, learner)
    ended = service.submit(sitting.id, learner)
    assert ended.sitting.ending == Ending.SUBMITTED
    assert (score_of(ended).points, score_of(ended).possible) == (1, 2)
    with pytest.raises(service.AlreadyEnded):
        answer(ended.sitting, 2, learner)
    assert service.replay_choices(ended.sitting) is None


@pytest.mark.parametrize(("answered", "judged"), [(7, False), (8, True)])
def test_a_sitting_stopped_before_its_least_length_shows_no_mastery(
    answered: int, judged: bool, institution: Institution, bank: Bank, learner: Actor
) -> None:
    """However well its few questions were answered: nobody picks the moment to be judged."""
    build_scale(bank, slope=4)
    slow = items.Adaptivity(least=8, sure=0.999)
    test = build_adaptive_test(institution, bank.key, "steep", adaptive=slow)
    build_achievement(institution, "steep", {"test": "steep", "mastery": 0.9})
    sitting = service.begin(test, learner)
    for position in range(1, answered + 1):
        answer(sitting, position, learner)
    ended = service.submit(sitting.id, learner)
    assert (score_of(ended).mastery_probability is not None) is judged
    assert (score_of(ended).theta is not None) is judged
    assert count(Award) == judged


def test_a_sitting_that_the_deadline_cut_short_shows_no_mastery(
    test: Test, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = service.begin(test, learner)
    for position in range(1, 4):
        answer(sitting, position, learner)
    later = clock.now() + timedelta(minutes=41)
    monkeypatch.setattr(clock, "now", lambda: later)
    ended = service.expire(sitting.learner_id, sitting.id)
    assert (score_of(ended).points, score_of(ended).mastery_probability) == (3, None)


def test_when_the_time_is_up_what_was_answered_is_scored(
    test: Test, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = service.begin(test, learner)
    answer(sitting, 1, learner)
    later = clock.now() + timedelta(minutes=41)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(service.TimeOver):
        answer(sitting, 2, learner)
    ended = service.expire(sitting.learner_id, sitting.id)
    assert ended.sitting.ending == Ending.TIME
    assert score_of(ended).answered == 1


def test_a_retake_shares_no_question_while_the_bank_has_others(test: Test, learner: Actor) -> None:
    first = answer_until_it_ends(service.begin(test, learner), learner).sitting
    second = answer_until_it_ends(service.begin(test, learner), learner).sitting
    assert not {*asked(first)} & {*asked(second)}
    third = answer_until_it_ends(service.begin(test, learner), learner).sitting
    assert third.score is not None  # some had to come again, and it was delivered
    assert [service.replay_choices(each) for each in (first, second, third)] == [None] * 3


def test_a_new_scale_changes_nothing_of_a_sitting_under_way(
    test: Test, bank: Bank, learner: Actor
) -> None:
    sitting = service.begin(test, learner)
    answer(sitting, 1, learner)
    build_scale(bank, slope=0.5)
    ended = answer_until_it_ends(sitting, learner)
    assert service.replay_choices(ended.sitting) is None
    later = service.begin(test, build_learner()[1])
    assert later.parameter_set_id != sitting.parameter_set_id


def test_what_is_retired_or_reworded_is_never_asked(
    test: Test, institution: Institution, bank: Bank, learner: Actor
) -> None:
    before = service.begin(test, learner)
    retired, reworded = "wires-005", "wires-006"
    words = {"en": "Another wording?", "fr": "Un autre libellé ?"}
    import_again(institution, bank, replace(build_item(6, "wires"), stem=words))
    db.session.execute(
        update(Item)
        .where(Item.key == retired, Item.bank_id == bank.id)
        .values(retired_at=clock.now())
    )
    bank.revision = "after"
    db.session.flush()
    sitting = service.begin(test, build_learner()[1])
    withheld = {items.content(each).id for each in sitting.withheld["never"]}
    assert withheld == {retired, reworded}
    assert (before.withheld["never"], before.withheld["last"]) == ([], [])


def test_what_needs_sight_is_not_asked_of_those_without(
    institution: Institution, context: Flask
) -> None:
    seen = [build_item(n, "wires", figure=itembank.Figure("a.png")) for n in (13, 14)]
    bank = build_bank(institution, "pictures")
    import_again(institution, bank, *seen)
    build_scale(bank)
    test, learner = build_adaptive_test(institution, bank.key, "adaptive"), build_learner()[1]
    people.set_own_allowance(multiplier=1, break_minutes=0, without_sight=True, actor=learner)
    sitting = service.begin(test, learner)
    withheld = {items.content(each).id for each in sitting.withheld["never"]}
    assert withheld == {"wires-013", "wires-014"}
    assert service.begin(test, build_learner()[1]).withheld["never"] == []


def test_items_on_trial_are_never_asked(
    test: Test, institution: Institution, bank: Bank, learner: Actor
) -> None:
    import_again(institution, bank, *(build_item(n, "wires") for n in range(20, 30)))
    ended = answer_until_it_ends(service.begin(test, learner), learner, lambda n: n % 2 == 0)
    assert not {*asked(ended.sitting)} & {f"wires-{n:03d}" for n in range(20, 30)}


def test_what_too_many_sittings_held_comes_last(institution: Institution, bank: Bank) -> None:
    spread = items.Adaptivity(least=4, candidates=1, exposure=0.6)
    test = build_adaptive_test(institution, bank.key, "spread", adaptive=spread)
    first, second, third = (service.begin(test, build_learner()[1]) for _ in range(3))
    assert first.withheld["last"] == []
    assert second.withheld["last"] == [first.questions[0].item_version_id]
    assert asked(second) != asked(first)
    assert third.withheld["last"] == []  # each was in half of the sittings
    assert asked(third) == asked(first)


def test_a_bank_that_lost_too_many_questions_begins_no_sitting(
    test: Test, bank: Bank, learner: Actor
) -> None:
    area = Item.area_key == "wires"
    db.session.execute(
        update(Item).where(area, Item.bank_id == bank.id).values(retired_at=clock.now())
    )
    bank.revision = "after"
    db.session.flush()
    with pytest.raises(Conflict, match="put together"):
        service.begin(test, learner)


def test_a_choice_that_was_changed_does_not_replay(test: Test, learner: Actor) -> None:
    sitting = answer_until_it_ends(service.begin(test, learner), learner).sitting
    assert service.replay_choices(sitting) is None
    third = sitting.questions[2]
    third.choice = {**third.choice, "draw": 0.123456789}
    db.session.flush()
    found = service.replay_choices(sitting)
    assert found is not None
    assert (found.position, found.stored == found.replayed) == (3, False)


def test_an_answer_that_was_changed_does_not_replay(test: Test, learner: Actor) -> None:
    sitting = answer_until_it_ends(service.begin(test, learner), learner).sitting
    sitting.responses[1].answer = itembank.BLANK.canonical
    db.session.flush()
    found = service.replay_choices(sitting)
    assert found is not None
    assert found.position == 3


def test_a_sitting_that_ended_too_early_does_not_replay(test: Test, learner: Actor) -> None:
    sitting = service.begin(test, learner)
    answer(sitting, 1, learner)
    ended = service.submit(sitting.id, learner).sitting
    ended.ending = Ending.COMPLETE
    last = ended.questions[-1]
    answer_text = itembank.Answer((0,)).canonical
    key = {"learner_id": last.learner_id, "sitting_id": last.sitting_id}
    saved = Response(**key, position=2, answer=answer_text, revision=1, saved_at=clock.now())
    db.session.add(saved)
    db.session.flush()
    found = service.replay_choices(ended)
    assert found is not None
    assert (found.position, found.stored) == (3, "")


def test_a_linear_sitting_of_the_same_bank_is_pinned_to_its_scale(
    test: Test, institution: Institution, bank: Bank, learner: Actor
) -> None:
    linear = service.begin(build_test(institution, bank.key, "linear"), learner)
    current = items.current_set(bank.id)
    assert current is not None
    assert linear.parameter_set_id == current.id
    assert [each.choice for each in linear.questions] == [None] * 4
    assert answer(linear, 1, learner).committed is False
