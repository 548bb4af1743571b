"""Comments that an assessor keeps, to use them again on the same rubric; theirs alone."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from assessment import clock
from assessment.access import Actor
from assessment.assessors.models import StockComment
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.locale import language as current_language
from assessment.performances.rating import LONGEST_COMMENT

MOST_COMMENTS = 100


def stock_comments(rubric_key: str, actor: Actor) -> list[StockComment]:
    """Return the actor's comments on a rubric: those in the page's language first, oldest first."""
    own = select(StockComment).filter_by(person_id=actor.person_id, rubric_key=rubric_key)
    rows = db.session.scalars(own.order_by(StockComment.kept_at, StockComment.id))
    return sorted(rows, key=lambda each: each.language != current_language())


def keep_comment(rubric_key: str, text: str, language: str, actor: Actor) -> StockComment:
    """Return a comment, kept to be used again; the same words are kept once."""
    words = text.strip()
    if not words:
        raise Invalid(_("Write something first."), field="text")
    if len(words) > LONGEST_COMMENT:
        sentence = _("A comment may have at most %(n)s characters.", n=LONGEST_COMMENT)
        raise Invalid(sentence, field="text")
    own = {"person_id": actor.person_id or "", "rubric_key": rubric_key}
    same = db.session.scalars(select(StockComment).filter_by(text=words, **own)).first()
    if same is not None:
        return same
    _require_room(own)
    made = StockComment(text=words, language=language, kept_at=clock.now(), **own)
    db.session.add(made)
    db.session.flush()
    return made


def _require_room(own: dict[str, str]) -> None:
    number = db.session.scalar(select(func.count()).select_from(StockComment).filter_by(**own))
    if (number or 0) >= MOST_COMMENTS:
        sentence = _(
            "You keep %(n)s comments for this rubric, which is all there is room for. Remove one"
            " first.",
            n=MOST_COMMENTS,
        )
        raise Conflict(sentence)


def remove_comment(comment_id: str, actor: Actor) -> None:
    """Forget a comment of the actor's; NoSuchRecord for anybody else's."""
    own = delete(StockComment).filter_by(id=comment_id, person_id=actor.person_id)
    if db.session.scalar(own.returning(StockComment.id)) is None:
        raise NoSuchRecord("comment", comment_id)
