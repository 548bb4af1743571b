"""What performances, desks and projects ask of observations."""

from __future__ import annotations

from assessment.observations.calling import (
    Call,
    EmployerLine,
    call_of,
    calls_waiting,
    employers,
    keep_call,
    void,
)
from assessment.observations.claiming import claim, erase, given_by, is_claimed
from assessment.observations.conflicts import Circumstances
from assessment.observations.employers import employer_for, observer_for
from assessment.observations.flagging import Flagged, flagged
from assessment.observations.letters import Line, copy_of
from assessment.observations.links import (
    Stage,
    nomination_of,
    require_open,
    stage_of,
    token_of,
)
from assessment.observations.mailboxes import is_public, keyed, known_by
from assessment.observations.naming import (
    Named,
    Subject,
    admit,
    checked,
    end,
    end_all,
    live,
    nominate,
    nominations,
    number_waiting,
    of_performance,
    opened,
    resend,
)
from assessment.observations.reading import (
    LongRating,
    ObservationFact,
    Seeing,
    long_ratings,
    observations_of,
    performances_seen_by,
    seeings_of,
)
from assessment.observations.receiving import (
    Source,
    actor_of_link,
    mail_copy,
    receive,
    receive_from,
    received,
)
from assessment.observations.saying import Seen, Terms, Unusable

__all__ = [
    "Call",
    "Circumstances",
    "EmployerLine",
    "Flagged",
    "Line",
    "LongRating",
    "Named",
    "ObservationFact",
    "Seeing",
    "Seen",
    "Source",
    "Stage",
    "Subject",
    "Terms",
    "Unusable",
    "actor_of_link",
    "admit",
    "call_of",
    "calls_waiting",
    "checked",
    "claim",
    "copy_of",
    "employer_for",
    "employers",
    "end",
    "end_all",
    "erase",
    "flagged",
    "given_by",
    "is_claimed",
    "is_public",
    "keep_call",
    "keyed",
    "known_by",
    "live",
    "long_ratings",
    "mail_copy",
    "nominate",
    "nomination_of",
    "nominations",
    "number_waiting",
    "observations_of",
    "observer_for",
    "of_performance",
    "opened",
    "performances_seen_by",
    "receive",
    "receive_from",
    "received",
    "require_open",
    "resend",
    "seeings_of",
    "stage_of",
    "token_of",
    "void",
]
