"""What the learner's own pages send."""

from __future__ import annotations

from wtforms import BooleanField, DecimalField, IntegerField
from wtforms.validators import InputRequired

from assessment.forms import Between, Form
from assessment.locale import lazy as _l


class AllowanceForm(Form):
    """Extra time and breaks that learners give themselves."""

    multiplier = DecimalField(
        _l("Time, as a multiple"),
        [
            InputRequired(_l("Enter a multiple, such as 1.25.")),
            Between(1, 5, _l("Enter a multiple of at least 1, and no more than the limit.")),
        ],
    )
    break_minutes = IntegerField(
        _l("Minutes for breaks"),
        [
            InputRequired(_l("Enter minutes, such as 10; 0 for none.")),
            Between(0, 600, _l("Enter minutes of at least 0, and no more than the limit.")),
        ],
    )
    without_sight = BooleanField(_l("Replace questions that need sight by equivalent ones"))
