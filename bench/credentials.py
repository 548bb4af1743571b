"""What one credential costs: issued with its rows, and each signature alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from statistics import median

from assessment import transactions
from assessment.credentials.keyring import current_key
from assessment.credentials.models import Credential
from assessment.credentials.places import did_of
from assessment.credentials.signing import credential_in, sign_data_integrity, sign_jwt
from assessment.demo.builders.credentials import build_credential
from assessment.demo.builders.people import build_institution, build_person
from assessment.people.models import Institution
from bench.figures import Figure, Finding
from bench.places import Kind, Places

ISSUED = 40
SIGNED = 200
SIGNED_IN_FULL = 20
FIRST = 2
ISSUE_LIMIT_MS = 10.0


def measure(places: Places) -> Iterator[Finding]:
    """Yield the CPU of issuing a credential on both databases, and of signing it in both forms."""
    for kind in Kind:
        with places.installation(kind).app.app_context(), transactions.writing():
            institution = build_institution("college")
            people = iter([build_person() for _ in range(FIRST + ISSUED)])
            cost = _cost(lambda: build_credential(next(people), institution), ISSUED)  # noqa: B023 - called at once
            yield Figure(f"credential issued, CPU, {kind}", cost, "ms", ISSUE_LIMIT_MS)
            if kind is Kind.SQLITE:
                yield from _signatures(build_credential(build_person(), institution), institution)


def _signatures(credential: Credential, institution: Institution) -> Iterator[Finding]:
    key, did = current_key(institution), did_of(institution)
    written = credential_in(credential.jwt)
    jwt = _cost(lambda: sign_jwt(written, key, did), SIGNED)
    yield Figure("VC-JWT signed, CPU", jwt, "ms")
    created = credential.issued_at
    full = _cost(lambda: sign_data_integrity(written, key, did, created), SIGNED_IN_FULL)
    yield Figure("Data Integrity signed (by a job), CPU", full, "ms")


def _cost(act: Callable[[], object], times: int) -> float:
    """Return the milliseconds of CPU of one act: the median, after the first few."""
    costs = []
    for _ in range(FIRST + times):
        before = time.thread_time()
        act()
        costs.append((time.thread_time() - before) * 1000)
    return median(costs[FIRST:])
