"""Standard setting: the cut that a panel, or people known otherwise, place on a test."""

from itembank.standards.angoff import Angoff, PanelAgreement, PanelRound, angoff
from itembank.standards.bookmark import Bookmark, Reading, bookmark, response_locations
from itembank.standards.groups import (
    BorderlineGroup,
    ContrastingGroups,
    borderline_group,
    contrasting_groups,
)
from itembank.standards.placement import NEAREST, Placement, place_by_panel

__all__ = [
    "NEAREST",
    "Angoff",
    "Bookmark",
    "BorderlineGroup",
    "ContrastingGroups",
    "PanelAgreement",
    "PanelRound",
    "Placement",
    "Reading",
    "angoff",
    "bookmark",
    "borderline_group",
    "contrasting_groups",
    "place_by_panel",
    "response_locations",
]
