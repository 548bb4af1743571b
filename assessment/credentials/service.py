"""What other slices, views and jobs ask of credentials."""

from __future__ import annotations

from assessment.credentials.checking import check
from assessment.credentials.compose import AchievementType, Evidence, Text
from assessment.credentials.documents import (
    StatusState,
    did_document_of,
    document_for,
    status_state,
    tag_of,
)
from assessment.credentials.holding import (
    Standing,
    holder_name,
    is_holder,
    is_keeper,
    is_nameable,
    is_signed_name,
    page_address,
    share,
    standing,
    visible,
)
from assessment.credentials.issuing import Described, IssueRequest, credential_of, issue
from assessment.credentials.keyring import KeysUnavailable, rotate_key
from assessment.credentials.models import RevokedFor
from assessment.credentials.revoking import revoke
from assessment.credentials.shown import Shown, shown_from

__all__ = [
    "AchievementType",
    "Described",
    "Evidence",
    "IssueRequest",
    "KeysUnavailable",
    "RevokedFor",
    "Shown",
    "Standing",
    "StatusState",
    "Text",
    "check",
    "credential_of",
    "did_document_of",
    "document_for",
    "holder_name",
    "is_holder",
    "is_keeper",
    "is_nameable",
    "is_signed_name",
    "issue",
    "page_address",
    "revoke",
    "rotate_key",
    "share",
    "shown_from",
    "standing",
    "status_state",
    "tag_of",
    "visible",
]
