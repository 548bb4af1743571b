"""Somewhere to learn what is not yet shown; and what occupations are called."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Text, cast, or_, select

from assessment.access import Actor, system
from assessment.audit.service import SYSTEM_CHAIN, record
from assessment.catalogue.frameworks import missing_competencies
from assessment.catalogue.listings import OCCUPATION_CODE
from assessment.catalogue.models import Mode, Occupation, Opportunity
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.fields import (
    LONGEST_LINE,
    checked_key,
    checked_wording,
    refusal,
    shown,
)
from assessment.locale import gettext as _

CATALOGUE = system("catalogue")
_MODES = [Mode.ONLINE, Mode.HYBRID, Mode.IN_PERSON]


@dataclass(frozen=True, kw_only=True)
class OpportunitySpec:
    """A course or another way to learn, as its provider describes it."""

    key: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    provider: str
    mode: Mode
    minutes: int
    cost_cents: int
    languages: tuple[str, ...]
    place: str = ""
    competency_keys: tuple[str, ...] = ()


def publish_opportunity(spec: OpportunitySpec, actor: Actor = CATALOGUE) -> Opportunity:
    """Return the opportunity, new or brought up to date."""
    _check(spec)
    found = db.session.scalar(select(Opportunity).where(Opportunity.key == spec.key))
    opportunity = found or Opportunity(key=spec.key)
    opportunity.title = dict(spec.title)
    opportunity.summary = dict(spec.summary)
    opportunity.provider = spec.provider
    opportunity.mode = spec.mode
    opportunity.minutes = spec.minutes
    opportunity.cost_cents = spec.cost_cents
    opportunity.languages = list(spec.languages)
    opportunity.place = spec.place
    opportunity.competency_keys = list(spec.competency_keys)
    db.session.add(opportunity)
    db.session.flush()
    record(SYSTEM_CHAIN, "opportunity.published", actor, f"opportunity:{spec.key}")
    return opportunity


def _check(spec: OpportunitySpec) -> None:
    checked_key(spec.key, "key")
    checked_wording(spec.title, "title")
    for name in ("provider", "place"):
        if len(getattr(spec, name)) > LONGEST_LINE:
            allowed = _("one line of at most %(n)s characters", n=LONGEST_LINE)
            raise refusal(f"{spec.key}.{name}", allowed, shown(getattr(spec, name)))
    if spec.minutes < 1 or spec.cost_cents < 0:
        sentence = _("%(key)s needs its time in minutes and its cost, 0 if free.", key=spec.key)
        raise Invalid(sentence)
    if not spec.provider or not spec.languages or not spec.competency_keys:
        allowed = _("given, with its languages and competencies")
        raise refusal(f"{spec.key}.provider", allowed, spec.provider or _("nothing"))
    if spec.mode is not Mode.ONLINE and not spec.place:
        raise refusal(f"{spec.key}.place", _("given for what is not online"), _("nothing"))
    missing = missing_competencies(spec.competency_keys, None)
    if missing:
        keys = ", ".join(missing)
        raise Invalid(_("No framework has the competency %(keys)s.", keys=keys))


def opportunities_for(competency_keys: Collection[str]) -> list[Opportunity]:
    """Return what teaches any of these competencies: by mode (online first), time and cost."""
    if not competency_keys:
        return []
    keys = cast(Opportunity.competency_keys, Text)
    teaches = or_(*(keys.contains(f'"{key}"', autoescape=True) for key in competency_keys))
    found = db.session.scalars(select(Opportunity).where(teaches))
    return sorted(
        found, key=lambda each: (_MODES.index(each.mode), each.minutes, each.cost_cents, each.key)
    )


def publish_occupation(code: str, title: Mapping[str, str]) -> Occupation:
    """Return the occupation of a code, under its title."""
    if not OCCUPATION_CODE.fullmatch(code):
        raise refusal("code", _("five digits"), code)
    occupation = db.session.merge(
        Occupation(code=code, title=checked_wording(title, f"occupation {code}"))
    )
    db.session.flush()
    return occupation
