"""Importing banks: real files, what changed, what is refused, and nothing by halves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

import itembank
from assessment import storage
from assessment.access import Role
from assessment.demo.builders.catalogue import BUILDER
from assessment.demo.builders.items import (
    build_bank,
    build_test,
    choice_item,
    parsed_bank,
    specification,
)
from assessment.demo.builders.people import build_institution, build_staff
from assessment.errors import Conflict, Forbidden
from assessment.extensions import db
from assessment.items.models import Area, Bank, Item, ItemVersion
from assessment.items.service import (
    BankSpec,
    ImportReport,
    content,
    figure,
    import_bank,
    pictures,
    publish_test,
)
from assessment.items.sources import open_source
from tests.assessment.people.actors import actor_for
from tests.conftest import SHARED

BANKS = SHARED / "data" / "banks"
ISED = BANKS / "ised-amateur-2025"
PNG = b"\x89PNG\r\n\x1a\n" + b"one"
OTHER_PNG = b"\x89PNG\r\n\x1a\n" + b"two"

needs_data = pytest.mark.skipif(not BANKS.exists(), reason="the shared banks are not here")


def imported(
    parsed: itembank.ParsedBank, key: str = "bank", institution_id: str | None = None, **how: object
) -> ImportReport:
    institution_id = institution_id or _institution_id(key)
    return import_bank(parsed, BankSpec(key=key, institution_id=institution_id), BUILDER, **how)  # type: ignore[arg-type]


def _institution_id(key: str) -> str:
    found = db.session.scalar(select(Bank.institution_id).where(Bank.key == key))
    return found or build_institution().id


def from_disk(path: Path, format: itembank.BankFormat, **how: object) -> ImportReport:
    source = open_source(path, format)
    parsed = itembank.read_bank(source.data, format, files=source.figures)
    return imported(parsed, figures=source.figures, **how)


def versions() -> int:
    return db.session.scalar(select(func.count()).select_from(ItemVersion)) or 0


@needs_data
def test_the_real_examination_is_imported_whole_and_only_once(context: Flask) -> None:
    first = from_disk(ISED, itembank.BankFormat.ISED)
    assert (first.total, len(first.new), len(first.refused)) == (984, 984, 0)
    assert first.languages == {"en": 984, "fr": 984}
    assert versions() == 984
    second = from_disk(ISED, itembank.BankFormat.ISED)
    assert (second.unchanged, second.new, second.changed) == (984, (), ())
    assert versions() == 984


@needs_data
def test_one_changed_line_makes_one_new_version(context: Flask) -> None:
    source = open_source(ISED, itembank.BankFormat.ISED)
    parsed = itembank.read_bank(source.data, itembank.BankFormat.ISED)
    imported(parsed)
    text = source.data.decode().replace("Which document assigns", "What document assigns", 1)
    report = imported(itembank.read_bank(text, itembank.BankFormat.ISED))
    assert report.changed == ("B-001-001-001",)
    assert versions() == 985


@needs_data
@pytest.mark.parametrize(
    ("folder", "items", "sighted"),
    [("technician-2026-2030", 409, 12), ("general-2023-2027", 423, 5)],
)
def test_the_american_pools_bring_their_figures(
    folder: str, items: int, sighted: int, context: Flask
) -> None:
    report = from_disk(BANKS / "ncvec" / folder, itembank.BankFormat.NCVEC)
    assert (report.total, len(report.refused)) == (items, 0)
    assert len(report.needs_sight) == sighted
    shown = db.session.scalars(select(ItemVersion).where(ItemVersion.figure_key.is_not(None))).all()
    assert len(shown) == sighted
    assert figure(shown[0].id).media_type == "image/png"
    assert figure(shown[0].id).data.startswith(b"\x89PNG")


@needs_data
def test_the_real_blueprint_asks_one_item_of_each_topic(context: Flask) -> None:
    from_disk(ISED, itembank.BankFormat.ISED)
    test = publish_test(specification("basic", "bank"), BUILDER)
    assert len(test.blueprint) == 100
    assert set(test.blueprint.values()) == {1}


def test_a_new_edition_keeps_what_was_and_versions_what_changed(context: Flask) -> None:
    imported(parsed_bank("a", each=2))
    before = db.session.scalars(select(ItemVersion.content)).all()
    edited = choice_item("a-1", "a", key=frozenset({1}))
    parsed = parsed_bank("a", each=2)
    report = imported(replace(parsed, items=(edited, parsed.items[1])))
    assert (report.changed, report.unchanged) == (("a-1",), 1)
    found = db.session.scalars(
        select(ItemVersion).join(Item).where(Item.key == "a-1").order_by(ItemVersion.version)
    ).all()
    assert [each.version for each in found] == [1, 2]
    assert found[0].content in before
    assert content(found[0].id).key == frozenset({0})
    assert content(found[1].id).key == frozenset({1})


def test_the_same_figure_name_with_other_bytes_is_another_version(context: Flask) -> None:
    item = choice_item("a-1", "a", figure=itembank.Figure("q12_correct.png"))
    parsed = replace(parsed_bank("a", each=0), items=(item,))
    imported(parsed, figures=pictures({"q12_correct.png": PNG}))
    assert imported(parsed, figures=pictures({"q12_correct.png": PNG})).changed == ()
    report = imported(parsed, figures=pictures({"q12_correct.png": OTHER_PNG}))
    assert report.changed == ("a-1",)
    keys = db.session.scalars(select(ItemVersion.figure_key).order_by(ItemVersion.version)).all()
    assert [storage.read(str(key)) for key in keys] == [PNG, OTHER_PNG]
    assert not any("correct" in str(key) for key in keys)


def test_a_dry_run_reports_the_same_and_writes_nothing(context: Flask) -> None:
    planned = imported(parsed_bank("a"), dry_run=True)
    assert len(planned.new) == 3
    assert db.session.scalar(select(func.count()).select_from(Bank)) == 0
    assert versions() == 0
    done = imported(parsed_bank("a"))
    assert replace(done, dry_run=True) == planned


def test_refused_lines_stop_nothing_else_and_are_not_gone(context: Flask) -> None:
    imported(parsed_bank("a", each=3))
    parsed = parsed_bank("a", each=2)
    refused = replace(parsed, refused=(itembank.Refusal(4, "a-3", "`stem` must be given."),))
    report = imported(refused, retire=True)
    assert report.refused[0].item_id == "a-3"
    assert (report.missing, report.retired) == ((), ())


def test_items_gone_from_the_file_are_retired_only_if_asked(context: Flask) -> None:
    imported(parsed_bank("a", each=3))
    report = imported(parsed_bank("a", each=2))
    assert (report.missing, report.retired) == (("a-3",), ())
    assert _retired() == []
    assert imported(parsed_bank("a", each=2), retire=True).retired == ("a-3",)
    assert _retired() == ["a-3"]
    back = imported(parsed_bank("a", each=3))
    assert (back.returned, back.new, back.changed) == (("a-3",), (), ())
    assert _retired() == []


def _retired() -> list[str]:
    return list(db.session.scalars(select(Item.key).where(Item.retired_at.is_not(None))))


def test_a_test_that_can_no_longer_be_filled_is_named(context: Flask) -> None:
    bank = build_bank(build_institution(), parsed_bank("a", "b", each=2))
    build_test("t", bank, blueprint={"a": 1, "b": 2})
    report = imported(parsed_bank("a", "b", each=1), key=bank, retire=True)
    assert [each.test_key for each in report.unfillable] == ["t"]
    assert [gap.area for gap in report.unfillable[0].shortfalls] == ["b"]


def test_titles_of_areas_are_not_lost_to_a_format_without_titles(context: Flask) -> None:
    titled = itembank.Area("a", {"en": "Antennas", "fr": "Antennes"}, competency="radio")
    parsed = parsed_bank("a")
    imported(replace(parsed, areas=(titled,)))
    imported(replace(parsed, areas=(itembank.Area("a", {"en": "a"}),)))
    area = db.session.scalars(select(Area)).one()
    assert (area.title["fr"], area.competency) == ("Antennes", "radio")


def test_only_the_institution_that_keeps_a_bank_may_write_it(context: Flask) -> None:
    own, other = build_institution(), build_institution()
    author = actor_for(build_staff(Role.AUTHOR, own))
    stranger = actor_for(build_staff(Role.AUTHOR, other))
    spec = BankSpec(key="bank", institution_id=own.id)
    with pytest.raises(Forbidden):
        import_bank(parsed_bank("a"), spec, stranger)
    import_bank(parsed_bank("a"), spec, author)
    with pytest.raises(Conflict):
        import_bank(parsed_bank("a"), BankSpec(key="bank", institution_id=other.id), stranger)
    registrar = actor_for(build_staff(Role.REGISTRAR, own))
    with pytest.raises(Forbidden):
        import_bank(parsed_bank("a"), spec, registrar)


def test_what_only_looks_like_a_picture_is_left_out() -> None:
    files = {"a.png": PNG, "b.png": b"<svg onload=alert(1)>", "c.png": b"", "d.gif": b"GIF89a.."}
    assert set(pictures(files)) == {"a.png", "d.gif"}
