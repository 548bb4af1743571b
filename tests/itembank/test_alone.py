"""The package works where nothing of the application is installed, and says what it offers."""

from __future__ import annotations

import inspect
import subprocess
import sys
from dataclasses import is_dataclass
from enum import EnumType
from types import FunctionType
from typing import Any

import pytest

import itembank

ABSENT = ("flask", "sqlalchemy", "werkzeug", "psycopg", "openbadgeslib", "assessment")

FROM_SCORES_TO_A_DECISION = f"""
import sys
sys.modules.update(dict.fromkeys({ABSENT!r}))

import itembank

bank = itembank.ItemParameters("rasch", 1.0, [-1.0, 0.0, 1.0, 0.5])
theta = itembank.simulate_abilities(200, seed=1)
scores = itembank.simulate_scores(theta, bank, seed=2)
found = itembank.calibrate(scores, "rasch")
ability = itembank.estimate_ability(scores, found.parameters)
verdicts = itembank.classify(ability, 0.0).verdict
test = itembank.AdaptiveTest(found.parameters, max_items=2)
test.record(test.next_item(), 1)
print(found.converged, len(verdicts), test.next_item() is not None)
"""


def test_it_goes_from_scores_to_a_decision_without_the_application() -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", FROM_SCORES_TO_A_DECISION],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.split() == ["True", "200", "True"], run.stderr


MEASUREMENT = {name: getattr(itembank, name) for name in itembank._MEASUREMENT}
FUNCTIONS = {name: each for name, each in MEASUREMENT.items() if isinstance(each, FunctionType)}
CLASSES = {name: each for name, each in MEASUREMENT.items() if inspect.isclass(each)}


def test_every_name_is_a_function_or_a_class() -> None:
    assert set(FUNCTIONS) | set(CLASSES) == set(MEASUREMENT)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_has_types_throughout(function: FunctionType) -> None:
    signature = inspect.signature(function)
    assert signature.return_annotation is not signature.empty
    untyped = [p.name for p in signature.parameters.values() if p.annotation is p.empty]
    assert not untyped


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_says_what_it_returns_and_arrays_have_shapes(function: FunctionType) -> None:
    text = inspect.getdoc(function) or ""
    assert text.startswith("Return ")
    handles_arrays = any("Array" in str(each) for each in function.__annotations__.values())
    assert not handles_arrays or "shape" in text


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_with_sections_describes_every_parameter(function: FunctionType) -> None:
    text = inspect.getdoc(function) or ""
    if "\nParameters\n" in text:
        missing = [name for name in inspect.signature(function).parameters if name not in text]
        assert not missing


@pytest.mark.parametrize("each", CLASSES.values(), ids=CLASSES)
def test_a_class_is_documented_and_so_is_all_that_it_offers(each: type[Any]) -> None:
    assert (each.__doc__ or "").strip()
    if not isinstance(each, EnumType):
        own = {name: getattr(each, name) for name in vars(each) if not name.startswith("_")}
        bare = [name for name, value in own.items() if callable(value) and not value.__doc__]
        assert not bare


def test_results_cannot_be_changed() -> None:
    records = [each for each in CLASSES.values() if is_dataclass(each)]
    assert records
    assert all(each.__dataclass_params__.frozen for each in records)  # type: ignore[attr-defined] # every dataclass has them
