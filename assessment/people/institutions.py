"""Institutions: organisations that author, assess or award."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select

from assessment import clock
from assessment.access import Actor, ActorKind
from assessment.audit import service as audit
from assessment.errors import Forbidden, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.people.models import Institution

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LARGEST_MULTIPLE = 5.0


@dataclass(frozen=True)
class InstitutionSpec:
    """What is said of an institution when it joins; `name` is one wording per language."""

    key: str
    name: dict[str, str]
    description: dict[str, str] = field(default_factory=dict)
    city: str = ""
    province: str = ""
    timezone: str = "America/Toronto"
    self_service_time_limit: float = 1.5
    self_service_break_limit: int = 30


def found_institution(spec: InstitutionSpec, actor: Actor) -> Institution:
    """Return the new institution of `spec`; only the system founds one."""
    if actor.kind is not ActorKind.SYSTEM:
        raise Forbidden(_("Institutions are added by whoever runs this installation."))
    _check(spec)
    institution = Institution(**vars(spec), created_at=clock.now())
    db.session.add(institution)
    db.session.flush()
    audit.record(
        audit.institution_chain(institution.id), "institution founded", actor, institution.id
    )
    return institution


def _check(spec: InstitutionSpec) -> None:
    if not KEY.fullmatch(spec.key):
        raise Invalid(_("A key has small letters, digits and single hyphens."))
    if not any(spec.name.values()):
        raise Invalid(_("An institution needs a name."))
    if spec.timezone not in available_timezones():
        raise Invalid(_("%(zone)s is not a time zone that is known.", zone=spec.timezone))
    if not 1 <= spec.self_service_time_limit <= LARGEST_MULTIPLE:
        raise Invalid(_("The limit for extra time is a multiple from 1 to 5."))


def institution(institution_id: str) -> Institution:
    """Return the institution with this id."""
    found = db.session.get(Institution, institution_id)
    if found is None:
        raise NoSuchRecord("institution", institution_id)
    return found


def institution_by_key(key: str) -> Institution:
    """Return the institution with this key, as it stands in addresses."""
    found = db.session.scalars(select(Institution).where(Institution.key == key)).one_or_none()
    if found is None:
        raise NoSuchRecord("institution", key)
    return found


def institutions(ids: Iterable[str] | None = None) -> list[Institution]:
    """Return the institutions with these ids (by default all), by key."""
    query = select(Institution).order_by(Institution.key)
    if ids is not None:
        query = query.where(Institution.id.in_(list(ids)))
    return list(db.session.scalars(query))


def zone(found: Institution) -> ZoneInfo:
    """Return the time zone in which this institution counts its days."""
    return ZoneInfo(found.timezone)
