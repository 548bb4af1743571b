"""Signing in: one answer and the same work for everybody, and throttles."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment import clock
from assessment.demo.builders.people import PASSWORD, build_person, build_sign_in
from assessment.errors import TooMany
from assessment.extensions import db
from assessment.people import service, sign_ins, signed_in, throttle
from assessment.people.accounts import actor_of as actor_for
from assessment.people.models import SignIn
from assessment.people.sign_ins import SignInRefused
from tests.assessment.people.clocks import StoppedClock

HERE = "192.0.2.7"
WRONG = "certainly not this"


def refusal(email: str, password: str = WRONG) -> str:
    with pytest.raises(SignInRefused) as refused:
        service.authenticate(email, password, HERE)
    return refused.value.sentence


def test_the_right_password_signs_in(context: Flask) -> None:
    person = build_person("ada@example.org")
    assert service.authenticate(" ADA@Example.org ", PASSWORD, HERE).id == person.id


def test_an_unknown_account_gets_the_same_answer_and_the_same_work(
    context: Flask, verified: list[str]
) -> None:
    build_person("ada@example.org")
    known = refusal("ada@example.org")
    work_for_known = len(verified)
    unknown = refusal("nobody@example.org")
    assert unknown == known
    assert (work_for_known, len(verified)) == (1, 2)


@pytest.mark.parametrize("email", ["", "no address", "a\nb@example.org", "x" * 5000])
def test_what_is_no_address_gets_the_same_answer(
    context: Flask, verified: list[str], email: str
) -> None:
    assert refusal(email) == refusal("nobody@example.org")
    assert len(verified) == 2


def test_a_closed_account_is_an_unknown_one(context: Flask, verified: list[str]) -> None:
    build_person("ada@example.org", disabled_at=clock.now())
    assert refusal("ada@example.org", PASSWORD) == refusal("nobody@example.org")
    assert len(verified) == 2


def test_an_account_without_a_password_refuses_every_password(context: Flask) -> None:
    build_person("ada@example.org", password_hash="")
    assert refusal("ada@example.org", "") == refusal("nobody@example.org")


def test_one_account_takes_ten_wrong_passwords_in_a_quarter_of_an_hour(
    context: Flask, stopped_clock: StoppedClock, verified: list[str]
) -> None:
    build_person("ada@example.org")
    for _ in range(10):
        refusal("ada@example.org")
    with pytest.raises(TooMany) as refused:
        service.authenticate("ada@example.org", PASSWORD, HERE)
    assert len(verified) == 10
    assert 0 < refused.value.retry_after <= 15 * 60
    stopped_clock.move(minutes=15)
    assert service.authenticate("ada@example.org", PASSWORD, HERE)


def test_an_unknown_account_is_throttled_alike(context: Flask, stopped_clock: StoppedClock) -> None:
    for _ in range(10):
        refusal("nobody@example.org")
    with pytest.raises(TooMany):
        service.authenticate("nobody@example.org", WRONG, HERE)


def test_one_address_is_throttled_over_all_accounts(
    context: Flask, stopped_clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = throttle.Limit("sign-in from address", 3, throttle.SIGN_IN_FROM_ADDRESS.window)
    monkeypatch.setattr(throttle, "SIGN_IN_FROM_ADDRESS", small)
    for number in range(3):
        refusal(f"nobody{number}@example.org")
    with pytest.raises(TooMany):
        service.authenticate("nobody3@example.org", WRONG, HERE)
    with pytest.raises(SignInRefused):
        service.authenticate("nobody4@example.org", WRONG, "198.51.100.1")


def test_right_passwords_are_not_counted(context: Flask, stopped_clock: StoppedClock) -> None:
    build_person("ada@example.org")
    for _ in range(12):
        service.authenticate("ada@example.org", PASSWORD, HERE)


def test_signing_out_ends_that_sign_in_alone(context: Flask) -> None:
    person = build_person()
    here, there = build_sign_in(person), build_sign_in(person)
    service.sign_out(here.id, actor_for(person))
    assert signed_in.load(here.id) is None
    assert signed_in.load(there.id) is not None


def test_nobody_can_sign_another_out(context: Flask) -> None:
    person, other = build_person(), build_person()
    theirs = build_sign_in(person)
    service.sign_out(theirs.id, actor_for(other))
    assert signed_in.load(theirs.id) is not None


def test_signing_out_everywhere_ends_all(context: Flask) -> None:
    person, other = build_person(), build_person()
    rows = [build_sign_in(person), build_sign_in(person)]
    kept = build_sign_in(other)
    service.sign_out_everywhere(person, actor_for(person))
    assert [signed_in.load(row.id) for row in rows] == [None, None]
    assert signed_in.load(kept.id) is not None


def test_a_sign_in_ends_after_twelve_hours(context: Flask, stopped_clock: StoppedClock) -> None:
    row = build_sign_in(build_person())
    stopped_clock.move(hours=11.9)
    assert signed_in.load(row.id) is not None
    stopped_clock.move(hours=0.2)
    assert signed_in.load(row.id) is None


def test_closing_an_account_ends_its_sign_ins(context: Flask) -> None:
    person = build_person()
    row = build_sign_in(person)
    person.disabled_at = clock.now()
    db.session.flush()
    assert signed_in.load(row.id) is None


def test_sign_ins_of_the_past_are_swept_and_others_stay(
    context: Flask, stopped_clock: StoppedClock
) -> None:
    past = build_sign_in(build_person())
    stopped_clock.move(hours=24 * 31)
    present = build_sign_in(build_person())
    sign_ins.sweep()
    assert db.session.get(SignIn, past.id, populate_existing=True) is None
    assert signed_in.load(present.id) is not None
