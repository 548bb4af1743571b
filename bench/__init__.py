"""`make bench`: figures, each beside its limit. Nothing here is part of the installed product."""
