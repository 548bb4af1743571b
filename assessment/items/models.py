"""Tables of items: a version's wording and key never change; a new wording is a new version."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.columns import STORED, Data, Id, Key, Line, LongText, Moment, NewId, Wording
from assessment.extensions import Model
from assessment.ids import new_id
from itembank import ItemKind


class TestMode(StrEnum):
    """How a test chooses its items."""

    __test__ = False  # not a test case, whatever its name

    LINEAR = "linear"
    ADAPTIVE = "adaptive"


class ParameterSource(StrEnum):
    """What a set of item parameters rests on."""

    RESPONSES = "responses"
    """Calibrated from recorded responses."""
    SIMULATED = "simulated"
    """Calibrated from responses that a computer made up: for demonstrations, and said so."""
    PANEL = "panel"
    """Placed by a panel's judgement; no response stands behind it."""


class Bank(Model):
    """A pool of items on one measurement scale."""

    __tablename__ = "bank"

    id: Mapped[NewId]
    key: Mapped[Key] = mapped_column(unique=True)
    title: Mapped[Wording]
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    licence: Mapped[Line] = mapped_column(default="")
    revision: Mapped[Id] = mapped_column(default=new_id)
    """Drawn anew whenever an item changes: what a pool in memory is valid for."""
    created_at: Mapped[Moment]

    areas: Mapped[list[Area]] = relationship(order_by="Area.position")


class Area(Model):
    """A content area of a bank; areas may have a parent (topics in sections)."""

    __tablename__ = "area"

    bank_id: Mapped[Id] = mapped_column(ForeignKey("bank.id"), primary_key=True)
    key: Mapped[Key] = mapped_column(primary_key=True)
    title: Mapped[Wording]
    parent: Mapped[str | None] = mapped_column(String(120))
    competency: Mapped[str | None] = mapped_column(String(120))
    position: Mapped[int]


class Item(Model):
    """A question, under the key that its bank gives it."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("bank_id", "key"),)

    id: Mapped[NewId]
    bank_id: Mapped[Id] = mapped_column(ForeignKey("bank.id"))
    key: Mapped[Key]
    area_key: Mapped[Key]
    """The current version's area."""
    current_version: Mapped[int]
    retired_at: Mapped[Moment | None]

    bank: Mapped[Bank] = relationship()
    versions: Mapped[list[ItemVersion]] = relationship(
        back_populates="item", order_by="ItemVersion.version"
    )


class ItemVersion(Model):
    """The immutable wording and key of an item."""

    __tablename__ = "item_version"
    __table_args__ = (UniqueConstraint("item_id", "version"),)

    id: Mapped[NewId]
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id"))
    version: Mapped[int]
    area_key: Mapped[Key]
    kind: Mapped[ItemKind] = mapped_column(String(40))
    content: Mapped[LongText]
    """Canonical JSON of `itembank.Item`."""
    digest: Mapped[str] = mapped_column(String(64))
    needs_sight: Mapped[bool]
    languages: Mapped[Data]
    figure_key: Mapped[str | None] = mapped_column(String(200), info=STORED)
    """Where the figure is kept in storage, under its own digest."""
    created_at: Mapped[Moment]

    item: Mapped[Item] = relationship(back_populates="versions")


class Test(Model):
    """One version of a delivery specification."""

    __test__ = False  # not a test case, whatever its name
    __tablename__ = "test"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        Index(
            "uq_test_current",
            "key",
            unique=True,
            sqlite_where=text("is_current = 1"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[NewId]
    key: Mapped[Key]
    version: Mapped[int]
    is_current: Mapped[bool]
    bank_id: Mapped[Id] = mapped_column(ForeignKey("bank.id"))
    institution_id: Mapped[Id] = mapped_column(ForeignKey("institution.id"))
    title: Mapped[Wording]
    purpose: Mapped[Wording]
    """One sentence for the learner."""
    mode: Mapped[TestMode] = mapped_column(String(40))
    blueprint: Mapped[Data]
    """Area key to count."""
    cuts: Mapped[Data]
    """A list of {key, title, percent}, lowest first; the first is the passing mark."""
    minutes: Mapped[int | None]
    attempts: Mapped[int | None]
    """Sittings allowed in a window; None is without limit."""
    window_days: Mapped[int | None]
    """How long a window lasts; None is for ever."""
    wait_days: Mapped[int] = mapped_column(default=0)
    opens_when: Mapped[str | None]
    """Canonical JSON of a rule; None is open to all."""
    languages: Mapped[Data]
    needs_start_code: Mapped[bool] = mapped_column(default=False)
    is_practice: Mapped[bool] = mapped_column(default=False)
    """Open without an account; nothing is kept on the ledger."""
    adaptive: Mapped[Data | None]
    """How an adaptive test chooses and stops; None for a linear test."""
    published_at: Mapped[Moment]

    bank: Mapped[Bank] = relationship()


class ParameterSet(Model):
    """One calibration of a bank's scale; never changed once it is made."""

    __tablename__ = "parameter_set"
    __table_args__ = (
        UniqueConstraint("bank_id", "number"),
        Index(
            "uq_parameter_set_current",
            "bank_id",
            unique=True,
            sqlite_where=text("is_current = 1"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[NewId]
    bank_id: Mapped[Id] = mapped_column(ForeignKey("bank.id"))
    number: Mapped[int]
    """1 for the bank's first; a unique key decides a race."""
    source: Mapped[ParameterSource] = mapped_column(String(40))
    is_current: Mapped[bool]
    """Whether sittings that begin now are scored with it."""
    report: Mapped[LongText]
    """Canonical JSON: models, persons, prior, grid, fit, convergence, and what was refused."""
    digest: Mapped[str] = mapped_column(String(64))
    """Of the parameters and the report: what replay compares."""
    made_by: Mapped[Key]
    published_at: Mapped[Moment]

    bank: Mapped[Bank] = relationship()
    items: Mapped[list[ItemParameter]] = relationship()


class ItemParameter(Model):
    """The parameters of one item version in one set, on the logistic metric (D = 1)."""

    __tablename__ = "item_parameter"

    parameter_set_id: Mapped[Id] = mapped_column(ForeignKey("parameter_set.id"), primary_key=True)
    item_version_id: Mapped[Id] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    model: Mapped[str] = mapped_column(String(40))
    slope: Mapped[float]
    thresholds: Mapped[Data]
    """A list, in logits; one for a dichotomous item."""
    guessing: Mapped[float] = mapped_column(default=0.0)
    upper: Mapped[float] = mapped_column(default=1.0)
    slope_se: Mapped[float | None]
    """None where the model fixes the slope."""
    threshold_ses: Mapped[Data]
    guessing_se: Mapped[float | None]
    upper_se: Mapped[float | None]
    responses: Mapped[int]
    """How many responses it rests on."""


class CutScore(Model):
    """A mark of a test on the scale of one parameter set; never changed."""

    __tablename__ = "cut_score"

    test_id: Mapped[Id] = mapped_column(ForeignKey("test.id"), primary_key=True)
    parameter_set_id: Mapped[Id] = mapped_column(ForeignKey("parameter_set.id"), primary_key=True)
    cut_key: Mapped[Key] = mapped_column(primary_key=True)
    theta: Mapped[float]
    """Logits: where the expected score over the blueprint is the mark's share."""
    se: Mapped[float]
    """Logits: what the parameters' errors, and who set the scale, leave open of how far it lies
    from abilities; of a panel's cut, what the panel's own error does besides."""
    panel_standard_id: Mapped[Id | None] = mapped_column(ForeignKey("panel_standard.id"))
    """Whose raw cut it was solved from; None where it was solved from the mark's percentage."""


class PanelStandard(Model):
    """A panel's ratings of items, and the raw cut that they make; never changed."""

    __tablename__ = "panel_standard"
    __table_args__ = (UniqueConstraint("bank_id", "number"),)

    id: Mapped[NewId]
    bank_id: Mapped[Id] = mapped_column(ForeignKey("bank.id"))
    number: Mapped[int]
    """1 for the bank's first."""
    test_key: Mapped[str | None] = mapped_column(String(120))
    """The test whose mark it sets; None: every test of the bank, those of later days too."""
    cut_key: Mapped[str | None] = mapped_column(String(120))
    """The mark that it sets; None: the passing mark."""
    places_items: Mapped[bool]
    """Whether items lie where its ratings place them, until there are responses."""
    raw_cut: Mapped[float]
    """Points: the sum of the mean ratings."""
    se: Mapped[float]
    """Of the raw cut: what another panel of as many judges would differ by."""
    sd: Mapped[float]
    """Of the judges' sums."""
    judges: Mapped[int]
    items: Mapped[int]
    agreement_of_one: Mapped[float | None]
    """Intraclass correlation of a single judge, ICC(2,1); None where nothing varies."""
    agreement_of_panel: Mapped[float | None]
    """ICC(2,k)."""
    consistency: Mapped[float | None]
    """ICC(3,k)."""
    ratings: Mapped[LongText]
    """Canonical JSON: every item with its version and area, and every round's ratings."""
    digest: Mapped[str] = mapped_column(String(64))
    """Of the ratings."""
    made_by: Mapped[Key]
    made_at: Mapped[Moment]
