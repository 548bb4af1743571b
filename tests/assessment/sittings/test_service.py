"""A sitting from beginning to award, through the services, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from assessment import clock
from assessment.access import Actor
from assessment.awards import service as awards
from assessment.awards.models import Award, Decision
from assessment.credentials import service as credentials
from assessment.demo.builders.examinations import Examination, build_examination, build_learner
from assessment.errors import Conflict, NoSuchRecord
from assessment.evidence.models import Evidence
from assessment.extensions import db
from assessment.people import service as people
from assessment.sittings import results, service
from assessment.sittings.models import Ending, Response, Sitting, SittingItem, SittingState
from tests.assessment.sittings.answers import answer, answer_all, place_of_key, sit


@pytest.fixture
def examination(context: Flask) -> Examination:
    return build_examination()


@pytest.fixture
def learner(examination: Examination) -> Actor:
    return build_learner()[1]


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_pass_of_the_pre_test_opens_the_post_test_and_a_pass_of_that_awards_and_signs(
    examination: Examination, learner: Actor
) -> None:
    assert isinstance(service.eligibility(learner.learner_id, examination.post), service.NotOpen)
    assert sit("pre", learner).awards == []
    assert isinstance(service.eligibility(learner.learner_id, examination.post), service.MayStart)
    ended = sit("post", learner, right=3)
    assert [award.achievement.key for award in ended.awards] == ["wiring-course"]
    credential = credentials.credential_of(learner.learner_id, ended.awards[0].id)
    assert credential is not None
    assert credential.jwt.count(".") == 2
    assert awards.replays_the_same(ended.awards[0].decision)


def test_a_result_below_the_mark_awards_nothing(examination: Examination, learner: Actor) -> None:
    sit("pre", learner)
    assert sit("post", learner, right=2).awards == []
    assert count(Award) == 0
    assert count(Decision) == 0
    assert count(Evidence) == 2


def test_the_form_holds_what_the_blueprint_asks_and_no_item_twice(
    examination: Examination, learner: Actor
) -> None:
    sitting = service.begin(examination.pre, learner)
    areas = [question.item_version.area_key for question in sitting.questions]
    assert sorted(areas) == ["tools", "tools", "wires", "wires"]
    assert len({question.item_version_id for question in sitting.questions}) == 4


def test_a_retake_repeats_no_item_while_unseen_ones_remain(
    examination: Examination, learner: Actor
) -> None:
    first = sit("pre", learner, right=0).sitting
    second = service.begin(examination.pre, learner)
    seen = {question.item_version_id for question in first.questions}
    assert not seen & {question.item_version_id for question in second.questions}


def test_beginning_twice_gives_the_same_sitting(examination: Examination, learner: Actor) -> None:
    first = service.begin(examination.pre, learner)
    assert service.begin(examination.pre, learner).id == first.id
    assert count(Sitting) == 1
    assert count(SittingItem) == 4


def test_a_window_allows_its_sittings_and_no_more(
    examination: Examination, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit("pre", learner, right=0)
    sit("pre", learner, right=0)
    may = service.eligibility(learner.learner_id, examination.pre)
    assert isinstance(may, service.MustWait)
    assert may.used_up
    with pytest.raises(Conflict):
        service.begin(examination.pre, learner)
    later = clock.now() + timedelta(days=30, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert isinstance(service.eligibility(learner.learner_id, examination.pre), service.MayStart)


def test_an_abandoned_sitting_counts(
    examination: Examination, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.begin(examination.pre, learner)
    later = clock.now() + timedelta(minutes=41)
    monkeypatch.setattr(clock, "now", lambda: later)
    for learner_id, sitting_id in service.expired():
        service.expire(learner_id, sitting_id)
    may = service.eligibility(learner.learner_id, examination.pre)
    assert isinstance(may, service.MayStart)
    assert may.left == 1


def test_the_same_answer_sent_again_is_saved_once(examination: Examination, learner: Actor) -> None:
    sitting = service.begin(examination.pre, learner)
    first = answer(sitting, 1, learner)
    again = answer(sitting, 1, learner)
    assert (first.revision, again.revision) == (1, 1)
    assert count(Response) == 1


def test_a_stale_page_gets_both_answers_and_overwrites_nothing(
    examination: Examination, learner: Actor
) -> None:
    sitting = service.begin(examination.pre, learner)
    right = place_of_key(sitting, 1)
    answer(sitting, 1, learner)
    wrong = (right + 1) % 4
    with pytest.raises(service.OtherAnswer) as stale:
        service.save_answer(sitting.id, 1, service.Given(chosen=(str(wrong),)), learner)
    assert (stale.value.saved.chosen, stale.value.yours.chosen) == ((right,), (wrong,))
    given = service.Given(chosen=(str(wrong),), revision=stale.value.revision)
    assert service.save_answer(sitting.id, 1, given, learner).revision == 2


def test_nobody_answers_for_another(examination: Examination, learner: Actor) -> None:
    sitting = service.begin(examination.pre, learner)
    other = build_learner()[1]
    with pytest.raises(NoSuchRecord):
        service.save_answer(sitting.id, 1, service.Given(chosen=("0",)), other)
    with pytest.raises(NoSuchRecord):
        service.submit(sitting.id, other)


def test_an_answer_after_the_deadline_is_refused_and_the_rest_is_scored_without_a_browser(
    examination: Examination, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = service.begin(examination.pre, learner)
    answer(sitting, 1, learner)
    later = clock.now() + timedelta(minutes=40, seconds=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(service.TimeOver):
        answer(sitting, 2, learner)
    assert service.expired() == [(sitting.learner_id, sitting.id)]
    ended = service.expire(sitting.learner_id, sitting.id)
    assert ended.sitting.state == SittingState.SCORED
    assert ended.sitting.ending == Ending.TIME
    assert service.score_from_text(ended.sitting.score or "").percent == 25
    assert service.expired() == []


def test_an_answer_within_the_grace_of_the_network_counts(
    examination: Examination, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = service.begin(examination.pre, learner)
    later = clock.now() + timedelta(minutes=40, seconds=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert answer(sitting, 1, learner).revision == 1


def test_nothing_changes_after_submitting(examination: Examination, learner: Actor) -> None:
    ended = sit("pre", learner, right=0)
    with pytest.raises(service.AlreadyEnded):
        answer(ended.sitting, 1, learner)
    again = service.submit(ended.sitting.id, learner)
    assert again.sitting.score == ended.sitting.score
    assert count(Evidence) == 1


def test_an_open_sitting_takes_over_a_new_allowance_and_never_loses_time(
    examination: Examination, learner: Actor
) -> None:
    sitting = service.begin(examination.pre, learner)
    before = sitting.deadline
    people.set_own_allowance(multiplier=1.5, break_minutes=0, without_sight=False, actor=learner)
    assert service.apply_allowance(learner.learner_id, learner) == 1
    assert before is not None
    assert sitting.deadline == before + timedelta(minutes=20)
    people.set_own_allowance(multiplier=1, break_minutes=0, without_sight=False, actor=learner)
    assert service.apply_allowance(learner.learner_id, learner) == 0
    assert sitting.minutes_allowed == 60


def test_an_outage_gives_its_time_back(
    examination: Examination, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.beat()
    sitting = service.begin(examination.pre, learner)
    before = sitting.deadline
    later = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: later)
    outage = service.account_for_absence()
    assert outage is not None
    assert outage.sittings_credited == 1
    assert before is not None
    assert timedelta(minutes=5) < sitting.deadline - before <= timedelta(minutes=6)
    assert service.account_for_absence() is None


def test_a_sitting_that_would_have_expired_in_an_outage_goes_on(
    examination: Examination, learner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.beat()
    service.begin(examination.pre, learner)
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    service.account_for_absence()
    assert service.expired() == []


def test_an_outage_that_ended_before_a_sitting_began_changes_nothing_of_it(
    examination: Examination, learner: Actor
) -> None:
    sitting = service.begin(examination.pre, learner)
    before, began = sitting.deadline, sitting.started_at
    hour = timedelta(hours=1)
    assert service.give_back(began - 2 * hour, began - hour, learner) == 0
    assert sitting.deadline == before


def test_answers_left_blank_are_scored_as_nothing(examination: Examination, learner: Actor) -> None:
    sitting = service.begin(examination.pre, learner)
    ended = service.submit(sitting.id, learner)
    score = service.score_from_text(ended.sitting.score or "")
    assert (score.percent, score.answered) == (0, 0)


def test_the_page_before_a_test_knows_the_best_result(
    examination: Examination, learner: Actor
) -> None:
    assert results.best_percent(learner.learner_id, "pre") is None
    sit("pre", learner)
    begun = service.begin(examination.pre, learner)
    assert results.best_percent(learner.learner_id, "pre") == 100
    service.submit(begun.id, learner)
    assert results.best_percent(learner.learner_id, "pre") == 100


def test_a_second_pass_awards_nothing_twice(examination: Examination, learner: Actor) -> None:
    sit("pre", learner)
    sit("post", learner)
    assert sit("post", learner).awards == []
    assert count(Award) == 1


def test_all_answers_right_in_any_order_score_the_same(
    examination: Examination, learner: Actor
) -> None:
    sitting = service.begin(examination.pre, learner)
    answer_all(sitting, learner, right=4)
    ended = service.submit(sitting.id, learner)
    assert service.score_from_text(ended.sitting.score or "").percent == 100
