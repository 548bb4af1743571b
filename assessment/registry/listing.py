"""The registrar's list: the awards of one's institutions, searched, sorted and paged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from assessment import clock
from assessment.access import Action, Actor, institutions_for
from assessment.awards import service as awards
from assessment.awards.models import Award, AwardState
from assessment.catalogue.models import Achievement, AchievementVersion
from assessment.credentials.models import Credential
from assessment.extensions import db
from assessment.people import service as people
from assessment.people.models import Institution, Person
from assessment.registry.paging import Page, paged
from assessment.registry.spelling import has_word, plain_words, sorting_key

Found: TypeAlias = Select[Award, Person, Credential]
"""What the list selects; person and credential may be missing."""

ROWS_AT_ONCE = 1000
LISTED = (AwardState.OFFERED, AwardState.AWARDED, AwardState.EXPIRED, AwardState.REVOKED)
"""What was declined, or offered and not answered, leaves no line."""


class Shows(StrEnum):
    """Where an award stands, as the desk lists it."""

    STANDING = "standing"
    EXPIRED = "expired"
    OFFERED = "offered"
    REVOKED = "revoked"


class Sort(StrEnum):
    """By what the desk is sorted."""

    DATE = "date"
    NAME = "name"
    NUMBER = "number"
    ACHIEVEMENT = "achievement"


@dataclass(frozen=True)
class Filters:
    """What the registrar looks for; empty and None ask for nothing."""

    words: str = ""
    achievement: str = ""
    shows: Shows | None = None
    since: date | None = None
    until: date | None = None
    sort: Sort = Sort.DATE
    reverse: bool = False

    @property
    def any(self) -> bool:
        """Whether anything is looked for."""
        return bool(self.words or self.achievement or self.shows or self.since or self.until)


@dataclass(frozen=True)
class Row:
    """One award, whose it is, and its credential; no person once the account is erased."""

    award: Award
    person: Person | None
    credential: Credential | None
    shows: Shows


Listed: TypeAlias = Page[Row]
"""One page of the list."""


def listed(filters: Filters, actor: Actor, page: int = 1) -> Listed:
    """Return a page of the awards of the actor's institutions that meet every filter."""
    return paged(_query(filters, actor), page, _rows)


def every(filters: Filters, actor: Actor) -> Iterator[Row]:
    """Yield every award that the filters let through, in the order of the list."""
    yield from _rows(_query(filters, actor).execution_options(yield_per=ROWS_AT_ONCE))


def achievements_of(actor: Actor) -> list[AchievementVersion]:
    """Return the achievements that the actor's institutions award, each in its latest version."""
    query = (
        select(AchievementVersion)
        .join(AchievementVersion.achievement)
        .options(contains_eager(AchievementVersion.achievement))
        .where(
            AchievementVersion.version == Achievement.current_version,
            AchievementVersion.awarded_by_id.in_(institutions_for(actor, Action.GRANT_CREDIT)),
        )
        .order_by(Achievement.key)
    )
    return list(db.session.scalars(query))


def _rows(query: Found) -> Iterator[Row]:
    for award, person, credential in db.session.execute(query):
        yield Row(award, person, credential, shows(award))


def shows(award: Award) -> Shows:
    """Return how the desk lists an award today, where its institution is."""
    if award.state == AwardState.REVOKED:
        return Shows.REVOKED
    if award.state == AwardState.OFFERED:
        return Shows.OFFERED
    is_over = award.state == AwardState.EXPIRED or awards.has_run_out(award)
    return Shows.EXPIRED if is_over else Shows.STANDING


def _query(filters: Filters, actor: Actor) -> Found:
    query = (
        select(Award, Person, Credential)
        .join(Award.achievement)
        .outerjoin(Person, Person.learner_id == Award.learner_id)
        .outerjoin(
            Credential,
            and_(
                Credential.learner_id == Award.learner_id,
                Credential.subject_id == Award.id,
            ),
        )
        .options(
            contains_eager(Award.achievement),
            joinedload(Award.achievement_version).joinedload(AchievementVersion.awarded_by),
        )
        .where(*_conditions(filters, actor))
    )
    columns = _SORTS[filters.sort]
    newest_first = filters.reverse is (filters.sort is not Sort.DATE)
    ordered = [column.desc() if newest_first else column.asc() for column in columns]
    return query.order_by(*ordered, Award.id)


_MOMENT = func.coalesce(Award.awarded_at, Award.created_at)
_NAME = func.coalesce(func.nullif(Person.legal_name, ""), Person.display_name, "")
_SORTS: dict[Sort, tuple[ColumnElement[Any], ...]] = {
    Sort.DATE: (_MOMENT,),
    Sort.NAME: (sorting_key(_NAME), _MOMENT),
    Sort.NUMBER: (func.coalesce(Person.student_number, ""), _MOMENT),
    Sort.ACHIEVEMENT: (Achievement.key.expression, _MOMENT),
}


def _conditions(filters: Filters, actor: Actor) -> list[ColumnElement[bool]]:
    ids = institutions_for(actor, Action.GRANT_CREDIT)
    conditions: list[ColumnElement[bool]] = [
        Award.institution_id.in_(ids),
        Award.state.in_(LISTED),
    ]
    conditions += [_mentions(word) for word in plain_words(filters.words)]
    if filters.achievement:
        conditions.append(Achievement.key == filters.achievement)
    if filters.shows:
        conditions.append(_is_shown(filters.shows, people.institutions(ids)))
    return [*conditions, *_within(filters, people.institutions(ids))]


def _mentions(word: str) -> ColumnElement[bool]:
    """Return whether a word is part of a name, or begins a number or an id."""
    return or_(
        has_word(Person.legal_name, word),
        has_word(Person.display_name, word),
        func.lower(Person.student_number).startswith(word, autoescape=True),
        Award.id.startswith(word, autoescape=True),
        Credential.id.startswith(word, autoescape=True),
    )


def _is_shown(wanted: Shows, institutions: list[Institution]) -> ColumnElement[bool]:
    if wanted is Shows.REVOKED:
        return Award.state == AwardState.REVOKED
    if wanted is Shows.OFFERED:
        return Award.state == AwardState.OFFERED
    over = or_(False, *(_is_over(institution) for institution in institutions))
    if wanted is Shows.EXPIRED:
        return or_(Award.state == AwardState.EXPIRED, and_(Award.state == AwardState.AWARDED, over))
    return and_(Award.state == AwardState.AWARDED, ~over)


def _is_over(institution: Institution) -> ColumnElement[bool]:
    """Return whether an award's last day is past, where its institution is."""
    today = clock.local_date(clock.now(), institution.timezone)
    return and_(
        Award.institution_id == institution.id,
        Award.expires_on.is_not(None),
        Award.expires_on < today,
    )


def _within(filters: Filters, institutions: list[Institution]) -> list[ColumnElement[bool]]:
    """Return whether an award was made in the days asked for, in the first institution's zone."""
    zone = people.zone(institutions[0]) if institutions else ZoneInfo("UTC")
    found: list[ColumnElement[bool]] = []
    if filters.since:
        found.append(datetime.combine(filters.since, time.min, zone) <= _MOMENT)
    if filters.until:
        found.append(datetime.combine(filters.until + timedelta(days=1), time.min, zone) > _MOMENT)
    return found
