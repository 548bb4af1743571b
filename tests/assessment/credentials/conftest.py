"""Fixtures of credentials' tests."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.credentials.models import Credential
from assessment.demo.builders.credentials import build_credential
from assessment.demo.builders.people import build_institution, build_person
from assessment.extensions import db
from assessment.people.models import Institution, Person


@pytest.fixture
def college(context: Flask) -> Institution:
    """Return an institution that awards."""
    name = {"en": "Northern College", "fr": "Collège du Nord"}
    return build_institution("northern-college", name=name)


@pytest.fixture
def holder(context: Flask) -> Person:
    """Return somebody who is awarded something, and whose particulars nobody else may read."""
    return build_person(
        "canary-address@example.org",
        display_name="Canary Display",
        legal_name="Canary Légale-Nom",
        student_number="CANARY-NUMBER",
    )


@pytest.fixture
def credential(holder: Person, college: Institution) -> Credential:
    """Return a credential of the college's, committed so that a browser sees it."""
    issued = build_credential(holder, college)
    db.session.commit()
    return issued
