from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank import (
    Blueprint,
    Figure,
    Form,
    FormImpossible,
    PoolItem,
    Seen,
    Shortfall,
    choose_form,
    draw,
    one_of_each,
    pool_item,
    shortfalls,
    shuffle_options,
)
from tests.itembank.examples import choice, numeric, pool

NOTHING_SEEN: dict[str, Seen] = {}


def ids(form: Form) -> list[str]:
    return [item.id for item in form.items]


@st.composite
def pools(draw: st.DrawFn) -> list[PoolItem]:
    """Return a small pool with enemies anywhere, sight, languages and fixed orders."""
    items = [f"i{n}" for n in range(draw(st.integers(1, 14)))]
    return [
        PoolItem(
            id_,
            draw(st.sampled_from("abc")),
            enemies=draw(st.frozensets(st.sampled_from(items), max_size=3)) - {id_},
            needs_sight=draw(st.integers(0, 3)) == 0,
            languages=draw(st.sampled_from([frozenset({"en"}), frozenset({"en", "fr"})])),
            n_options=4,
        )
        for id_ in items
    ]


blueprints = st.dictionaries(st.sampled_from("abc"), st.integers(1, 4), min_size=1).map(Blueprint)
histories = st.dictionaries(
    st.integers(0, 13).map("i{}".format), st.builds(Seen, st.integers(1, 2), st.integers(0, 3))
)
seeds = st.integers(0, 2**64)


def are_enemies(one: PoolItem, other: PoolItem) -> bool:
    return one.id in other.enemies or other.id in one.enemies


@given(pools(), blueprints, histories, seeds, st.booleans(), st.sampled_from([None, "en", "fr"]))
def test_a_form_fits_the_blueprint_or_the_areas_that_fall_short_are_named(
    items: list[PoolItem],
    blueprint: Blueprint,
    seen: dict[str, Seen],
    seed: int,
    without_sight: bool,
    language: str | None,
) -> None:
    gaps = shortfalls(items, blueprint, language=language, without_sight=without_sight)
    try:
        form = draw(
            items, blueprint, seen=seen, seed=seed, language=language, without_sight=without_sight
        )
    except FormImpossible as error:
        named = error.shortfalls
    else:
        named = ()
    assert named == gaps
    if gaps:
        return
    drawn = [item for item in items if item.id in ids(form)]
    assert len(form.items) == len(drawn) == blueprint.total
    assert Counter(item.area for item in drawn) == blueprint.counts
    assert not any(are_enemies(one, other) for one in drawn for other in drawn)
    assert not (without_sight and any(item.needs_sight for item in drawn))
    assert all(language in item.languages for item in drawn if language)


@given(pools(), blueprints, histories, seeds)
def test_no_repeat_could_give_way_to_an_unseen_item_of_its_area(
    items: list[PoolItem], blueprint: Blueprint, seen: dict[str, Seen], seed: int
) -> None:
    if shortfalls(items, blueprint):
        return
    drawn_ids = ids(draw(items, blueprint, seen=seen, seed=seed))
    drawn = [item for item in items if item.id in drawn_ids]
    fresh = [item for item in items if item.id not in seen and item not in drawn]
    for repeat in (item for item in drawn if item.id in seen):
        rest = [item for item in drawn if item is not repeat]
        for unseen in (item for item in fresh if item.area == repeat.area):
            assert any(are_enemies(unseen, item) for item in rest)


@given(pools(), blueprints, histories, seeds)
def test_what_falls_short_is_all_that_falls_short(
    items: list[PoolItem], blueprint: Blueprint, seen: dict[str, Seen], seed: int
) -> None:
    gaps = {gap.area: gap for gap in shortfalls(items, blueprint)}
    assert all(
        0 <= gap.available < gap.needed == blueprint.counts[gap.area] for gap in gaps.values()
    )
    left = {
        area: gaps[area].available if area in gaps else count
        for area, count in blueprint.counts.items()
    }
    smaller = {area: count for area, count in left.items() if count}
    if smaller:
        assert len(draw(items, Blueprint(smaller), seen=seen, seed=seed).items) == sum(
            smaller.values()
        )


@given(st.permutations(pool("a", 6) + pool("b", 3)), seeds)
def test_a_seed_gives_the_same_form_whatever_order_the_pool_comes_in(
    items: list[PoolItem], seed: int
) -> None:
    blueprint = Blueprint({"a": 3, "b": 2})
    history = {"a-1": Seen(1, 5)}
    expected = draw(pool("a", 6) + pool("b", 3), blueprint, seen=history, seed=seed)
    assert draw(items, blueprint, seen=history, seed=seed) == expected


def test_another_seed_gives_another_form() -> None:
    items, blueprint = pool("a", 30), Blueprint({"a": 10})
    forms = {draw(items, blueprint, seen=NOTHING_SEEN, seed=seed) for seed in range(20)}
    assert len(forms) == 20


def test_every_unseen_item_has_the_same_chance_however_exposed() -> None:
    """Each of 10 items is drawn Binomial(2000, 3/10) times: 600, sd 20.5; five sd either way."""
    items = [replace(item, exposure=n * 100) for n, item in enumerate(pool("a", 10))]
    counts = Counter(
        id_
        for seed in range(2_000)
        for id_ in ids(draw(items, Blueprint({"a": 3}), seen=NOTHING_SEEN, seed=seed))
    )
    assert set(counts) == {item.id for item in items}
    assert all(abs(count - 600) < 103 for count in counts.values())


def test_items_come_in_any_order_and_options_in_any_of_theirs() -> None:
    """Each of 24 orders has 100 chances in 2400, sd 9.8; five sd either way."""
    items, blueprint = pool("a", 1) + pool("b", 1), one_of_each("ab")
    forms = [draw(items, blueprint, seen=NOTHING_SEEN, seed=seed) for seed in range(2_400)]
    firsts = Counter(form.items[0].id for form in forms)
    assert abs(firsts["a-0"] - 1_200) < 123
    orders = Counter(form.items[0].option_order for form in forms)
    assert len(orders) == 24
    assert all(abs(count - 100) < 49 for count in orders.values())


def test_a_retake_uses_up_the_unseen_before_it_repeats() -> None:
    items, blueprint = pool("a", 7), Blueprint({"a": 3})
    seen: dict[str, Seen] = {}
    for sitting in range(20):
        form = ids(draw(items, blueprint, seen=seen, seed=sitting))
        unseen = {item.id for item in items} - set(seen)
        assert len(set(form) & unseen) == min(3, len(unseen))
        for id_ in form:
            seen[id_] = Seen(seen[id_].times + 1 if id_ in seen else 1, sitting)
        assert max(past.times for past in seen.values()) == -(-3 * (sitting + 1) // 7)


def test_repeats_are_those_seen_least_often_then_longest_ago() -> None:
    history = {
        "a-0": Seen(3, 1),
        "a-1": Seen(1, 9),
        "a-2": Seen(1, 8),
        "a-3": Seen(2, 2),
        "a-4": Seen(0, 0),
    }
    items = pool("a", 6)
    for n_items, expected in [(2, {"a-4", "a-5"}), (3, {"a-2"}), (4, {"a-1"}), (5, {"a-3"})]:
        form = ids(draw(items, Blueprint({"a": n_items}), seen=history, seed=n_items))
        assert expected <= set(form)
        assert "a-0" not in form


def test_enemies_in_two_areas_never_meet_at_the_price_of_a_repeat_only_when_they_must() -> None:
    """Of two unseen in `a`, the enemy of the only unseen in `b` gives way to the other."""
    foe = PoolItem("b-new", "b", enemies=frozenset({"a-0"}))
    items = [*pool("a", 2), foe, PoolItem("b-old", "b")]
    for seed in range(50):
        form = draw(items, one_of_each("ab"), seen={"b-old": Seen(1)}, seed=seed)
        assert set(ids(form)) == {"a-1", "b-new"}
    for seed in range(50):
        form = draw(items[:1] + items[2:], one_of_each("ab"), seen={"b-old": Seen(1)}, seed=seed)
        assert set(ids(form)) == {"a-0", "b-old"}


def test_enmity_said_by_one_holds_for_both() -> None:
    items = [PoolItem("x", "a", enemies=frozenset({"y"})), PoolItem("y", "a")]
    assert shortfalls(items, Blueprint({"a": 2})) == (Shortfall("a", 2, 1),)
    assert shortfalls(items, Blueprint({"a": 1})) == ()


def test_the_area_named_is_the_one_that_comes_later() -> None:
    items = [PoolItem("x", "a", enemies=frozenset({"y"})), PoolItem("y", "b")]
    assert shortfalls(items, one_of_each("ab")) == (Shortfall("b", 1, 0),)
    assert shortfalls(items, one_of_each("ba")) == (Shortfall("a", 1, 0),)


def test_each_short_area_is_named_with_what_it_has() -> None:
    items = pool("a", 2) + pool("b", 5)
    blueprint = Blueprint({"a": 3, "b": 5, "c": 1})
    assert shortfalls(items, blueprint) == (Shortfall("a", 3, 2), Shortfall("c", 1, 0))
    with pytest.raises(FormImpossible, match="got 2 of 3 in a; 0 of 1 in c") as caught:
        draw(items, blueprint, seen=NOTHING_SEEN, seed=1)
    assert caught.value.shortfalls == shortfalls(items, blueprint)


def test_without_sight_an_equivalent_of_the_same_area_stands_in() -> None:
    items = [replace(item, needs_sight=True) for item in pool("a", 5)] + [PoolItem("plain", "a")]
    blueprint = Blueprint({"a": 1})
    for seed in range(20):
        form = draw(items, blueprint, seen={"plain": Seen(9)}, seed=seed, without_sight=True)
        assert ids(form) == ["plain"]
    assert shortfalls(items, Blueprint({"a": 2}), without_sight=True) == (Shortfall("a", 2, 1),)


def test_items_are_complete_in_a_language_offered_and_in_the_one_chosen() -> None:
    items = [
        PoolItem("e", "a", languages=frozenset({"en"})),
        PoolItem("f", "a", languages=frozenset({"fr"})),
        PoolItem("s", "a", languages=frozenset({"es"})),
    ]
    three = Blueprint({"a": 3})
    assert shortfalls(items, three) == ()
    assert shortfalls(items, three, offered=("en", "fr")) == (Shortfall("a", 3, 2),)
    assert shortfalls(items, three, language="fr") == (Shortfall("a", 3, 1),)
    form = draw(items, Blueprint({"a": 2}), seen=NOTHING_SEEN, seed=1, offered=("en", "fr"))
    assert set(ids(form)) == {"e", "f"}
    assert ids(draw(items, Blueprint({"a": 1}), seen={}, seed=1, language="fr")) == ["f"]


def test_a_fixed_order_is_kept_and_an_entry_has_none() -> None:
    fixed = pool_item(choice(fixed_order=True))
    entry = pool_item(numeric())
    blueprint = Blueprint({"hazards": 2})
    for seed in range(20):
        form = draw([fixed, entry], blueprint, seen=NOTHING_SEEN, seed=seed)
        assert {item.id: item.option_order for item in form.items} == {
            "HV-001": (0, 1, 2, 3),
            "HV-002": (),
        }


def test_a_pool_item_says_of_an_item_what_drawing_needs() -> None:
    item = choice(enemies=["HV-009"], figure=Figure("a.png"))
    assert pool_item(item, exposure=7) == PoolItem(
        "HV-001", "hazards", frozenset({"HV-009"}), True, frozenset({"en", "fr"}), 7, 4, False
    )


@given(st.integers(0, 8), seeds)
def test_shuffled_options_are_the_same_ones_and_the_same_for_a_seed(n: int, seed: int) -> None:
    order = shuffle_options(n, seed)
    assert sorted(order) == list(range(n))
    assert shuffle_options(n, seed) == order


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({}, "a count for one area or more"),
        ([("a", 1)], "a count for one area or more"),
        ({"a": 0}, "whole numbers from 1 to 1000; got 0 at a"),
        ({"a": -1}, "whole numbers"),
        ({"a": True}, "whole numbers"),
        ({"a": 1.0}, "whole numbers"),
        ({"a": 10**30}, "whole numbers"),
        ({"a b": 1}, "letters, digits"),
        ({"a": 600, "b": 600}, "1000 items at most in all; got 1200"),
    ],
)
def test_a_blueprint_that_means_nothing_is_refused(counts: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"`counts` must be.*{message}"):
        Blueprint(counts)  # type: ignore[arg-type]  # the point of the test


def test_a_blueprint_does_not_follow_the_mapping_it_was_made_from() -> None:
    counts = {"a": 1}
    blueprint = Blueprint(counts)
    counts["a"] = 5
    assert blueprint.total == 1


def test_an_item_that_stands_twice_in_a_pool_is_refused() -> None:
    with pytest.raises(ValueError, match="`pool` must be of distinct items; got 'a-0'"):
        draw(pool("a", 2) + pool("a", 1), Blueprint({"a": 1}), seen=NOTHING_SEEN, seed=1)


def test_a_pool_made_to_resist_ends_soon_and_says_so() -> None:
    """Forty areas of ten: every item is the enemy of the items of its column, so 10 fit, not 40."""
    columns = {n: frozenset(f"a{m}-{n}" for m in range(40)) for n in range(10)}
    items = [
        PoolItem(f"a{m}-{n}", f"a{m}", enemies=columns[n] - {f"a{m}-{n}"})
        for m in range(40)
        for n in range(10)
    ]
    started = time.process_time()
    with pytest.raises(FormImpossible) as caught:
        draw(items, one_of_each(f"a{m}" for m in range(40)), seen=NOTHING_SEEN, seed=1)
    assert [gap.available for gap in caught.value.shortfalls] == [0] * 30
    assert time.process_time() - started < 10


def test_many_enemies_everywhere_still_give_a_form() -> None:
    """Each item has an enemy in the next area: a first choice mostly fails, a search never."""
    items = [
        PoolItem(f"a{m}-{n}", f"a{m}", enemies=frozenset({f"a{(m + 1) % 100}-{n}"}))
        for m in range(100)
        for n in range(3)
    ]
    blueprint = one_of_each(f"a{m}" for m in range(100))
    by_id = {item.id: item for item in items}
    for seed in range(20):
        drawn = [by_id[id_] for id_ in ids(draw(items, blueprint, seen=NOTHING_SEEN, seed=seed))]
        assert not any(are_enemies(one, other) for one in drawn for other in drawn)


FORMS = [pool(area, 2) for area in "abc"]


def test_the_form_seen_least_is_chosen_and_then_the_one_longest_ago() -> None:
    some, all_ = {"a-0": Seen(1, 5.0)}, {f"{area}-{n}": Seen(1) for area in "abc" for n in range(2)}
    assert {choose_form(FORMS, seen=some, seed=seed)[0] for seed in range(30)} == {1, 2}
    assert choose_form(FORMS, seen=all_ | {"a-1": Seen(2), "b-0": Seen(1, 1.0)}, seed=1)[0] == 2
    later = {"a-0": Seen(1, 3.0), "b-1": Seen(1, 1.0), "c-0": Seen(1, 2.0)}
    assert choose_form(FORMS, seen=all_ | later, seed=1)[0] == 1
    assert choose_form(FORMS, seen=some | {"b-0": Seen(1), "b-1": Seen(1)}, seed=1)[0] == 2


def test_every_form_unseen_has_the_same_chance() -> None:
    chosen = Counter(choose_form(FORMS, seen=NOTHING_SEEN, seed=seed)[0] for seed in range(3_000))
    assert all(900 < chosen[place] < 1_100 for place in range(3))


def test_a_chosen_form_comes_in_any_order_and_the_same_for_a_seed() -> None:
    form = [*pool("a", 3), PoolItem("fixed", "a", n_options=3, fixed_order=True)]
    made = [choose_form([form], seen=NOTHING_SEEN, seed=seed) for seed in range(200)]
    assert made == [choose_form([form], seen=NOTHING_SEEN, seed=seed) for seed in range(200)]
    assert all(sorted(ids(each)) == ["a-0", "a-1", "a-2", "fixed"] for _, each in made)
    assert len({tuple(ids(each)) for _, each in made}) == 24
    orders = {item.id: set[tuple[int, ...]]() for item in form}
    for _, each in made:
        for item in each.items:
            orders[item.id].add(item.option_order)
    assert orders["fixed"] == {(0, 1, 2)}
    assert all(len(orders[f"a-{n}"]) == 24 for n in range(3))


def test_there_must_be_a_form_to_choose() -> None:
    with pytest.raises(ValueError, match="`forms` must be one form or more; got 'none'"):
        choose_form([], seen=NOTHING_SEEN, seed=1)
