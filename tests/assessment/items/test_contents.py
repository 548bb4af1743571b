"""What item versions say is read once, and never anything else."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event, select

from assessment.demo.builders.items import build_bank, parsed_bank
from assessment.demo.builders.people import build_institution
from assessment.errors import NoSuchRecord
from assessment.extensions import db
from assessment.items.models import ItemVersion
from assessment.items.service import content, contents, figure


def test_a_second_reading_asks_the_database_nothing(context: Flask) -> None:
    build_bank(build_institution(), parsed_bank("a"))
    ids = list(db.session.scalars(select(ItemVersion.id)))
    asked: list[str] = []
    event.listen(
        db.session.connection(),
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: asked.append(statement),
    )
    first = contents(ids)
    assert len(asked) == 1
    assert contents(ids) == first
    assert content(ids[0]) is first[ids[0]]
    assert len(asked) == 1


def test_what_does_not_exist_is_not_found(context: Flask) -> None:
    with pytest.raises(NoSuchRecord):
        content("nothing")
    build_bank(build_institution(), parsed_bank("a"))
    version_id = db.session.scalars(select(ItemVersion.id)).first()
    with pytest.raises(NoSuchRecord):
        figure(str(version_id))
