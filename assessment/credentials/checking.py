"""Verification with what this installation knows: its own institutions, keys and status lists."""

from __future__ import annotations

import re
from urllib.parse import unquote

from assessment import clock
from assessment.credentials.did import IssuerKeys
from assessment.credentials.documents import status_state
from assessment.credentials.keyring import known_issuer
from assessment.credentials.places import address, did_of
from assessment.credentials.status import StatusBits
from assessment.credentials.verification import Verdict, verify
from assessment.errors import NoSuchRecord
from assessment.people import service as people

LIST_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def check(document: str | bytes) -> Verdict:
    """Return the verdict on a document that somebody pasted or uploaded; nothing is fetched."""
    return verify(document, resolve, status_bits, clock.now())


def resolve(did: str) -> IssuerKeys | None:
    """Return the issuer with this DID, if it is an institution of ours."""
    try:
        institution = people.institution_by_key(unquote(did.rpartition(":")[2]))
    except NoSuchRecord:
        return None
    return known_issuer(institution) if did_of(institution) == did else None


def status_bits(url: str) -> StatusBits | None:
    """Return the bits of the status list at this address, if it is one of ours."""
    folder, _, number = url.rpartition("/")
    if folder != address("status") or not LIST_NUMBER.fullmatch(number):
        return None
    try:
        return status_state(int(number)).bits
    except NoSuchRecord:
        return None
