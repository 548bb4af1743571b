"""The examples in the documentation are what they say."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from flask import Flask
from sqlalchemy import select

import itembank
from assessment.catalogue.service import FrameworkFormat, read_framework
from assessment.demo.builders.catalogue import BUILDER, build_measure
from assessment.demo.builders.examinations import build_scale
from assessment.demo.builders.items import build_bank, parsed_bank
from assessment.demo.builders.people import build_institution
from assessment.extensions import db
from assessment.fields import load_json
from assessment.items.models import Bank
from assessment.items.service import publish_test, test_from_json

DOCS = Path(__file__).resolve().parents[3] / "docs"


def example(page: str, format: str, number: int = 0) -> bytes:
    found = re.findall(rf"```{format}\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)
    written: str = found[number]
    return written.encode()


def test_the_two_frameworks_are_the_same() -> None:
    from_json = read_framework(example("frameworks.md", "json"), FrameworkFormat.JSON)
    assert from_json == read_framework(example("frameworks.md", "csv"), FrameworkFormat.CSV)
    assert len(from_json.competencies[0].statements) == 2


def test_the_bank_is_read_whole() -> None:
    bank = itembank.read_bank(example("banks.md", "json"), itembank.BankFormat.JSON)
    assert (len(bank.items), bank.refused, bank.warnings) == (3, (), ())


def test_the_test_is_published(context: Flask) -> None:
    institution = build_institution()
    build_bank(institution, parsed_bank("hazards", "isolation"), key="bev-safety")
    build_measure("isolation-pre", institution)
    spec = test_from_json(load_json(example("tests.md", "json")))
    test = publish_test(spec, BUILDER)
    assert [cut["percent"] for cut in test.cuts] == [70, 80]
    assert publish_test(replace(spec, blueprint=None), BUILDER).version == 2


def test_the_adaptive_test_is_published(context: Flask) -> None:
    bank = build_bank(
        build_institution(), parsed_bank("hazards", "isolation", each=12), "bev-safety"
    )
    build_scale(db.session.scalars(select(Bank).where(Bank.key == bank)).one())
    test = publish_test(test_from_json(load_json(example("tests.md", "json", 1))), BUILDER)
    assert (test.mode, test.adaptive["most"], test.adaptive["least"]) == ("adaptive", 15, 8)
