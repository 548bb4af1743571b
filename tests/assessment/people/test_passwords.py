"""Passwords: what may be one, and how many are hashed at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from assessment.errors import Invalid, TooMany
from assessment.people import passwords


def test_a_hash_is_argon2id_at_the_stated_cost(context: Flask) -> None:
    kept = passwords.hash_password("a good long sentence")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.NOBODYS.startswith("$argon2id$v=19$m=19456,t=2,p=1$")  # the same work


def test_a_password_matches_however_it_was_composed(context: Flask) -> None:
    kept = passwords.hash_password("caf\u00e9 au lait")
    assert passwords.matches("cafe\u0301 au lait", kept)
    assert not passwords.matches("cafe au lait", kept)


def test_nobody_has_no_password(context: Flask) -> None:
    assert not passwords.matches("anything at all", None)
    assert not passwords.matches("", "")


@pytest.mark.parametrize(
    "password",
    ["short", "123456789", "Password123", "MotDePasse123", "ada@example.org", "ababababab"],
)
def test_the_first_guesses_are_refused(context: Flask, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.check_choice(password, "ada@example.org")
    assert refused.value.details == {"field": "password"}


@pytest.mark.parametrize(
    "password", ["tidal river", "correct horse", "ééééé ààààà ô", "x7" * 400 + "yz"]
)
def test_there_are_no_rules_of_composition(context: Flask, password: str) -> None:
    passwords.check_choice(password, "ada@example.org")


def test_an_endless_password_is_refused(context: Flask) -> None:
    with pytest.raises(Invalid):
        passwords.check_choice("abc" * 1000, "ada@example.org")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let hashing begin, and end when the event is set."""
    go, counting = threading.Event(), threading.Lock()

    class Slow:
        running = 0
        most = 0

        def verify(self, _hash: str, _password: str) -> bool:
            with counting:
                Slow.running += 1
                Slow.most = max(Slow.most, Slow.running)
            go.wait(120)
            with counting:
                Slow.running -= 1
            return True

    monkeypatch.setattr(passwords, "_hasher", Slow())
    go.most = lambda: Slow.most  # type: ignore[attr-defined]  # the test's own count
    yield go
    go.set()


def test_fifty_at_once_leave_the_server_its_other_threads(
    app: Flask, slow: threading.Event
) -> None:
    answers: list[str] = []

    def attempt() -> None:
        with app.app_context():
            try:
                answers.append(str(passwords.matches("any", "hash")))
            except TooMany as refused:
                answers.append(f"wait {refused.retry_after}")

    threads = [threading.Thread(target=attempt) for _ in range(50)]
    for thread in threads:
        thread.start()
    while len(answers) < 50 - passwords.WAITING:  # those who wait for nothing have been refused
        threads[-1].join(0.01)
    slow.set()
    for thread in threads:
        thread.join(120)
    assert answers.count("True") == passwords.WAITING
    assert answers.count("wait 3") == 50 - passwords.WAITING
    assert slow.most() <= passwords.HASHING  # type: ignore[attr-defined]  # the test's own count


def test_places_are_given_back(context: Flask) -> None:
    for _ in range(passwords.WAITING + 1):
        assert not passwords.matches("any", None)
