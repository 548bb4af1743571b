"""What is known of an installation holds at once in the process that records it."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from assessment import installation
from assessment.installation import Fact


def test_a_demo_is_known_at_once_and_forgotten_at_once(context: Flask) -> None:
    assert not installation.is_demo()
    installation.record(Fact.DEMO)
    assert installation.is_demo()
    installation.forget(Fact.DEMO)
    assert not installation.is_demo()


def test_pages_ask_the_database_twice_a_minute(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Fact] = []
    monkeypatch.setattr(installation, "holds", lambda fact: bool(asked.append(fact)))
    seconds = 1000.0
    monkeypatch.setattr(installation.time, "monotonic", lambda: seconds)
    installation.is_demo()
    installation.is_demo()
    assert len(asked) == 1
    seconds += installation.ASKED_AGAIN_SECONDS
    installation.is_demo()
    assert len(asked) == 2


def test_while_the_database_is_away_what_was_known_counts(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: Fact) -> bool:
        raise OperationalError("SELECT", {}, Exception("away"))

    installation.record(Fact.DEMO)
    assert installation.is_demo()
    monkeypatch.setattr(installation, "holds", away)
    monkeypatch.setattr(installation, "ASKED_AGAIN_SECONDS", 0)
    assert installation.is_demo()
