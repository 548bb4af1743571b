"""The published examinations: one item of every topic, hundreds of times."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank import (
    Answer,
    BankFormat,
    Blueprint,
    Form,
    ParsedBank,
    PercentScoring,
    PoolItem,
    ScoredResponse,
    Seen,
    draw,
    one_of_each,
    parse_answer,
    pool_item,
    score_item,
    shortfalls,
)
from tests.itembank.examples import BANKS, GENERAL, ISED, TECHNICIAN, real_bank


@pytest.fixture(scope="module")
def ised() -> ParsedBank:
    return real_bank(ISED, BankFormat.ISED)


def leaf_blueprint(bank: ParsedBank) -> Blueprint:
    return one_of_each(bank.parents)


def areas_of(bank: ParsedBank, form: Form) -> Counter[str]:
    area_of = {item.id: item.area for item in bank.items}
    return Counter(area_of[item.id] for item in form.items)


def _ids(form: Form) -> set[str]:
    return {item.id for item in form.items}


@pytest.fixture(scope="module")
def pool(ised: ParsedBank) -> dict[str, PoolItem]:
    return {item.id: pool_item(item) for item in ised.items}


@given(seed=st.integers(0, 2**128), start=st.integers(0, 984), n_seen=st.integers(0, 984))
def test_a_form_has_one_item_of_each_of_a_hundred_topics(
    ised: ParsedBank, pool: dict[str, PoolItem], seed: int, start: int, n_seen: int
) -> None:
    seen = dict.fromkeys(list(pool)[start : start + n_seen], Seen(1))
    form = draw(pool.values(), leaf_blueprint(ised), seen=seen, seed=seed)
    assert Counter(pool[item.id].area for item in form.items) == dict.fromkeys(ised.parents, 1)
    repeated_topics = {pool[id_].area for id_ in _ids(form) & set(seen)}
    unseen_topics = {item.area for id_, item in pool.items() if id_ not in seen}
    assert not repeated_topics & unseen_topics
    assert {tuple(sorted(item.option_order)) for item in form.items} == {(0, 1, 2, 3)}


def test_retakes_repeat_no_item_while_a_topic_has_unseen_ones(
    ised: ParsedBank, pool: dict[str, PoolItem]
) -> None:
    """Every topic has 4 items or more, so 4 sittings share none."""
    seen: dict[str, Seen] = {}
    for sitting in range(4):
        form = draw(pool.values(), leaf_blueprint(ised), seen=seen, seed=sitting)
        assert not _ids(form) & set(seen)
        seen |= {id_: Seen(1, sitting) for id_ in _ids(form)}


@pytest.mark.parametrize(
    ("right", "passes", "honours"),
    [(69, False, False), (70, True, False), (79, True, False), (80, True, True)],
)
def test_a_sitting_is_scored_as_the_examination_is(
    ised: ParsedBank, right: int, passes: bool, honours: bool
) -> None:
    items = {item.id: item for item in ised.items}
    form = draw(map(pool_item, ised.items), leaf_blueprint(ised), seen={}, seed=right)
    responses = []
    for number, asked in enumerate(form.items):
        shown_key = asked.option_order.index(0)
        position = shown_key if number < right else (shown_key + 1) % 4
        item = items[asked.id]
        answer = parse_answer(item, chosen=[str(position)], option_order=asked.option_order)
        responses.append(ScoredResponse(item.id, item.area, score_item(item, answer)))
    score = PercentScoring(ised.parents).score(responses)
    assert score.percent == right
    assert (score.reaches(70), score.reaches(80)) == (passes, honours)
    assert [score.areas[f"B-00{n}"].possible for n in range(1, 9)] == [25, 9, 21, 6, 13, 13, 8, 5]


def test_the_key_stands_at_every_place_as_often(
    ised: ParsedBank, pool: dict[str, PoolItem]
) -> None:
    """10,000 keys at 4 places: 2500 each, sd 43; five sd either way."""
    places = Counter(
        asked.option_order.index(0)
        for seed in range(100)
        for asked in draw(pool.values(), leaf_blueprint(ised), seen={}, seed=seed).items
    )
    assert all(abs(places[place] - 2_500) < 217 for place in range(4))


@pytest.mark.parametrize("path", [TECHNICIAN, GENERAL])
def test_a_pool_gives_forms_of_thirty_five_with_and_without_sight(path: str) -> None:
    bank = real_bank(path, BankFormat.NCVEC)
    pool, blueprint = [pool_item(item) for item in bank.items], leaf_blueprint(bank)
    assert blueprint.total == 35
    assert shortfalls(pool, blueprint, without_sight=True) == ()
    for seed in range(50):
        form = draw(pool, blueprint, seen={}, seed=seed, without_sight=True)
        assert areas_of(bank, form) == dict.fromkeys(bank.parents, 1)
        assert not _ids(form) & set(bank.needs_sight)


def test_the_published_counts_are_those_of_the_bank(ised: ParsedBank) -> None:
    file = BANKS / "ised-blueprint" / "blueprint.derived.json"
    published = json.loads(file.read_text(encoding="utf-8"))["basic"]
    counts = Counter(item.area for item in ised.items)
    assert {topic["id"]: topic["bank_items_2025"] for topic in published["topics"]} == counts


def test_the_right_answer_is_worth_one_in_every_item(ised: ParsedBank) -> None:
    assert all(score_item(item, Answer((0,))) == 1 for item in ised.items)
