"""Roles: given and taken at one institution, by its administrators."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from assessment import transactions
from assessment.access import Role, system
from assessment.demo.builders.people import (
    build_institution,
    build_person,
    build_role,
    build_sign_in,
    build_staff,
)
from assessment.errors import Conflict, Forbidden, NoSuchRecord
from assessment.extensions import db
from assessment.people import service, signed_in
from assessment.people.accounts import actor_of as actor_for
from assessment.people.models import RoleGrant
from tests.conftest import DATABASES, build_app


def test_a_role_counts_from_the_next_request_and_no_longer(context: Flask) -> None:
    place = build_institution()
    administrator = actor_for(build_staff(Role.ADMINISTRATOR, place))
    person = build_person()
    row = build_sign_in(person)
    service.grant(person.id, place.id, Role.REGISTRAR, administrator)
    db.session.expire_all()
    found = signed_in.load(row.id)
    assert found is not None
    assert found.roles == {(Role.REGISTRAR, place.id)}
    service.revoke(person.grants[0].id, administrator)
    db.session.expire_all()
    found = signed_in.load(row.id)
    assert found is not None
    assert found.roles == frozenset()


def test_granting_twice_is_granting_once(context: Flask) -> None:
    place, person = build_institution(), build_person()
    for _ in range(2):
        service.grant(person.id, place.id, Role.AUTHOR, system("demo"))
    assert [grant.role for grant in person.grants] == [Role.AUTHOR]


def test_only_administrators_of_the_institution_grant(context: Flask) -> None:
    ours, theirs = build_institution(), build_institution()
    person = build_person()
    for staff in (build_staff(Role.REGISTRAR, ours), build_staff(Role.ADMINISTRATOR, theirs)):
        with pytest.raises(Forbidden):
            service.grant(person.id, ours.id, Role.REGISTRAR, actor_for(staff))


def test_a_role_at_another_institution_does_not_exist(context: Flask) -> None:
    ours, theirs = build_institution(), build_institution()
    grant = build_role(build_person(), Role.AUTHOR, ours)
    stranger = actor_for(build_staff(Role.ADMINISTRATOR, theirs))
    for grant_id in (grant.id, "made-up"):
        with pytest.raises(NoSuchRecord):
            service.revoke(grant_id, stranger)


def test_the_last_administrator_stays(context: Flask) -> None:
    place = build_institution()
    first = build_staff(Role.ADMINISTRATOR, place)
    with pytest.raises(Conflict):
        service.revoke(first.grants[0].id, actor_for(first))
    second = build_staff(Role.ADMINISTRATOR, place)
    service.revoke(first.grants[0].id, actor_for(second))


def test_staff_are_listed_by_name_to_their_administrators(context: Flask) -> None:
    place = build_institution()
    zoe = build_staff(Role.ADMINISTRATOR, place, display_name="Zoe")
    build_staff(Role.AUTHOR, place, display_name="Ada")
    build_staff(Role.AUTHOR, build_institution(), display_name="Elsewhere")
    assert [one.name for one in service.staff(place.id, actor_for(zoe))] == ["Ada", "Zoe"]
    with pytest.raises(Forbidden):
        service.staff(place.id, actor_for(build_person()))


@pytest.mark.parametrize("kind", DATABASES)
def test_two_administrators_who_remove_each_other_leave_one(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app = build_app(kind, tmp_path, request)
    with app.app_context(), transactions.writing():
        place = build_institution()
        pair = [build_staff(Role.ADMINISTRATOR, place) for _ in range(2)]
        acts = [
            (pair[0].grants[0].id, actor_for(pair[1])),
            (pair[1].grants[0].id, actor_for(pair[0])),
        ]

    def remove(number: int) -> None:
        with app.app_context():
            try:
                with transactions.writing():
                    service.revoke(*acts[number])
            except (Conflict, NoSuchRecord):
                pass

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(remove, range(2)))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(RoleGrant)) == 1
