"""One's own account: name, password, address, what a transcript says, all devices."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.errors import Invalid
from assessment.locale import gettext as _
from assessment.people import service, signed_in
from assessment.people.blueprint import blueprint, network_address, page
from assessment.people.destinations import local_path
from assessment.people.forms import ChangePasswordForm, ClaimForm, NameForm


def _saved() -> ResponseReturnValue:
    flash(_("Saved."), "good")
    return redirect(url_for("people.account"))


@blueprint.get("/account")
@action(Action.MANAGE_OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    """Return what is known of one's account, and the ways to change it."""
    person = service.own_account(actor())
    return render_template("people/account.html", person=person, role_name=service.role_name)


@blueprint.route("/account/name", methods=["GET", "POST"])
@action(Action.MANAGE_OWN_ACCOUNT)
def change_name() -> ResponseReturnValue:
    """Return the form for the name that pages use, or one's account once it is saved."""
    form = NameForm(obj=service.own_account(actor()))
    if form.validate_on_submit():
        try:
            service.change_name(form.display_name.data, actor())
            transactions.commit()
            return _saved()
        except Invalid as refusal:
            form.refuse(refusal, "display_name")
    return page("people/change_name.html", form)


@blueprint.route("/account/password", methods=["GET", "POST"])
@action(Action.MANAGE_OWN_ACCOUNT)
def change_password() -> ResponseReturnValue:
    """Return the form for a new password, or one's account, signed in on this device alone."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            person = service.change_password(
                form.current.data, form.password.data, actor(), network_address()
            )
            signed_in.remember(service.sign_in(person))
            transactions.commit()
            return _saved()
        except Invalid as refusal:
            form.refuse(refusal, "current")
    return page("people/change_password.html", form)


@blueprint.route("/account/claim", methods=["GET", "POST"])
@action(Action.MANAGE_OWN_ACCOUNT)
def claim() -> ResponseReturnValue:
    """Return the form for what a transcript says, or the way back to the credit to claim."""
    person = service.own_account(actor())
    form = ClaimForm(obj=person, next=request.args.get("next"))
    if form.validate_on_submit():
        try:
            service.claim_details(
                person, form.legal_name.data, form.student_number.data or "", actor()
            )
            transactions.commit()
            return redirect(local_path(form.next.data, url_for("people.account")))
        except Invalid as refusal:
            form.refuse(refusal, "legal_name")
    return page("people/claim.html", form)


@blueprint.post("/account/confirmation")
@action(Action.MANAGE_OWN_ACCOUNT)
def send_confirmation() -> ResponseReturnValue:
    """Return to one's account while a new link is on its way."""
    service.send_confirmation(actor(), network_address())
    transactions.commit()
    flash(_("A new link is on its way. Use the latest mail; the link works for 3 days."), "good")
    return redirect(url_for("people.account"))


@blueprint.post("/account/sign-out-everywhere")
@action(Action.MANAGE_OWN_ACCOUNT)
def sign_out_everywhere() -> ResponseReturnValue:
    """Return to the sign-in form, signed out on every device."""
    service.sign_out_everywhere(service.own_account(actor()), actor())
    transactions.commit()
    signed_in.forget()
    flash(_("You are signed out on every device."), "good")
    return redirect(url_for("people.sign_in"))
