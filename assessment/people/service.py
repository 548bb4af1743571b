"""What views, other slices, jobs and commands ask of people."""

from __future__ import annotations

from assessment.people.accommodations import (
    APPLY_ALLOWANCE,
    Allowance,
    SelfServiceLimits,
    accommodation_of,
    allowance,
    self_service_limits,
    set_accommodation,
    set_own_allowance,
    time_allowed,
)
from assessment.people.accounts import (
    TERMS_VERSION,
    EmailTaken,
    actor_of,
    own_account,
    person_with_email,
)
from assessment.people.demonstration import demo_people, demo_person
from assessment.people.institutions import (
    InstitutionSpec,
    found_institution,
    institution,
    institution_by_key,
    institutions,
    zone,
)
from assessment.people.invitations import (
    Invitation,
    Pending,
    accept,
    accept_with_new_account,
    invite,
    pending,
    withdraw,
)
from assessment.people.invitations import read as read_invitation
from assessment.people.learners import (
    legal_name_of,
    lock_learner,
    lock_learners,
    new_learner,
    person_of_learner,
)
from assessment.people.particulars import language as language_code
from assessment.people.profile import (
    change_name,
    change_password,
    choose_language,
    claim_details,
    has_claim_details,
)
from assessment.people.recovery import ask_for_reset, reset_password
from assessment.people.registration import Registration, confirm, register, send_confirmation
from assessment.people.roles import StaffMember, grant, revoke, role_name, staff
from assessment.people.sign_ins import (
    SignInRefused,
    authenticate,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from assessment.people.tickets import LinkSpent
from assessment.people.tickets import find as find_ticket

__all__ = [
    "APPLY_ALLOWANCE",
    "TERMS_VERSION",
    "Allowance",
    "EmailTaken",
    "InstitutionSpec",
    "Invitation",
    "LinkSpent",
    "Pending",
    "Registration",
    "SelfServiceLimits",
    "SignInRefused",
    "StaffMember",
    "accept",
    "accept_with_new_account",
    "accommodation_of",
    "actor_of",
    "allowance",
    "ask_for_reset",
    "authenticate",
    "change_name",
    "change_password",
    "choose_language",
    "claim_details",
    "confirm",
    "demo_people",
    "demo_person",
    "find_ticket",
    "found_institution",
    "grant",
    "has_claim_details",
    "institution",
    "institution_by_key",
    "institutions",
    "invite",
    "language_code",
    "legal_name_of",
    "lock_learner",
    "lock_learners",
    "new_learner",
    "own_account",
    "pending",
    "person_of_learner",
    "person_with_email",
    "read_invitation",
    "register",
    "reset_password",
    "revoke",
    "role_name",
    "self_service_limits",
    "send_confirmation",
    "set_accommodation",
    "set_own_allowance",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "staff",
    "time_allowed",
    "withdraw",
    "zone",
]
