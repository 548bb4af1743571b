"""Credentials, DID documents, status lists and verification."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import clock, transactions
from assessment.access import Action, action, actor
from assessment.credentials import service
from assessment.credentials.compose import IDENTITY_WORDING, SUPERVISION_WORDING
from assessment.credentials.forms import ShareForm, VerifyForm
from assessment.credentials.models import Credential, RevokedFor
from assessment.credentials.pictures import qr_code
from assessment.credentials.places import did_of
from assessment.credentials.verdicts import said, said_of_name
from assessment.extensions import limiter
from assessment.locale import gettext as _
from assessment.people import service as people

blueprint = Blueprint("credentials", __name__)

READ_LIMIT = "120 per minute"
PUBLISHED_LIMIT = "240 per minute"
VERIFY_LIMIT = "30 per minute"
SECONDS_KEPT = 30
"""How long others may keep a status list or a DID document without asking again."""

PAGE_TYPE = "text/html"
JWT_TYPES = ("application/vc+jwt", "application/jwt")
JSON_TYPES = ("application/json", "application/vc", "application/ld+json", "application/vc+ld+json")


@blueprint.get("/credentials/<credential_id>")
@action(Action.VERIFY)
@limiter.limit(READ_LIMIT)
def credential(credential_id: str) -> ResponseReturnValue:
    """A credential's page, or one of its signed forms, by what the request accepts."""
    found = service.visible(credential_id, actor())
    wanted = request.accept_mimetypes.best_match((PAGE_TYPE, *JSON_TYPES, *JWT_TYPES), PAGE_TYPE)
    if wanted in JWT_TYPES:
        response = Response(found.jwt, mimetype=wanted)
    elif wanted in JSON_TYPES:
        response = Response(service.document_for(found), mimetype=wanted)
    else:
        response = Response(_page(found))
    response.vary.add("Accept")
    return _unlisted(response)


def _page(found: Credential) -> str:
    institution, own = found.institution, service.is_holder(found, actor())
    place, name = service.page_address(found), service.holder_name(found)
    return render_template(
        "credentials/credential.html",
        credential=found,
        institution=institution,
        shown=service.shown_from(found.shown),
        standing=service.standing(found, clock.now()),
        revoked_for=revoked_for_names(),
        name=name,
        signed_name=service.is_signed_name(found, name),
        own=own,
        keeper=service.is_keeper(found, actor()),
        nameable=own and service.is_nameable(found),
        form=ShareForm(obj=found) if own else None,
        supervision=SUPERVISION_WORDING,
        identity=IDENTITY_WORDING,
        place=place,
        did=did_of(institution),
        qr_code=qr_code(place),
    )


def revoked_for_names() -> dict[str, str]:
    """Return the sorts of reason for which a credential is revoked, as the public reads them."""
    return {
        RevokedFor.ERROR: _("It was issued in error."),
        RevokedFor.EVIDENCE: _("The evidence behind it no longer stands."),
        RevokedFor.REPLACED: _("Another has taken its place."),
        RevokedFor.REQUEST: _("The person to whom it was awarded asked for it."),
        RevokedFor.OTHER: _("The institution keeps the reason to itself and the person."),
    }


def _unlisted(response: Response) -> Response:
    """Return the response, kept out of search engines: the link is the holder's to give."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _download(text: str, mimetype: str, name: str) -> Response:
    response = _unlisted(Response(text, mimetype=mimetype))
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


@blueprint.get("/credentials/<credential_id>.json")
@action(Action.VERIFY)
@limiter.limit(READ_LIMIT)
def data_integrity(credential_id: str) -> ResponseReturnValue:
    """The signed JSON, with its Data Integrity proof."""
    found = service.visible(credential_id, actor())
    return _download(service.document_for(found), JSON_TYPES[0], f"credential-{found.id}.json")


@blueprint.get("/credentials/<credential_id>.jwt")
@action(Action.VERIFY)
@limiter.limit(READ_LIMIT)
def vc_jwt(credential_id: str) -> ResponseReturnValue:
    """The signed VC-JWT, as text."""
    found = service.visible(credential_id, actor())
    return _download(found.jwt, "text/plain", f"credential-{found.id}.jwt")


@blueprint.post("/credentials/<credential_id>/sharing")
@action(Action.SEE_OWN_RECORD)
def share(credential_id: str) -> ResponseReturnValue:
    """Set what is shared of one's own credential."""
    form = ShareForm()
    service.share(credential_id, actor(), shared=form.shared.data, shows_name=form.shows_name.data)
    transactions.commit()
    if form.shared.data:
        flash(_("Anyone with the link can open this page."), "success")
    else:
        flash(_("Only you and the registrar can open this page now."), "success")
    return redirect(url_for("credentials.credential", credential_id=credential_id), 303)


def _published(body: bytes, tag: str) -> Response:
    response = Response(body, mimetype="application/json")
    response.set_etag(tag)
    response.cache_control.public = True
    response.cache_control.max_age = SECONDS_KEPT
    response.headers["Access-Control-Allow-Origin"] = "*"  # browsers of wallets and verifiers
    return response


def _has(tag: str) -> bool:
    """Whether whoever asks has this state already; a compressed copy adds to the tag."""
    return any(known.partition(":")[0] == tag for known in request.if_none_match.as_set())


@blueprint.get("/status/<int(max=999999999):number>")
@action(Action.VERIFY)
@limiter.limit(PUBLISHED_LIMIT)
def status(number: int) -> ResponseReturnValue:
    """A signed status list: which credentials of an institution are revoked."""
    state = service.status_state(number)
    if _has(state.tag):
        response = _published(b"", state.tag)
        response.status_code = 304
        return response
    return _published(state.signed(), state.tag)


@blueprint.get("/institutions/<institution_key>/did.json")
@action(Action.VERIFY)
@limiter.limit(PUBLISHED_LIMIT)
def did(institution_key: str) -> ResponseReturnValue:
    """The DID document of an institution: the keys that it signs with."""
    body = service.did_document_of(people.institution_by_key(institution_key))
    response = _published(body, service.tag_of(body))
    return response.make_conditional(request)


@blueprint.route("/verify", methods=["GET", "POST"])
@action(Action.VERIFY)
@limiter.limit(VERIFY_LIMIT, methods=["POST"])
def verify() -> ResponseReturnValue:
    """What this installation can say of a credential that somebody pastes or uploads."""
    form = VerifyForm()
    if not form.validate_on_submit():
        code = 422 if form.is_submitted() else 200
        return render_template("credentials/verify.html", form=form, verdict=None), code
    transactions.rollback()  # nothing will be written: let writers in while we compute
    verdict = service.check(form.document())
    return render_template(
        "credentials/verify.html",
        form=VerifyForm(formdata=None),
        verdict=verdict,
        said=said(verdict),
        of_name=said_of_name(verdict.claims, form.name.data or ""),
    )
