"""Who sees a credential, and what its holder shares."""

from __future__ import annotations

import pytest

from assessment.access import NOBODY, Actor, Role
from assessment.credentials import service
from assessment.credentials.models import Credential
from assessment.demo.builders.people import build_institution, build_person, build_staff
from assessment.errors import Invalid, NoSuchRecord
from assessment.people.models import Institution, Person
from tests.assessment.people.actors import actor_for


def sees(credential: Credential, actor: Actor) -> bool:
    try:
        return service.visible(credential.id, actor) is credential
    except NoSuchRecord:
        return False


def test_a_shared_credential_is_open_to_whoever_has_the_link(credential: Credential) -> None:
    assert sees(credential, NOBODY)


def test_a_closed_credential_is_open_to_holder_and_registrar_alone(
    credential: Credential, holder: Person, college: Institution
) -> None:
    own = actor_for(holder)
    service.share(credential.id, own, shared=False, shows_name=False)
    registrar = actor_for(build_staff(Role.REGISTRAR, college))
    assert sees(credential, own)
    assert sees(credential, registrar)
    assert not sees(credential, NOBODY)
    assert not sees(credential, actor_for(build_person()))
    assert not sees(credential, actor_for(build_staff(Role.ASSESSOR, college)))
    assert not sees(credential, actor_for(build_staff(Role.REGISTRAR, build_institution())))


def test_nobody_shares_for_another(credential: Credential, college: Institution) -> None:
    registrar = actor_for(build_staff(Role.REGISTRAR, college))
    for actor in (NOBODY, registrar, actor_for(build_person())):
        with pytest.raises(NoSuchRecord):
            service.share(credential.id, actor, shared=False, shows_name=True)
    assert credential.shared
    assert not credential.shows_name


def test_the_name_is_shown_with_consent_alone(credential: Credential, holder: Person) -> None:
    assert service.holder_name(credential) == ""
    service.share(credential.id, actor_for(holder), shared=True, shows_name=True)
    assert service.holder_name(credential) == holder.legal_name


def test_a_name_that_was_changed_since_is_not_what_the_institution_confirms(
    credential: Credential, holder: Person
) -> None:
    signed = holder.legal_name
    service.share(credential.id, actor_for(holder), shared=True, shows_name=True)
    assert service.is_signed_name(credential, service.holder_name(credential))
    holder.legal_name = "Somebody Else"
    assert not service.is_signed_name(credential, service.holder_name(credential))
    assert service.is_signed_name(credential, signed)


def test_a_name_that_is_not_known_cannot_be_shown(credential: Credential, holder: Person) -> None:
    holder.legal_name = ""
    with pytest.raises(Invalid, match="legal name"):
        service.share(credential.id, actor_for(holder), shared=True, shows_name=True)


def test_another_award_of_nobody_is_the_same_as_none(credential: Credential) -> None:
    with pytest.raises(NoSuchRecord):
        service.visible("nothing", NOBODY)
