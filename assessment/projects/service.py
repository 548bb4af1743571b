"""What views and other slices ask of projects."""

from __future__ import annotations

from assessment.projects.briefs import (
    Brief,
    close,
    give_back,
    invite,
    propose,
    publish,
    tasks_for_projects,
)
from assessment.projects.finding import (
    Joined,
    by_link,
    joined_by,
    kept,
    kept_by,
    learner_name,
    link_of,
    open_projects,
    own_part,
    part_by_link,
    part_or_none,
    parts_of,
    performance_of,
    published,
    taken,
)
from assessment.projects.joining import deliver, join, leave
from assessment.projects.saying import Said, said_of, say_of_employer, say_of_learner

__all__ = [
    "Brief",
    "Joined",
    "Said",
    "by_link",
    "close",
    "deliver",
    "give_back",
    "invite",
    "join",
    "joined_by",
    "kept",
    "kept_by",
    "learner_name",
    "leave",
    "link_of",
    "open_projects",
    "own_part",
    "part_by_link",
    "part_or_none",
    "parts_of",
    "performance_of",
    "propose",
    "publish",
    "published",
    "said_of",
    "say_of_employer",
    "say_of_learner",
    "taken",
    "tasks_for_projects",
]
