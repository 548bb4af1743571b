"""The people desk: an institution's administrators invite staff and set accommodations."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import transactions
from assessment.access import Action, Role, action, actor, institutions_for
from assessment.errors import Conflict, Invalid, NoSuchRecord
from assessment.languages import wording
from assessment.locale import gettext as _
from assessment.locale import language
from assessment.people import service
from assessment.people.blueprint import blueprint, page
from assessment.people.forms import AccommodationForm, InviteForm
from assessment.people.models import Institution, Person


@dataclass(frozen=True)
class House:
    """One institution as its administrators see it."""

    institution: Institution
    staff: list[service.StaffMember]
    pending: list[service.Pending]


def _own_institutions() -> list[Institution]:
    return service.institutions(institutions_for(actor(), Action.MANAGE_PEOPLE))


def _institution_choices() -> list[tuple[str, str]]:
    return [(one.id, wording(one.name, language())) for one in _own_institutions()]


@blueprint.get("/people")
@action(Action.MANAGE_PEOPLE)
def desk() -> ResponseReturnValue:
    """Return the staff and the open invitations of one's institutions."""
    houses = [
        House(one, service.staff(one.id, actor()), service.pending(one.id, actor()))
        for one in _own_institutions()
    ]
    return render_template("people/desk.html", houses=houses, role_name=service.role_name)


@blueprint.route("/people/invite", methods=["GET", "POST"])
@action(Action.MANAGE_PEOPLE)
def invite() -> ResponseReturnValue:
    """Return the form of an invitation, or the desk once it is on its way."""
    form = InviteForm(language=language())
    form.institution.choices = _institution_choices()
    form.role.choices = [(role, service.role_name(role)) for role in Role]
    if form.validate_on_submit():
        try:
            service.invite(
                form.email.data, form.institution.data, form.role.data, form.language.data, actor()
            )
            transactions.commit()
            flash(_("The invitation is on its way. Its link works for 24 hours."), "good")
            return redirect(url_for("people.desk"))
        except Invalid as refusal:
            form.refuse(refusal, "email")
    return page("people/invite.html", form)


@blueprint.post("/people/invitations/<ticket_id>/withdraw")
@action(Action.MANAGE_PEOPLE)
def withdraw_invitation(ticket_id: str) -> ResponseReturnValue:
    """Return to the desk; the invitation can no longer be accepted."""
    service.withdraw(ticket_id, actor())
    transactions.commit()
    flash(_("The invitation is withdrawn."), "good")
    return redirect(url_for("people.desk"))


@blueprint.post("/people/roles/<grant_id>/remove")
@action(Action.MANAGE_PEOPLE)
def remove_role(grant_id: str) -> ResponseReturnValue:
    """Return to the desk; the role ended, and counts no more from the person's next page."""
    service.revoke(grant_id, actor())
    transactions.commit()
    flash(_("The role is removed."), "good")
    return redirect(url_for("people.desk"))


@blueprint.get("/people/accommodations")
@action(Action.MANAGE_PEOPLE)
def find_learner() -> ResponseReturnValue:
    """Return the search by e-mail address, or the accommodation of the learner found."""
    email = request.args.get("email", "").strip()
    person = service.person_with_email(email) if email else None
    if person is None:
        return render_template("people/find_learner.html", email=email)
    return redirect(url_for("people.accommodation", learner_id=person.learner_id))


@blueprint.route("/people/accommodations/<learner_id>", methods=["GET", "POST"])
@action(Action.MANAGE_PEOPLE)
def accommodation(learner_id: str) -> ResponseReturnValue:
    """Return what a learner is given in every test, to set it; it counts at once."""
    person = _person_of(learner_id)
    form = AccommodationForm(obj=service.accommodation_of(learner_id))
    form.institution.choices = _institution_choices()
    if form.validate_on_submit():
        try:
            _set(learner_id, form)
            transactions.commit()
            flash(_("Saved. Tests that are running have it within seconds."), "good")
            return redirect(url_for("people.accommodation", learner_id=learner_id))
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal, "multiplier")
    return page("people/accommodation.html", form, person=person)


def _person_of(learner_id: str) -> Person:
    person = service.person_of_learner(learner_id)
    if person is None:
        raise NoSuchRecord("learner", learner_id)
    return person


def _set(learner_id: str, form: AccommodationForm) -> None:
    service.set_accommodation(
        learner_id,
        institution_id=form.institution.data,
        multiplier=form.multiplier.data,
        added_minutes=form.added_minutes.data,
        without_sight=form.without_sight.data,
        actor=actor(),
    )
