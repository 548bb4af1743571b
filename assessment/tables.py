"""Every module that holds tables, imported, so that the metadata is complete."""

from __future__ import annotations

import assessment.artefacts.models
import assessment.assessors.models
import assessment.audit.models
import assessment.awards.models
import assessment.catalogue.models
import assessment.credentials.models
import assessment.evidence.models
import assessment.installation
import assessment.items.area_models
import assessment.items.form_models
import assessment.items.models
import assessment.jobs.models
import assessment.observations.models
import assessment.people.models
import assessment.performances.appeal_models
import assessment.performances.models
import assessment.performances.stuck_models
import assessment.performances.trust_models
import assessment.projects.models
import assessment.sittings.models  # noqa: F401 - imported for their tables
from assessment.extensions import Model

metadata = Model.metadata
