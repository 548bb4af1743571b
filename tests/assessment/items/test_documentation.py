"""The examples in the documentation are what they say."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from flask import Flask

import itembank
from assessment.catalogue.service import FrameworkFormat, read_framework
from assessment.demo.builders.catalogue import BUILDER, build_measure
from assessment.demo.builders.items import build_bank, parsed_bank
from assessment.demo.builders.people import build_institution
from assessment.fields import load_json
from assessment.items.service import publish_test, test_from_json

DOCS = Path(__file__).resolve().parents[3] / "docs"


def example(page: str, format: str) -> bytes:
    found = re.search(rf"```{format}\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)
    assert found is not None
    return found[1].encode()


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
