"""What views and other slices ask of projects."""

from __future__ import annotations

from assessment.observations.erasing import KEEPERS
from assessment.projects.briefs import (
    Brief,
    close,
    give_back,
    invite,
    propose,
    publish,
    tasks_for_projects,
)
from assessment.projects.erasing import KEEPER
from assessment.projects.files import (
    MOST_FILES,
    add_file,
    choosable,
    delivered_file,
    files_of,
    take_out,
    takes_files,
    team_file,
)
from assessment.projects.finding import (
    Joined,
    by_link,
    joined_by,
    kept,
    kept_by,
    learner_name,
    link_of,
    mates_delivered,
    open_projects,
    own_part,
    part_by_link,
    part_or_none,
    parts_of,
    performance_of,
    published,
    taken,
    team_of,
)
from assessment.projects.joining import Typed, deliver, draft, join, leave, mark_of, number_left_out
from assessment.projects.mates import (
    Invited,
    invitations_of,
    invited,
    require_open,
    take_back,
)
from assessment.projects.mates import invite as invite_mate
from assessment.projects.saying import Said, said_of, say_of_employer, say_of_learner
from assessment.projects.teams import accept, leave_team

__all__ = [
    "MOST_FILES",
    "Brief",
    "Invited",
    "Joined",
    "Said",
    "Typed",
    "accept",
    "add_file",
    "by_link",
    "choosable",
    "close",
    "deliver",
    "delivered_file",
    "draft",
    "files_of",
    "give_back",
    "invitations_of",
    "invite",
    "invite_mate",
    "invited",
    "join",
    "joined_by",
    "kept",
    "kept_by",
    "learner_name",
    "leave",
    "leave_team",
    "link_of",
    "mark_of",
    "mates_delivered",
    "number_left_out",
    "open_projects",
    "own_part",
    "part_by_link",
    "part_or_none",
    "parts_of",
    "performance_of",
    "propose",
    "publish",
    "published",
    "require_open",
    "said_of",
    "say_of_employer",
    "say_of_learner",
    "take_back",
    "take_out",
    "taken",
    "takes_files",
    "tasks_for_projects",
    "team_file",
    "team_of",
]

KEEPERS.append(KEEPER)
