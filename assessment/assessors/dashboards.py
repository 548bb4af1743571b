"""The dashboard of a rubric: how far its raters can be trusted, and who needs looking after."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from threading import Lock

from sqlalchemy import func, select

import rubrics
from assessment import clock
from assessment.access import Action, Actor, institutions_for
from assessment.assessors.agreements import (
    CriterionAgreement,
    Drift,
    Month,
    agreements_of,
    drifts_of,
    months_of,
)
from assessment.assessors.comparing import Judgement, judge
from assessment.assessors.marks_given import Rater, RaterKind, Stamp, marks_on, stamp_of
from assessment.assessors.monitoring import compared, comparisons, seed_bar
from assessment.assessors.severities import Severities, severities_of
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.observations.models import Employer, Observer
from assessment.people.models import Person
from assessment.performances.models import Assignment, AssignmentRole, RubricVersion, Skip, Task
from assessment.performances.publishing import current_rubric
from assessment.performances.qualifications import Standing, gate_of, standing_at
from assessment.performances.trust_models import Gate, Qualification, SuspensionEffect

MOST_LISTED = 50
LATELY = timedelta(days=30)
_counting = Lock()
"""One model at a time: the second request finds what the first one counted."""


@dataclass(frozen=True)
class Figures:
    """What the marks on a rubric say of those who gave them."""

    rubric: rubrics.Rubric
    marks: int
    works: int
    raters: tuple[Rater, ...]
    """The assessors."""
    observers: int
    employers: int
    agreements: tuple[CriterionAgreement, ...]
    severities: Severities
    months: tuple[Month, ...]
    drifts: tuple[Drift, ...]


@dataclass(frozen=True)
class Watched:
    """One assessor beside exemplars, second looks and appeals, and where they stand at the gate;
    and how much they skipped lately."""

    name: str
    standing: Standing | None
    seeds: Judgement | None
    behind: Judgement | None
    appeals: Judgement | None
    skipped: int


@dataclass(frozen=True)
class InDoubt:
    """A rating that a suspension put in doubt, and what was done."""

    performance_id: str
    assessor: str
    """Empty for whoever rates themselves: they would know of whose marks they look at again."""
    is_voided: bool
    is_looked_at: bool


@dataclass(frozen=True)
class Dashboard:
    """What is shown of a rubric's raters; `names` says how each is called here."""

    row: RubricVersion
    gate: Gate | None
    figures: Figures
    names: Mapping[Rater, str]
    watched: tuple[Watched, ...]
    in_doubt: tuple[InDoubt, ...]
    shows_names: bool


def rubrics_watched(actor: Actor) -> list[RubricVersion]:
    """Return the rubrics of which an actor may see the dashboard, by their keys."""
    reach = institutions_for(actor, Action.WATCH_RATERS)
    used = select(RubricVersion.key).join(Task, Task.rubric_id == RubricVersion.id)
    keys = db.session.scalars(
        used.where(Task.institution_id.in_(reach))
        .union(select(RubricVersion.key).where(RubricVersion.institution_id.in_(reach)))
        .order_by(RubricVersion.key)
    )
    found = [current_rubric(key) for key in keys]
    return [each for each in found if each is not None]


def watched_rubric(rubric_key: str, actor: Actor) -> RubricVersion:
    """Return a rubric of which the actor may see the dashboard; NoSuchRecord for any other."""
    for each in rubrics_watched(actor):
        if each.key == rubric_key:
            return each
    raise NoSuchRecord("rubric", rubric_key)


def dashboard(rubric_key: str, actor: Actor) -> Dashboard:
    """Return the dashboard of a rubric."""
    row = watched_rubric(rubric_key, actor)
    figures = figures_of(rubric_key)
    people = _people(rubric_key, figures)
    shows_names = _may_see_names(actor, row)
    names = names_of(figures, people, shows_names)
    return Dashboard(
        row=row,
        gate=gate_of(rubric_key),
        figures=figures,
        names=names,
        watched=tuple(_watched(rubric_key, people, names)),
        in_doubt=tuple(_in_doubt(rubric_key, actor, names)),
        shows_names=shows_names,
    )


def _may_see_names(actor: Actor, row: RubricVersion) -> bool:
    """Return whether the actor manages the institution's people, or answers for its credit."""
    managed = institutions_for(actor, Action.MANAGE_PEOPLE)
    return row.institution_id in managed | institutions_for(actor, Action.GRANT_CREDIT)


def figures_of(rubric_key: str) -> Figures:
    """Return what the marks on a rubric say, counted once until there is another."""
    with _counting:
        return _figures(rubric_key, stamp_of(rubric_key))


@lru_cache(maxsize=32)
def _figures(rubric_key: str, _stamp: Stamp) -> Figures:
    marks = marks_on(rubric_key)
    if marks is None:
        raise NoSuchRecord("rubric", rubric_key)
    return Figures(
        rubric=marks.rubric,
        marks=len(marks.assessors),
        works=len({each.work for each in marks.assessors}),
        raters=tuple(dict.fromkeys(each.rater for each in marks.assessors)),
        observers=len({each.rater for each in marks.observers}),
        employers=len({each.rater for each in marks.employers}),
        agreements=agreements_of(marks),
        severities=severities_of(marks),
        months=months_of(marks.assessors),
        drifts=drifts_of(marks.assessors),
    )


def _people(rubric_key: str, figures: Figures) -> list[str]:
    """Return everybody who rated on a rubric, or tried to."""
    tried = db.session.scalars(select(Qualification.person_id).filter_by(rubric_key=rubric_key))
    return sorted({*tried, *(each.id for each in figures.raters)})


def names_of(figures: Figures, people: Sequence[str], shows_names: bool) -> dict[Rater, str]:
    """Return what each rater is called: by name to those who manage them, and else by a sign."""
    raters = {Rater(RaterKind.ASSESSOR, each) for each in people}
    raters |= {each.rater for each in figures.severities.lines}
    known = _known(raters) if shows_names else {}
    return {each: known.get(each) or _sign(each) for each in raters}


def _known(raters: set[Rater]) -> dict[Rater, str]:
    ids = [each.id for each in raters]
    people = select(Person.id, Person.display_name).where(Person.id.in_(ids))
    employers = select(Employer.id, Employer.name).where(Employer.id.in_(ids))
    found = {Rater(RaterKind.ASSESSOR, row[0]): row[1] for row in db.session.execute(people)}
    observers = (
        select(Observer.id, Observer.name, Employer.name)
        .join(Observer.employer)
        .where(Observer.id.in_(ids), Observer.name.is_not(None))
    )
    found |= {Rater(RaterKind.EMPLOYER, row[0]): row[1] for row in db.session.execute(employers)}
    return found | {
        Rater(RaterKind.OBSERVER, id_): f"{name} ({employer})"
        for id_, name, employer in db.session.execute(observers)
    }


def _sign(rater: Rater) -> str:
    """Return a sign that tells one rater from another, and nothing else."""
    sign = hashlib.sha256(rater.id.encode()).hexdigest()[:4].upper()
    match rater.kind:
        case RaterKind.ASSESSOR:
            return _("Assessor %(sign)s", sign=sign)
        case RaterKind.OBSERVER:
            return _("Observer %(sign)s", sign=sign)
        case RaterKind.EMPLOYER:
            return _("Employer %(sign)s", sign=sign)


def _watched(rubric_key: str, people: Sequence[str], names: Mapping[Rater, str]) -> list[Watched]:
    gate = gate_of(rubric_key)
    window = gate.seed_window if gate else MOST_LISTED
    skipped = _skipped(rubric_key)
    lines = [
        Watched(
            name=names[Rater(RaterKind.ASSESSOR, person_id)],
            standing=standing_at(person_id, rubric_key) if gate else None,
            seeds=_judged(person_id, rubric_key, AssignmentRole.SEEDED, gate, window),
            behind=_judged(person_id, rubric_key, AssignmentRole.READ_BEHIND, gate, MOST_LISTED),
            appeals=_judged(person_id, rubric_key, AssignmentRole.REVIEWER, gate, MOST_LISTED),
            skipped=skipped.get(person_id, 0),
        )
        for person_id in people
    ]
    return sorted(lines, key=lambda each: each.name.casefold())


def _skipped(rubric_key: str) -> dict[str, int]:
    """Return how much each person skipped lately; who skipped nothing is left out."""
    rows = (
        select(Skip.person_id, func.count())
        .join(Assignment, Assignment.id == Skip.assignment_id)
        .where(Assignment.rubric_key == rubric_key, Skip.skipped_at > clock.now() - LATELY)
        .group_by(Skip.person_id)
    )
    return {row[0]: row[1] for row in db.session.execute(rows)}


def _judged(
    person_id: str, rubric_key: str, kind: AssignmentRole, gate: Gate | None, most: int
) -> Judgement | None:
    """Return what the last comparisons of a kind come to, None where there are none."""
    if gate is None:
        return None
    rows = db.session.scalars(comparisons(person_id, rubric_key, kind).limit(most))
    found = [compared(each) for each in rows]
    return judge(found, seed_bar(gate)) if found else None


def _in_doubt(rubric_key: str, actor: Actor, names: Mapping[Rater, str]) -> list[InDoubt]:
    """Return the ratings that suspensions put in doubt, at the institutions of the actor.

    Whoever may rate is not told whose rating it was: they may look at the same work again.
    """
    may_rate = bool(institutions_for(actor, Action.ASSESS))
    rows = (
        select(SuspensionEffect)
        .where(
            SuspensionEffect.rubric_key == rubric_key,
            SuspensionEffect.institution_id.in_(institutions_for(actor, Action.WATCH_RATERS)),
        )
        .order_by(SuspensionEffect.noted_at.desc(), SuspensionEffect.rating_id)
        .limit(MOST_LISTED)
    )
    return [
        InDoubt(
            performance_id=each.performance_id,
            assessor="" if may_rate else names.get(Rater(RaterKind.ASSESSOR, each.person_id), ""),
            is_voided=each.is_voided,
            is_looked_at=each.look is not None and each.look.state == "released",
        )
        for each in db.session.scalars(rows)
    ]
