"""What views, jobs and commands ask of sittings."""

from __future__ import annotations

from assessment.sittings.answering import (
    AlreadyEnded,
    AnswerStands,
    AsShown,
    Given,
    OtherAnswer,
    Saved,
    TimeOver,
    move_to,
    save_answer,
)
from assessment.sittings.beginning import TERMS_VERSION, Terms, begin, terms_of
from assessment.sittings.codes import IssuedCode
from assessment.sittings.codes import issue as issue_start_code
from assessment.sittings.drawing import make_ready
from assessment.sittings.eligibility import (
    Eligibility,
    EligibilityView,
    MayStart,
    MustWait,
    NotOpen,
    UnderWay,
    eligibility,
    eligibility_view,
    past_sittings,
)
from assessment.sittings.ending import Ended, expire, expired, submit
from assessment.sittings.outages import account_for_absence, beat
from assessment.sittings.replaying import Difference, replay_choices
from assessment.sittings.results import verdict_of
from assessment.sittings.scoring import score_from_text
from assessment.sittings.timing import apply_allowance, give_back, seconds_left

__all__ = [
    "TERMS_VERSION",
    "AlreadyEnded",
    "AnswerStands",
    "AsShown",
    "Difference",
    "Eligibility",
    "EligibilityView",
    "Ended",
    "Given",
    "IssuedCode",
    "MayStart",
    "MustWait",
    "NotOpen",
    "OtherAnswer",
    "Saved",
    "Terms",
    "TimeOver",
    "UnderWay",
    "account_for_absence",
    "apply_allowance",
    "beat",
    "begin",
    "eligibility",
    "eligibility_view",
    "expire",
    "expired",
    "give_back",
    "issue_start_code",
    "make_ready",
    "move_to",
    "past_sittings",
    "replay_choices",
    "save_answer",
    "score_from_text",
    "seconds_left",
    "submit",
    "terms_of",
    "verdict_of",
]
