"""What the pages of artefacts send."""

from __future__ import annotations

from wtforms import FileField, IntegerField, StringField
from wtforms.validators import InputRequired, Length

from assessment.forms import Between, Form
from assessment.locale import lazy as _l


class FileForm(Form):
    """One file, or the id of one that arrived before in pieces."""

    file = FileField(_l("File"))
    artefact = StringField("", [Length(max=26)])


class AnnouncementForm(Form):
    """What a browser says of a file before it sends it."""

    name = StringField("", [Length(max=1000)])
    size = IntegerField(
        "", [InputRequired(), Between(0, 2**53, _l("Choose a file that is not empty."))]
    )
    modified = StringField("", [Length(max=40)])


class WholeForm(Form):
    """What the whole has to be, where its sender can tell."""

    sha256 = StringField("", [Length(max=64)])
