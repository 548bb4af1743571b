"""Where an institution's documents stand in the world: their addresses, below the base URL."""

from __future__ import annotations

from typing import cast

from flask import current_app

from assessment.config import Settings
from assessment.credentials.compose import Issuer
from assessment.credentials.did import did_for
from assessment.people.models import Institution


def settings() -> Settings:
    """Return the settings of this installation."""
    return cast(Settings, current_app.extensions["attest_settings"])


def address(*parts: str | int) -> str:
    """Return the address of a page or document; never from the request's own host."""
    return "/".join((settings().base_url, *(str(part) for part in parts)))


def did_of(institution: Institution) -> str:
    """Return the institution's DID."""
    return did_for(settings().base_url, institution.key)


def issuer_of(institution: Institution) -> Issuer:
    """Return the institution as a credential presents it."""
    return Issuer(
        did=did_of(institution),
        name=institution.name,
        url=address("institutions", institution.key),
    )
