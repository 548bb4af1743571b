"""The table of the forms of a test that are put together when it is published."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from assessment.columns import Data, Id
from assessment.extensions import Model


class TestForm(Model):
    """One of the parallel forms of a version of a test; never changed."""

    __test__ = False  # not a test case, whatever its name
    __tablename__ = "test_form"

    test_id: Mapped[Id] = mapped_column(ForeignKey("test.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1."""
    parameter_set_id: Mapped[Id] = mapped_column(ForeignKey("parameter_set.id"))
    """By which the forms of this version were made alike."""
    item_version_ids: Mapped[Data]
    """A list, in order of the items' keys."""
    information: Mapped[Data]
    """At each mark that has a place on the scale, by its key, in 1 / logits squared."""
