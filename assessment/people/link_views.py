"""Pages behind links that were sent by mail; looking at one uses nothing up."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.errors import Invalid
from assessment.forms import Form
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.people import service, signed_in
from assessment.people.blueprint import blueprint, network_address, page
from assessment.people.forms import EmailForm, JoinForm, NewPasswordForm
from assessment.people.models import Purpose


@blueprint.route("/reset", methods=["GET", "POST"])
@action(Action.SIGN_IN)
def ask_for_reset() -> ResponseReturnValue:
    """Return the form that asks for a new password, or one answer for every address."""
    form = EmailForm()
    if form.validate_on_submit():
        try:
            service.ask_for_reset(form.email.data, language(), network_address())
            transactions.commit()
            return redirect(url_for("people.reset_sent"))
        except Invalid as refusal:
            form.refuse(refusal, "email")
    return page("people/ask_for_reset.html", form)


@blueprint.get("/reset/sent")
@action(Action.SIGN_IN)
def reset_sent() -> ResponseReturnValue:
    """Return what to do while the mail is on its way."""
    return render_template("people/reset_sent.html")


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
@action(Action.USE_LINK)
def reset(token: str) -> ResponseReturnValue:
    """Return the form for a new password, or the way to sign in with it."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            service.reset_password(token, form.password.data, network_address())
            transactions.commit()
            signed_in.forget()
            flash(_("Your new password is set. Sign in with it."), "good")
            return redirect(url_for("people.sign_in"))
        except Invalid as refusal:
            form.refuse(refusal, "password")
    ticket = service.find_ticket(token, Purpose.RESET)
    return page("people/reset.html", form, email=ticket.email)


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
@action(Action.USE_LINK)
def confirm(token: str) -> ResponseReturnValue:
    """Return the button that confirms an address, or the way on once it is confirmed."""
    form = Form()
    if form.validate_on_submit():
        service.confirm(token, network_address())
        transactions.commit()
        flash(_("Your e-mail address is confirmed."), "good")
        return redirect("/me")
    ticket = service.find_ticket(token, Purpose.CONFIRMATION)
    return page("people/confirm.html", form, email=ticket.email)


@blueprint.get("/invitations/<token>")
@action(Action.USE_LINK)
def invitation(token: str) -> ResponseReturnValue:
    """Return what an invitation offers, and the way to accept it."""
    return _invitation(token, JoinForm())


@blueprint.post("/invitations/<token>")
@action(Action.USE_LINK)
def accept_invitation(token: str) -> ResponseReturnValue:
    """Return the way on for whoever took the role that the link offers."""
    if actor().person_id is not None:
        service.accept(token, actor(), network_address())
        return _joined()
    form = JoinForm()
    if form.validate_on_submit():
        try:
            person = service.accept_with_new_account(
                token, form.display_name.data, form.password.data, network_address()
            )
            signed_in.remember(service.sign_in(person))
            return _joined()
        except Invalid as refusal:
            form.refuse(refusal, "password")
    return _invitation(token, form)


def _joined() -> ResponseReturnValue:
    transactions.commit()
    flash(_("The role is yours. Its desk is in the menu above."), "good")
    return redirect(url_for("people.account"))


def _invitation(token: str, form: JoinForm) -> ResponseReturnValue:
    return page(
        "people/invitation.html",
        form,
        invitation=service.read_invitation(token),
        reader=service.own_account(actor()) if actor().person_id else None,
        this_page=request.path,
        role_name=service.role_name,
    )
