"""What a credential says, composed from plain facts: an Open Badges 3.0 credential, unsigned.

Nothing here knows an award, a table or a request. The caller decides what may be said: a legal
name or a result that is given here is published, so it is given only with consent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from openbadgeslib import ob3

from assessment.credentials.did import Document
from assessment.credentials.status import StatusEntry
from assessment.languages import wording
from assessment.rules import Identity, Supervision

Text = Mapping[str, str]
"""Wordings per language."""


class AchievementType(StrEnum):
    """What was achieved, in the words of Open Badges."""

    COMPETENCY = "Competency"
    MICRO_CREDENTIAL = "MicroCredential"
    COURSE = "Course"
    CERTIFICATE = "Certificate"
    PROGRAMME_SLOT = "ext:ProgrammeSlot"


class ResultType(StrEnum):
    """How a result is expressed, in the words of Open Badges."""

    LETTER_GRADE = "LetterGrade"
    PERCENT = "Percent"
    LEVEL = "PerformanceLevel"
    STATUS = "Status"


# Fixed wordings, not gettext: they are signed, so a later translation must not change them.
SUPERVISION_WORDING: Mapping[Supervision, Text] = {
    Supervision.INVIGILATED: {
        "en": "An invigilator supervised it.",
        "fr": "Une personne en assurait la surveillance.",
    },
    Supervision.REMOTE: {
        "en": "It was supervised remotely.",
        "fr": "La surveillance se faisait à distance.",
    },
    Supervision.NONE: {
        "en": "It was not supervised.",
        "fr": "Il n’y avait pas de surveillance.",
    },
}
IDENTITY_WORDING: Mapping[Identity, Text] = {
    Identity.DOCUMENT: {
        "en": "An identity document was seen.",
        "fr": "Une pièce d’identité a été vérifiée.",
    },
    Identity.SIGN_IN: {
        "en": "Identity was checked by signing in to an account.",
        "fr": "L’identité a été vérifiée par la connexion à un compte.",
    },
    Identity.SELF: {
        "en": "Identity was stated by the person.",
        "fr": "L’identité a été déclarée par la personne.",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """An institution, as the credential presents it."""

    did: str
    name: Text
    url: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class HashedName:
    """A salted hash of a name: it confirms the name to whoever already knows it."""

    digest: str
    salt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """To whom the credential speaks: an opaque id, and a legal name only with consent.

    The id belongs to one credential: an id that repeats would tie a person's credentials together.
    """

    id: str
    legal_name: str = ""
    hashed_name: HashedName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A place in a framework, or an occupation (NOC), to which the achievement corresponds."""

    name: Text
    url: str
    framework: Text
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardedAchievement:
    """What was achieved, and what had to be shown for it."""

    id: str
    type: AchievementType
    name: Text
    description: Text
    criteria: Text
    version: str = ""
    credit_hours: float | None = None
    author: Issuer | None = None
    alignments: tuple[Alignment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A grade or score that the person agreed to publish."""

    name: Text
    type: ResultType
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that was shown, how it was supervised, and how identity was checked."""

    name: Text
    narrative: Text
    supervision: Supervision | None = None
    identity: Identity | None = None
    genre: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that one credential says; `languages` one or several, the first one first."""

    id: str
    issuer: Issuer
    recipient: Recipient
    achievement: AwardedAchievement
    status: StatusEntry
    awarded_at: datetime
    expires_at: datetime | None = None
    assessed_by: Issuer | None = None
    evidence: tuple[Evidence, ...] = ()
    results: tuple[Result, ...] = ()
    languages: tuple[str, ...] = ("en", "fr")


class WrittenCredential(ob3.OpenBadgeCredential):
    """An Open Badges credential that keeps its document word for word.

    openbadgeslib's model drops what it has no field for (author, assessor, versions); its
    signers take whatever `to_vc` answers.
    """

    def to_vc(self) -> Document:
        """Return the document, as it was written."""
        return dict(self.raw or {})


def written(document: Document) -> WrittenCredential:
    """Return the credential that is this document; ValueError if it is none."""
    credential = WrittenCredential.from_vc_document(document)
    assert isinstance(credential, WrittenCredential)  # noqa: S101 - from_vc_document builds `cls`
    return credential


def hash_name(name: str, salt: str) -> HashedName:
    """Return the name's salted hash, in the manner of Open Badges."""
    return HashedName("sha256$" + sha256((name + salt).encode()).hexdigest(), salt)


def compose(content: Content) -> WrittenCredential:
    """Return the credential, unsigned, in the languages of `content`."""
    _require_zone("awarded_at", content.awarded_at, content.id)
    if content.expires_at is not None:
        _require_zone("expires_at", content.expires_at, content.id)
    document = _plain(content).to_vc()
    document["awardedDate"] = document["validFrom"]
    subject = document["credentialSubject"]
    subject["achievement"] |= _achievement_additions(content)
    if content.assessed_by is not None:
        subject["source"] = _profile(content.assessed_by, content.languages).to_dict()
    return written(document)


def _plain(content: Content) -> ob3.OpenBadgeCredential:
    """Return as much of the credential as openbadgeslib's model can hold."""
    return ob3.OpenBadgeCredential(
        id=content.id,
        issuer=_profile(content.issuer, content.languages),
        recipient_id=content.recipient.id,
        achievement=_achievement(content),
        issuance_date=content.awarded_at,
        expiration_date=content.expires_at,
        evidence=[_evidence(line, content.languages) for line in content.evidence],
        credential_status=[content.status.document()],
        credits_earned=content.achievement.credit_hours,
        identifiers=_identifiers(content.recipient),
        results=[
            ob3.Result(value=result.value, result_description=_result_id(content, place))
            for place, result in enumerate(content.results, start=1)
        ],
    )


def _achievement(content: Content) -> ob3.Achievement:
    achievement, languages = content.achievement, content.languages
    return ob3.Achievement(
        id=achievement.id,
        name=_title(achievement.name, languages),
        description=_prose(achievement.description, languages),
        criteria_narrative=_prose(achievement.criteria, languages),
        achievement_type=achievement.type.value,
        credits_available=achievement.credit_hours,
        alignments=[_alignment(place, languages) for place in achievement.alignments],
        result_descriptions=[
            ob3.ResultDescription(
                id=_result_id(content, place),
                name=_title(result.name, languages),
                result_type=result.type.value,
            )
            for place, result in enumerate(content.results, start=1)
        ],
    )


def _achievement_additions(content: Content) -> Document:
    """Return what openbadgeslib's model has no field for."""
    additions: Document = {}
    if content.achievement.version:
        additions["version"] = content.achievement.version
    if content.achievement.author is not None:
        additions["creator"] = _profile(content.achievement.author, content.languages).to_dict()
    if len(content.languages) == 1:
        additions["inLanguage"] = content.languages[0]
    return additions


def _result_id(content: Content, place: int) -> str:
    return f"{content.achievement.id}#result-{place}"


def _profile(issuer: Issuer, languages: Sequence[str]) -> ob3.Issuer:
    return ob3.Issuer(
        id=issuer.did,
        name=_title(issuer.name, languages),
        url=issuer.url,
        email=issuer.email or None,
    )


def _alignment(alignment: Alignment, languages: Sequence[str]) -> ob3.Alignment:
    return ob3.Alignment(
        target_name=_title(alignment.name, languages),
        target_url=alignment.url,
        target_framework=_title(alignment.framework, languages),
        target_code=alignment.code or None,
    )


def _evidence(line: Evidence, languages: Sequence[str]) -> ob3.Evidence:
    said = [line.narrative]
    if line.supervision is not None:
        said.append(SUPERVISION_WORDING[line.supervision])
    if line.identity is not None:
        said.append(IDENTITY_WORDING[line.identity])
    per_language = {
        language: " ".join(wording(text, language) for text in said) for language in languages
    }
    return ob3.Evidence(
        name=_title(line.name, languages),
        narrative=_prose(per_language, languages),
        genre=line.genre or None,
    )


def _identifiers(recipient: Recipient) -> list[ob3.IdentityObject]:
    identifiers = []
    if recipient.legal_name:
        identifiers.append(ob3.IdentityObject(recipient.legal_name, "name", hashed=False))
    if recipient.hashed_name:
        hashed = recipient.hashed_name
        identifiers.append(ob3.IdentityObject(hashed.digest, "name", hashed=True, salt=hashed.salt))
    return identifiers


def _title(text: Text, languages: Sequence[str]) -> str:
    return " / ".join(_wordings(text, languages))


def _prose(text: Text, languages: Sequence[str]) -> str:
    return "\n\n".join(_wordings(text, languages))


def _wordings(text: Text, languages: Sequence[str]) -> list[str]:
    """Return the wordings, each once: the schema has one string for all languages."""
    return list(dict.fromkeys(wording(text, language) for language in languages))


def _require_zone(name: str, moment: datetime, where: str) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"`{name}` must be aware of its zone; got {moment} at {where}.")
