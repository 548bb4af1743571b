from __future__ import annotations

import json
from typing import Any

import pytest

from itembank import BankFormat, ParsedBank, item_to_json, read_bank
from tests.itembank.examples import both, choice, numeric, written


def document(*items: object, **parts: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "bank": {"key": "bev", "title": both("Safety"), "licence": "CC0"},
        "areas": [{"key": "hazards", "title": both("Hazards"), "competency": "hv"}],
        "items": items,
    }
    return whole | parts


def read(*items: object, files: tuple[str, ...] = (), **parts: Any) -> ParsedBank:
    text = json.dumps(document(*items, **parts))
    return read_bank(text, BankFormat.JSON, files=files)


def test_items_of_every_kind_are_taken_as_they_are() -> None:
    items = (choice(), numeric(), written(), choice(id="M", kind="multiple", key=[0, 1]))
    bank = read(*map(item_to_json, items))
    assert bank.items == items
    assert (bank.key, bank.title, bank.licence) == ("bev", both("Safety"), "CC0")
    (area,) = bank.areas
    assert (area.key, area.title, area.parent, area.competency) == (
        "hazards",
        both("Hazards"),
        None,
        "hv",
    )
    assert (bank.refused, bank.warnings) == ((), ())


def test_areas_may_stand_under_one_that_comes_before() -> None:
    top = {"key": "top", "title": {"en": "Top"}}
    low = {"key": "low", "title": {"en": "Low"}, "parent": "top"}
    assert read(areas=[top, low]).parents == {"low": "top"}
    (refusal,) = read(areas=[low, top]).refused
    assert refusal.reason == ("`parent` must be an area that stands before; got 'top' at areas[0].")


def test_an_item_must_name_an_area_of_the_bank() -> None:
    (refusal,) = read(item_to_json(choice(area="tools"))).refused
    assert (refusal.line, refusal.item_id) == (1, "HV-001")
    assert refusal.reason == "`area` must be one of the bank's areas; got 'tools' at items[0]."


def test_a_bad_item_is_refused_with_its_place_and_the_rest_go_on() -> None:
    bad = item_to_json(choice(id="HV-009")) | {"key": [7]}
    bank = read(item_to_json(choice()), bad, "rubbish", item_to_json(numeric()))
    assert [item.id for item in bank.items] == ["HV-001", "HV-002"]
    assert [(refusal.line, refusal.item_id) for refusal in bank.refused] == [(2, "HV-009"), (3, "")]
    assert "got 7 at HV-009" in bank.refused[0].reason
    assert "at items[2]" in bank.refused[1].reason


def test_an_id_that_comes_again_is_refused() -> None:
    bank = read(item_to_json(choice()), item_to_json(choice(key=[1])))
    assert ([item.key for item in bank.items], len(bank.refused)) == ([{0}], 1)


def test_a_figure_must_come_with_the_bank() -> None:
    item = item_to_json(choice()) | {"figure": {"file": "Cable.png", "description": both("x")}}
    (refusal,) = read(item).refused
    assert "`figure` must be the name of a file that comes with the bank" in refusal.reason
    (taken,) = read(item, files=("cable.PNG",)).items
    assert taken.figure is not None
    assert (taken.figure.file, taken.figure.description) == ("cable.PNG", both("x"))


def test_an_item_that_is_not_complete_in_a_language_is_taken_with_a_warning() -> None:
    options = [both("A"), {"en": "B"}]
    bank = read(item_to_json(choice(options=options, enemies=["HV-404"])))
    assert bank.warnings == (
        "HV-001 is not complete in fr.",
        "HV-001 names enemies that are not here: HV-404.",
    )


def test_a_key_and_title_may_be_left_to_the_command() -> None:
    bank = read(bank={})
    assert (bank.key, dict(bank.title), bank.licence) == ("", {}, "")


@pytest.mark.parametrize(
    ("area", "reason"),
    [
        ({"key": "a b", "title": both("x")}, "`key` must be"),
        ({"key": "x"}, "`title` must be an object"),
        ({"key": "x", "title": "X"}, "`title` must be an object"),
        ({"key": "x", "title": {"en": ""}}, "`title.en` must be text that is not empty"),
        ({"key": "x", "title": both("X"), "name": "y"}, "`area` must be made of"),
        ({"key": "x", "title": both("X"), "competency": "c d"}, "`competency` must be"),
        ("x", "`area` must be an object"),
    ],
)
def test_a_bad_area_is_refused_with_its_place(area: object, reason: str) -> None:
    bank = read(areas=[area])
    assert bank.areas == ()
    (refusal,) = bank.refused
    assert reason in refusal.reason
    assert "areas[0]" in refusal.reason


def test_an_area_that_comes_again_is_refused() -> None:
    area = {"key": "x", "title": both("X")}
    assert "unlike any before" in read(areas=[area, area]).refused[0].reason


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "must be a bank in the native JSON, .*; got a list"),
        ("3", "must be a bank in the native JSON"),
        ("{}", "must be a bank in the native JSON"),
        ('{"bank": {}, "items": []}', "got bank, items"),
        ('{"bank": {}, "bank": {}, "areas": [], "items": []}', "a name twice"),
        (json.dumps(document(bank=[])), "`bank` must be an object"),
        (json.dumps(document(bank={"key": "a/b"})), "`key` must be .* at bank"),
        (json.dumps(document(bank={"name": "x"})), "`bank` must be made of"),
        (json.dumps(document(items={})), "must be"),
        (json.dumps(document(areas={})), "`areas` must be a list"),
        ("{", "`text` must be JSON; got .* at line 1, column 2"),
        ("id,area,kind\n", "`text` must be JSON"),
        ('{"bank": NaN}', "which has only finite numbers; got NaN"),
        ('{"bank": -Infinity}', "only finite numbers"),
        ("[" * 100_000, "`text` must be JSON of a few levels"),
    ],
)
def test_what_is_no_bank_is_refused_whole_in_one_sentence(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        read_bank(text, BankFormat.JSON)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("number", ["1e999", "-1e308", "9" * 5_000, "-" + "9" * 40, "true"])
def test_numbers_that_are_bombs_cost_only_their_item(number: str) -> None:
    bomb = json.dumps(item_to_json(numeric())).replace("12.5", number)
    text = json.dumps(document(item_to_json(choice()), "BOMB")).replace('"BOMB"', bomb)
    bank = read_bank(text, BankFormat.JSON)
    assert [item.id for item in bank.items] == ["HV-001"]
    assert "`answer` must be a number" in bank.refused[0].reason
