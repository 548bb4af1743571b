"""Places in status lists: each once, at random, and a new list when one is full."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.credentials import slots
from assessment.demo.builders.people import build_institution
from assessment.people.models import Institution

SMALL = 8


@pytest.fixture
def small_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make new lists so small that they fill up."""
    monkeypatch.setattr(slots, "SIZE", SMALL)


def test_each_place_is_given_once(college: Institution, small_lists: None) -> None:
    taken = [slots.take_slot(college.id) for _ in range(4 * SMALL)]
    assert len({(slot.number, slot.place) for slot in taken}) == len(taken)
    assert all(0 <= slot.place < SMALL for slot in taken)


def test_a_full_list_is_followed_by_another(college: Institution, small_lists: None) -> None:
    numbers = [slots.take_slot(college.id).number for _ in range(4 * SMALL)]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, numbers[-1] + 1))
    assert numbers[-1] >= 4


def test_two_institutions_share_no_list(college: Institution, context: Flask) -> None:
    other = build_institution()
    owners = [college.id, other.id, college.id, other.id]
    assert [slots.take_slot(owner).number for owner in owners] == [1, 2, 1, 2]


def test_places_do_not_follow_one_another(college: Institution) -> None:
    places = [slots.take_slot(college.id).place for _ in range(12)]
    assert places != sorted(places)
