from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank import (
    BLANK,
    Answer,
    EntryError,
    EntryProblem,
    parse_answer,
    read_answer,
    score_item,
)
from tests.itembank.examples import choice, numeric, texts, written


def test_a_shown_position_is_stored_as_the_original_option() -> None:
    order = (2, 0, 3, 1)
    answer = parse_answer(choice(), chosen=["1"], option_order=order)
    assert answer == Answer(chosen=(0,))
    assert score_item(choice(), answer) == 1.0


def test_without_an_order_positions_are_the_original_ones() -> None:
    assert parse_answer(choice(), chosen=[3]) == Answer(chosen=(3,))


def test_the_order_of_ticking_does_not_matter() -> None:
    item = choice(kind="multiple", key=[0, 2])
    first = parse_answer(item, chosen=["2", "0"])
    assert first == parse_answer(item, chosen=["0", "2", "2"])
    assert first.canonical == '{"chosen":[0,2]}'


def test_nothing_chosen_and_nothing_written_are_blank() -> None:
    assert parse_answer(choice()) == BLANK
    assert parse_answer(numeric(), text=" \u00a0 ") == BLANK
    assert parse_answer(written(), text="\n") == BLANK
    assert BLANK.is_blank
    assert BLANK.canonical == "{}"
    assert not Answer(chosen=(0,)).is_blank
    assert not Answer(text="x").is_blank


def test_an_entry_is_kept_as_it_was_written() -> None:
    assert parse_answer(numeric(), text=" 12,5 V ").text == "12,5 V"
    assert parse_answer(written(), text=" Lock Out ").text == "Lock Out"


def test_control_characters_do_not_reach_the_database() -> None:
    assert parse_answer(written(), text="lock\0\tout\ud800").text == "lock  out"


@pytest.mark.parametrize("position", ["4", "-1", "1.0", "01", " 1", "", "x", "１", 4, -1, True])
def test_a_position_that_is_not_shown_is_refused(position: int | str) -> None:
    with pytest.raises(ValueError, match="`chosen` must be positions from 0 to 3"):
        parse_answer(choice(), chosen=[position])


def test_two_options_for_a_choice_are_refused() -> None:
    with pytest.raises(ValueError, match="`chosen` must be one option at most"):
        parse_answer(choice(), chosen=["0", "1"])


def test_fields_of_another_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="`text` must be absent for a choice item"):
        parse_answer(choice(), text="A")
    with pytest.raises(ValueError, match="`chosen` must be absent for a text item"):
        parse_answer(written(), chosen=["0"])


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 1, 2, 2), (1, 2, 3, 4)])
def test_an_order_of_other_options_is_refused(order: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="`option_order` must be an order"):
        parse_answer(choice(), chosen=["0"], option_order=order)


def test_a_number_that_is_none_is_never_stored() -> None:
    with pytest.raises(EntryError) as caught:
        parse_answer(numeric(), text="1e308")
    assert caught.value.problem is EntryProblem.TOO_LARGE


@pytest.mark.parametrize(("item", "longest"), [(numeric(), 64), (written(), 200)])
def test_an_entry_has_a_longest_length(item: object, longest: int) -> None:
    with pytest.raises(EntryError) as caught:
        parse_answer(item, text="1" * (longest + 1))  # type: ignore[arg-type]  # both are items
    assert caught.value.problem is EntryProblem.TOO_LONG


@given(st.lists(st.integers(0, 7), max_size=8), st.just("") | texts)
def test_any_answer_comes_back_from_storage(chosen: list[int], text: str) -> None:
    answer = Answer(tuple(chosen), text)
    assert read_answer(answer.canonical) == answer


@pytest.mark.parametrize(
    "stored",
    ["", "[]", "null", "{", '{"chosen":"0"}', '{"chosen":[true]}', '{"chosen":[-1]}',
     '{"text":5}', '{"chosen":[0],"score":1}', '{"chosen":[0.5]}', '{"chosen":3}'],
)  # fmt: skip
def test_what_is_no_stored_answer_is_refused(stored: str) -> None:
    with pytest.raises(ValueError, match="`stored` must be an answer"):
        read_answer(stored)
