"""What a learner takes home: the credential in both forms, and what anyone needs to check it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from assessment.demo.tour.visitor import StepFailed, Visitor

DOCUMENT, TOKEN = "credential.json", "credential.jwt"
ISSUER, STATUS = "docs/issuer.json", "docs/status.json"
VERIFIER = "node ../shared/verify/verify.mjs"


@dataclass(frozen=True)
class Claims:
    """What the signed JSON says of itself, as far as the tour needs it."""

    name: str
    issuer: str
    issuer_name: str
    status_list: str
    valid_from: datetime

    @property
    def site(self) -> str:
        """The site that keeps the list of what was revoked."""
        parts = urlsplit(self.status_list)
        return f"{parts.scheme}://{parts.netloc}"


def read_claims(document: bytes) -> Claims:
    """Return what a credential says; StepFailed if it is none of the form that we issue."""
    try:
        data: dict[str, Any] = json.loads(document)
        return Claims(
            name=data["credentialSubject"]["achievement"]["name"],
            issuer=data["issuer"]["id"],
            issuer_name=data["issuer"]["name"],
            status_list=data["credentialStatus"]["statusListCredential"],
            valid_from=datetime.fromisoformat(data["validFrom"]),
        )
    except (ValueError, KeyError, TypeError) as lack:
        raise StepFailed(f"This is not a credential that we issue: {lack!r}") from None


def take_home(visitor: Visitor, address: str, folder: Path) -> Claims:
    """Return what the credential at `address` says, all its papers written into `folder`."""
    document = visitor.get(f"{address}.json").body
    token = visitor.get(f"{address}.jwt").body
    claims = read_claims(document)
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    (folder / DOCUMENT).write_bytes(document)
    (folder / TOKEN).write_bytes(token)
    (folder / "README.txt").write_text(_read_me(folder, claims), encoding="utf-8")
    fetch_documents(visitor, claims, folder)
    return claims


def refresh(folder: Path, site: str | None = None) -> Claims:
    """Return what the credential in `folder` says, its documents fetched anew.

    They are asked of the site that the credential names, or of `site` where it stands elsewhere.
    """
    try:
        claims = read_claims((folder / DOCUMENT).read_bytes())
    except OSError:
        raise StepFailed(f"There is no {DOCUMENT} in {folder}. Run `attest tour` first.") from None
    (folder / "docs").mkdir(exist_ok=True)
    fetch_documents(Visitor(site or claims.site), claims, folder)
    return claims


def fetch_documents(visitor: Visitor, claims: Claims, folder: Path) -> None:
    """Write the issuer's DID document and the status list, each proved to be the one named."""
    for name, address, path in (
        (ISSUER, claims.issuer, did_path(claims.issuer)),
        (STATUS, claims.status_list, urlsplit(claims.status_list).path),
    ):
        document = visitor.get(path).body
        if _id(document) != address:
            raise StepFailed(f"{visitor.site}{path} is not the document of {address}.")
        (folder / name).write_bytes(document)


def did_path(did: str) -> str:
    """Return the path of a did:web's document on its site."""
    method, _, rest = did.removeprefix("did:").partition(":")
    parts = [unquote(part) for part in rest.split(":")]
    if method != "web" or len(parts) < 2:
        raise StepFailed(f"The issuer must be a did:web below a site; got {did}.")
    return "/".join(("", *parts[1:], "did.json"))


def _id(document: bytes) -> object:
    try:
        data = json.loads(document)
    except ValueError:
        return None
    return data.get("id") if isinstance(data, dict) else None


def commands(folder: Path) -> tuple[str, ...]:
    """Return the commands that check both forms with programs by others, offline."""
    return tuple(
        f"{VERIFIER} {folder / name} --docs {folder / 'docs'}" for name in (DOCUMENT, TOKEN)
    )


def _read_me(folder: Path, claims: Claims) -> str:
    return "\n".join(
        (
            f"{claims.name}, awarded by {claims.issuer_name}.",
            "",
            f"{DOCUMENT}   the signed JSON, with its Data Integrity proof",
            f"{TOKEN}    the same credential as a VC-JWT",
            f"{ISSUER}   the issuer's DID document: the keys that it signs with",
            f"{STATUS}   the issuer's list of what it has revoked",
            "",
            "Check either form offline, with programs that others wrote:",
            *(f"    {command}" for command in commands(folder)),
            "",
            "Fetch the issuer's documents anew, so that a revocation shows:",
            f"    attest tour --refresh {folder}",
            "",
        )
    )
