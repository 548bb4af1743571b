"""How long an achievement lets its learners appeal the rated work that its rule names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from assessment import rules
from assessment.catalogue.listings import AchievementSpec
from assessment.catalogue.models import AchievementVersion
from assessment.catalogue.references import parsed
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.locale import gettext as _


def require_something_to_appeal(spec: AchievementSpec, rule: rules.Rule) -> None:
    """Refuse days to appeal where the rule itself names no rubric: nothing could be appealed."""
    if spec.appeal_days is not None and not rules.references(rule).rubrics:
        sentence = _(
            "%(key)s states days to appeal, but its rule names no rubric. Leave out appeal_days.",
            key=spec.key,
        )
        raise Invalid(sentence)


def appeal_days(rubric_key: str, institution_id: str, since: datetime) -> int:
    """Return the most days that an achievement lets work rated on a rubric be appealed; 0 for none.

    Those whose own rule names the rubric, and that this institution assesses; each version that
    was the published one at a time since, so that a new one takes no day away from anybody.
    """
    later = aliased(AchievementVersion)
    is_over = exists().where(
        later.achievement_id == AchievementVersion.achievement_id,
        later.version > AchievementVersion.version,
        later.published_at <= since,
    )
    rows = select(AchievementVersion.appeal_days, AchievementVersion.rule).where(
        AchievementVersion.appeal_days.is_not(None),
        AchievementVersion.assessed_by_id == institution_id,
        AchievementVersion.published_at.is_not(None),
        ~is_over,
    )
    found = (days for days, rule in db.session.execute(rows) if days and _names(rule, rubric_key))
    return max(found, default=0)


def _names(rule: str, rubric_key: str) -> bool:
    return rubric_key in {each.key for each in rules.references(parsed(rule)).rubrics}
