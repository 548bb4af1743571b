"""Forms about credentials."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length

from assessment.credentials.reading import MAX_BYTES
from assessment.forms import Form
from assessment.locale import gettext as _
from assessment.locale import lazy as _l

LONGEST_NAME = 300


class VerifyForm(Form):
    """A credential, pasted or uploaded, and a name to compare with the one that it was given to."""

    file = FileField(_l("The file"))
    text = TextAreaField(_l("Or its text"))
    name = StringField(
        _l("Name to compare"),
        [Length(max=LONGEST_NAME, message=_l("Give at most 300 characters."))],
    )

    def document(self) -> str | bytes:
        """Return what was uploaded, or else what was pasted; a byte more than any may have."""
        if self.file.data:
            uploaded: bytes = self.file.data.read(MAX_BYTES + 1)
            return uploaded
        return self.text.data or ""

    def validate(self, extra_validators: object = None) -> bool:
        """Return whether there is something to check."""
        if not super().validate(extra_validators):
            return False
        if self.file.data or (self.text.data or "").strip():
            return True
        self.file.errors = [_("Choose the file, or paste its text below.")]
        return False


class ShareForm(Form):
    """What its holder shares of a credential."""

    shared = BooleanField(_l("Anyone with the link can open this page"))
    shows_name = BooleanField(_l("The page shows my legal name"))
