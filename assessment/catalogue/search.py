"""The public search: by words, and by what people must plan for: place, time, cost, language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, case, cast, func, select
from sqlalchemy.orm import contains_eager, joinedload

from assessment.catalogue.frameworks import competencies
from assessment.catalogue.listings import AchievementSpec
from assessment.catalogue.models import (
    Achievement,
    AchievementKind,
    AchievementVersion,
    Mode,
    Occupation,
)
from assessment.extensions import db
from assessment.people.models import Institution

PAGE_SIZE = 20
_KINDS = (
    AchievementKind.CERTIFICATE,
    AchievementKind.MICRO_CREDENTIAL,
    AchievementKind.COURSE_CREDIT,
    AchievementKind.COMPETENCY,
)
_weight = case({kind.value: place for place, kind in enumerate(_KINDS)}, value=Achievement.kind)
_LIGATURES = {ord("œ"): "oe", ord("æ"): "ae"}


@dataclass(frozen=True)
class Filters:
    """What somebody looks for; None and empty ask for nothing."""

    words: str = ""
    mode: Mode | None = None
    most_minutes: int | None = None
    most_cents: int | None = None
    language: str | None = None

    @property
    def any(self) -> bool:
        """Whether anything is asked for."""
        return self != Filters()


@dataclass(frozen=True)
class Found:
    """One page of what was found."""

    listings: tuple[AchievementVersion, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """The number of pages, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))


def fold(text: str) -> str:
    """Return text as it is compared: without case, accents or punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    kept = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def search(filters: Filters, page: int = 1) -> Found:
    """Return a page of the published listings that meet every filter, what counts most first."""
    conditions = _conditions(filters)
    matching = select(AchievementVersion).join(AchievementVersion.achievement).where(*conditions)
    total = db.session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    page = min(max(1, page), max(1, -(-total // PAGE_SIZE)))
    query = (
        matching.options(
            contains_eager(AchievementVersion.achievement),
            joinedload(AchievementVersion.awarded_by),
        )
        .order_by(_weight, Achievement.key)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return Found(tuple(db.session.scalars(query)), total, page)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    version = AchievementVersion
    found = [version.version == Achievement.current_version]
    found += [version.search_text.contains(word) for word in fold(filters.words).split()]
    if filters.mode is not None:
        found.append(version.mode == filters.mode)
    if filters.most_minutes is not None:
        found.append(version.minutes <= filters.most_minutes)
    if filters.most_cents is not None:
        found.append(version.cost_cents <= filters.most_cents)
    if filters.language is not None:
        quoted = f'"{filters.language}"'
        found.append(cast(version.languages, Text).contains(quoted, autoescape=True))
    return found


def search_text(spec: AchievementSpec, institutions: Iterable[Institution]) -> str:
    """Return every word that a listing is found by, folded."""
    wordings: list[Mapping[str, str]] = [spec.title, spec.summary, spec.description]
    wordings += [each.title for each in competencies(spec.competency_keys).values()]
    wordings += [institution.name for institution in institutions]
    wordings += [occupation.title for occupation in occupations(spec.occupations)]
    lines = [text for wording in wordings for text in wording.values()]
    return fold(" ".join((*lines, *spec.occupations, spec.course_code, spec.place)))


def occupations(codes: Iterable[str]) -> list[Occupation]:
    """Return the occupations of these codes whose titles are known, in order of code."""
    query = select(Occupation).where(Occupation.code.in_(list(codes))).order_by(Occupation.code)
    return list(db.session.scalars(query))
