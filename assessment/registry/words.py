"""What the desk calls states, kinds and checks, in the page's language."""

from __future__ import annotations

from assessment.credentials.models import RevokedFor
from assessment.evidence.models import EvidenceKind
from assessment.locale import gettext as _
from assessment.performances.models import AssignmentRole
from assessment.registry.second_looks import CameOf
from assessment.registry.service import Shows, Sort
from assessment.rules import Identity, Supervision


def shows_names() -> dict[str, str]:
    """Return where an award can stand."""
    return {
        Shows.STANDING.value: _("Standing"),
        Shows.OFFERED.value: _("Offered"),
        Shows.EXPIRED.value: _("Expired"),
        Shows.REVOKED.value: _("Revoked"),
    }


def sort_names() -> dict[str, str]:
    """Return by what the list can be sorted."""
    return {
        Sort.DATE.value: _("Date"),
        Sort.NAME.value: _("Name"),
        Sort.NUMBER.value: _("Student number"),
        Sort.ACHIEVEMENT.value: _("Achievement"),
    }


def revoked_for_names() -> dict[str, str]:
    """Return the sorts of reason among which a registrar chooses."""
    return {
        RevokedFor.ERROR.value: _("It was issued in error"),
        RevokedFor.EVIDENCE.value: _("The evidence behind it no longer stands"),
        RevokedFor.REPLACED.value: _("Another has taken its place"),
        RevokedFor.REQUEST.value: _("The learner asked for it"),
        RevokedFor.OTHER.value: _("Another reason, which the public is not told"),
    }


def supervision_names() -> dict[str, str]:
    """Return how a sitting can be supervised."""
    return {
        Supervision.INVIGILATED.value: _("An invigilator is in the room"),
        Supervision.REMOTE.value: _("An invigilator watches from afar"),
        Supervision.NONE.value: _("Nobody supervises"),
    }


def identity_names() -> dict[str, str]:
    """Return how an identity can be checked."""
    return {
        Identity.DOCUMENT.value: _("I see an identity document"),
        Identity.SIGN_IN.value: _("The learner signs in, no more"),
        Identity.SELF.value: _("The learner says who they are"),
    }


def supervised_names() -> dict[str, str]:
    """Return how a sitting was supervised."""
    return {
        Supervision.INVIGILATED.value: _("Invigilator present"),
        Supervision.REMOTE.value: _("Remote"),
        Supervision.NONE.value: _("None"),
    }


def checked_names() -> dict[str, str]:
    """Return how an identity was checked."""
    return {
        Identity.DOCUMENT.value: _("Document seen"),
        Identity.SIGN_IN.value: _("Signed in"),
        Identity.SELF.value: _("Declared"),
    }


def role_names() -> dict[str, str]:
    """Return as what somebody rated."""
    return {
        AssignmentRole.ASSESSOR.value: _("Assessor"),
        AssignmentRole.THIRD.value: _("Further assessor"),
        AssignmentRole.ADJUDICATOR.value: _("Decided where assessors differed"),
        AssignmentRole.REVIEWER.value: _("Looked again on appeal"),
        AssignmentRole.READ_BEHIND.value: _("Looked at the result again"),
    }


def came_of_names() -> dict[str, str]:
    """Return what can come of a second look that somebody asked for."""
    return {
        CameOf.WAITS.value: _("Waits for somebody"),
        CameOf.LOOKED_AT.value: _("Somebody looked"),
        CameOf.NOTHING.value: _("Nobody is to look any more"),
    }


def kind_names() -> dict[str, str]:
    """Return what evidence can be of."""
    return {
        EvidenceKind.TEST.value: _("Test"),
        EvidenceKind.RUBRIC.value: _("Rated work"),
        EvidenceKind.RECOGNITION.value: _("Recognition"),
    }
