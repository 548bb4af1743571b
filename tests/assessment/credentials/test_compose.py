from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from assessment.credentials.compose import (
    AchievementType,
    Content,
    HashedName,
    Recipient,
    compose,
    hash_name,
    written,
)
from tests.assessment.credentials.examples import (
    ACHIEVEMENT,
    ASSESSOR,
    AWARDED_AT,
    CONTENT,
    DID,
    ISSUER,
    OTHER_DID,
)


def document(content: Content = CONTENT, **changes: Any) -> dict[str, Any]:
    return compose(replace(content, **changes)).to_vc()


def test_says_who_what_when_and_where_its_status_stands() -> None:
    said = document()
    assert said["id"] == CONTENT.id
    assert said["issuer"]["id"] == DID
    assert said["validFrom"] == said["awardedDate"] == "2024-05-01T14:03:09Z"
    assert "validUntil" not in said
    assert said["credentialStatus"]["statusListIndex"] == "4711"
    subject = said["credentialSubject"]
    assert subject["source"]["id"] == OTHER_DID
    assert subject["creditsEarned"] == 1.5
    achievement = subject["achievement"]
    assert achievement["achievementType"] == "Course"
    assert achievement["creator"]["id"] == OTHER_DID
    assert achievement["version"] == "2"
    assert achievement["alignment"][0]["targetCode"] == "72410"


def test_speaks_both_languages_in_one_string() -> None:
    achievement = document()["credentialSubject"]["achievement"]
    assert achievement["name"] == "High-voltage safety: theory / Sécurité haute tension : théorie"
    assert achievement["criteria"]["narrative"] == "80 % on the post-test.\n\n80 % au test final."
    assert "inLanguage" not in achievement


def test_speaks_one_language_and_names_it() -> None:
    said = document(languages=("fr",))
    achievement = said["credentialSubject"]["achievement"]
    assert achievement["inLanguage"] == "fr"
    assert achievement["name"] == "Sécurité haute tension : théorie"
    assert said["issuer"]["name"] == "Collège du Nord"
    assert said["evidence"][0]["narrative"] == (
        "30 questions. Une personne en assurait la surveillance. "
        "Une pièce d’identité a été vérifiée."
    )


def test_what_exists_in_one_language_is_said_once() -> None:
    achievement = replace(ACHIEVEMENT, name={"en": "Wiring"})
    assert document(achievement=achievement)["name"] == "Wiring"


def test_evidence_says_how_it_was_watched_and_who_was_checked() -> None:
    narrative = document(languages=("en",))["evidence"][0]["narrative"]
    assert narrative == (
        "30 questions. An invigilator supervised it. An identity document was seen."
    )


def test_legal_name_stands_only_where_it_is_given() -> None:
    named = document()["credentialSubject"]["identifier"]
    assert named[0]["identityHash"] == "Zoë Tremblay-Ng"
    assert named[0]["hashed"] is False
    nameless = document(recipient=Recipient(id="urn:uuid:1"))
    assert "identifier" not in nameless["credentialSubject"]
    assert "Tremblay" not in str(nameless)


def test_hashed_name_confirms_a_name_without_telling_it() -> None:
    recipient = Recipient(id="urn:uuid:1", hashed_name=hash_name("a@example.com", "Kosher"))
    entry = document(recipient=recipient)["credentialSubject"]["identifier"][0]
    # The example of the Open Badges 3.0 schema, IdentityHash.
    expected = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
    assert (entry["hashed"], entry["identityHash"], entry["salt"]) == (True, expected, "Kosher")
    assert recipient.hashed_name == HashedName(expected, "Kosher")


def test_result_stands_only_where_it_is_given() -> None:
    subject = document()["credentialSubject"]
    assert subject["result"][0]["value"] == "A"
    link = subject["result"][0]["resultDescription"]
    assert subject["achievement"]["resultDescription"][0]["id"] == link
    silent = document(results=())["credentialSubject"]
    assert "result" not in silent
    assert "resultDescription" not in silent["achievement"]


def test_bare_competency_says_no_more_than_it_knows() -> None:
    achievement = replace(
        ACHIEVEMENT,
        type=AchievementType.COMPETENCY,
        version="",
        credit_hours=None,
        author=None,
        alignments=(),
    )
    said = document(achievement=achievement, assessed_by=None, evidence=(), results=())
    subject = said["credentialSubject"]
    assert set(subject) == {"type", "achievement", "id", "identifier"}
    assert set(subject["achievement"]) == {
        "id", "type", "name", "description", "criteria", "achievementType",
    }  # fmt: skip
    assert "evidence" not in said


def test_expiry_is_the_end_of_validity() -> None:
    said = document(expires_at=AWARDED_AT + timedelta(days=365))
    assert said["validUntil"] == "2025-05-01T14:03:09Z"


@pytest.mark.parametrize("name", ["awarded_at", "expires_at"])
def test_moment_without_a_zone_is_refused(name: str) -> None:
    naive: Any = {name: datetime(2024, 5, 1)}  # noqa: DTZ001 - that is the mistake
    with pytest.raises(ValueError, match=f"`{name}` must be aware"):
        document(**naive)


def test_same_content_is_the_same_document() -> None:
    assert document() == document()


def test_written_credential_keeps_its_document() -> None:
    said = document() | {"issuer": document()["issuer"] | {"phone": "+1 705 555 0100"}}
    assert written(said).to_vc() == said
    assert written(said).to_jwt_payload()["iss"] == DID


def test_one_institution_may_author_assess_and_award() -> None:
    content = replace(CONTENT, assessed_by=ISSUER, achievement=replace(ACHIEVEMENT, author=ISSUER))
    assert ASSESSOR.did not in str(document(content))
