"""Forms of the authors' desk: the filters of a bank's items, and the upload of a bank."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    MultipleFileField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, ValidationError

from assessment.authoring.measurement import Measurement, Order
from assessment.authoring.service import ItemFilters
from assessment.authoring.uploads import Upload
from assessment.forms import FilterForm, Form, listed
from assessment.items.models import Area
from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.locale import lazy as _l
from assessment.people.models import Institution
from itembank import BankFormat, ItemKind


class ItemFilterForm(FilterForm):
    """Which items to show; a value that cannot be used is named, and left out."""

    area = listed(_l("Area"))
    kind = listed(_l("Kind"))
    sight = listed(_l("Sight"))
    language = listed(_l("Language"))
    state = listed(_l("State"))

    def __init__(self, formdata: Any, areas: Iterable[Area]) -> None:
        super().__init__(formdata)
        named = [(area.key, _area_label(area)) for area in areas]
        self.area.choices = [("", _("All")), *named]
        self.kind.choices = [("", _("All")), *kind_names().items()]
        self.sight.choices = [
            ("", _("All")),
            ("yes", _("Needs sight")),
            ("no", _("Does not need sight")),
        ]
        self.language.choices = [
            ("", _("All")),
            ("en", _("Complete in English")),
            ("fr", _("Complete in French")),
            ("-en", _("Not complete in English")),
            ("-fr", _("Not complete in French")),
        ]
        self.state.choices = [("", _("In use")), ("retired", _("Retired"))]

    def filters(self) -> ItemFilters:
        """Return what is asked for, without what cannot be used."""
        self.validate()
        kind, sight = self.good("kind"), self.good("sight")
        return ItemFilters(
            area=self.good("area"),
            kind=ItemKind(kind) if kind else None,
            needs_sight=None if sight is None else sight == "yes",
            language=self.good("language"),
            retired=self.good("state") == "retired",
        )


class ScaleForm(FilterForm):
    """Which test's mark to draw, and how to sort; a value that cannot be used is named."""

    test = listed(_l("Test"))
    sort = listed(_l("Sort by"))
    theme = listed(_l("Look"))

    def __init__(self, formdata: Any, found: Measurement) -> None:
        super().__init__(formdata)
        named = {mark.test.key: wording(mark.test.title, language()) for mark in found.marks}
        self.test.choices = [("", _("The first one")), *named.items()]
        self.sort.choices = [
            ("", _("Area")),
            (Order.ITEM.value, _("Item")),
            (Order.DIFFICULTY.value, _("Difficulty")),
            (Order.SLOPE.value, _("Discrimination")),
        ]
        self.theme.choices = [("", _("Light")), ("dark", _("Dark"))]
        self.validate()

    def order(self) -> Order:
        """Return how to sort the items."""
        return Order(self.good("sort") or Order.AREA)

    def test_key(self) -> str:
        """Return the key of the test whose mark is asked for; "" for the first."""
        return self.good("test") or ""

    def drawn_theme(self) -> str:
        """Return the theme that plots are drawn in."""
        return self.good("theme") or "light"


class UploadForm(Form):
    """A bank's file and its figures."""

    format = SelectField(_l("Format"))
    file = FileField(_l("The bank’s file"))
    figures = MultipleFileField(_l("Its figures"))
    bank = StringField(
        _l("Key of the bank"), [InputRequired(_l("Enter the key of the bank.")), Length(max=120)]
    )
    institution = SelectField(_l("Institution"))
    title_en = StringField(_l("Title in English"), [Length(max=300)])
    title_fr = StringField(_l("Title in French"), [Length(max=300)])
    retire = BooleanField(_l("Retire the items that the file no longer holds"))

    def __init__(self, institutions: Iterable[Institution]) -> None:
        super().__init__()
        self.format.choices = [(each.value, each.value.upper()) for each in BankFormat]
        self.institution.choices = [
            (each.id, wording(each.name, language())) for each in institutions
        ]

    def validate_file(self, field: Any) -> None:
        """Refuse an upload without a file."""
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError(_("Choose the bank’s file."))

    def upload(self) -> Upload:
        """Return what was sent."""
        titles = {"en": self.title_en.data, "fr": self.title_fr.data}
        return Upload(
            format=BankFormat(self.format.data),
            bank=self.bank.data.strip(),
            institution_id=self.institution.data,
            data=self.file.data.read(),
            title={code: text.strip() for code, text in titles.items() if text and text.strip()},
            figures={each.filename: each.read() for each in self.figures.data if each.filename},
            retire=self.retire.data,
        )


class ConfirmForm(Form):
    """The ticket of an upload that was looked at."""

    ticket = HiddenField(validators=[InputRequired()])


def _area_label(area: Area) -> str:
    title = wording(area.title, language())
    return area.key if title == area.key else f"{area.key} – {title}"


def kind_names() -> dict[str, str]:
    """Return what the kinds of items are called, by their values."""
    return {
        ItemKind.CHOICE.value: _("One answer"),
        ItemKind.MULTIPLE.value: _("Several answers"),
        ItemKind.NUMERIC.value: _("A number"),
        ItemKind.TEXT.value: _("Short text"),
    }
