"""The keyring: made at first need, in files or sealed, and never silently replaced."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select

from assessment.access import system
from assessment.credentials import commands, keyring, service
from assessment.credentials.keys import seal
from assessment.credentials.models import Credential, SigningKey
from assessment.credentials.verification import State
from assessment.demo.builders.credentials import build_credential
from assessment.demo.builders.people import build_institution
from assessment.extensions import db
from assessment.people.models import Institution, Person


def forget_opened(app: Flask) -> None:
    """Let the keys be opened anew, as after a restart."""
    app.extensions.pop(keyring.EXTENSION, None)


def row_of(institution: Institution) -> SigningKey:
    return db.session.scalars(select(SigningKey).filter_by(institution_id=institution.id)).one()


def test_a_private_key_is_in_a_file_or_sealed(
    context: Flask, college: Institution, credential: Credential
) -> None:
    settings = context.extensions["attest_settings"]
    sealed = row_of(college).encrypted_private
    files = list((settings.data / keyring.FOLDER / college.key).glob("*.pem"))
    assert (sealed is None) == settings.embedded == bool(files)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)


def test_a_retired_key_still_verifies(
    credential: Credential, holder: Person, college: Institution
) -> None:
    assert service.rotate_key(college, system("test")).number == 2
    newer = build_credential(holder, college)
    forms = [service.document_for(each) for each in (credential, newer)]
    assert [json.loads(form)["proof"][0]["verificationMethod"][-5:] for form in forms] == [
        "key-1",
        "key-2",
    ]
    for form in (*forms, credential.jwt, newer.jwt):
        assert service.check(form).state is State.VALID
    retired = [row.retired_at is None for row in keyring._rows(college.key)]
    assert retired == [False, True]


def test_the_did_document_lists_every_key(college: Institution, credential: Credential) -> None:
    service.rotate_key(college, system("test"))
    document = json.loads(service.did_document_of(college))
    assert document["assertionMethod"] == [f"{document['id']}#key-{n}" for n in (1, 2)]
    assert len({each["publicKeyMultibase"] for each in document["verificationMethod"]}) == 2


def test_asking_for_a_did_document_makes_no_key(context: Flask) -> None:
    institution = build_institution()
    assert json.loads(service.did_document_of(institution))["verificationMethod"] == []
    assert keyring.last_key(institution) is None
    assert list(db.session.scalars(select(SigningKey))) == []


def lose(settings_data: Path, institution: Institution) -> None:
    """Lose the private half, wherever it is."""
    for path in (settings_data / keyring.FOLDER / institution.key).glob("*.pem"):
        path.unlink()
    if (row := row_of(institution)).encrypted_private:
        row.encrypted_private = row.encrypted_private[:-8] + "AAAAAAA="


def test_a_lost_key_is_said_and_not_replaced(
    context: Flask, college: Institution, credential: Credential
) -> None:
    lose(context.extensions["attest_settings"].data, college)
    forget_opened(context)
    with pytest.raises(service.KeysUnavailable, match="northern-college"):
        keyring.current_key(college)
    assert row_of(college).number == 1


def test_a_key_of_another_institution_in_its_place_is_refused(
    context: Flask, college: Institution, credential: Credential, holder: Person
) -> None:
    other = build_institution("harbour-institute")
    build_credential(holder, other)
    folder = context.extensions["attest_settings"].data / keyring.FOLDER
    if context.extensions["attest_settings"].embedded:
        (folder / college.key / "key-1.pem").write_bytes(
            (folder / other.key / "key-1.pem").read_bytes()
        )
    else:
        row_of(college).encrypted_private = row_of(other).encrypted_private
    forget_opened(context)
    with pytest.raises(service.KeysUnavailable):
        keyring.current_key(college)
    if context.extensions["attest_settings"].embedded:
        (folder / college.key / "key-1.pem").unlink()


def test_a_key_sealed_under_a_former_secret_opens(
    context: Flask, college: Institution, credential: Credential
) -> None:
    settings = replace(context.extensions["attest_settings"], secret_key_fallbacks=("former" * 8,))
    key = keyring.current_key(college)
    row = row_of(college)
    row.encrypted_private = seal(key, "former" * 8)
    assert keyring.Keyring(settings, {}).keys(college.key)[0].private.private_bytes_raw() == (
        key.private.private_bytes_raw()
    )


def test_the_command_rotates(context: Flask, credential: Credential) -> None:
    runner, info = CliRunner(), ScriptInfo(create_app=lambda: context)
    ran = runner.invoke(commands.keys, ["rotate", "northern-college"], obj=info)
    assert ran.output == "northern-college signs with key 2 from now on.\n"
