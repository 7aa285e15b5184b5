"""The court modules under their former name: competent court, place, registry."""

from .competent_court import is_commercial
from .departments import commune_department, department, pad
from .registry_towns import find_court, index_by_town, normalise, town_of

__all__ = [
    "commune_department",
    "department",
    "find_court",
    "index_by_town",
    "is_commercial",
    "normalise",
    "pad",
    "town_of",
]
