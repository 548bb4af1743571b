"""Verdicts in words: what was found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.credentials.names import confirms
from assessment.credentials.verification import Claims, Reason, State, Verdict
from assessment.locale import gettext as _


@dataclass(frozen=True)
class Said:
    """A verdict as the page says it; `kind` is good, warn or bad."""

    kind: str
    title: str
    sentence: str
    advice: str


def said(verdict: Verdict) -> Said:
    """Return a verdict in the page's language."""
    say = _SAYINGS.get(verdict.state)
    return say() if say else _unreadable(verdict.reason)


def _valid() -> Said:
    return Said(
        "good",
        _("This credential is valid"),
        _("The institution named below signed exactly this, and it stands today."),
        _("Compare what it says, below, with what you were told."),
    )


def _revoked() -> Said:
    return Said(
        "bad",
        _("This credential has been revoked"),
        _("The institution signed it, and took it back later. It no longer counts."),
        _("Ask the person for a newer one, or ask the institution why."),
    )


def _expired() -> Said:
    return Said(
        "warn",
        _("This credential has expired"),
        _("The institution signed exactly this, but its time is over."),
        _("Ask the person whether they have shown it again since."),
    )


def _not_yet_valid() -> Said:
    return Said(
        "warn",
        _("This credential does not count yet"),
        _("The institution signed exactly this, for a time that has not begun."),
        _("Check it again on the day that it names."),
    )


def _status_unknown() -> Said:
    return Said(
        "warn",
        _("We cannot tell whether this credential still stands"),
        _("The signature is right, but we do not know the list that would say if it was revoked."),
        _("Ask the institution whether it still stands."),
    )


def _altered() -> Said:
    return Said(
        "bad",
        _("This is not what the institution signed"),
        _("Something in it was changed, or the signature belongs to somebody else."),
        _("Do not rely on it. Ask the person for the original file or for the link to its page."),
    )


def _unknown_issuer() -> Said:
    return Said(
        "warn",
        _("We do not know who issued this"),
        _("It names an issuer that is no institution here, so we can say nothing about it."),
        _("Ask the issuer where its credentials can be checked."),
    )


def _unreadable(reason: Reason) -> Said:
    sentences = {
        Reason.EMPTY: _("There is nothing in it."),
        Reason.TOO_LARGE: _("It is larger than any credential."),
        Reason.PICTURE_WITHOUT_CREDENTIAL: _("The picture holds no credential."),
        Reason.AMBIGUOUS: _("Its text can be read in more than one way, so no answer is safe."),
    }
    return Said(
        "warn",
        _("We could not read this"),
        sentences.get(reason) or _("It is no credential in a form that we know."),
        _(
            "Upload the file as it was downloaded, ending in .json or .jwt, or paste all of its "
            "text."
        ),
    )


_SAYINGS = {
    State.VALID: _valid,
    State.REVOKED: _revoked,
    State.EXPIRED: _expired,
    State.NOT_YET_VALID: _not_yet_valid,
    State.STATUS_UNKNOWN: _status_unknown,
    State.ALTERED: _altered,
    State.UNKNOWN_ISSUER: _unknown_issuer,
}


def said_of_name(claims: Claims | None, name: str) -> Said | None:
    """Return whether the credential was awarded under `name`; None if that was not asked."""
    if claims is None or not name.strip():
        return None
    match confirms(claims, name):
        case True:
            return Said("good", _("It was awarded under this name."), "", "")
        case False:
            return Said(
                "warn",
                _("It was awarded under another name."),
                _("Capitals, accents and hyphens count: try the name as on an identity document."),
                "",
            )
    return Said("warn", _("It carries no name, so it cannot confirm one."), "", "")
