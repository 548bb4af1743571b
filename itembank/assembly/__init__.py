"""Assembly: whole forms chosen at once, alike in content and information, by integer programs."""

from itembank.assembly.assembling import Assembly, AssemblyUnfinished, assemble
from itembank.assembly.constraints import Constraint
from itembank.assembly.refusing import AssemblyImpossible, Reason

__all__ = [
    "Assembly",
    "AssemblyImpossible",
    "AssemblyUnfinished",
    "Constraint",
    "Reason",
    "assemble",
]
