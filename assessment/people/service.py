"""What other slices call of people."""

from __future__ import annotations

from assessment.people.accommodations import (
    Allowance,
    SelfServiceLimits,
    accommodation_of,
    allowance,
    self_service_limits,
    set_accommodation,
    set_own_allowance,
    time_allowed,
)
from assessment.people.institutions import (
    InstitutionSpec,
    found_institution,
    institution,
    institution_by_key,
    institutions,
    zone,
)
from assessment.people.learners import (
    lock_learner,
    lock_learners,
    new_learner,
    person_of_learner,
)

__all__ = [
    "Allowance",
    "InstitutionSpec",
    "SelfServiceLimits",
    "accommodation_of",
    "allowance",
    "found_institution",
    "institution",
    "institution_by_key",
    "institutions",
    "lock_learner",
    "lock_learners",
    "new_learner",
    "person_of_learner",
    "self_service_limits",
    "set_accommodation",
    "set_own_allowance",
    "time_allowed",
    "zone",
]
