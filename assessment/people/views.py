"""The doors: registering, signing in and out, the language of pages."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, action, actor
from assessment.errors import Invalid
from assessment.locale import LANGUAGE_KEY, language
from assessment.locale import gettext as _
from assessment.people import (
    account_views,  # noqa: F401 - registers its views
    desk_views,  # noqa: F401 - registers its views
    link_views,  # noqa: F401 - registers its views
    service,
    signed_in,
)
from assessment.people.blueprint import blueprint, network_address, page
from assessment.people.destinations import local_path
from assessment.people.forms import RegisterForm, SignInForm
from assessment.people.models import Person

HOME, FIRST_STEP = "/me", "/catalogue"


def _enter(person: Person, wanted: str | None, otherwise: str) -> ResponseReturnValue:
    """Sign `person` in on this browser, commit, and go where they wanted to."""
    signed_in.remember(service.sign_in(person))
    transactions.commit()
    return redirect(local_path(wanted, otherwise))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@action(Action.SIGN_IN)
def sign_in() -> ResponseReturnValue:
    """Return the sign-in form, or the way on for whoever gave the right password."""
    form = SignInForm(next=request.args.get("next"))
    if form.validate_on_submit():
        try:
            person = service.authenticate(form.email.data, form.password.data, network_address())
            return _enter(person, form.next.data, HOME)
        except service.SignInRefused as refusal:
            form.refuse(refusal, "email")
    return page(
        "people/sign_in.html", form, people=service.demo_people(), role_name=service.role_name
    )


@blueprint.post("/demo/sign-in/<person_id>")
@action(Action.SIGN_IN)
def demo_sign_in(person_id: str) -> ResponseReturnValue:
    """Return the way on for one of the demo's people; 404 on any other installation."""
    return _enter(service.demo_person(person_id), request.form.get("next"), HOME)


@blueprint.route("/register", methods=["GET", "POST"])
@action(Action.SIGN_IN)
def register() -> ResponseReturnValue:
    """Return the registration form, or the way on for whoever opened an account."""
    form = RegisterForm(next=request.args.get("next"))
    if form.validate_on_submit():
        try:
            return _enter(_registered(form), form.next.data, FIRST_STEP)
        except (Invalid, service.EmailTaken) as refusal:
            form.refuse(refusal, "email")
    return page("people/register.html", form)


def _registered(form: RegisterForm) -> Person:
    """Return the new account; the one there is, for a form that was sent twice."""
    details = service.Registration(
        form.email.data, form.display_name.data, form.password.data, language()
    )
    try:
        return service.register(details, network_address())
    except service.EmailTaken as taken:
        transactions.rollback()
        try:
            return service.authenticate(details.email, details.password, network_address())
        except service.SignInRefused:
            raise taken from None


@blueprint.post("/sign-out")
@action(Action.SIGN_IN)
def sign_out() -> ResponseReturnValue:
    """Return to the front page, signed out; a copy of the cookie is worth nothing."""
    ended = signed_in.this_sign_in()
    if ended is not None:
        service.sign_out(ended, actor())
        transactions.commit()
    signed_in.forget()
    flash(_("You are signed out."), "good")
    return redirect("/")


@blueprint.post("/language")
@action(Action.READ_PUBLIC)
def switch_language() -> ResponseReturnValue:
    """Return to the page that was open, in the language that was chosen."""
    code = service.language_code(request.form.get("language", ""))
    if actor().person_id is not None:
        service.choose_language(code, actor())
        transactions.commit()
    session[LANGUAGE_KEY] = code
    session.permanent = True
    return redirect(local_path(request.form.get("next"), "/"))


@blueprint.get("/terms")
@action(Action.READ_PUBLIC)
def terms() -> ResponseReturnValue:
    """Return the terms of use, with their version."""
    return render_template("people/terms.html", version=service.TERMS_VERSION)
