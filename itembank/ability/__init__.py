"""Ability: estimates of where persons stand on a scale, from their scores."""

from itembank.ability.estimates import Ability, Evidence, Method, Prior
from itembank.ability.estimation import estimate_ability

__all__ = ["Ability", "Evidence", "Method", "Prior", "estimate_ability"]
