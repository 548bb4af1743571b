"""What the pages of assessors send."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from assessment.performances.service import Given

NOT_OBSERVED = "?"
"""What the form sends for "not observed": no key of a level can be this."""
LEVEL = "level-"
COMMENT = "comment-"


def read_given(form: MultiDict[str, str]) -> Given:
    """Return what an assessor entered; only the fields that the form has, nothing else."""
    chosen = {
        name.removeprefix(LEVEL): value
        for name, value in form.items()
        if name.startswith(LEVEL) and value
    }
    return Given(
        marks={key: None if value == NOT_OBSERVED else value for key, value in chosen.items()},
        comments={
            name.removeprefix(COMMENT): value
            for name, value in form.items()
            if name.startswith(COMMENT) and value.strip()
        },
    )
