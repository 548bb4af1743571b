"""Invitations: one address, one institution, one role, one use."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.access import Actor, Role
from assessment.demo.builders.people import build_institution, build_person, build_staff
from assessment.errors import Forbidden, Invalid, NoSuchRecord, TooMany
from assessment.extensions import db
from assessment.people import service
from assessment.people.accounts import EmailTaken
from assessment.people.accounts import actor_of as actor_for
from assessment.people.models import Institution, Person, Purpose
from assessment.people.tickets import LinkSpent
from tests.assessment.people.clocks import StoppedClock
from tests.assessment.people.mailed import token_for

HERE = "192.0.2.7"
EMAIL = "grace@example.org"


@pytest.fixture
def place(context: Flask) -> Institution:
    return build_institution()


@pytest.fixture
def administrator(place: Institution) -> Actor:
    return actor_for(build_staff(Role.ADMINISTRATOR, place))


def invited(place: Institution, actor: Actor, email: str = EMAIL) -> str:
    service.invite(email, place.id, Role.REGISTRAR, "fr", actor)
    return token_for(email, Purpose.INVITATION)


def roles_of(person: Person) -> set[tuple[str, str]]:
    return {(grant.role, grant.institution_id) for grant in person.grants}


def test_the_reader_of_the_link_opens_an_account_with_the_role(
    place: Institution, administrator: Actor
) -> None:
    token = invited(place, administrator)
    person = service.accept_with_new_account(token, "Grace", "a tidal river", HERE)
    assert person.email == EMAIL
    assert person.email_confirmed_at is not None
    assert person.language == "fr"
    assert roles_of(person) == {(Role.REGISTRAR, place.id)}


def test_whoever_has_an_account_takes_the_role_with_it(
    place: Institution, administrator: Actor
) -> None:
    person = build_person(EMAIL)
    service.accept(invited(place, administrator), actor_for(person), HERE)
    assert roles_of(person) == {(Role.REGISTRAR, place.id)}


def test_a_link_is_used_once(place: Institution, administrator: Actor) -> None:
    person = build_person(EMAIL)
    token = invited(place, administrator)
    service.accept(token, actor_for(person), HERE)
    for spend in (
        lambda: service.accept(token, actor_for(person), HERE),
        lambda: service.accept_with_new_account(token, "Grace", "a tidal river", HERE),
        lambda: service.read_invitation(token),
    ):
        with pytest.raises(LinkSpent):
            spend()


def test_reading_uses_nothing_up(place: Institution, administrator: Actor) -> None:
    token = invited(place, administrator)
    for _ in range(3):
        read = service.read_invitation(token)
        assert (read.email, read.role, read.institution) == (EMAIL, Role.REGISTRAR, place)
        assert not read.has_account


def test_a_link_is_bound_to_its_address(place: Institution, administrator: Actor) -> None:
    token = invited(place, administrator)
    other = build_person("eve@example.org")
    with pytest.raises(Forbidden):
        service.accept(token, actor_for(other), HERE)
    assert roles_of(other) == set()


def test_an_account_is_not_taken_over_by_a_link(place: Institution, administrator: Actor) -> None:
    build_person(EMAIL)
    token = invited(place, administrator)
    with pytest.raises(EmailTaken):
        service.accept_with_new_account(token, "Eve", "a tidal river", HERE)


def test_a_link_runs_out_after_a_day(
    place: Institution, administrator: Actor, stopped_clock: StoppedClock
) -> None:
    token = invited(place, administrator)
    stopped_clock.move(hours=24)
    with pytest.raises(LinkSpent):
        service.accept_with_new_account(token, "Grace", "a tidal river", HERE)


def test_a_link_ends_with_its_sender_s_role(place: Institution) -> None:
    sender = build_staff(Role.ADMINISTRATOR, place)
    other = build_staff(Role.ADMINISTRATOR, place)
    token = invited(place, actor_for(sender))
    service.revoke(sender.grants[0].id, actor_for(other))
    with pytest.raises(LinkSpent):
        service.accept_with_new_account(token, "Grace", "a tidal river", HERE)


def test_a_new_invitation_withdraws_the_one_before(
    place: Institution, administrator: Actor, stopped_clock: StoppedClock
) -> None:
    first = invited(place, administrator)
    stopped_clock.move(minutes=1)
    second = invited(place, administrator)
    with pytest.raises(LinkSpent):
        service.read_invitation(first)
    assert service.read_invitation(second)
    assert len(service.pending(place.id, administrator)) == 1


def test_an_invitation_is_withdrawn_by_its_institution_alone(
    place: Institution, administrator: Actor
) -> None:
    token = invited(place, administrator)
    ticket_id = service.pending(place.id, administrator)[0].ticket_id
    stranger = actor_for(build_staff(Role.ADMINISTRATOR, build_institution()))
    with pytest.raises(NoSuchRecord):
        service.withdraw(ticket_id, stranger)
    service.withdraw(ticket_id, administrator)
    with pytest.raises(LinkSpent):
        service.read_invitation(token)
    assert service.pending(place.id, administrator) == []


def test_only_administrators_of_the_institution_invite(place: Institution) -> None:
    elsewhere = build_staff(Role.ADMINISTRATOR, build_institution())
    for actor in (actor_for(build_staff(Role.REGISTRAR, place)), actor_for(elsewhere)):
        with pytest.raises(Forbidden):
            invited(place, actor)


@pytest.mark.usefixtures("one_window")
def test_one_mailbox_is_not_flooded(place: Institution, administrator: Actor) -> None:
    for _ in range(5):
        invited(place, administrator)
    with pytest.raises(TooMany):
        invited(place, administrator)


def test_one_person_invites_fifty_a_day(
    place: Institution, administrator: Actor, stopped_clock: StoppedClock
) -> None:
    for number in range(50):
        service.invite(f"p{number}@example.org", place.id, Role.AUTHOR, "en", administrator)
    with pytest.raises(TooMany):
        service.invite("p50@example.org", place.id, Role.AUTHOR, "en", administrator)


@pytest.mark.parametrize("email", ["grace@example.org\nBcc: all@example.org", "grace", ""])
def test_headers_cannot_be_injected(place: Institution, administrator: Actor, email: str) -> None:
    with pytest.raises(Invalid):
        service.invite(email, place.id, Role.AUTHOR, "en", administrator)
    assert db.session.scalars(select(Person).where(Person.email == email)).all() == []
