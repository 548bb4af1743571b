"""What a sitting scores: in percent, by ability on the scale it began on, or as a sample."""

from __future__ import annotations

import numpy as np
import pytest
from flask import Flask

import itembank
from assessment.access import Actor
from assessment.awards import service as awards
from assessment.demo.builders.examinations import (
    AREAS,
    BUILDER,
    EACH,
    Examination,
    build_achievement,
    build_examination,
    build_learner,
    build_scale,
    build_test,
)
from assessment.evidence import service as evidence
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.models import Bank
from assessment.rules import AbilityFact, Basis, TestFact
from assessment.sittings import service
from assessment.sittings.models import Sitting
from assessment.sittings.scoring import score_from_text, score_to_text
from tests.assessment.sittings.answers import answer_all, sit


@pytest.fixture
def examination(context: Flask) -> Examination:
    return build_examination()


@pytest.fixture
def bank(examination: Examination) -> Bank:
    return db.session.query(Bank).filter_by(key=examination.bank_key).one()


@pytest.fixture
def learner(examination: Examination) -> Actor:
    return build_learner()[1]


def fact_of(sitting: Sitting) -> TestFact:
    """Return what the ledger says of a sitting."""
    return evidence.test_facts(sitting.learner_id)[sitting.id]


def leave_out(bank: Bank, count: int) -> None:
    """Publish a scale without some items of the second area."""
    pool, current = items.bank_pool(bank.id), items.current_set(bank.id)
    assert current is not None
    measured = items.measured(current.id)
    known = dict(zip(measured.version_ids, measured.estimates, strict=True))
    second = [pool.version_ids[item.id] for item in pool.items if item.area == AREAS[1]]
    kept = {version: known[version] for version in known if version not in second[:count]}
    new = items.NewSet(source=current.source, report={}, items=kept)
    items.publish_parameter_set(bank.id, new, BUILDER)


def test_without_a_scale_the_questions_are_a_sample_of_their_domain(
    examination: Examination, learner: Actor
) -> None:
    ended = sit("pre", learner, right=3)
    fact = fact_of(ended.sitting)
    assert fact.mastery == round(itembank.mastery_by_sampling(3, 4, 0.75), 6)
    assert (fact.basis, fact.ability) == (Basis.SAMPLED, None)
    assert (fact.mastery_lowest, fact.mastery_highest) == (None, None)
    assert ended.sitting.parameter_set_id is None


def test_on_a_scale_ability_is_the_posterior_mean_with_the_prior_at_the_mark(
    bank: Bank, learner: Actor, examination: Examination
) -> None:
    found = build_scale(bank)
    ended = sit("pre", learner, right=3)
    fact, scale = fact_of(ended.sitting), items.scale(found.id, examination.pre)
    cut = scale.cuts["pass"]
    places = [scale.places[each.item_version_id] for each in ended.sitting.questions]
    scores = np.array([1, 1, 1, 0], dtype=np.int8)
    ability = itembank.estimate_ability(
        scores, scale.parameters.take(places), prior=itembank.Prior(cut.theta, 1.0)
    )
    mastery = itembank.classify(ability, cut)
    assert fact.basis is Basis.ITEM_RESPONSE
    assert fact.ability == AbilityFact(
        theta=round(float(ability.theta), 6),
        se=round(float(ability.se), 6),
        mark=round(cut.theta, 6),
        mark_se=round(cut.se, 6),
        scale=1,
        simulated=True,
    )
    assert fact.mastery == round(float(mastery.probability), 6)
    assert fact.mastery_lowest == round(float(mastery.lowest), 6)
    assert fact.mastery_highest == round(float(mastery.highest), 6)
    assert fact.points == 3


def test_the_score_that_a_sitting_keeps_reads_back(bank: Bank, learner: Actor) -> None:
    build_scale(bank)
    text = sit("pre", learner).sitting.score or ""
    assert score_to_text(score_from_text(text)) == text
    assert score_from_text(text).basis is itembank.MasteryBasis.ITEM_RESPONSE_THEORY


OLD = (
    '{"answered":4,"areas":{"tools":[2.0,2.0,2,100.0]},"mastery_probability":null,"percent":75.0,'
    '"points":3.0,"possible":4.0,"se":null,"theta":null}'
)
"""A score as it was kept before sittings were sure of anything."""


def test_an_old_score_is_read_and_written_again_to_the_byte() -> None:
    assert score_from_text(OLD).percent == 75
    assert score_from_text(OLD).basis is None
    assert score_to_text(score_from_text(OLD)) == OLD


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_not_kept(number: float) -> None:
    score = itembank.Score(points=1, possible=2, answered=2, percent=50, theta=number)
    with pytest.raises(ValueError, match="JSON"):
        score_to_text(score)


def test_a_sitting_is_scored_on_the_scale_that_it_began_on(bank: Bank, learner: Actor) -> None:
    test = items.current_test("pre")
    assert test is not None
    first = build_scale(bank)
    sitting = service.begin(test, learner)
    build_scale(bank, slope=0.5)
    answer_all(sitting, learner, right=4)
    ability = fact_of(service.submit(sitting.id, learner).sitting).ability
    assert sitting.parameter_set_id == first.id
    assert ability is not None
    assert ability.scale == 1


def test_a_sitting_that_began_without_a_scale_ends_without_one(bank: Bank, learner: Actor) -> None:
    test = items.current_test("pre")
    assert test is not None
    sitting = service.begin(test, learner)
    build_scale(bank)
    answer_all(sitting, learner, right=4)
    assert fact_of(service.submit(sitting.id, learner).sitting).basis is Basis.SAMPLED


def test_all_right_and_all_wrong_have_an_ability_too(bank: Bank) -> None:
    build_scale(bank)
    low, high = (
        fact_of(sit("pre", build_learner()[1], right=right).sitting).ability for right in (0, 4)
    )
    assert low is not None
    assert high is not None
    assert low.theta < low.mark < high.theta


def test_a_mark_that_has_no_place_on_the_scale_is_judged_by_the_sample(
    bank: Bank, examination: Examination, learner: Actor
) -> None:
    everything = (items.Cut("all", {"en": "All", "fr": "Tout"}, 100),)
    build_test(examination.institution, bank.key, "perfect", cuts=everything)
    build_scale(bank)
    fact = fact_of(sit("perfect", learner).sitting)
    assert (fact.basis, fact.ability) == (Basis.SAMPLED, None)
    assert fact.mastery == 0


def test_questions_on_trial_count_in_percent_alone(
    bank: Bank, examination: Examination, learner: Actor
) -> None:
    """One question of twelve has no parameters: it changes no ability."""
    build_scale(bank)
    leave_out(bank, 1)
    every = {AREAS[0]: 2, AREAS[1]: EACH}
    test = build_test(examination.institution, bank.key, "whole", blueprint=every)
    ended = sit("whole", learner, right=2)
    fact, scale = fact_of(ended.sitting), items.scale_of(test)
    assert scale is not None
    scored = [
        (int(question.position <= 2), scale.places[question.item_version_id])
        for question in ended.sitting.questions
        if question.item_version_id in scale.places
    ]
    ability = itembank.estimate_ability(
        np.array([score for score, _place in scored], dtype=np.int8),
        scale.parameters.take([place for _score, place in scored]),
        prior=itembank.Prior(scale.cuts["pass"].theta, 1.0),
    )
    assert (fact.points, len(scored)) == (2, 2 + EACH - 1)
    assert fact.ability is not None
    assert fact.ability.theta == round(float(ability.theta), 6)


@pytest.mark.parametrize(("left_out", "basis"), [(6, Basis.ITEM_RESPONSE), (7, Basis.SAMPLED)])
def test_most_of_every_section_must_be_on_the_scale(
    bank: Bank, examination: Examination, learner: Actor, left_out: int, basis: Basis
) -> None:
    """The other section is whole: it cannot speak for this one."""
    build_scale(bank)
    leave_out(bank, left_out)
    every = {AREAS[0]: EACH, AREAS[1]: EACH}
    build_test(examination.institution, bank.key, "whole", blueprint=every)
    assert fact_of(sit("whole", learner, right=20).sitting).basis is basis


def test_mastery_awards_at_once_and_the_decision_replays_to_the_same_bytes(
    bank: Bank, examination: Examination, learner: Actor
) -> None:
    build_scale(bank, slope=2.5)
    build_test(examination.institution, bank.key, "long", blueprint=dict.fromkeys(AREAS, 10))
    rule = {"any": [{"test": "long", "mastery": 0.9}, {"test": "post", "percent": 90}]}
    build_achievement(examination.institution, "sure", rule)
    (award,) = sit("long", learner).awards
    assert award.achievement.key == "sure"
    assert awards.replays_the_same(award.decision)
    db.session.expire_all()
    explanation = awards.explain_award(award).explanation.children[0]
    assert explanation.sureness[0].startswith("We are ")
    assert explanation.ability == fact_of(db.session.query(Sitting).one()).ability
